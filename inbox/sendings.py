"""What the diary keeps of a Send."""

from datetime import datetime

from inbox import events, outgoing
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.events import NewEvent
from inbox.messages import Recipients


def about(
    outbox_id: int, due_at: datetime, recipients: Recipients, confirmed: tuple[str, ...]
) -> dict[str, object]:
    """The payload of `queued`; `confirmed` are recipients that were looked at twice."""
    told: dict[str, object] = {
        "outbox_id": outbox_id,
        "due_at": due_at.isoformat(),
        "recipients": [r.address for r in outgoing.pending(recipients)],
    }
    return told | ({"confirmed": list(confirmed)} if confirmed else {})


def told(
    agent: Agent,
    conversation: Conversation,
    message_id: int,
    about: dict[str, object],
    newer: tuple[int, ...],
    *,
    is_new: bool,
    now: datetime,
) -> list[NewEvent]:
    """`queued`, before it `written` of a new mail, and with it `sent_anyway` when the agent passed
    the guard."""
    kinds = {"written": about} if is_new else {}
    kinds |= {"queued": about} | ({"sent_anyway": {"newer": list(newer)}} if newer else {})
    return [
        NewEvent(
            kind=kind,
            actor=events.as_actor(agent),
            occurred_at=now,
            recorded_at=now,
            mailbox_id=conversation.mailbox_id,
            conversation_id=conversation.id,
            message_id=message_id,
            after=after,
        )
        for kind, after in kinds.items()
    ]
