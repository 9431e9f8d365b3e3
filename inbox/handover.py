"""Giving back to the team what someone who leaves had taken."""

from collections.abc import Sequence
from datetime import datetime

from inbox import events
from inbox.agents import Agent
from inbox.events import SYSTEM, Actor, NewEvent
from inbox.store import Session


def count(db: Session, agent_id: int) -> int:
    """How many open conversations an agent has, in all mailboxes; the caller checked the asker."""
    return len(db.rows("handover.held", agent_id=agent_id, mailbox_id=None))


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
    _tell(db, events.as_actor(actor), [(*one, agent_id) for one in held], action_id, now)


def let_go(db: Session, conversation_ids: Sequence[int], *, now: datetime) -> None:
    """Unassign those that were just taken up again although their assignee has left meanwhile,
    is out of office or may only read there: else they would wait for somebody who does not come."""
    found = db.rows("handover.astray", conversation_ids=list(conversation_ids), now=now)
    if found:
        db.change("handover.unassign", conversation_ids=[row[0] for row in found])
        _tell(db, SYSTEM, found, None, now)


def _tell(
    db: Session,
    actor: Actor,
    let_go: Sequence[tuple[int, int, int]],
    action_id: str | None,
    now: datetime,
) -> None:
    """One line in the diary for each (conversation, mailbox, who had it)."""
    news = [
        NewEvent(
            kind="released",
            actor=actor,
            occurred_at=now,
            recorded_at=now,
            mailbox_id=mailbox_id,
            conversation_id=conversation_id,
            before={"assignee_id": agent_id},
            after={"assignee_id": None},
        )
        for conversation_id, mailbox_id, agent_id in let_go
    ]
    events.record_all(db, news, action_id=action_id)
