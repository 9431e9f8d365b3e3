"""Drafts: half-written replies and notes, kept in the database from the first words on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from inbox import answering, conversations
from inbox.agents import Agent
from inbox.blobs import Files
from inbox.errors import Invalid, NotFound, Stale, TooLate
from inbox.messages import Recipients
from inbox.recipients import cleaned
from inbox.store import Session

Kind = Literal["reply", "note"]
LONGEST_BODY = 500_000
LONGEST_FILENAME = 200
ATTACHMENTS_BYTES = 25_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAttachment:
    """A file waiting in a draft; its bytes lie under data/files by `sha256`."""

    id: int
    filename: str
    content_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One agent's text for one conversation. `seen_event_id` is the newest event its author
    has seen; `revision` grows with every change and names one state of the text."""

    id: int
    conversation_id: int
    agent_id: int
    kind: Kind
    recipients: Recipients
    subject: str
    body: str
    answers_message_id: int | None
    seen_event_id: int
    revision: int
    state: Literal["open", "sent", "discarded"]
    updated_at: datetime
    attachments: tuple[DraftAttachment, ...]


def of(db: Session, agent: Agent, conversation_id: int) -> Draft | None:
    """The agent's own open draft, the one changed last if there are two; in one statement."""
    rows = db.rows("drafts.open_of", conversation_id=conversation_id, agent_id=agent.id)
    found = _assemble(rows)
    return found[0] if found else None


def own(db: Session, agent: Agent, draft_id: int) -> Draft:
    """The agent's draft, whatever its state. Raises NotFound for a colleague's."""
    found = _assemble(db.rows("drafts.by_id", draft_id=draft_id))
    if not found or found[0].agent_id != agent.id:
        raise NotFound("draft")
    return found[0]


