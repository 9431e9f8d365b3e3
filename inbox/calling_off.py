"""What waited for a later moment and is not sent: its text is a draft again, its author told."""

from collections.abc import Sequence
from datetime import datetime

from inbox import events, families, notifications, outgoing
from inbox.agents import Agent
from inbox.events import Actor
from inbox.outgoing import Parcel
from inbox.store import Session


def with_conversations(
    db: Session, agent: Agent, conversation_ids: Sequence[int], *, now: datetime
) -> None:
    """Part of putting conversations out of sight: nothing leaves from there by surprise, not even
    when they are restored. What somebody has pressed Send on for now leaves all the same."""
    for outbox_id in db.column("outbox.planned_in", ids=list(conversation_ids)):
        parcel = outgoing.by_id(db, outbox_id)
        if take_out(db, parcel, "Its conversation was put away.", now=now):
            record(db, events.as_actor(agent), "called_off", parcel, {"by": "put_away"}, now=now)
            tell_author(db, agent, parcel, now=now)


def take_out(db: Session, parcel: Parcel, reason: str, *, now: datetime) -> bool:
    """Out of the outbox; False when somebody works on it, or did before."""
    if not db.change("outbox.unplan", outbox_id=parcel.id, reason=reason):
        return False
    outgoing.give_back(db, parcel, now=now)
    return True


def tell_author(db: Session, by: Agent | None, parcel: Parcel, *, now: datetime) -> None:
    place = families.place(db, parcel.conversation_id)
    if parcel.agent_id is None or place is None or parcel.mailbox_id is None:
        return
    authors = [parcel.agent_id]
    notifications.make(
        db, by, "called_off", authors, place, parcel.mailbox_id, message_id=None, now=now
    )


def record(
    db: Session, actor: Actor, kind: str, parcel: Parcel, more: dict[str, object], *, now: datetime
) -> None:
    events.record(
        db,
        actor,
        kind,
        families.place(db, parcel.conversation_id),
        mailbox_id=parcel.mailbox_id,
        message_id=parcel.message_id,
        after={"outbox_id": parcel.id, **more},
        now=now,
    )
