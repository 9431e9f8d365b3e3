"""Two replies to one message: which there are, and the mark on a pair that was meant to be two.

A pair with the mark stays in the count and is left out of the rate (report.duplicate_replies).
"""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from inbox import conversations, events
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import NotFound
from inbox.insight import Asked
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Turns that were answered in a period, and in the one before it; and the sends that the guard
    has stopped in each."""

    turns: int
    turns_before: int
    near_misses: int
    near_misses_before: int


def pairs(db: Session, viewer: Agent, asked: Asked) -> pd.DataFrame:
    """One row a pair whose customer began to wait in the period, the newest first:
    conversation_id, mailbox_id, turn_no, customer_message_id, first_message_id, second_message_id,
    began, first_at and at (naive UTC), gap_seconds, kind, is_collision, is_outside, is_stale,
    is_intended, is_answered (whether the turn counts in the rate), first_name and second_name,
    which may be a stranger's words (M14)."""
    return db.frame(
        "duplicates.pairs",
        mailboxes=_mailboxes(viewer, asked),
        since=asked.since,
        until=asked.until,
        tag=asked.tag,
    )


def answered(db: Session, viewer: Agent, asked: Asked, before: Asked) -> Answered:
    """What the pairs of a period are told of, and those of the one right before it."""
    found = db.one(
        "duplicates.answered",
        Answered,
        mailboxes=_mailboxes(viewer, asked),
        earlier=before.since,
        since=asked.since,
        until=asked.until,
        tag=asked.tag,
    )
    assert found is not None
    return found


def doubled(pairs: pd.DataFrame) -> int:
    """How many answered turns have a pair that nobody meant."""
    counted = pairs.loc[pairs["is_answered"] & ~pairs["is_intended"]]
    return len(counted[["conversation_id", "turn_no"]].drop_duplicates())


def intend(
    db: Session,
    agent: Agent,
    conversation_id: int,
    first_message_id: int,
    second_message_id: int,
    *,
    now: datetime,
) -> None:
    """Say that both were meant to be sent. A pair that has the mark keeps it.

    Raises NotFound for two messages that are no pair of this conversation.
    """
    found = conversations.must(db, agent, conversation_id, "triage")
    pair = {"first_message_id": first_message_id, "second_message_id": second_message_id}
    if not db.value("duplicates.is_pair", conversation_id=found.id, **pair):
        raise NotFound("reply")
    if db.value("duplicates.is_intended", **pair):
        return
    db.run("duplicates.intend", agent_id=agent.id, now=now, **pair)
    _record(db, agent, found, "duplicate_intended", pair, now)


def unintend(
    db: Session,
    agent: Agent,
    conversation_id: int,
    first_message_id: int,
    second_message_id: int,
    *,
    now: datetime,
) -> None:
    """Take the mark off again. One that has none stays as it is."""
    found = conversations.must(db, agent, conversation_id, "triage")
    pair = {"first_message_id": first_message_id, "second_message_id": second_message_id}
    if not db.value("duplicates.is_of", family=list(found.family), **pair):
        raise NotFound("reply")
    if db.change("duplicates.unintend", **pair):
        _record(db, agent, found, "duplicate_unintended", pair, now)


def _record(
    db: Session,
    agent: Agent,
    found: Conversation,
    kind: str,
    pair: dict[str, int],
    now: datetime,
) -> None:
    events.record(
        db,
        agent,
        kind,
        found.id,
        mailbox_id=found.mailbox_id,
        message_id=pair["second_message_id"],
        after=dict(pair),
        now=now,
    )


def _mailboxes(viewer: Agent, asked: Asked) -> list[int]:
    return [m for m in viewer.readable if asked.mailbox_id in (None, m)]
