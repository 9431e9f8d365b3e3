"""The diary: every verb leaves one row per conversation, sealed to the row before it."""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from inbox import families
from inbox.agents import NOBODY, Agent
from inbox.head import Head
from inbox.keys import sign
from inbox.store import Change, Session

ActorKind = Literal["agent", "rule", "system", "contact"]
QUIET = [
    "opened",
    "fetched",
    "downloaded",
    "exported",
    "followed",
    "unfollowed",
    "marked_read",
    "marked_unread",
    "template_used",
]
"""What somebody does for themselves: it keeps nobody from taking back what was done before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    kind: ActorKind
    id: int | None = None


SYSTEM = Actor(kind="system")


def as_actor(agent: Agent) -> Actor:
    """How the diary knows an agent; the house itself acts as `system`."""
    return SYSTEM if agent.id == NOBODY else Actor(kind="agent", id=agent.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """One row to write. `kind` is a past participle: claimed, queued, replied, closed.

    `occurred_at` is when it happened in the world (a mail's own time), `recorded_at` when we
    learnt of it; both naive UTC. `before` and `after` are JSON-able and may be erased later.
    """

    kind: str
    actor: Actor
    occurred_at: datetime
    recorded_at: datetime
    mailbox_id: int | None = None
    conversation_id: int | None = None
    message_id: int | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    event_id: int
    action_id: str
    occurred_at: datetime
    recorded_at: datetime
    actor_kind: ActorKind
    actor_id: int | None
    actor_name: str | None
    conversation_id: int
    message_id: int | None
    kind: str
    before: str | None
    after: str | None
    assignee_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """The columns a seal covers, in the order in which it covers them."""

    event_id: int
    action_id: str
    occurred_at: datetime
    recorded_at: datetime
    actor_kind: str
    actor_id: int | None
    mailbox_id: int | None
    conversation_id: int | None
    message_id: int | None
    kind: str
    digest: str


def record(
    db: Session,
    actor: Agent | Actor,
    kind: str,
    conversation_id: int | None,
    *,
    now: datetime,
    mailbox_id: int | None = None,
    message_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    action_id: str | None = None,
) -> int:
    """Write one event of a verb that happens now; answer its event_id."""
    who = as_actor(actor) if isinstance(actor, Agent) else actor
    event = NewEvent(
        kind=kind,
        actor=who,
        occurred_at=now,
        recorded_at=now,
        mailbox_id=mailbox_id,
        conversation_id=conversation_id,
        message_id=message_id,
        before=before,
        after=after,
    )
    return record_all(db, [event], action_id=action_id)[0]


def record_all(db: Session, news: list[NewEvent], *, action_id: str | None = None) -> list[int]:
    """Write what one action did, however many conversations it touched; answer the event_ids."""
    if not news:
        return []
    action = action_id or uuid.uuid4().hex
    columns = _Columns()
    for new in news:
        _append(db, columns, new, action)
    db.run("events.record", **columns.events)
    if columns.payloads["event_ids"]:
        db.run("events.keep_payloads", **columns.payloads)
    return list(columns.events["event_ids"])


def seal(key: bytes, previous: str, row: SealedRow) -> str:
    """The HMAC of a row chained to the one before it."""
    covered = [
        getattr(row, name).isoformat() if name.endswith("_at") else getattr(row, name)
        for name in SealedRow.__dataclass_fields__
    ]
    return sign(key, previous.encode(), json.dumps(covered).encode())


def digest(salt: str, before: str | None, after: str | None) -> str:
    """What the seal keeps of a payload: enough to prove it, nothing to read it from."""
    return sign(salt.encode(), json.dumps([before, after]).encode())


def of_conversation(
    db: Session, viewer: Agent, conversation_id: int, family: Sequence[int] | None = None
) -> list[Event]:
    """The conversation's whole diary, oldest first, with that of what was merged into it; in one
    statement, if its `family` is known to the caller. Raises NotFound for a stranger to it."""
    members = family or families.of(db, conversation_id).members
    mailboxes = viewer.readable
    if len(members) == 1:
        found = db.all(
            "events.of_conversation", Event, conversation_id=members[0], mailboxes=mailboxes
        )
    else:
        found = db.all("events.of_family", Event, family=list(members), mailboxes=mailboxes)
    if not found:
        mailbox_id = db.value("conversations.mailbox_of", conversation_id=conversation_id)
        viewer.must("read", mailbox_id or 0)
    return found


def is_touched(db: Session, family: Sequence[int], since: int) -> bool:
    """Whether anything but what is QUIET happened to these conversations after this event."""
    found = db.value("events.touched_since", family=list(family), event_id=since, quiet=QUIET)
    return found is not None


def _lists(*names: str) -> dict[str, list[Any]]:
    return {name: [] for name in names}


@dataclass(slots=True)
class _Columns:
    events: dict[str, list[Any]] = field(
        default_factory=lambda: _lists(
            *(f"{name}s" for name in SealedRow.__dataclass_fields__), "seals"
        )
    )
    payloads: dict[str, list[Any]] = field(
        default_factory=lambda: _lists("event_ids", "salts", "befores", "afters")
    )


def _append(db: Session, columns: _Columns, new: NewEvent, action_id: str) -> None:
    event_id = db.head.event_id + 1
    row = SealedRow(
        event_id=event_id,
        action_id=action_id,
        occurred_at=new.occurred_at,
        recorded_at=new.recorded_at,
        actor_kind=new.actor.kind,
        actor_id=new.actor.id,
        mailbox_id=new.mailbox_id,
        conversation_id=new.conversation_id,
        message_id=new.message_id,
        kind=new.kind,
        digest=_keep_payload(columns, event_id, new),
    )
    db.head = Head(event_id=event_id, seal=seal(db.diary_key, db.head.seal, row))
    for name in SealedRow.__dataclass_fields__:
        columns.events[f"{name}s"].append(getattr(row, name))
    columns.events["seals"].append(db.head.seal)
    db.changes.append(
        Change(
            event_id=event_id,
            kind=new.kind,
            mailbox_id=new.mailbox_id,
            conversation_id=new.conversation_id,
            actor_id=new.actor.id,
        )
    )


def _keep_payload(columns: _Columns, event_id: int, new: NewEvent) -> str:
    """Set the payload aside and answer its digest; an event without one has an empty digest."""
    if new.before is None and new.after is None:
        return ""
    salt = secrets.token_hex(16)
    before = None if new.before is None else json.dumps(new.before, ensure_ascii=False)
    after = None if new.after is None else json.dumps(new.after, ensure_ascii=False)
    columns.payloads["event_ids"].append(event_id)
    columns.payloads["salts"].append(salt)
    columns.payloads["befores"].append(before)
    columns.payloads["afters"].append(after)
    return digest(salt, before, after)
