"""Giving back to the team what someone who leaves had taken."""

from datetime import datetime

from inbox import events
from inbox.agents import Agent
from inbox.events import Actor, NewEvent
from inbox.store import Session


def release(
    db: Session,
    actor: Agent,
    agent_id: int,
    mailbox_id: int | None,
    action_id: str,
    *,
    now: datetime,
) -> None:
    """Unassign every open conversation of an agent, in one mailbox or in all of them, as part of
    an action whose maker was checked by the caller."""
    held = db.rows("handover.held", agent_id=agent_id, mailbox_id=mailbox_id)
    db.change("handover.release", agent_id=agent_id, mailbox_id=mailbox_id)
    news = [
        NewEvent(
            kind="released",
            actor=Actor(kind="agent", id=actor.id),
            occurred_at=now,
            recorded_at=now,
            mailbox_id=where,
            conversation_id=conversation_id,
            before={"assignee_id": agent_id},
            after={"assignee_id": None},
        )
        for conversation_id, where in held
    ]
    events.record_all(db, news, action_id=action_id)
