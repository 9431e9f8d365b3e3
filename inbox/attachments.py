"""Taking files out of the house: attachments and original mails, for who may read the mailbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import events
from inbox.agents import Agent
from inbox.blobs import Place
from inbox.errors import NotFound
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """`filename` is a stranger's text: for display and download names only."""

    id: int
    message_id: int
    conversation_id: int
    mailbox_id: int
    filename: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Original:
    conversation_id: int
    mailbox_id: int
    sha256: str
    segment: int
    position: int
    size_bytes: int


def download(
    db: Session, agent: Agent, attachment_id: int, *, now: datetime, fold_seconds: float = 300
) -> Attachment:
    """An attachment about to be handed out, noted in the diary once per agent, conversation and
    `fold_seconds`. Raises NotFound for an unknown one and for a stranger alike."""
    found = db.one("attachments.by_id", Attachment, attachment_id=attachment_id)
    if found is None or not agent.may("read", found.mailbox_id):
        raise NotFound("attachment")
    _note(
        db,
        agent,
        found.conversation_id,
        found.mailbox_id,
        found.message_id,
        now=now,
        fold_seconds=fold_seconds,
    )
    return found


def original(
    db: Session, agent: Agent, message_id: int, *, now: datetime, fold_seconds: float = 300
) -> Place:
    """Where a mail's exact bytes lie, noted like a download.

    Raises NotFound for a stranger, for a note, and for a mail whose bytes were never fetched.
    """
    found = db.one("attachments.original", _Original, message_id=message_id)
    if found is None or not agent.may("read", found.mailbox_id):
        raise NotFound("original of this mail")
    _note(
        db,
        agent,
        found.conversation_id,
        found.mailbox_id,
        message_id,
        now=now,
        fold_seconds=fold_seconds,
    )
    return Place(
        sha256=found.sha256,
        segment=found.segment,
        position=found.position,
        size_bytes=found.size_bytes,
    )


def _note(
    db: Session,
    agent: Agent,
    conversation_id: int,
    mailbox_id: int,
    message_id: int,
    *,
    now: datetime,
    fold_seconds: float,
) -> None:
    is_known = db.value(
        "attachments.noted",
        conversation_id=conversation_id,
        agent_id=agent.id,
        since=now - timedelta(seconds=fold_seconds),
    )
    if not is_known:
        events.record(
            db,
            agent,
            "downloaded",
            conversation_id,
            mailbox_id=mailbox_id,
            message_id=message_id,
            now=now,
        )
