"""The queue: open conversations that nobody has, and who is next."""

from datetime import datetime

from inbox import conversations
from inbox.agents import Agent
from inbox.store import Session


def take_next(
    db: Session, agent: Agent, *, mailbox_id: int | None = None, now: datetime
) -> int | None:
    """Claim the unassigned conversation whose customer has waited longest, urgent ones first, in
    this mailbox or in all in which the agent may reply; answer its id, None when nobody waits to be
    taken. What is snoozed waits for its time.

    One transaction, so that two who ask at once get two conversations.
    """
    found: int | None = db.value(
        "queue.longest_waiting", mailboxes=answered(agent, mailbox_id), now=now
    )
    if found is not None:
        conversations.claim(db, agent, found, now=now)
    return found


def answered(agent: Agent, mailbox_id: int | None = None) -> list[int]:
    """The mailboxes whose queue this agent may take from: this one, or all."""
    return [m for m in agent.readable if mailbox_id in (None, m) and agent.may("reply", m)]
