"""The stale-send guard: what others did in a conversation while a reply was written, and while
it waited to leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from inbox import families, stops
from inbox.agents import Agent
from inbox.drafts import Draft
from inbox.errors import Stale
from inbox.outgoing import Parcel
from inbox.settings import Settings
from inbox.store import Session

HISTORY = timedelta(days=2)
ELSEWHERE = "Stopped: somebody answered from another mail program meanwhile. Your text is a draft."


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """One event that holds a queued reply back."""

    event_id: int
    kind: Literal["queued", "resent", "replied", "received"]
    agent_name: str | None

    @property
    def words(self) -> str:
        if self.kind == "replied":
            return ELSEWHERE
        if self.kind == "received":
            return (
                "Stopped: the customer wrote again before this could leave. Your text is a draft."
            )
        return (
            f"Stopped: {self.agent_name or 'a colleague'} answered meanwhile. Your text is a draft."
        )


def newer(db: Session, agent: Agent, draft: Draft) -> tuple[int, ...]:
    """Events the author has not seen: a customer's mail, a note, a reply (a queued one counts).

    The agent's own acts and automatic mail do not count. What happened in a conversation that was
    merged with this one does, before the merge as well: the author has not seen that either.
    """
    return tuple(
        db.column(
            "outbox.newer",
            family=families.of(db, draft.conversation_id).ids,
            seen_event_id=draft.seen_event_id,
            agent_id=agent.id,
        )
    )


def check(
    db: Session,
    agent: Agent,
    draft: Draft,
    *,
    anyway: bool,
    shown: int | None = None,
    now: datetime,
) -> tuple[int, ...]:
    """What is newer, when the agent sends `anyway`. Raises Stale otherwise if there is any, and
    also when something came in after `shown`, the newest event that stood before the agent when
    “anyway” was said. That it was stopped is noted all the same (see inbox.stops)."""
    found = newer(db, agent, draft)
    is_covered = anyway and (shown is None or max(found, default=0) <= shown)
    if found and not is_covered:
        db.in_any_case(lambda later: stops.refused(later, agent, draft, found, now=now))
        raise Stale(
            "This conversation moved on while you were writing. Nothing was sent and your text "
            "is safe. Look at what is new, then send anyway, edit or discard.",
            found,
        )
    return found


def overtaken(
    db: Session, parcel: Parcel, settings: Settings, *, counts_undoable: bool = True, now: datetime
) -> list[Between]:
    """What came in since Send was pressed and must hold this reply back, replies before mails.

    A colleague's public reply does, even one sent in the knowledge of this: the later word counts;
    not while it waits for a later moment, nor, without `counts_undoable`, while it can be undone. A
    customer's mail does once the reply has waited for longer than the undo window again, and for
    one that was sent for later at once. A note, automatic mail, the author's own acts and old mail
    do not.
    """
    if parcel.conversation_id is None:
        return []
    window = timedelta(seconds=settings.undo_seconds)
    found = db.all(
        "outbox.overtaken",
        Between,
        family=families.of(db, parcel.conversation_id).ids,
        seen_event_id=parcel.seen_event_id,
        agent_id=parcel.agent_id,
        message_id=parcel.message_id,
        since=parcel.queued_at - HISTORY,
        with_customer=parcel.planned_at is not None or now - parcel.queued_at > 2 * window,
        counts_undoable=counts_undoable,
        now=now,
    )
    return sorted(found, key=lambda between: between.kind == "received")
