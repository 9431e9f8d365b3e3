"""Doing what a reply does besides, in the transaction that files it: so one taken back has done
nothing."""

from datetime import datetime

from inbox import agents, availability, conversations, tags
from inbox.agents import Agent
from inbox.effects import ME, NOBODY, Effects
from inbox.errors import InboxError, Invalid
from inbox.store import Session


def checked(db: Session, agent: Agent, mailbox_id: int | None, wanted: Effects) -> Effects:
    """As they can be kept. Raises Invalid for what cannot be done in this mailbox; without one,
    in every mailbox."""
    if wanted and mailbox_id is not None:
        agent.must("triage", mailbox_id)
    tag = tags.checked(wanted.tag) if wanted.tag.strip() else ""
    if wanted.assign not in ("", ME, NOBODY):
        able = agents.colleagues(db, agent, mailbox_id) if mailbox_id is not None else []
        if wanted.assign not in {str(c.id) for c in able}:
            raise Invalid("assign", "That colleague cannot answer mail in this mailbox.")
    return Effects(tag=tag, assign=wanted.assign, closes=wanted.closes)


def apply(
    db: Session, agent_id: int | None, conversation_id: int, wanted: Effects, *, now: datetime
) -> None:
    """Tag and assign on behalf of whoever sent; closing is filing's. The mail has left: what is
    refused by now (a retired tag, a colleague who is away) stays undone."""
    sender = agents.by_id(db, agent_id or 0) if wanted.tag or wanted.assign else None
    if sender is None:
        return
    for act in (_tag, _assign):
        try:
            act(db, sender, conversation_id, wanted, now)
        except InboxError:
            continue


def _tag(db: Session, sender: Agent, conversation_id: int, wanted: Effects, now: datetime) -> None:
    if wanted.tag:
        tags.add(db, sender, conversation_id, wanted.tag, now=now)


def _assign(
    db: Session, sender: Agent, conversation_id: int, wanted: Effects, now: datetime
) -> None:
    if wanted.assign == NOBODY:
        conversations.release(db, sender, conversation_id, now=now)
    elif wanted.assign:
        whom = sender.id if wanted.assign == ME else int(wanted.assign)
        availability.give(db, sender, conversation_id, whom, now=now)
