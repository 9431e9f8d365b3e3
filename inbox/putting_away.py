"""Putting a conversation out of sight, as junk or into the trash, and back; nothing is deleted.

Apart from the other verbs of conversations, because it reaches the outbox: notes know those, and no
way may lead from a note to a mail.
"""

from datetime import datetime

from inbox import calling_off, conversations
from inbox.agents import Agent
from inbox.store import Session


def mark_spam(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Take this conversation out of every queue as junk. A reply that was to be sent later is
    called off."""
    found = conversations.must(db, agent, conversation_id, "triage")
    if found.spam_at is None:
        db.change("conversations.mark_spam", conversation_id=found.id, now=now)
        calling_off.with_conversations(db, agent, [found.id], now=now)
        conversations.record(db, agent, found, "marked_spam", now=now)


def trash(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Put it in the trash, from which it can be restored. A reply that was to be sent later is
    called off."""
    found = conversations.must(db, agent, conversation_id, "triage")
    if found.trashed_at is None:
        db.change("conversations.trash", conversation_id=found.id, now=now)
        calling_off.with_conversations(db, agent, [found.id], now=now)
        conversations.record(db, agent, found, "trashed", now=now)


def restore(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Take it out of spam or trash; it is what it was before."""
    found = conversations.must(db, agent, conversation_id, "triage")
    if found.spam_at is not None or found.trashed_at is not None:
        db.change("conversations.restore", conversation_id=found.id)
        was = "trash" if found.trashed_at is not None else "spam"
        conversations.record(db, agent, found, "restored", now=now, before={"in": was})
