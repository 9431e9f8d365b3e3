"""Who begins to send has the conversation, if nobody had it; who takes the answer back gives it
back."""

from dataclasses import dataclass
from datetime import datetime

from inbox import events, families
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.events import NewEvent
from inbox.outgoing import Parcel
from inbox.settings import Settings
from inbox.store import Session


def with_answer(
    db: Session,
    agent: Agent,
    found: Conversation,
    settings: Settings,
    *,
    author_id: int,
    now: datetime,
) -> list[NewEvent]:
    """Take an unassigned conversation for the author of what is sent; answer the line for the
    diary, to be written in one action with `queued`."""
    if not settings.claim_on_send or found.assignee_id is not None:
        return []
    db.change("conversations.claim", conversation_id=found.id, agent_id=author_id)
    return [
        NewEvent(
            kind="claimed",
            actor=events.as_actor(agent),
            occurred_at=now,
            recorded_at=now,
            mailbox_id=found.mailbox_id,
            conversation_id=found.id,
            after={"assignee_id": author_id},
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    conversation_id: int
    mailbox_id: int


def given_back(db: Session, agent: Agent, parcel: Parcel, *, now: datetime) -> list[NewEvent]:
    """Let go of what Send has taken, when the answer is undone and nobody has touched the claim
    since; answer the line for the diary."""
    if parcel.conversation_id is None:
        return []
    family = families.of(db, parcel.conversation_id)
    taken = db.one(
        "conversations.claimed_with",
        _Claimed,
        family=family.ids,
        message_id=parcel.message_id,
        agent_id=agent.id,
    )
    if taken is None or taken.conversation_id != family.id:
        return []
    db.change("conversations.assign", conversation_id=family.id, assignee_id=None)
    return [
        NewEvent(
            kind="released",
            actor=events.as_actor(agent),
            occurred_at=now,
            recorded_at=now,
            mailbox_id=taken.mailbox_id,
            conversation_id=family.id,
            before={"assignee_id": agent.id},
            after={"assignee_id": None},
        )
    ]
