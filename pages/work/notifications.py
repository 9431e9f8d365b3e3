"""What one was told and has not looked at: mentions, conversations given to one, answers."""

import streamlit as st

from inbox import clock, notifications
from inbox.notifications import Notification
from inbox.words import _
from pages.parts import desk, drawing, sheet, telling, times
from pages.parts.escape import plain, quiet


def row(one: Notification) -> None:
    says = telling.said(one)
    when = times.said(one.made_at, now=clock.now(), where=times.zone())
    with st.container(
        key=f"row_notification_{one.id}", horizontal=True, vertical_alignment="center"
    ):
        st.markdown(
            f"**{plain(one.subject or _('(no subject)'))}**  \n"
            f"{quiet(says)} :gray[·] {quiet(one.contact_name)} :gray[·] {quiet(when)}",
            width="stretch",
        )
        st.button(_("Open"), key=f"open_{one.id}", on_click=go, args=(one,))


def go(one: Notification) -> None:
    """Over to the inbox, where opening it counts as having looked."""
    st.session_state["wanted_page"] = "inbox"
    st.session_state["wanted_conversation"] = one.conversation_id
    drawing.everything()


def seen() -> None:
    desk.attempt(notifications.see)
    drawing.everything()


with sheet.page("notifications", _("Notifications")):
    found = desk.look(notifications.unseen)
    if found:
        with st.container(key="rows_notifications", border=True):
            for one in found:
                row(one)
        st.button(_("I have seen them all"), key="seen_all", on_click=seen)
    else:
        st.markdown(_("Nothing new. You are told here when somebody mentions you."))
