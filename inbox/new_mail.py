"""A mail that answers nothing: begun in a conversation of its own, which nobody else sees until
it is sent."""

from dataclasses import dataclass
from datetime import datetime

from inbox import contacts, conversations, drafts, relocating
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.drafts import Draft
from inbox.errors import Invalid, NotFound
from inbox.messages import Recipients
from inbox.recipients import cleaned
from inbox.store import Session

SNIPPET = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A new mail that its author has begun and not sent."""

    conversation_id: int
    mailbox_id: int
    recipients: Recipients
    subject: str
    body: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    conversation_id: int
    mailbox_id: int
    draft_id: int | None
    recipients: str | None
    subject: str | None
    body: str | None
    has_files: bool
    updated_at: datetime | None

    @property
    def is_empty(self) -> bool:
        recipients = Recipients.from_json(self.recipients or "{}")
        has_people = bool(recipients.to or recipients.cc or recipients.bcc)
        return not (self.body or self.subject or self.has_files or has_people)


def begin(db: Session, agent: Agent, mailbox_id: int, *, now: datetime) -> Draft:
    """An empty draft of a new mail from this mailbox. One that was begun and has nothing in it yet
    is taken instead of another. Leaves no event: what is sent tells of it."""
    agent.must("reply", mailbox_id)
    free = [one for one in _places(db, agent) if one.mailbox_id == mailbox_id and one.is_empty]
    for one in free:
        if one.draft_id is not None:
            return drafts.own(db, agent, one.draft_id)
    conversation_id = (
        free[0].conversation_id
        if free
        else db.value("new_mail.begin", mailbox_id=mailbox_id, agent_id=agent.id, now=now)
    )
    return _draft(db, agent, conversation_id, now=now)


def begin_anew(db: Session, agent: Agent, mailbox_id: int, *, subject: str, now: datetime) -> int:
    """Part of passing a mail on: a draft in a conversation of its own, with nothing but a subject;
    its id."""
    agent.must("reply", mailbox_id)
    place = db.value("new_mail.begin", mailbox_id=mailbox_id, agent_id=agent.id, now=now)
    draft_id: int = db.value(
        "new_mail.begin_draft",
        conversation_id=place,
        agent_id=agent.id,
        recipients=Recipients().as_json(),
        subject=subject,
        body="",
        revision=1,
        now=now,
    )
    return draft_id


def unsent(db: Session, viewer: Agent) -> list[Unsent]:
    """The viewer's own, the one written last first."""
    return [
        Unsent(
            conversation_id=one.conversation_id,
            mailbox_id=one.mailbox_id,
            recipients=Recipients.from_json(one.recipients or "{}"),
            subject=one.subject or "",
            body=one.body or "",
            updated_at=one.updated_at,
        )
        for one in _places(db, viewer)
        if one.updated_at is not None and not one.is_empty
    ]


def move(db: Session, agent: Agent, draft_id: int, mailbox_id: int, *, now: datetime) -> Draft:
    """The same new mail, in the same place, from another mailbox. Raises Invalid when the draft is
    no new mail."""
    draft = drafts.writable(db, agent, draft_id)
    drafts.must_be_open(draft)
    agent.must("reply", mailbox_id)
    found = conversations.by_id(db, agent, draft.conversation_id)
    if found.begun_by is None:
        raise Invalid("mailbox", "An answer leaves from the mailbox that was written to.")
    if found.mailbox_id == mailbox_id:
        return draft
    # Whatever stands there of an earlier Send that was undone goes along.
    relocating.rewrite(db, found.family, mailbox_id)
    db.change("moving.forget_tags", family=list(found.family))
    db.change("conversations.assign", conversation_id=found.id, assignee_id=None)
    db.change("drafts.share", draft_id=draft_id, shared_at=None, reviewer_id=None)
    return drafts.own(db, agent, draft_id)


def send(
    db: Session,
    agent: Agent,
    found: Conversation,
    draft: Draft,
    recipients: Recipients,
    *,
    now: datetime,
) -> bool:
    """Part of Send: a conversation that was begun becomes one like any other, with whoever stands
    first in To as its contact. Answer whether it did."""
    if found.begun_by is None:
        return False
    if found.begun_by != agent.id:
        raise NotFound("conversation")
    first = recipients.to[0]
    known = contacts.known_as(db, found.mailbox_id, {first.address: first.name}, now=now)
    db.change(
        "new_mail.send",
        conversation_id=found.id,
        contact_id=known.get(first.address),
        contact_name=first.name,
        contact_address=first.address,
        subject=cleaned(draft.subject),
        snippet=" ".join(draft.body.split())[:SNIPPET],
        now=now,
    )
    return True


def _places(db: Session, agent: Agent) -> list[_Place]:
    return db.all("new_mail.places", _Place, agent_id=agent.id, mailboxes=agent.readable)


def _draft(db: Session, agent: Agent, place: int, *, now: datetime) -> Draft:
    draft_id = db.value(
        "new_mail.begin_draft",
        conversation_id=place,
        agent_id=agent.id,
        recipients=Recipients().as_json(),
        subject="",
        body="",
        revision=0,
        now=now,
    )
    return drafts.own(db, agent, draft_id)
