"""Of when the numbers are that come from a snapshot, and how an admin has newer ones made."""

import streamlit as st

from inbox import clock, snapshot
from inbox.errors import InboxError
from inbox.snapshot import Kept
from inbox.words import _, refused
from pages.parts import desk, times
from pages.parts.escape import plain


def choose() -> Kept | None:
    """The newest snapshot, with its age; None, with a word, while there is none."""
    with st.container(key="age", horizontal=True, vertical_alignment="center"):
        words = st.empty()
        if desk.me().is_admin and st.button(_("Make a new one"), key="make_snapshot"):
            _make()
        kept = snapshot.newest(desk.house().settings)
        words.caption(plain(_said(kept)), width="content")
    return kept


def _said(kept: Kept | None) -> str:
    if kept is None:
        return _("There is no snapshot of the report tables yet. One is made each night.")
    now = clock.now()
    when = times.said(kept.made_at, now=now, where=times.zone())
    age = times.lasting(max(0.0, (now - kept.made_at).total_seconds()))
    return _("As things stood {when}, {age} ago").format(when=when, age=age)


def _make() -> None:
    try:
        with st.spinner(_("Copying the report tables …")):
            snapshot.keep(desk.house(), desk.me(), now=clock.now())
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
