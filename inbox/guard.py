"""The stale-send guard: what others did in a conversation while a reply was written."""

from inbox.agents import Agent
from inbox.drafts import Draft
from inbox.errors import Stale
from inbox.store import Session


def newer(db: Session, agent: Agent, draft: Draft) -> tuple[int, ...]:
    """Events the author has not seen: a customer's mail, a note, a reply (a queued one counts).

    The agent's own acts and automatic mail do not count.
    """
    return tuple(
        db.column(
            "outbox.newer",
            conversation_id=draft.conversation_id,
            seen_event_id=draft.seen_event_id,
            agent_id=agent.id,
        )
    )


def check(db: Session, agent: Agent, draft: Draft, *, anyway: bool) -> tuple[int, ...]:
    """What is newer, when the agent sends `anyway`. Raises Stale otherwise if there is any."""
    found = newer(db, agent, draft)
    if found and not anyway:
        raise Stale(
            "This conversation moved on while you were writing. Nothing was sent and your text "
            "is safe. Look at what is new, then send anyway, edit or discard.",
            found,
        )
    return found
