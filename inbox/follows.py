"""Following a conversation: to hear of it without having it."""

from datetime import datetime

from inbox import conversations, events
from inbox.agents import Agent, Colleague
from inbox.store import Session


def follow(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Hear of this conversation from now on; whoever may read it may follow it."""
    found = conversations.by_id(db, agent, conversation_id)
    if found.is_followed:
        return
    db.run(
        "follows.add",
        conversation_id=found.id,
        mailbox_id=found.mailbox_id,
        agent_id=agent.id,
        now=now,
    )
    events.record(db, agent, "followed", found.id, mailbox_id=found.mailbox_id, now=now)


def unfollow(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Hear of it no more."""
    found = conversations.by_id(db, agent, conversation_id)
    if db.change("follows.remove", family=list(found.family), agent_id=agent.id):
        events.record(db, agent, "unfollowed", found.id, mailbox_id=found.mailbox_id, now=now)


def of_conversation(db: Session, viewer: Agent, conversation_id: int) -> list[Colleague]:
    """Who follows it, by name: those who work here and may read it."""
    found = conversations.by_id(db, viewer, conversation_id)
    return db.all("follows.of_conversation", Colleague, family=list(found.family))
