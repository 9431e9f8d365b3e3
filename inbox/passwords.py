"""Passwords: hashing and rules, by streamlit-authenticator’s Hasher and Validator."""

import streamlit_authenticator as streamlit_authenticator
