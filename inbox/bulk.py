"""One act on many conversations at once: a few statements, one action, and one way back.

Each verb takes a Choice, does what it can, and tells how many it left alone. What needs nothing
done (closing what is closed) counts as neither.
"""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inbox import agents, availability, events, handover, lists, reads
from inbox.agents import Ability, Agent
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from inbox.events import NewEvent
from inbox.filters import Asked
from inbox.store import Session
from inbox.undo import SECONDS

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
class _Row:
    id: int
    mailbox_id: int
    status: str
    assignee_id: int | None
    waiting_since: datetime | None
    closed_at: datetime | None
    spam_at: datetime | None
    trashed_at: datetime | None
    is_unread: bool


def close(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Nobody waits in these any more."""
    able, left_out = _able(db, agent, choice, "triage", now)
    rows = [row for row in able if row.status == "open"]
    db.change("bulk.close", ids=_ids(rows), now=now)
    return _told(db, agent, "closed", rows, left_out, ("status", "waiting_since"), now=now)


def assign(db: Session, agent: Agent, choice: Choice, assignee_id: int, *, now: datetime) -> Done:
    """Give them to a colleague, as far as he may answer there. Raises Invalid while he is away."""
    able, left_out = _able(db, agent, choice, "triage", now)
    fitting = {
        mailbox_id
        for mailbox_id in {row.mailbox_id for row in able}
        if assignee_id in {c.id for c in agents.colleagues(db, agent, mailbox_id)}
    }
    if not fitting:
        raise Invalid("assignee", "That colleague cannot answer mail in this mailbox.")
    availability.must_be_here(db, agent, assignee_id, now=now)
    left_out += sum(row.mailbox_id not in fitting for row in able)
    rows = [r for r in able if r.mailbox_id in fitting and r.assignee_id != assignee_id]
    db.change("bulk.assign", ids=_ids(rows), assignee_id=assignee_id)
    after = {"assignee_id": assignee_id}
    return _told(db, agent, "assigned", rows, left_out, ("assignee_id",), after, now=now)


def mark_spam(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Take them out of every queue as junk; nothing is deleted."""
    able, left_out = _able(db, agent, choice, "triage", now)
    rows = [row for row in able if row.spam_at is None]
    db.change("bulk.mark_spam", ids=_ids(rows), now=now)
    return _told(db, agent, "marked_spam", rows, left_out, ("spam_at",), now=now)


def trash(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Put them in the trash, from which they can be restored."""
    able, left_out = _able(db, agent, choice, "triage", now)
    rows = [row for row in able if row.trashed_at is None]
    db.change("bulk.trash", ids=_ids(rows), now=now)
    return _told(db, agent, "trashed", rows, left_out, ("trashed_at",), now=now)


def restore(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Take them out of trash, or else out of spam."""
    able, left_out = _able(db, agent, choice, "triage", now)
    rows = [row for row in able if row.spam_at is not None or row.trashed_at is not None]
    db.change("bulk.restore", ids=_ids(rows))
    return _told(db, agent, "restored", rows, left_out, ("spam_at", "trashed_at"), now=now)


def mark_read(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """Nothing in them is new to the agent any more; for colleagues nothing changes."""
    able, left_out = _able(db, agent, choice, "read", now)
    rows = [row for row in able if row.is_unread]
    reads.saw(db, agent.id, _ids(rows), now=now)
    return _told(db, agent, "marked_read", rows, left_out, now=now)


def mark_unread(db: Session, agent: Agent, choice: Choice, *, now: datetime) -> Done:
    """They stand out for the agent as what is new does; for colleagues nothing changes."""
    able, left_out = _able(db, agent, choice, "read", now)
    rows = [row for row in able if not row.is_unread]
    reads.forget(db, agent.id, _ids(rows), now=now)
    return _told(db, agent, "marked_unread", rows, left_out, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What an action left in the diary of one conversation."""

    event_id: int
    conversation_id: int
    kind: str
    occurred_at: datetime
    before: str | None


def take_back(db: Session, agent: Agent, action_id: str, *, now: datetime) -> Done:
    """Put everything that one's own action has changed back as it was, but for conversations in
    which something has happened since. Raises TooLate when that are all, or after 30 s."""
    lines = db.all("bulk.action", _Line, action_id=action_id, agent_id=agent.id)
    if not lines:
        raise NotFound("act")
    if now - lines[-1].occurred_at > timedelta(seconds=SECONDS):
        raise TooLate("It is too late to undo that.")
    kind = lines[0].kind
    moved = set(
        db.column(
            "bulk.moved_on",
            ids=[line.conversation_id for line in lines],
            event_id=lines[-1].event_id,
            quiet=events.QUIET,
        )
    )
    before = {ln.conversation_id: json.loads(ln.before or "{}") for ln in lines}
    ability: Ability = "read" if kind in _READING else "triage"
    able, left_out = _able(db, agent, Choice(ids=tuple(before)), ability, now)
    rows = [row for row in able if row.id not in moved]
    left_out += len(able) - len(rows)
    if not rows:
        raise TooLate("These conversations have moved on since, so nothing was undone.")
    if kind in _READING:
        (reads.forget if kind == "marked_read" else reads.saw)(db, agent.id, _ids(rows), now=now)
    else:
        _put_back(db, rows, before)
    done = _told_back(db, agent, kind, rows, before, left_out, now=now)
    if kind == "closed":
        handover.let_go(db, _ids(rows), now=now)
    return done


_READING = ("marked_read", "marked_unread")
_OPPOSITES: dict[str, Callable[[dict[str, Any]], str]] = {
    "closed": lambda _was: "reopened",
    "assigned": lambda was: "released" if was.get("assignee_id") is None else "assigned",
    "marked_spam": lambda _was: "restored",
    "trashed": lambda _was: "restored",
    "restored": lambda was: "trashed" if was.get("trashed_at") else "marked_spam",
    "marked_read": lambda _was: "marked_unread",
    "marked_unread": lambda _was: "marked_read",
}
_COLUMNS = ("status", "assignee_id", "waiting_since", "closed_at", "spam_at", "trashed_at")


def _able(
    db: Session, agent: Agent, choice: Choice, ability: Ability, now: datetime
) -> tuple[list[_Row], int]:
    """The chosen ones in which the agent has the ability, and how many there are besides."""
    ids = _chosen(db, agent, choice, now)
    found = db.all("bulk.rows", _Row, ids=ids, mailboxes=agent.readable, agent_id=agent.id)
    if not found:
        raise NotFound("conversation")
    able = [row for row in found if agent.may(ability, row.mailbox_id)]
    if not able:
        raise NotAllowed(ability)
    return able, len(found) - len(able)


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


def _told(
    db: Session,
    agent: Agent,
    kind: str,
    rows: Sequence[_Row],
    left_out: int,
    changed: Sequence[str] = (),
    after: dict[str, Any] | None = None,
    *,
    now: datetime,
) -> Done:
    """A line in the diary of each; `changed` names the columns that take it back."""
    action = uuid.uuid4().hex
    news = [
        _event(agent, kind, row, {n: _plain(getattr(row, n)) for n in changed} or None, after, now)
        for row in rows
    ]
    ids = events.record_all(db, news, action_id=action)
    return Done(action_id=action, event_id=max(ids, default=0), count=len(rows), left_out=left_out)


def _told_back(
    db: Session,
    agent: Agent,
    kind: str,
    rows: Sequence[_Row],
    before: dict[int, dict[str, Any]],
    left_out: int,
    *,
    now: datetime,
) -> Done:
    action = uuid.uuid4().hex
    news = []
    for row in rows:
        was = before[row.id]
        after = {"assignee_id": was["assignee_id"]} if kind == "assigned" else None
        is_from = {n: _plain(getattr(row, n)) for n in was} or None
        news.append(_event(agent, _OPPOSITES[kind](was), row, is_from, after, now))
    ids = events.record_all(db, news, action_id=action)
    return Done(action_id=action, event_id=max(ids, default=0), count=len(rows), left_out=left_out)


def _put_back(db: Session, rows: Sequence[_Row], before: dict[int, dict[str, Any]]) -> None:
    columns: dict[str, list[Any]] = {name: [] for name in ("ids", *_COLUMNS)}
    for row in rows:
        was = before[row.id]
        columns["ids"].append(row.id)
        for name in _COLUMNS:
            columns[name].append(_exact(name, was[name]) if name in was else getattr(row, name))
        if columns["status"][-1] == "open":
            columns["closed_at"][-1] = None
    db.change("bulk.put_back", **columns)


def _event(
    agent: Agent,
    kind: str,
    row: _Row,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    now: datetime,
) -> NewEvent:
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


def _ids(rows: Sequence[_Row]) -> list[int]:
    return [row.id for row in rows]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _exact(name: str, value: Any) -> Any:
    is_moment = name.endswith(("_at", "_since")) and value is not None
    return datetime.fromisoformat(value) if is_moment else value
