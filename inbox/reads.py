"""What each agent has seen: a conversation with a newer message is unread for this agent."""

from collections.abc import Sequence
from datetime import datetime

from inbox.store import Session


def saw(db: Session, agent_id: int, conversation_ids: Sequence[int], *, now: datetime) -> None:
    """Nothing in these is new to the agent any more. The caller has checked who asks."""
    _set(db, agent_id, conversation_ids, is_unread=False, now=now)


def forget(db: Session, agent_id: int, conversation_ids: Sequence[int], *, now: datetime) -> None:
    """These are unread, whatever the agent has seen of them."""
    _set(db, agent_id, conversation_ids, is_unread=True, now=now)


def wrote(db: Session, agent_id: int, conversation_id: int, message_id: int) -> None:
    """What somebody wrote is no news to them; what they had not seen before stays unread. To be
    told before the conversation's row knows of the message."""
    db.change(
        "reads.wrote", agent_id=agent_id, conversation_id=conversation_id, message_id=message_id
    )


def _set(
    db: Session,
    agent_id: int,
    conversation_ids: Sequence[int],
    *,
    is_unread: bool,
    now: datetime,
) -> None:
    ids = list(conversation_ids)
    db.change("reads.drop", agent_id=agent_id, conversation_ids=ids)
    db.change("reads.keep", agent_id=agent_id, conversation_ids=ids, is_unread=is_unread, now=now)
