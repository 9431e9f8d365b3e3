"""The contact beside the conversation, and on the page of contacts: who it is, and what they wrote.

What is typed stays in the browser until it is accepted; a refusal stands beside its field.
"""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from inbox import contact_book, contact_history, contacts
from inbox.contacts import Contact, Linked
from inbox.errors import NotFound
from inbox.words import _
from pages.parts import contact_acts, contact_data, desk, drawing, keys, merge, place, times
from pages.parts.component import register
from pages.parts.contact_data import Data, Look

_component = register("contact_pane", scripts=("contact_form",), html='<div class="pane"></div>')
_wide = register("contact_wide")
_LINKED = ("conversations", *contacts.TABLES)


def toggle() -> None:
    """The button in the head of a conversation that shows and hides the contact."""
    is_open = place.pane() == "open"
    st.button(
        "",
        key="person_toggle",
        icon=":material/right_panel_close:" if is_open else ":material/right_panel_open:",
        help=_("Hide the contact (I)") if is_open else _("Show the contact (I)"),
        shortcut=keys.CONTACT,
        on_click=_set,
        args=("closed" if is_open else "open",),
    )


def show(conversation_id: int | None, now: datetime) -> None:
    """Beside the open conversation, if this agent wants it there. While nobody has said, a browser
    with room for it says so itself."""
    if conversation_id is None or place.pane() == "closed":
        return
    if place.pane() == "":
        _wide(key="person_wide", data={}, on_wide_change=_show, height=1)
        return
    try:
        linked = desk.remembered(_LINKED, contacts.of_conversation, conversation_id)
    except NotFound:
        return
    if linked.contact is None and not linked.address:
        # A new mail that goes to nobody yet.
        return
    look = _look(linked.mailbox_id, now)
    data = (
        _nobody(linked, look)
        if linked.contact is None
        else _whole(linked.contact, look, linked.conversation_id)
    )
    _mount(data, linked.contact, linked.mailbox_id, linked.conversation_id, place.PANES)


def show_alone(contact_id: int, now: datetime, panes: tuple[str, ...]) -> None:
    """A contact by itself; raises NotFound for one that the viewer may not see."""
    contact = desk.remembered(contacts.TABLES, contacts.by_id, contact_id)
    look = _look(contact.mailbox_id, now)
    _mount(_whole(contact, look, None), contact, contact.mailbox_id, None, panes)


def _whole(contact: Contact, look: Look, conversation_id: int | None) -> Data:
    history = desk.remembered(contact_history.TABLES, contact_history.of, contact, conversation_id)
    return contact_data.of_contact(contact, history, look, conversation_id=conversation_id)


def _nobody(linked: Linked, look: Look) -> Data:
    history = desk.remembered(
        contact_history.TABLES, contact_history.of_nobody, linked.mailbox_id, linked.conversation_id
    )
    return contact_data.of_nobody(linked, history, look)


def _look(mailbox_id: int, now: datetime) -> Look:
    return Look(
        may_edit=desk.me().may("triage", mailbox_id),
        now=now,
        where=times.zone(),
        mailboxes={sign.id: sign.name for sign in desk.signs()},
    )


def _mount(
    data: Data,
    contact: Contact | None,
    mailbox_id: int,
    conversation_id: int | None,
    panes: tuple[str, ...],
) -> None:
    asked = str(st.session_state.get("person_asked", ""))
    found = (
        desk.look(contact_book.suggested, mailbox_id, asked, but=contact.id if contact else 0)
        if asked
        else []
    )
    _component(
        key="person",
        data={
            **data,
            "found": contact_data.of_suggestions(asked, found),
            "answer": st.session_state.get("person_answer", {}),
        },
        on_act_change=_acted(contact, conversation_id, panes),
        on_find_change=_find,
        on_opened_change=_open_conversation,
        on_joined_change=_join(conversation_id),
        on_closed_change=_close,
        height="stretch",
    )


def _acted(
    contact: Contact | None, conversation_id: int | None, panes: tuple[str, ...]
) -> Callable[[], None]:
    def acted() -> None:
        said = (st.session_state.get("person") or {}).get("act")
        if isinstance(said, dict):
            st.session_state["person_answer"] = contact_acts.done(
                said, contact.id if contact else 0, conversation_id
            )
            st.session_state["person_asked"] = ""
        drawing.again(*panes)

    return acted


def _join(conversation_id: int | None) -> Callable[[], None]:
    def joined() -> None:
        chosen = (st.session_state.get("person") or {}).get("joined")
        if conversation_id is not None and isinstance(chosen, int | float):
            merge.ask(conversation_id, int(chosen))

    return joined


def _find() -> None:
    said = (st.session_state.get("person") or {}).get("find")
    st.session_state["person_asked"] = said[:100] if isinstance(said, str) else ""
    drawing.again("person")


def _open_conversation() -> None:
    chosen = (st.session_state.get("person") or {}).get("opened")
    if not isinstance(chosen, int | float):
        return
    if st.session_state.get("page") != "inbox":
        st.session_state["wanted_page"] = "inbox"
        st.session_state["wanted_conversation"] = int(chosen)
        drawing.everything()
    place.open_conversation(int(chosen))
    drawing.again("list", "conversation", "person")


def _close() -> None:
    if st.session_state.get("page") == "inbox":
        _set("closed")
    place.open_contact(None)
    drawing.again("contacts", "person")


def _show() -> None:
    _set("open")


def _set(state: str) -> None:
    place.set_pane(state)
    drawing.again("conversation", "person")
