"""The agent's desk: who is signed in, and how a page asks and acts on their behalf."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from inbox import clock, conversations, mailboxes, sessions
from inbox.agents import Agent
from inbox.errors import InboxError
from inbox.house import House
from inbox.mailboxes import Sign
from inbox.store import Session
from pages.parts.escape import plain
from pages.parts.words import _

P = ParamSpec("P")
Found = TypeVar("Found")


@dataclass(slots=True)
class _Door:
    """Filled once by app.py; every page reaches the house through it."""

    house: House | None = None


_door = _Door()


def hand_over(house: House | None) -> None:
    """Give the pages the open house; None when it closes."""
    _door.house = house


def house() -> House:
    if _door.house is None:
        raise RuntimeError("Pages run inside app.py, which opens the house.")
    return _door.house


def session_digest() -> str | None:
    """What the gate put in its trusted header for this browser's live session.

    The seam for page tests, which have no gate.
    """
    found = st.user.get("session")
    return str(found) if found else None


def agent() -> Agent | None:
    """Who is signed in, at this moment: a session that was revoked has ended."""
    digest = session_digest()
    if digest is None:
        return None
    return sessions.remembered(house().memory, digest, now=clock.now())


def me() -> Agent:
    """The signed-in agent; ends the run with a word when the session has ended meanwhile."""
    found = agent()
    if found is None:
        st.info(_("You are signed out. [Sign in again](/signin)"))
        st.stop()
    return found


def look(
    question: Callable[Concatenate[Session, Agent, P], Found], *args: P.args, **kwargs: P.kwargs
) -> Found:
    """Ask one question as the signed-in agent. Raises what the question raises."""
    viewer = me()
    with house().store.read() as db:
        return question(db, viewer, *args, **kwargs)


def remembered(
    tables: tuple[str, ...],
    question: Callable[Concatenate[Session, Agent, P], Found],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Found:
    """As `look`, without a statement as long as nobody has written to `tables`."""
    viewer = me()
    return house().memory.answer(
        lambda db: question(db, viewer, *args, **kwargs),
        question,
        viewer,
        args,
        tuple(kwargs.items()),
        tables=tables,
    )


def signs() -> list[Sign]:
    """The mailboxes the signed-in agent may read."""
    return mailboxes.of_viewer(me())


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes the last act back, offered for a while."""

    words: str
    verb: Callable[..., object]
    args: tuple[object, ...]


_OPPOSITES: dict[Callable[..., object], tuple[str, Callable[..., object]]] = {
    conversations.claim: (_("Claimed"), conversations.release),
    conversations.close: (_("Closed"), conversations.reopen),
    conversations.reopen: (_("Reopened"), conversations.close),
    conversations.mark_spam: (_("Marked as spam"), conversations.restore),
    conversations.trash: (_("Moved to trash"), conversations.restore),
}


def act(verb: Callable[..., Found], *args: object, undo: Undo | None = None) -> Found | None:
    """Do one thing, all of it or nothing. A refusal shows as a toast and answers None.

    Offers Undo where the verb has an opposite, or with the one given.
    """
    try:
        found = attempt(verb, *args)
    except InboxError as refusal:
        st.toast(plain(str(refusal)), icon=":material/info:")
        return None
    if undo is None and verb in _OPPOSITES:
        words, opposite = _OPPOSITES[verb]
        undo = Undo(words, opposite, args[:1])
    st.session_state["undo"] = undo
    return found


def attempt(verb: Callable[..., Found], *args: object, **kwargs: object) -> Found:
    """Do one thing as the signed-in agent. Raises its refusal, for pages that answer it."""
    doer = me()
    with house().store.write() as db:
        return verb(db, doer, *args, **kwargs, now=clock.now())


def take_back() -> None:
    """Do the opposite of the last act that offered it."""
    undo: Undo | None = st.session_state.pop("undo", None)
    if undo is not None:
        act(undo.verb, *undo.args)
        st.session_state["undo"] = None
