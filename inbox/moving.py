"""Moving a conversation to another mailbox, with all that is in it, and taking that back.

Who may handle conversations in both mailboxes may move one: it is out of sight for whoever reads
only the mailbox it leaves, and in sight for whoever reads the other. So every row of it names the
new mailbox from then on, and permission needs no exception anywhere. What still comes to the old
address finds it by `moves` (see ingest.atlas and ingest.intake).
"""

from dataclasses import dataclass
from datetime import datetime

from inbox import conversations, events, mailboxes, notifications, relocating
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid, TooLate
from inbox.mailboxes import Sign
from inbox.relocating import Place
from inbox.store import Session

UNSETTLED = (
    "A mail of this conversation is still on its way, or nobody knows yet whether it arrived. "
    "Settle that first, then move it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    id: int
    from_id: int
    to_id: int
    event_id: int


def targets(viewer: Agent, mailbox_id: int) -> list[Sign]:
    """The mailboxes to which the viewer may move a conversation of this one, by name."""
    if not viewer.may("triage", mailbox_id):
        return []
    return [
        sign
        for sign in mailboxes.of_viewer(viewer)
        if sign.id != mailbox_id and viewer.may("triage", sign.id)
    ]


def move(
    db: Session, agent: Agent, conversation_id: int, mailbox_id: int, *, now: datetime
) -> None:
    """Give the conversation to another mailbox, whole: its answers leave from there.

    An assignee who may not answer there has it no longer, and is told. Raises Invalid for one in
    spam or in the trash, and while a mail of it is on its way or in doubt.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    _check(db, found, mailbox_id)
    there = relocating.target(db, agent, mailbox_id)
    done = relocating.give(db, agent, [_place(found)], there, now=now)
    if done.let_go and found.assignee_id is not None:
        notifications.make(
            db, agent, "moved", [found.assignee_id], found.id, found.mailbox_id, now=now
        )


def unmove(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Put it back where it was, as it was. Raises Invalid for one that was not moved, TooLate
    when anything has happened to it since."""
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    last = db.one("moving.last_of", _Move, conversation_id=found.id)
    if last is None or last.to_id != found.mailbox_id:
        raise Invalid("conversation", "This conversation was not moved.")
    agent.must("triage", last.from_id)
    if events.is_touched(db, found.family, last.event_id):
        raise TooLate("This conversation has moved on since, so nothing was undone.")
    _check(db, found, last.from_id)
    there = relocating.target(db, agent, last.from_id)
    relocating.give_back(db, agent, [_place(found)], there, [last.event_id], now=now)


def _check(db: Session, found: Conversation, mailbox_id: int) -> None:
    if mailbox_id == found.mailbox_id:
        raise Invalid("mailbox", "It is in that mailbox already.")
    if found.spam_at or found.trashed_at:
        raise Invalid("conversation", "Take it out of spam or the trash before it is moved.")
    if db.column("moving.unsettled", ids=[found.id]):
        raise Invalid("conversation", UNSETTLED)


def _place(found: Conversation) -> Place:
    return Place(id=found.id, mailbox_id=found.mailbox_id, assignee_id=found.assignee_id)
