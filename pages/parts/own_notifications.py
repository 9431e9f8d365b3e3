"""What one wants to be told of, on the account page."""

import streamlit as st

from inbox import notifications, weekly
from inbox.notifications import Kind, Way, Wishes
from inbox.words import _, mark
from pages.parts import desk, form, sheet

ABOUT: dict[Kind, str] = {
    "mention": mark("Somebody mentions me in a note"),
    "assigned": mark("Somebody gives me a conversation"),
    "answered": mark("A customer answers in one that I have or follow"),
}
HOW: dict[Way, str] = {"ring": mark("on the desktop"), "mail": mark("by mail, after 15 minutes")}


def show() -> None:
    wished = desk.look(notifications.wishes)
    about = _("In the list of notifications, and besides it as you wish.")
    with (
        sheet.setting("notifications", _("Notifications"), about),
        st.form("own_notifications", border=False),
    ):
        wanted: Wishes = {}
        for kind, says in ABOUT.items():
            told, ways = _one(kind, says, wished)
            if told:
                wanted[kind] = frozenset(ways)
        is_weekly, was_weekly = _weekly()
        if st.form_submit_button(_("Save notifications")) and (
            is_weekly == was_weekly or form.did(weekly.set_wanted, is_weekly)
        ):
            form.saved(notifications.set_wishes, wanted)


def _weekly() -> tuple[bool, bool]:
    """Whether the numbers are wanted by mail, and whether they were; only managers are asked."""
    if not weekly.is_offered(desk.me()):
        return False, False
    was = desk.look(weekly.is_wanted)
    return st.checkbox(
        _("Last week's numbers by mail, on Mondays at 7"), was, key="told_weekly"
    ), was


def _one(kind: Kind, says: str, wished: Wishes) -> tuple[bool, list[Way]]:
    told = st.checkbox(_(says), kind in wished, key=f"told_{kind}")
    with st.container(horizontal=True, key=f"row_ways_{kind}"):
        ways = [
            way
            for way, how in HOW.items()
            if st.checkbox(_(how), way in wished.get(kind, frozenset()), key=f"told_{kind}_{way}")
        ]
    return told, ways
