"""Where in the inbox one is: view, mailbox, conversation and message, all in the address.

The address is the browser's, and comes with whatever it sends. News that it sent before it heard
where a click has led still carries the address of before, which would take the click back; so what
was said here a moment ago outweighs the address that it replaced.
"""

import time

import streamlit as st

from inbox.conversations import VIEWS, View

PANES = ("rail", "list", "conversation", "person")
LARGEST_ID = 2**62
ON_ITS_WAY_SECONDS = 2.0
_KEY = "place_said"


def view() -> View:
    named = _told("view")
    return next((v for v in VIEWS if v == named), "mine")


def mailbox_id() -> int | None:
    return _number("box")


def conversation_id() -> int | None:
    return _number("c")


def message_id() -> int | None:
    return _number("m")


def contact_id() -> int | None:
    return _number("contact")


def open_contact(contact: int | None) -> None:
    _say("contact", str(contact) if contact else "")


def pane() -> str:
    """Whether the contact stands beside the conversation: `open`, `closed`, or empty where this
    agent has not said yet."""
    told = _told("pane") or st.session_state.get("pane", "")
    return told if told in ("open", "closed") else ""


def set_pane(state: str) -> None:
    st.session_state["pane"] = state
    _say("pane", state)


def go(kind: str, name: str) -> None:
    """To a view (`view`) or a mailbox (`box`, empty for all); the open conversation closes."""
    _say("view" if kind == "view" else "box", name)
    st.session_state.pop("shown", None)
    leave()


def open_conversation(conversation: int) -> None:
    _say("c", str(conversation))
    _say("m", "")


def arrived(conversation: int) -> None:
    """The address led here, perhaps by the number of a conversation that was merged into this."""
    if conversation_id() != conversation:
        _say("c", str(conversation))


def leave() -> None:
    """Back to the list."""
    for name in ("c", "m"):
        _say(name, "")


def _say(name: str, value: str) -> None:
    """Put it into the address; nothing takes it out."""
    before = _told(name)
    if value == before:
        return
    said = st.session_state.setdefault(_KEY, {})
    _value, replaced = said.get(name, ("", {}))
    moment = time.monotonic()
    late = {a: since for a, since in replaced.items() if moment - since < ON_ITS_WAY_SECONDS}
    said[name] = (value, {**late, before: moment})
    _write(name, value)


def _told(name: str) -> str:
    """What the address says, or will say as soon as the browser has heard of it."""
    given = st.query_params.get(name, "")
    value, replaced = st.session_state.get(_KEY, {}).get(name, (given, {}))
    since = replaced.get(given)
    is_late = since is not None and time.monotonic() - since < ON_ITS_WAY_SECONDS
    if given == value or not is_late:
        return given
    _write(name, value)
    return str(value)


def _write(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _number(name: str) -> int | None:
    given = _told(name)
    return int(given) if given.isascii() and given.isdigit() and int(given) < LARGEST_ID else None
