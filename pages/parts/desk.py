"""The agent's desk: who is signed in, and how a page asks and acts on their behalf."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from inbox import (
    clock,
    conversations,
    duplicates,
    follows,
    mailboxes,
    merging,
    moving,
    putting_away,
    sessions,
    undo,
)
from inbox.agents import Agent
from inbox.errors import InboxError
from inbox.house import House
from inbox.mailboxes import Sign
from inbox.memory import Memory
from inbox.store import Session
from inbox.words import _, mark, refused, speak
from pages.parts import times
from pages.parts.escape import plain

P = ParamSpec("P")
Found = TypeVar("Found")
_KEPT = "kept_answers"


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
    # As st.user tells it, which would look for a file of secrets each time.
    context = get_script_run_ctx()
    found = context.user_info.get("session") if context else None
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
    speak(found.language)
    times.live_in(found.time_zone)
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
    return _answered(house().memory, tables, question, *args, **kwargs)


def kept(
    tables: tuple[str, ...],
    question: Callable[Concatenate[Session, Agent, P], Found],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Found:
    """As `remembered`, for what is large and of use to this page alone: only the last answer is
    kept."""
    own: Memory | None = st.session_state.get(_KEPT)
    if own is None:
        own = st.session_state[_KEPT] = Memory(house().store, most=1)
    return _answered(own, tables, question, *args, **kwargs)


def _answered(
    memory: Memory,
    tables: tuple[str, ...],
    question: Callable[Concatenate[Session, Agent, P], Found],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Found:
    viewer = me()
    return memory.answer(
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
    """What takes the last act back, offered for a while: the verb that does the opposite, with
    the conversation first among its arguments. `way` looks whether anybody has built on it; what
    is not about a conversation has a way of its own. `made_at` and `event_id` are when the act
    was done and what it left in the diary. One that is `is_whole` sees for itself what has moved
    on."""

    words: str
    verb: Callable[..., object]
    args: tuple[object, ...]
    way: Callable[..., None] = undo.take_back
    made_at: datetime | None = None
    event_id: int = 0
    is_whole: bool = False

    def is_over(self) -> bool:
        return self.made_at is None or self.age() >= undo.SECONDS

    def age(self) -> float:
        return (clock.now() - self.made_at).total_seconds() if self.made_at else 0.0


_OPPOSITES: dict[Callable[..., object], tuple[str, Callable[..., object]]] = {
    conversations.claim: (mark("Claimed"), conversations.release),
    conversations.close: (mark("Closed"), conversations.unclose),
    conversations.reopen: (mark("Reopened"), conversations.close),
    putting_away.mark_spam: (mark("Marked as spam"), putting_away.restore),
    putting_away.trash: (mark("Moved to trash"), putting_away.restore),
    merging.merge: (mark("Merged"), merging.unmerge),
    moving.move: (mark("Moved"), moving.unmove),
    duplicates.intend: (mark("Marked as meant"), duplicates.unintend),
    duplicates.unintend: (mark("Marked as not meant"), duplicates.intend),
    follows.follow: (mark("You follow this now"), follows.unfollow),
    follows.unfollow: (mark("You follow this no longer"), follows.follow),
}


_OF_PARTS = (duplicates.intend, duplicates.unintend)


def _opposite(verb: Callable[..., object], args: tuple[object, ...]) -> Undo | None:
    """The way back that the verb has; of what is done to parts of a conversation, to the same."""
    if verb not in _OPPOSITES:
        return None
    words, opposite = _OPPOSITES[verb]
    return Undo(_(words), opposite, args if verb in _OF_PARTS else args[:1])


def act(verb: Callable[..., Found], *args: object, back: Undo | None = None) -> Found | None:
    """Do one thing, all of it or nothing. A refusal shows as a toast and answers None.

    Offers Undo where the verb has an opposite, or with the one given.
    """
    try:
        return do(verb, *args, back=lambda _found: back)
    except InboxError as refusal:
        st.toast(plain(refused(refusal)), icon=":material/info:")
        return None


def do(verb: Callable[..., Found], *args: object, back: Callable[[Found], Undo | None]) -> Found:
    """As `act`, for pages that show the refusal themselves: raises it. `back` makes the way back
    of what the verb answers."""
    found, event_id = _done(verb, *args)
    way_back = back(found)
    way_back = way_back or _opposite(verb, args)
    # What changed nothing cannot be taken back.
    st.session_state["undo"] = (
        replace(way_back, made_at=clock.now(), event_id=event_id) if way_back and event_id else None
    )
    return found


def attempt(verb: Callable[..., Found], *args: object, **kwargs: object) -> Found:
    """Do one thing as the signed-in agent. Raises its refusal, for pages that answer it."""
    return _done(verb, *args, **kwargs)[0]


def offer(back: Undo, seconds: float = undo.SECONDS) -> None:
    """Offer the way back from what was just done, for so long."""
    made_at = clock.now() - timedelta(seconds=undo.SECONDS - seconds)
    st.session_state["undo"] = replace(back, made_at=made_at)


def undoable() -> Undo | None:
    """What can still be taken back; it is forgotten when its time is over."""
    last: Undo | None = st.session_state.get("undo")
    if last is not None and last.is_over():
        last = st.session_state["undo"] = None
    return last


def take_back() -> None:
    """Do the opposite of the last act that offered it, if nobody has built on it."""
    last = undoable()
    st.session_state["undo"] = None
    if last is None:
        st.toast(_("It is too late to undo that."), icon=":material/info:")
        return
    try:
        if last.is_whole:
            attempt(last.verb, *last.args)
        else:
            attempt(last.way, last.verb, *last.args, since=last.event_id)
    except InboxError as refusal:
        st.toast(plain(refused(refusal)), icon=":material/info:")


def _done(verb: Callable[..., Found], *args: object, **kwargs: object) -> tuple[Found, int]:
    """What it answered, and its last line in the diary; 0 when it left none."""
    doer = me()
    with house().store.write() as db:
        found = verb(db, doer, *args, **kwargs, now=clock.now())
        return found, db.changes[-1].event_id if db.changes else 0
