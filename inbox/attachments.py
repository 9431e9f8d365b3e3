"""Taking files out of the house: attachments and original mails, for who may read the mailbox.

A restricted file (inbox.restricting) goes to fewer, and so does the original it stands in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import events, restricting
from inbox.agents import Agent
from inbox.blobs import Place
from inbox.errors import NotAllowed, NotFound
from inbox.store import Session

OPEN_RESTRICTED = "open restricted files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """`filename` is a stranger's text: for display and download names only. `assignee_id` is whose
    conversation it is in."""

    id: int
    message_id: int
    conversation_id: int
    mailbox_id: int
    filename: str
    size_bytes: int
    sha256: str
    restricted_by: int | None = None
    assignee_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Original:
    conversation_id: int
    mailbox_id: int
    sha256: str
    segment: int
    position: int
    size_bytes: int

    @property
    def place(self) -> Place:
        return Place(
            sha256=self.sha256,
            segment=self.segment,
            position=self.position,
            size_bytes=self.size_bytes,
        )


def download(
    db: Session, agent: Agent, attachment_id: int, *, now: datetime, fold_seconds: float = 300
) -> Attachment:
    """An attachment about to be handed out, noted in the diary once per agent, conversation and
    `fold_seconds`; a restricted one each time. Raises NotFound for an unknown one and for a
    stranger alike, NotAllowed for a restricted one."""
    found = _readable(db, agent, attachment_id)
    if not _may_open(agent, found):
        raise NotAllowed(OPEN_RESTRICTED)
    _note_each(db, agent, [found], now=now, fold_seconds=fold_seconds)
    return found


def small(db: Session, viewer: Agent, attachment_id: int) -> Attachment:
    """An attachment to be shown small while its conversation is read: that is in the diary
    already. A restricted one is shown to nobody in passing. Raises as `download` does."""
    found = _readable(db, viewer, attachment_id)
    if found.restricted_by is not None:
        raise NotAllowed(OPEN_RESTRICTED)
    return found


def of_message(
    db: Session, agent: Agent, message_id: int, *, now: datetime, fold_seconds: float = 300
) -> list[Attachment]:
    """All of a message's attachments that this agent may open, noted as by `download`."""
    found = db.all("attachments.of_message", Attachment, message_id=message_id)
    if not found or not agent.may("read", found[0].mailbox_id):
        raise NotFound("attachment")
    opened = [one for one in found if _may_open(agent, one)]
    if not opened:
        raise NotAllowed(OPEN_RESTRICTED)
    _note_each(db, agent, opened, now=now, fold_seconds=fold_seconds)
    return opened


def original(
    db: Session, agent: Agent, message_id: int, *, now: datetime, fold_seconds: float = 300
) -> Place:
    """Where a mail's exact bytes lie, noted like a download.

    Raises NotFound for a stranger, for a note, for a hidden message and for a mail whose bytes were
    never fetched; NotAllowed where a restricted file is inside.
    """
    found, files = _original(db, agent, message_id)
    if not all(_may_open(agent, one) for one in files):
        raise NotAllowed(OPEN_RESTRICTED)
    restricted = [one for one in files if one.restricted_by is not None]
    if restricted:
        _note_each(db, agent, restricted, now=now, fold_seconds=fold_seconds)
    else:
        _note(db, agent, found, message_id, now=now, fold_seconds=fold_seconds)
    return found.place


def head_of(db: Session, viewer: Agent, message_id: int) -> Place:
    """Where a mail's bytes lie, for who wants to read its header fields alone; raises NotFound as
    `original` does. No file is handed out, so nothing is noted."""
    return _original(db, viewer, message_id)[0].place


def _original(db: Session, agent: Agent, message_id: int) -> tuple[_Original, list[Attachment]]:
    found = db.one("attachments.original", _Original, message_id=message_id)
    if found is None or not agent.may("read", found.mailbox_id):
        raise NotFound("original of this mail")
    return found, db.all("attachments.of_message", Attachment, message_id=message_id)


def _readable(db: Session, agent: Agent, attachment_id: int) -> Attachment:
    found = db.one("attachments.by_id", Attachment, attachment_id=attachment_id)
    if found is None or not agent.may("read", found.mailbox_id):
        raise NotFound("attachment")
    return found


def _may_open(agent: Agent, found: Attachment) -> bool:
    return restricting.may_open(agent, found.mailbox_id, found.assignee_id, found.restricted_by)


def _note_each(
    db: Session, agent: Agent, files: list[Attachment], *, now: datetime, fold_seconds: float
) -> None:
    for one in files:
        if one.restricted_by is not None:
            events.record(
                db,
                agent,
                "downloaded",
                one.conversation_id,
                mailbox_id=one.mailbox_id,
                message_id=one.message_id,
                after={"restricted_attachment_id": one.id},
                now=now,
            )
    plain = next((one for one in files if one.restricted_by is None), None)
    if plain:
        _note(db, agent, plain, plain.message_id, now=now, fold_seconds=fold_seconds)


def _note(
    db: Session,
    agent: Agent,
    found: Attachment | _Original,
    message_id: int,
    *,
    now: datetime,
    fold_seconds: float,
) -> None:
    is_known = db.value(
        "attachments.noted",
        conversation_id=found.conversation_id,
        agent_id=agent.id,
        since=now - timedelta(seconds=fold_seconds),
    )
    if not is_known:
        events.record(
            db,
            agent,
            "downloaded",
            found.conversation_id,
            mailbox_id=found.mailbox_id,
            message_id=message_id,
            now=now,
        )
