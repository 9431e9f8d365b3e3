"""A dialog over the conversation, from when it is asked for until it is done or left.

Which stands open is in the session, where every redraw finds it: our own act comes back as news
from /live, which may be drawn before the dialog is.
"""

from collections.abc import Callable
from typing import Any, NoReturn

import streamlit as st

from pages.parts import desk, drawing
from pages.parts.desk import Undo

_KEY = "asked"


def ask(name: str, conversation_id: int, **about: Any) -> NoReturn:
    """Open the dialog of this name; for callbacks, and ends them."""
    st.session_state[_KEY] = {"name": name, "id": conversation_id, **about}
    drawing.again("conversation")


def asked(name: str, conversation_id: int) -> dict[str, Any] | None:
    """What it was opened with, while it is to be shown."""
    found: dict[str, Any] | None = st.session_state.get(_KEY)
    is_it = found is not None and (found["name"], found["id"]) == (name, conversation_id)
    return found if is_it else None


def forget() -> None:
    st.session_state[_KEY] = None


def put_away() -> NoReturn:
    """It was left without a deed."""
    forget()
    drawing.everything()


def done(verb: Callable[..., object], *args: object, back: Undo | None = None) -> NoReturn:
    """Do it and close the dialog; a refusal is told as a toast."""
    forget()
    desk.act(verb, *args, back=back)
    drawing.everything()
