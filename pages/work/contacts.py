"""Everybody who writes: found by name, address or company, and opened beside the list."""

from datetime import datetime

import streamlit as st

from inbox import clock, contact_book, contact_history
from inbox.agents import Agent
from inbox.errors import NotFound
from inbox.words import _
from pages.parts import beginning, contact_list, contact_pane, desk, drawing, keys, place, undo
from pages.parts.escape import plain

PAGE = 50
PANES = ("rail", "contacts", "person")


def everybody(viewer: Agent, now: datetime) -> None:
    """Search, the list, and more of it."""
    with st.container(key="undo"):
        undo.offer(PANES)
    box = place.mailbox_id()
    with st.container(key="contacthead", horizontal=True, vertical_alignment="center", gap="small"):
        words = st.text_input(
            _("Search"),
            key="q",
            bind="query-params",
            placeholder=_("Search by name, address or company"),
            icon=":material/search:",
            label_visibility="collapsed",
            live="300ms",
            on_change=_from_the_first,
        )
        only_vips = st.toggle(_("VIP"), key="only_vips", on_change=_from_the_first)
        take_along(viewer, box)
    page = int(st.session_state.get("contact_page", 0))
    rows, found = desk.remembered(
        contact_history.TABLES,
        contact_book.listed,
        words or "",
        mailbox_id=box,
        only_vips=only_vips,
        limit=PAGE,
        skipped=page * PAGE,
    )
    signs = desk.signs()
    contact_list.show(
        rows,
        found=found,
        page=page,
        size=PAGE,
        chosen=place.contact_id(),
        empty=nothing(words or "", only_vips) if viewer.readable else beginning.words(viewer),
        mailboxes={s.id: s.name for s in signs} if box is None and len(signs) > 1 else {},
        on_opened=_open,
        on_turned=_turn,
        now=now,
    )


def take_along(viewer: Agent, box: int | None) -> None:
    """The table of a mailbox's contacts, for its managers: of the chosen one, or of each."""
    theirs = [s for s in desk.signs() if box in (None, s.id) and viewer.may("configure", s.id)]
    if not theirs:
        return
    with st.popover("CSV", icon=":material/download:", key="take_along"):
        st.caption(_("All contacts of a mailbox as a table"))
        for sign in theirs:
            st.link_button(plain(sign.name), f"/contacts/{sign.id}.csv", width="stretch")


def nothing(words: str, only_vips: bool) -> tuple[str, str]:
    """What an empty list says."""
    if words.strip():
        return _("Nobody found"), _("No name, address or company holds all these words.")
    if only_vips:
        return _("No VIPs yet"), _("Press the star of a contact: what they write becomes urgent.")
    return _("No contacts yet"), _("Whoever writes to a mailbox appears here by themselves.")


def one(now: datetime) -> None:
    """The contact that is open."""
    chosen = place.contact_id()
    if chosen is None:
        return
    try:
        contact_pane.show_alone(chosen, now, PANES)
    except NotFound:
        place.open_contact(None)


def _from_the_first() -> None:
    st.session_state["contact_page"] = 0
    drawing.again("contacts")


def _open() -> None:
    chosen = (st.session_state.get("contact_list") or {}).get("opened")
    if isinstance(chosen, int | float) and not isinstance(chosen, bool):
        place.open_contact(int(chosen))
    drawing.again("contacts", "person")


def _turn() -> None:
    wanted = (st.session_state.get("contact_list") or {}).get("turned")
    if isinstance(wanted, int | float) and 0 <= wanted < place.LARGEST_ID / PAGE:
        st.session_state["contact_page"] = int(wanted)
    drawing.again("contacts")


@st.fragment(key="contacts")
def list_pane() -> None:
    with drawing.pane("contacts"):
        everybody(desk.me(), clock.now())


@st.fragment(key="person")
def person_pane() -> None:
    with drawing.pane("person"):
        one(clock.now())


with st.container(key="inbox", horizontal=True, gap=None, wrap=False):
    with st.container(key="convpane"):
        list_pane()
    with st.container(key="personpane"):
        person_pane()
keys.listen()
