"""A whole conversation to print, to keep or to hand on; each copy is in the diary.

What is hidden stays hidden in it, a mail that holds a restricted file is not among the originals,
and notes are in it only when asked for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox import conversations, events, messages
from inbox.agents import Agent
from inbox.blobs import Place
from inbox.conversations import Conversation
from inbox.messages import Message
from inbox.store import Session

Kind = Literal["page", "file", "mails"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """`places` are where the bytes of its mails lie, by message, as far as they may be taken."""

    conversation: Conversation
    messages: tuple[Message, ...]
    places: dict[int, Place]
    with_notes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    message_id: int
    sha256: str
    segment: int
    position: int
    size_bytes: int


def export(
    db: Session,
    agent: Agent,
    conversation_id: int,
    kind: Kind,
    *,
    with_notes: bool = False,
    now: datetime,
) -> Transcript:
    """The conversation as it is now, for whoever may read it. Raises NotFound for others."""
    found = conversations.by_id(db, agent, conversation_id)
    told = messages.in_conversation(db, agent, found.id, found.family)
    kept = tuple(m for m in told if with_notes or m.direction != "note")
    places = _places(db, found, kept) if kind == "mails" else {}
    events.record(
        db,
        agent,
        "exported",
        found.id,
        mailbox_id=found.mailbox_id,
        after={"as": kind, "with_notes": with_notes},
        now=now,
    )
    return Transcript(conversation=found, messages=kept, places=places, with_notes=with_notes)


def _places(db: Session, found: Conversation, kept: tuple[Message, ...]) -> dict[int, Place]:
    free = {m.id for m in kept if not m.is_hidden and not _is_restricted(m)}
    rows = db.all("transcripts.places", _Place, family=list(found.family))
    return {
        row.message_id: Place(
            sha256=row.sha256,
            segment=row.segment,
            position=row.position,
            size_bytes=row.size_bytes,
        )
        for row in rows
        if row.message_id in free
    }


def _is_restricted(message: Message) -> bool:
    return any(a.restricted_by is not None for a in message.attachments)
