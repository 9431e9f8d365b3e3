"""Two replies to one message that were meant to be two: a mark on the pair, and taking it off.

A pair with the mark stays in the count and is left out of the rate (report.duplicate_replies).
"""

from datetime import datetime

from inbox import conversations, events
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import NotFound
from inbox.store import Session


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
