"""Passwords: hashing and rules, by streamlit-authenticator’s Hasher and Validator."""

import streamlit_authenticator  # noqa: F401
