"""Where in the inbox one is: view, filters, mailbox, conversation and message, all in the address.

The address is the browser's, and comes with whatever it sends. News that it sent before it heard
where a click has led still carries the address of before, which would take the click back; so what
was said here a moment ago outweighs the address that it replaced.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

import streamlit as st

from inbox import filters
from inbox.filters import VIEWS, Asked, View
from pages.parts import times

PANES = ("rail", "list", "conversation", "person")
LARGEST_ID = 2**62
ON_ITS_WAY_SECONDS = 2.0
_KEY = "place_said"
_WORDS = "place_words"


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


def words() -> str:
    """What is searched for: in the field, or when it is not drawn yet, in the address."""
    typed = st.session_state.get("q", st.query_params.get("q", ""))
    return str(st.session_state.get(_WORDS, typed) or "")


def fill_words() -> None:
    """Before the field is drawn: put what is to be searched for into it. What a callback puts there
    is lost when it asks for a redraw, as the browser's own value comes with that."""
    if _WORDS in st.session_state:
        st.session_state["q"] = st.session_state.pop(_WORDS)


def query() -> dict[str, str]:
    """What the address says of filters."""
    return filters.clean({name: _told(name) for name in filters.NAMES})


def whole() -> dict[str, str]:
    """View, mailbox, words and filters, as a saved view keeps them."""
    return {**query(), "view": view(), "box": _told("box"), "q": words()}


def asked() -> Asked:
    """What the list is to show."""
    found = replace(filters.read(query(), times.zone()), words=words())
    return Asked(view=view(), mailbox_id=mailbox_id(), filters=found)


def go(kind: str, name: str) -> None:
    """To a view (`view`), a mailbox (`box`, empty for all), or all that an address says (`to`). The
    open conversation closes."""
    if kind == "to":
        _go_to(dict(parse_qsl(name)))
    elif kind == "view":
        _go_to({"view": name, "q": words()})
    else:
        _say("box", name)
    st.session_state.pop("shown", None)
    leave()


def narrow(changes: Mapping[str, str]) -> None:
    """Set filters; an empty one is taken away."""
    for name, value in filters.clean({**query(), **changes}).items():
        _say(name, value)
    for name in set(changes) & set(filters.NAMES):
        if not changes[name]:
            _say(name, "")
    st.session_state.pop("shown", None)


def clear() -> None:
    """Nothing is searched for and nothing filtered away."""
    st.session_state[_WORDS] = ""
    narrow(dict.fromkeys(filters.NAMES, ""))


def _go_to(address: dict[str, str]) -> None:
    _say("view", address.get("view", ""))
    if "box" in address:
        _say("box", address["box"])
    if address.get("q", "") != words():
        st.session_state[_WORDS] = address.get("q", "")
    narrow({name: address.get(name, "") for name in filters.NAMES})


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
