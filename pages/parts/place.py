"""Where in the inbox one is: view, mailbox, conversation and message, all in the address."""

import streamlit as st

from inbox.conversations import VIEWS, View

PANES = ("rail", "list", "conversation")
LARGEST_ID = 2**62


def view() -> View:
    named = st.query_params.get("view", "mine")
    return next((v for v in VIEWS if v == named), "mine")


def mailbox_id() -> int | None:
    return _number("box")


def conversation_id() -> int | None:
    return _number("c")


def message_id() -> int | None:
    return _number("m")


def go(kind: str, name: str) -> None:
    """To a view (`view`) or a mailbox (`box`, empty for all); the open conversation closes."""
    if kind == "view":
        st.query_params["view"] = name
    elif name:
        st.query_params["box"] = name
    else:
        st.query_params.pop("box", None)
    st.session_state.pop("shown", None)
    leave()


def open_conversation(conversation: int) -> None:
    st.query_params["c"] = str(conversation)
    st.query_params.pop("m", None)


def leave() -> None:
    """Back to the list."""
    for name in ("c", "m"):
        st.query_params.pop(name, None)


def _number(name: str) -> int | None:
    given = st.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and int(given) < LARGEST_ID else None
