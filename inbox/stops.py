"""Answers that the guard has stopped: when, whose, what was newer, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from inbox import events, families
from inbox.agents import Agent
from inbox.drafts import Draft
from inbox.outgoing import Parcel
from inbox.store import Session

MOST = 200
Fate = Literal["sent_anyway", "edited", "sent", "discarded", "noted", "draft"]
FATES: tuple[Fate, ...] = ("sent_anyway", "edited", "sent", "discarded", "noted", "draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One answer that did not leave at first. `is_held_back`: it had been queued already. `newer_*`
    are the newest thing in its way, all None for an answer that was found in the Sent folder."""

    id: int
    stopped_at: datetime
    is_held_back: bool
    newer_count: int
    agent_id: int
    agent_name: str
    conversation_id: int
    subject: str
    mailbox_name: str
    newer_kind: str | None
    newer_actor: str | None
    newer_name: str | None
    contact_name: str
    contact_address: str
    fate: Fate


def since(days: int, *, now: datetime) -> datetime:
    """The midnight at which a period of so many days begins."""
    return datetime.combine(now.date() - timedelta(days=days), time())


def listed(
    db: Session,
    viewer: Agent,
    *,
    since: datetime,
    until: datetime | None = None,
    mailbox_id: int | None = None,
    tag: str | None = None,
) -> list[Stop]:
    """Newest first, of the mailboxes the viewer may read, or of one of them."""
    return db.all(
        "stops.listed",
        Stop,
        mailboxes=[m for m in viewer.readable if mailbox_id in (None, m)],
        since=since,
        until=until,
        tag=tag,
        most=MOST,
    )


def refused(
    db: Session, agent: Agent, draft: Draft, newer: Sequence[int], *, now: datetime
) -> None:
    """Note that Send was refused for what is newer, once for each text and each newest line.

    Called in a transaction of its own: the one that refused leaves nothing behind.
    """
    newest = max(newer)
    if db.value(
        "stops.is_known",
        draft_id=draft.id,
        draft_revision=draft.revision,
        newest_event_id=newest,
    ):
        return
    _add(db, draft.mailbox_id, draft.conversation_id, agent.id, draft.id, newer, False, now)
    events.record(
        db,
        agent,
        "send_stopped",
        families.place(db, draft.conversation_id),
        mailbox_id=draft.mailbox_id,
        after={"draft_id": draft.id, "newer": list(newer)},
        now=now,
    )


def held_back(db: Session, parcel: Parcel, newer: Sequence[int], *, now: datetime) -> None:
    """Note that a reply was stopped on its way and is a draft again; `stopped` tells the diary."""
    if parcel.draft_id and parcel.mailbox_id and parcel.conversation_id and parcel.agent_id:
        _add(
            *(db, parcel.mailbox_id, parcel.conversation_id, parcel.agent_id, parcel.draft_id),
            *(newer, True, now),
        )


def _add(
    db: Session,
    mailbox_id: int,
    conversation_id: int,
    agent_id: int,
    draft_id: int,
    newer: Sequence[int],
    is_held_back: bool,
    now: datetime,
) -> None:
    db.change(
        "stops.add",
        mailbox_id=mailbox_id,
        conversation_id=conversation_id,
        agent_id=agent_id,
        draft_id=draft_id,
        newest_event_id=max(newer, default=None),
        newer_count=max(1, len(newer)),
        is_held_back=is_held_back,
        now=now,
    )
