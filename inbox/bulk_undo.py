"""Taking back what was done to many conversations at once, where nothing has happened since."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inbox import bulk_moves, bulk_tags, events, handover, reads
from inbox.agents import Ability, Agent
from inbox.chosen import Choice, Done, Row, able, event, ids, plain, record
from inbox.errors import NotFound, TooLate
from inbox.store import Session
from inbox.undo import SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What an action left in the diary of one conversation."""

    event_id: int
    conversation_id: int
    kind: str
    occurred_at: datetime
    before: str | None
    after: str | None


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
            action_id=action_id,
            quiet=events.QUIET,
        )
    )
    before = {ln.conversation_id: json.loads(ln.before or "{}") for ln in lines}
    ability: Ability = "read" if kind in _READING else "triage"
    may, left_out = able(db, agent, Choice(ids=tuple(before)), ability, now)
    rows = [row for row in may if row.id not in moved]
    left_out += len(may) - len(rows)
    if not rows:
        raise TooLate("These conversations have moved on since, so nothing was undone.")
    if kind == "moved":
        return bulk_moves.take_back(db, agent, rows, left_out, since=lines[0].occurred_at, now=now)
    if kind in _TAGGING:
        told = json.loads(lines[0].after or lines[0].before or "{}")
        return bulk_tags.take_back(db, agent, kind, rows, told["tag"], left_out, now)
    if kind in _READING:
        (reads.forget if kind == "marked_read" else reads.saw)(db, agent.id, ids(rows), now=now)
    else:
        _put_back(db, rows, before)
    done = _told_back(db, agent, kind, rows, before, left_out, now=now)
    if kind == "assigned":
        db.change(
            "bulk.untell", ids=ids(rows), agent_id=agent.id, since=lines[0].occurred_at, now=now
        )
    if kind == "closed":
        handover.let_go(db, ids(rows), now=now)
    return done


_TAGGING = ("tagged", "untagged")
_READING = ("marked_read", "marked_unread")
_OPPOSITES: dict[str, Callable[[dict[str, Any]], str]] = {
    "closed": lambda _was: "reopened",
    "assigned": lambda was: "released" if was.get("assignee_id") is None else "assigned",
    "snoozed": lambda was: "snoozed" if was.get("snoozed_until") else "woken",
    "marked_spam": lambda _was: "restored",
    "trashed": lambda _was: "restored",
    "restored": lambda was: "trashed" if was.get("trashed_at") else "marked_spam",
    "marked_read": lambda _was: "marked_unread",
    "marked_unread": lambda _was: "marked_read",
}
_COLUMNS = (
    "status",
    "assignee_id",
    "waiting_since",
    "closed_at",
    "spam_at",
    "trashed_at",
    "snoozed_until",
    "snooze_stays",
)


def _told_back(
    db: Session,
    agent: Agent,
    kind: str,
    rows: Sequence[Row],
    before: dict[int, dict[str, Any]],
    left_out: int,
    *,
    now: datetime,
) -> Done:
    news = []
    for row in rows:
        was = before[row.id]
        after: dict[str, Any] | None = None
        if kind == "assigned":
            after = {"assignee_id": was["assignee_id"]}
        if kind == "closed":
            after = {"takes_back": True}
        if kind == "snoozed" and was.get("snoozed_until"):
            after = {"until": was["snoozed_until"], "stays": was["snooze_stays"]}
        is_from = {n: plain(getattr(row, n)) for n in was} or None
        news.append(event(agent, _OPPOSITES[kind](was), row, is_from, after, now))
    return record(db, news, left_out)


def _put_back(db: Session, rows: Sequence[Row], before: dict[int, dict[str, Any]]) -> None:
    columns: dict[str, list[Any]] = {name: [] for name in ("ids", *_COLUMNS)}
    for row in rows:
        was = before[row.id]
        columns["ids"].append(row.id)
        for name in _COLUMNS:
            columns[name].append(_exact(name, was[name]) if name in was else getattr(row, name))
        if columns["status"][-1] == "open":
            columns["closed_at"][-1] = None
    db.change("bulk.put_back", **columns)


def _exact(name: str, value: Any) -> Any:
    is_moment = name.endswith(("_at", "_since", "_until")) and value is not None
    return datetime.fromisoformat(value) if is_moment else value
