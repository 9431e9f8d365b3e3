"""A conversation: one contact's thread of mail in one mailbox, and whose turn it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Literal

from inbox import agents, events, handover, notifications, reads
from inbox.agents import Ability, Agent
from inbox.errors import AlreadyClaimed, Invalid, NotFound
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One conversation whole, as its head shows it. `has_outgoing` and `has_drafts` tell whether
    it is worth asking for mail on its way, and for anybody's open drafts; `family` is it and
    whatever was merged into it (see inbox.families); `snoozed_until` is None for one that is awake,
    and `is_followed` is about the viewer. `begun_by` wrote a new mail that is not sent yet."""

    id: int
    mailbox_id: int
    mailbox_name: str
    mailbox_address: str
    contact_id: int | None
    contact_name: str
    contact_address: str
    subject: str
    status: Literal["open", "closed"]
    assignee_id: int | None
    assignee_name: str | None
    created_at: datetime
    last_message_at: datetime
    waiting_since: datetime | None
    closed_at: datetime | None
    spam_at: datetime | None
    trashed_at: datetime | None
    message_count: int
    is_readable: bool
    alert: str | None
    is_vip: bool
    open_questions: int
    snoozed_until: datetime | None
    snooze_stays: bool
    tags: tuple[str, ...]
    is_followed: bool
    has_outgoing: bool
    has_drafts: bool
    is_unread: bool
    begun_by: int | None
    family: tuple[int, ...]


def by_id(db: Session, viewer: Agent, conversation_id: int) -> Conversation:
    """The conversation; of one that was merged, the one it is in now.

    Raises NotFound for an unknown conversation and for one the viewer may not read.
    """
    rows = db.rows("conversations.by_id", conversation_id=conversation_id, agent_id=viewer.id)
    found = next(iter(rows), None)
    if found is None:
        raise NotFound("conversation")
    *columns, merged_into, members = found
    if merged_into is not None:
        return by_id(db, viewer, merged_into)
    told = dict(zip(_COLUMNS, columns, strict=True))
    if not viewer.may("read", told["mailbox_id"]) or told["begun_by"] not in (None, viewer.id):
        raise NotFound("conversation")
    told["tags"] = tuple(name for name in told["tags"].split("\n") if name)
    if members:
        # Told of this one alone; what was merged into it may have some as well.
        told |= {"has_outgoing": True, "has_drafts": True}
    return Conversation(**told, family=(told["id"], *(members or ())))