def start(
    db: Session,
    agent: Agent,
    conversation_id: int,
    kind: Kind,
    answers_message_id: int | None = None,
    *,
    everybody: bool = False,
    now: datetime,
) -> Draft:
    """The open draft, or a new one addressed to whom the answered message came from.

    Without `answers_message_id` it answers the newest message a person wrote. `everybody` adds
    all of its To and Cc but ourselves (see answering.recipients).
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must(kind, found.mailbox_id)
    if (open_one := of(db, agent, conversation_id)) is not None:
        return open_one
    answer = answering.prefilled(db, found, answers_message_id, everybody=everybody)
    draft_id = db.value(
        "drafts.start",
        conversation_id=conversation_id,
        agent_id=agent.id,
        kind=kind,
        recipients=answer.recipients.as_json(),
        subject=answer.subject,
        answers_message_id=answer.message_id,
        now=now,
    )
    return own(db, agent, draft_id)


def save(
    db: Session,
    agent: Agent,
    draft_id: int,
    revision: int,
    *,
    body: str,
    recipients: Recipients,
    subject: str,
    kind: Kind,
    seen_event_id: int | None = None,
    now: datetime,
) -> Draft:
    """Keep what was typed; leaves no event. Answer the draft with its next revision.

    `revision` is the one the text was typed on: a text typed on an older one raises Stale and
    changes nothing; the same text again changes nothing either. Addresses are checked when the
    reply is sent, so that half-typed ones are kept. Raises TooLate when it has been sent.
    """
    draft = own(db, agent, draft_id)
    body, subject = body.replace("\0", ""), subject.replace("\0", "")
    if len(body) > LONGEST_BODY:
        raise Invalid("body", f"A text has at most {LONGEST_BODY:,} characters.")
    same = (draft.body, draft.recipients, draft.subject, draft.kind) == (
        body,
        recipients,
        subject,
        kind,
    )
    if not same:
        must_be_open(draft)
        saved = db.change(
            "drafts.save",
            draft_id=draft_id,
            revision=revision,
            body=body,
            recipients=recipients.as_json(),
            subject=subject,
            kind=kind,
            now=now,
        )
        if not saved:
            raise Stale(
                "This draft was changed on another page or device meanwhile. Copy what you need "
                "from here, then reload to see the newer text.",
                (),
            )
    if seen_event_id is not None and seen_event_id > draft.seen_event_id:
        db.change("drafts.acknowledge", draft_id=draft_id, seen_event_id=seen_event_id, now=now)
    return own(db, agent, draft_id)


def acknowledge(
    db: Session, agent: Agent, draft_id: int, seen_event_id: int, *, now: datetime
) -> Draft:
    """The author has looked at what is new up to this event: the guard lets it pass."""
    must_be_open(own(db, agent, draft_id))
    db.change("drafts.acknowledge", draft_id=draft_id, seen_event_id=seen_event_id, now=now)
    return own(db, agent, draft_id)


def attach(
    db: Session,
    agent: Agent,
    files: Files,
    draft_id: int,
    filename: str,
    content_type: str,
    content: bytes,
    *,
    now: datetime,
) -> DraftAttachment:
    """Add a file to the draft. Raises Invalid when all files together would be too big to mail."""
    draft = own(db, agent, draft_id)
    must_be_open(draft)
    total = len(content) + sum(a.size_bytes for a in draft.attachments)
    if total > ATTACHMENTS_BYTES:
        most = ATTACHMENTS_BYTES // 1_000_000
        raise Invalid("attachment", f"A mail carries at most {most} MB of files.")
    sha256 = files.put(content)
    name = cleaned(filename.replace("\\", "/").rsplit("/", 1)[-1])[-LONGEST_FILENAME:]
    attachment_id = db.value(
        "drafts.attach",
        draft_id=draft_id,
        filename=name or "file",
        content_type=cleaned(content_type)[:100] or "application/octet-stream",
        size_bytes=len(content),
        sha256=sha256,
    )
    db.change("drafts.touch", draft_id=draft_id, now=now)
    return next(a for a in own(db, agent, draft_id).attachments if a.id == attachment_id)


def detach(db: Session, agent: Agent, draft_id: int, attachment_id: int, *, now: datetime) -> None:
    """Take a file out of the draft; taking it out twice changes nothing."""
    must_be_open(own(db, agent, draft_id))
    if db.change("drafts.detach", draft_id=draft_id, attachment_id=attachment_id):
        db.change("drafts.touch", draft_id=draft_id, now=now)


def discard(db: Session, agent: Agent, draft_id: int, *, now: datetime) -> None:
    """Throw the draft away; a discarded one stays discarded. Raises TooLate when it was sent."""
    draft = own(db, agent, draft_id)
    if draft.state == "sent":
        raise TooLate("This reply has been sent already; there is nothing to discard.")
    db.change("drafts.consume", draft_id=draft_id, state="discarded")


def must_be_open(draft: Draft) -> None:
    """Raises TooLate, saying what became of it."""
    if draft.state == "sent":
        raise TooLate("This reply has been sent already.")
    if draft.state == "discarded":
        raise TooLate("This draft was discarded.")


def _assemble(rows: list[tuple[Any, ...]]) -> list[Draft]:
    found: dict[int, tuple[tuple[Any, ...], list[DraftAttachment]]] = {}
    for row in rows:
        *columns, attachment_id, filename, content_type, size_bytes, sha256 = row
        _, files = found.setdefault(columns[0], (tuple(columns), []))
        if attachment_id is not None:
            files.append(
                DraftAttachment(
                    id=attachment_id,
                    filename=filename,
                    content_type=content_type,
                    size_bytes=size_bytes,
                    sha256=sha256,
                )
            )
    return [_draft(columns, tuple(files)) for columns, files in found.values()]


def _draft(columns: tuple[Any, ...], files: tuple[DraftAttachment, ...]) -> Draft:
    names = [name for name in Draft.__dataclass_fields__ if name != "attachments"]
    values = dict(zip(names, columns, strict=True))
    values["recipients"] = Recipients.from_json(values["recipients"])
    return Draft(**values, attachments=files)
