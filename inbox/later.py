"""Replies that wait for a later moment: taken back, hurried, or called off when somebody else was
first."""

from datetime import datetime

from inbox import calling_off, claiming, drafts, events, guard, outbox, outgoing
from inbox.agents import Agent
from inbox.blobs import Files, RawStore
from inbox.drafts import Draft
from inbox.errors import NotFound, TooLate
from inbox.events import SYSTEM
from inbox.guard import Between
from inbox.keys import Keys
from inbox.outbox import How, Queued
from inbox.outgoing import Parcel
from inbox.settings import Settings
from inbox.store import Session

GONE = "This does not wait any more: it has left, or was taken back before."


def cancel(db: Session, agent: Agent, outbox_id: int, *, now: datetime) -> Draft | None:
    """Do not send it; the text is its author's draft again. A colleague may do so as well: then
    the author is told, and the answer is None. Raises TooLate when it does not wait any more."""
    parcel = _waiting(db, agent, outbox_id)
    _take_out(db, parcel, "Taken back.", now=now)
    calling_off.record(db, events.as_actor(agent), "unplanned", parcel, {}, now=now)
    events.record_all(db, claiming.given_back(db, agent, parcel, now=now))
    calling_off.tell_author(db, agent, parcel, now=now)
    assert parcel.draft_id is not None
    return drafts.own(db, agent, parcel.draft_id) if parcel.agent_id == agent.id else None


def send_now(
    db: Session,
    agent: Agent,
    outbox_id: int,
    *,
    keys: Keys,
    raw: RawStore,
    files: Files,
    settings: Settings,
    now: datetime,
) -> Queued:
    """Send it at once after all, for its author: as a mail of now, under the eyes of the guard,
    with the time to undo. All of it or nothing: refused, it goes on waiting."""
    parcel = _waiting(db, agent, outbox_id)
    if parcel.agent_id != agent.id or parcel.draft_id is None:
        raise NotFound("reply")
    _take_out(db, parcel, "Sent at once.", now=now)
    draft = drafts.own(db, agent, parcel.draft_id)
    return outbox.send(
        db,
        agent,
        draft.id,
        draft.revision,
        keys=keys,
        raw=raw,
        files=files,
        settings=settings,
        how=How(closes=parcel.closes),
        now=now,
    )


def overtaken(db: Session, settings: Settings, *, now: datetime) -> list[tuple[int, list[Between]]]:
    """For the house: the replies that wait although the customer or a colleague was first. What a
    colleague can still undo does not count yet."""
    found = []
    for outbox_id in db.column("outbox.planned"):
        parcel = outgoing.by_id(db, outbox_id)
        between = guard.overtaken(db, parcel, settings, counts_undoable=False, now=now)
        if between:
            found.append((outbox_id, between))
    return found


def call_off(db: Session, settings: Settings, *, now: datetime) -> int:
    """For the house: those are not sent; their texts are their authors' drafts again, who are told.
    Answer how many."""
    found = overtaken(db, settings, now=now)
    for outbox_id, between in found:
        parcel = outgoing.by_id(db, outbox_id)
        _take_out(db, parcel, between[0].words, now=now)
        newer = sorted(one.event_id for one in between)
        more: dict[str, object] = {"newer": newer, "by": between[0].kind}
        calling_off.record(db, SYSTEM, "called_off", parcel, more, now=now)
        calling_off.tell_author(db, None, parcel, now=now)
    return len(found)


def _waiting(db: Session, agent: Agent, outbox_id: int) -> Parcel:
    parcel = outgoing.by_id(db, outbox_id)
    agent.must("reply", parcel.mailbox_id or 0)
    if parcel.planned_at is None:
        raise NotFound("reply")
    return parcel


def _take_out(db: Session, parcel: Parcel, reason: str, *, now: datetime) -> None:
    """Out of the outbox, while nobody works on it."""
    if not calling_off.take_out(db, parcel, reason, now=now):
        raise TooLate(GONE)
