"""Doors and forms of the admin pages: who may in, what is saved, what is asked twice."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from inbox.errors import InboxError
from inbox.words import _, refused
from pages.parts import desk
from pages.parts.escape import plain


def must_be_let_in(is_let_in: bool) -> None:
    """End the page with a word for whom it is not; questions and verbs check for themselves."""
    if not is_let_in:
        st.info(_("This page is for those who run the house. Ask an admin to let you in."))
        st.stop()


def did(verb: Callable[..., Any], *args: object, **kwargs: object) -> bool:
    """Do it as the signed-in agent; a refusal stands below the form and answers False."""
    try:
        desk.attempt(verb, *args, **kwargs)
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return False
    return True


def saved(verb: Callable[..., Any], *args: object, **kwargs: object) -> None:
    """As `did`, and draw the page anew with a word of success."""
    if did(verb, *args, **kwargs):
        st.toast(_("Saved."), icon=":material/check:")
        st.rerun()


def confirmed(key: str, ask: str, warning: str) -> bool:
    """A button that explains what it will do and asks once more; True on the second press."""
    if not st.session_state.get(key):
        if st.button(ask, key=f"{key}_ask"):
            st.session_state[key] = True
            st.rerun()
        return False
    st.warning(warning)
    with st.container(horizontal=True):
        sure = st.button(ask, key=f"{key}_sure", type="primary")
        if st.button(_("Keep it as it is"), key=f"{key}_no") or sure:
            st.session_state[key] = False
        if not sure and not st.session_state[key]:
            st.rerun()
    return sure
