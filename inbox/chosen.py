"""Conversations chosen to have one thing done to all of them: which these are, and what is told."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox import events, lists
from inbox.agents import Ability, Agent
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.events import NewEvent
from inbox.filters import Asked
from inbox.store import Session

MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The conversations named, or all that a list holds, shown or not."""

    ids: tuple[int, ...] = ()
    asked: Asked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """`left_out` are those where the agent may not, or that could not take it. `event_id` is its
    last line in the diary, 0 when there was nothing to do."""

    action_id: str
    event_id: int
    count: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How a chosen conversation stands; `tags` is a line for each."""

    id: int
    mailbox_id: int
    status: str
    assignee_id: int | None
    waiting_since: datetime | None
    closed_at: datetime | None
    spam_at: datetime | None
    trashed_at: datetime | None
    snoozed_until: datetime | None
    snooze_stays: bool
    tags: str
    is_unread: bool


def able(
    db: Session, agent: Agent, choice: Choice, ability: Ability, now: datetime
) -> tuple[list[Row], int]:
    """The chosen ones in which the agent has the ability, and how many there are besides."""
    ids = _chosen(db, agent, choice, now)
    found = db.all("bulk.rows", Row, ids=ids, mailboxes=agent.readable, agent_id=agent.id)
    if not found:
        raise NotFound("conversation")
    may = [row for row in found if agent.may(ability, row.mailbox_id)]
    if not may:
        raise NotAllowed(ability)
    return may, len(found) - len(may)


def _chosen(db: Session, agent: Agent, choice: Choice, now: datetime) -> list[int]:
    if choice.asked is None:
        ids = list(dict.fromkeys(choice.ids))
    else:
        rows = lists.listed(
            db,
            agent,
            choice.asked.view,
            mailbox_id=choice.asked.mailbox_id,
            filters=choice.asked.filters,
            limit=MOST + 1,
            now=now,
        )
        ids = [row.id for row in rows]
    if len(ids) > MOST:
        raise Invalid(
            "choice",
            "At most {most:,} conversations can be changed at once. Filter further.",
            most=MOST,
        )
    return ids


def told(
    db: Session,
    agent: Agent,
    kind: str,
    rows: Sequence[Row],
    left_out: int,
    changed: Sequence[str] = (),
    after: dict[str, Any] | None = None,
    *,
    now: datetime,
) -> Done:
    """A line in the diary of each; `changed` names the columns that take it back."""
    news = [
        event(agent, kind, row, {n: plain(getattr(row, n)) for n in changed} or None, after, now)
        for row in rows
    ]
    return record(db, news, left_out)


def record(db: Session, news: list[NewEvent], left_out: int) -> Done:
    """Write the lines as one action."""
    action = uuid.uuid4().hex
    written = events.record_all(db, news, action_id=action)
    newest = max(written, default=0)
    return Done(action_id=action, event_id=newest, count=len(news), left_out=left_out)


def event(
    agent: Agent,
    kind: str,
    row: Row,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    now: datetime,
) -> NewEvent:
    """One conversation's line of it."""
    return NewEvent(
        kind=kind,
        actor=events.as_actor(agent),
        occurred_at=now,
        recorded_at=now,
        mailbox_id=row.mailbox_id,
        conversation_id=row.id,
        before=before,
        after=after,
    )


def ids(rows: Sequence[Row]) -> list[int]:
    """Their numbers."""
    return [row.id for row in rows]


def plain(value: object) -> object:
    """As the diary keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value