def claim(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Take an unassigned conversation. The first to ask gets it; the loser is told who won."""
    found = must(db, agent, conversation_id, "reply")
    if found.assignee_id == agent.id:
        return
    changed = db.change("conversations.claim", conversation_id=found.id, agent_id=agent.id)
    if not changed:
        raise AlreadyClaimed(found.assignee_name or "A colleague")
    events.record(
        db,
        agent,
        "claimed",
        found.id,
        mailbox_id=found.mailbox_id,
        after={"assignee_id": agent.id},
        now=now,
    )


def assign(
    db: Session, agent: Agent, conversation_id: int, assignee_id: int, *, now: datetime
) -> None:
    """Give the conversation to a colleague who may answer here, whoever has it."""
    found = must(db, agent, conversation_id, "triage")
    if found.assignee_id == assignee_id:
        return
    if assignee_id not in {c.id for c in agents.colleagues(db, agent, found.mailbox_id)}:
        raise Invalid("assignee", "That colleague cannot answer mail in this mailbox.")
    _reassign(db, agent, found, assignee_id, "assigned", now=now)


def release(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Put the conversation back among the unassigned."""
    found = must(db, agent, conversation_id, "triage")
    if found.assignee_id is not None:
        _reassign(db, agent, found, None, "released", now=now)


def close(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Nobody waits here any more. Closing a closed conversation changes nothing."""
    found = must(db, agent, conversation_id, "triage")
    if found.status == "open":
        db.change("conversations.close", conversation_id=found.id, now=now)
        waits = found.waiting_since and found.waiting_since.isoformat()
        before: dict[str, object] = {"status": "open", "waiting_since": waits}
        record(db, agent, found, "closed", now=now, before=before)


def unclose(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Take a close back: it is open, and whoever waited before it waits since then. To take it up
    again later is `reopen`, which knows of nobody who waits."""
    found = must(db, agent, conversation_id, "triage")
    _reopen(db, agent, found, {"takes_back": True}, now=now)
    told = db.value("conversations.before_close", family=list(found.family))
    since = json.loads(told or "{}").get("waiting_since")
    if found.status == "closed" and since is not None:
        moment = datetime.fromisoformat(since)
        db.change("conversations.set_waiting", conversation_id=found.id, waiting_since=moment)


def reopen(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Take it up again; it goes back to whoever had it, if they still answer mail here."""
    _reopen(db, agent, must(db, agent, conversation_id, "triage"), None, now=now)


def opened(
    db: Session,
    agent: Agent,
    conversation_id: int,
    *,
    fold: float,
    is_whole: bool = True,
    now: datetime,
) -> None:
    """Nothing in it is new to the agent any more, unless he saw but a part. Leave in the diary that
    he saw it: once in `fold` seconds, however often asked."""
    since = now - timedelta(seconds=fold)
    found = db.one(
        "conversations.opened_since",
        _Opened,
        conversation_id=conversation_id,
        agent_id=agent.id,
        since=since,
    )
    agent.must("read", found.mailbox_id if found else 0)
    if found and found.id != conversation_id:
        opened(db, agent, found.id, fold=fold, is_whole=is_whole, now=now)
        return
    if found and is_whole:
        reads.saw(db, agent.id, [found.id], now=now)
    if found and not found.is_known:
        events.record(db, agent, "opened", found.id, mailbox_id=found.mailbox_id, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    id: int
    mailbox_id: int
    is_known: bool


def dismiss_alert(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """The agent has seen what shouted (a bounce, a refused address)."""
    found = must(db, agent, conversation_id, "triage")
    if found.alert is not None:
        db.change("conversations.set_alert", conversation_id=found.id, alert=None)
        record(db, agent, found, "acknowledged", now=now, before={"alert": found.alert})


_COLUMNS = [f.name for f in fields(Conversation) if f.name != "family"]


def must(db: Session, agent: Agent, conversation_id: int, ability: Ability) -> Conversation:
    """The conversation, for whoever has this ability in its mailbox."""
    found = by_id(db, agent, conversation_id)
    agent.must(ability, found.mailbox_id)
    return found


def _reopen(
    db: Session,
    agent: Agent,
    found: Conversation,
    after: dict[str, object] | None,
    *,
    now: datetime,
) -> None:
    if found.status == "closed":
        db.change("conversations.reopen", conversation_id=found.id)
        was = {"status": "closed"}
        record(db, agent, found, "reopened", now=now, before=was, after=after)
        if found.assignee_id is not None:
            handover.let_go(db, [found.id], now=now)


def _reassign(
    db: Session,
    agent: Agent,
    found: Conversation,
    assignee_id: int | None,
    kind: str,
    *,
    now: datetime,
) -> None:
    db.change("conversations.assign", conversation_id=found.id, assignee_id=assignee_id)
    events.record(
        db,
        agent,
        kind,
        found.id,
        mailbox_id=found.mailbox_id,
        now=now,
        before={"assignee_id": found.assignee_id},
        after={"assignee_id": assignee_id},
    )
    if assignee_id is not None:
        notifications.make(
            db, agent, "assigned", [assignee_id], found.id, found.mailbox_id, now=now
        )


def record(
    db: Session,
    agent: Agent,
    found: Conversation,
    kind: str,
    *,
    now: datetime,
    message_id: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Leave in the diary what an agent did to this conversation, or to one message of it."""
    events.record(
        db,
        agent,
        kind,
        found.id,
        mailbox_id=found.mailbox_id,
        message_id=message_id,
        now=now,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
