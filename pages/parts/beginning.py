"""The first step, for who has no mailbox to look into yet."""

import streamlit as st

from inbox.agents import Agent
from inbox.words import _
from pages.parts import drawing
from pages.parts.escape import plain


def words(viewer: Agent) -> tuple[str, str]:
    """Title and text: why nothing is here, and who can change it."""
    if viewer.is_admin:
        return (
            _("No mailbox yet"),
            _("Connect one, or let yourself into one that is here, on the page People."),
        )
    return _("No mailbox yet"), _("Ask an admin to let you into a mailbox.")


def show(viewer: Agent) -> None:
    """In place of a conversation."""
    title, text = words(viewer)
    with st.container(
        key="silence",
        height="stretch",
        vertical_alignment="center",
        horizontal_alignment="center",
    ):
        st.markdown(f"**{plain(title)}**", text_alignment="center")
        st.caption(plain(text), text_alignment="center")
        if viewer.is_admin:
            st.button(
                _("Connect a mailbox"),
                key="connect_first",
                type="primary",
                on_click=_to_mailboxes,
            )


def _to_mailboxes() -> None:
    st.session_state["wanted_page"] = "mailboxes"
    drawing.everything()
