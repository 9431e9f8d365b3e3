"""Taking back what was just done to a conversation, as long as nobody has built on it."""

from collections.abc import Callable
from datetime import datetime

from inbox import conversations, events
from inbox.agents import Agent
from inbox.errors import TooLate
from inbox.store import Session

SECONDS = 30


def take_back(
    db: Session,
    agent: Agent,
    opposite: Callable[..., object],
    conversation_id: int,
    *args: object,
    since: int,
    now: datetime,
) -> None:
    """Do the opposite of the act whose event was `since`. Raises TooLate when anything else has
    happened to the conversation since then: a colleague's claim or a customer's mail is not
    undone by the way."""
    found = conversations.by_id(db, agent, conversation_id)
    if events.is_touched(db, found.family, since):
        raise TooLate("This conversation has moved on since, so nothing was undone.")
    opposite(db, agent, conversation_id, *args, now=now)
