"""Drafts: half-written replies and notes, kept in the database from the first words on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from inbox import answering, conversations, effects, families
from inbox.agents import Agent
from inbox.effects import Effects
from inbox.errors import Invalid, NotAllowed, NotFound, Stale, TooLate
from inbox.messages import NewAttachment, Recipients
from inbox.store import Change, Session

Kind = Literal["reply", "note"]
LONGEST_BODY = 500_000
# What live push calls it when a shared draft was typed into.
TYPED = "typed"


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
    has seen; `revision` grows with every change and names one state of the text; `confirmed` are
    recipients that were looked at twice (see inbox.newcomers). Since `shared_at` colleagues see it
    (see inbox.reviews)."""

    id: int
    conversation_id: int
    mailbox_id: int
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
    confirmed: tuple[str, ...]
    effects: Effects
    shared_at: datetime | None
    reviewer_id: int | None
    attachments: tuple[DraftAttachment, ...]


def of(db: Session, agent: Agent, conversation_id: int) -> Draft | None:
    """The agent's own open draft, the one changed last if there are two; in one statement."""
    found = all_of(db, agent, conversation_id)
    return found[0] if found else None


def all_of(
    db: Session, agent: Agent, conversation_id: int, family: Sequence[int] | None = None
) -> list[Draft]:
    """All of the agent's own open drafts here, the one changed last first; in one statement, if
    its `family` is known to the caller.

    There is a second one when a reply was taken back while the next was being written, or when
    conversations were merged.
    """
    found = with_shared(db, agent, conversation_id, family)
    return [draft for draft in found if draft.agent_id == agent.id]


def with_shared(
    db: Session, viewer: Agent, conversation_id: int, family: Sequence[int] | None = None
) -> list[Draft]:
    """As `all_of`, and the replies that colleagues share here, for whoever may answer."""
    members = list(family or families.of(db, conversation_id).members)
    rows = db.rows("drafts.open_of", family=members, agent_id=viewer.id)
    return [draft for draft in _assemble(rows) if _may_see(viewer, draft)]


def own(db: Session, agent: Agent, draft_id: int) -> Draft:
    """The agent's draft, whatever its state, or one that its author shares. Raises NotFound for
    any other of a colleague's."""
    draft = _by_id(db, draft_id)
    if not _may_see(agent, draft):
        raise NotFound("draft")
    return draft


def writable(db: Session, agent: Agent, draft_id: int, kind: Kind | None = None) -> Draft:
    """For verbs: the agent's draft, or one shared with him, in a mailbox where such a text may
    still be written by him.

    Raises NotFound for any other, NotAllowed when the role was changed or taken meanwhile, and
    Invalid where a colleague would make a note of a reply.
    """
    draft = _by_id(db, draft_id)
    if draft.agent_id != agent.id:
        own(db, agent, draft_id)
        if kind not in (None, draft.kind):
            raise Invalid("kind", "Only its author can make a note of this reply.")
    for ability in {draft.kind, kind or draft.kind}:
        if not agent.may(ability, draft.mailbox_id):
            raise NotAllowed(ability)
    return draft


def start(
    db: Session,
    agent: Agent,
    conversation_id: int,
    kind: Kind,
    answers_message_id: int | None = None,
    *,
    everybody: bool = False,
    seen_event_id: int | None = None,
    now: datetime,
) -> Draft:
    """A new draft addressed to whom the answered message came from.

    Without `answers_message_id` it answers the newest message a person wrote. `everybody` adds
    all of its To and Cc but ourselves (see answering.recipients). `seen_event_id` is the newest
    event that stood before the agent; without it, the newest there is. An open draft with
    nothing in it yet is taken instead of a new one; one with a text never is, so that whoever
    begins to write cannot write over it.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must(kind, found.mailbox_id)
    for draft in all_of(db, agent, found.id, found.family):
        if draft.revision == 0 and not draft.body and not draft.attachments:
            return draft
    answer = answering.prefilled(db, found, answers_message_id, everybody=everybody)
    draft_id = db.value(
        "drafts.start",
        conversation_id=found.id,
        family=list(found.family),
        agent_id=agent.id,
        kind=kind,
        recipients=answer.recipients.as_json(),
        subject=answer.subject,
        answers_message_id=answer.message_id,
        seen_event_id=seen_event_id,
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
    does: Effects | None = None,
    seen_event_id: int | None = None,
    now: datetime,
) -> Draft:
    """Keep what was typed, and what sending it does besides (None: as it was); leaves no event.
    Answer the draft with its next revision.

    `revision` is the one the text was typed on: a text typed on an older one raises Stale and
    changes nothing; the same text again changes nothing either. Addresses are checked when the
    reply is sent, so that half-typed ones are kept. Raises TooLate when it has been sent.
    """
    draft = writable(db, agent, draft_id, kind)
    body, subject = body.replace("\0", ""), subject.replace("\0", "")
    if len(body) > LONGEST_BODY:
        raise Invalid("body", "A text has at most {most:,} characters.", most=LONGEST_BODY)
    does = draft.effects if does is None else does
    kept = (draft.body, draft.recipients, draft.subject, draft.kind, draft.effects)
    if kept != (body, recipients, subject, kind, does):
        must_be_open(draft)
        saved = db.change(
            "drafts.save",
            draft_id=draft_id,
            revision=revision,
            body=body,
            recipients=recipients.as_json(),
            subject=subject,
            kind=kind,
            effects=does.as_json(),
            now=now,
        )
        if not saved:
            raise Stale(
                "This draft was changed on another page or device meanwhile. What you typed here "
                "is not saved.",
                (),
            )
        _tell(db, agent, draft)
    if seen_event_id is not None and seen_event_id > draft.seen_event_id:
        _acknowledge(db, draft, seen_event_id, now)
    return own(db, agent, draft_id)


def acknowledge(
    db: Session, agent: Agent, draft_id: int, seen_event_id: int, *, now: datetime
) -> Draft:
    """The author has looked at what is new up to this event: the guard lets it pass."""
    draft = writable(db, agent, draft_id)
    must_be_open(draft)
    _acknowledge(db, draft, seen_event_id, now)
    return own(db, agent, draft_id)


def discard(db: Session, agent: Agent, draft_id: int, *, now: datetime) -> None:
    """Put the draft away; `restore` brings it back. Raises TooLate when it was sent."""
    draft = _authored(db, agent, draft_id)
    if draft.state == "sent":
        raise TooLate("This reply has been sent already; there is nothing to discard.")
    db.change("drafts.consume", draft_id=draft_id, state="discarded")


def restore(db: Session, agent: Agent, draft_id: int, *, now: datetime) -> Draft:
    """Open a discarded draft again, as it was; answer it. Restoring an open one changes nothing.
    Raises TooLate when it was sent."""
    draft = _authored(db, agent, draft_id)
    if draft.state == "sent":
        raise TooLate("This reply has been sent already.")
    db.change("drafts.restore", draft_id=draft_id, now=now)
    return own(db, agent, draft_id)


def files_of(draft: Draft) -> tuple[NewAttachment, ...]:
    """The draft's files as its message will list them."""
    return tuple(
        NewAttachment(
            filename=a.filename,
            content_type=a.content_type,
            size_bytes=a.size_bytes,
            sha256=a.sha256,
        )
        for a in draft.attachments
    )


def must_be_open(draft: Draft) -> None:
    """Raises TooLate, saying what became of it."""
    if draft.state == "sent":
        raise TooLate("This reply has been sent already.")
    if draft.state == "discarded":
        raise TooLate("This draft was discarded.")


def _tell(db: Session, agent: Agent, draft: Draft) -> None:
    """Whoever has a shared draft before them sees what a colleague changes in it. No event: the
    diary says nothing of what is only typed."""
    if draft.shared_at is not None:
        place = families.of(db, draft.conversation_id).id
        db.changes.append(
            Change(
                event_id=0,
                kind=TYPED,
                mailbox_id=draft.mailbox_id,
                conversation_id=place,
                actor_id=agent.id,
            )
        )


def _acknowledge(db: Session, draft: Draft, seen_event_id: int, now: datetime) -> None:
    db.change(
        "drafts.acknowledge",
        draft_id=draft.id,
        family=families.of(db, draft.conversation_id).ids,
        seen_event_id=seen_event_id,
        now=now,
    )


def _authored(db: Session, agent: Agent, draft_id: int) -> Draft:
    draft = writable(db, agent, draft_id)
    if draft.agent_id != agent.id:
        raise NotFound("draft")
    return draft


def _by_id(db: Session, draft_id: int) -> Draft:
    found = _assemble(db.rows("drafts.by_id", draft_id=draft_id))
    if not found:
        raise NotFound("draft")
    return found[0]


def _may_see(agent: Agent, draft: Draft) -> bool:
    if draft.agent_id == agent.id:
        return agent.may("read", draft.mailbox_id)
    is_shared = draft.shared_at is not None and draft.kind == "reply"
    return is_shared and agent.may("reply", draft.mailbox_id)


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
    values["confirmed"] = tuple(json.loads(values["confirmed"]))
    values["effects"] = effects.from_json(values["effects"])
    return Draft(**values, attachments=files)
