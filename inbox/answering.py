"""Whom and what a reply answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import compose, conversations, families, mailboxes
from inbox.agents import Agent
from inbox.compose import Quoted
from inbox.conversations import Conversation
from inbox.messages import Address, Recipients
from inbox.recipients import cleaned, without
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilled:
    """What a new draft begins with; `message_id` is the answered message, if there is one."""

    message_id: int | None
    recipients: Recipients
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    id: int
    direction: str
    from_name: str
    from_address: str
    recipients: str
    subject: str
    sent_at: datetime
    body_text: str


def recipients(
    db: Session,
    viewer: Agent,
    conversation_id: int,
    message_id: int | None = None,
    *,
    everybody: bool = False,
) -> Recipients:
    """Whom an answer to this message goes to: Reply-To, else From; of a mail of ours, its To.

    With `everybody`, all of its To and Cc as well (as Cc), without the mailbox's own addresses.
    """
    found = conversations.by_id(db, viewer, conversation_id)
    return prefilled(db, found, message_id, everybody=everybody).recipients


def prefilled(
    db: Session, conversation: Conversation, message_id: int | None, *, everybody: bool
) -> Prefilled:
    """For drafts, which have checked the agent already. A new mail begins with nothing."""
    if conversation.begun_by is not None:
        return Prefilled(message_id=None, recipients=Recipients(), subject="")
    answered = _answered(db, conversation.family, message_id)
    if answered is None:
        to = Address(name=conversation.contact_name, address=conversation.contact_address)
        return Prefilled(
            message_id=None,
            recipients=Recipients(to=without([to], frozenset())),
            subject=cleaned(compose.reply_subject(conversation.subject)),
        )
    mailbox = mailboxes.by_id(db, conversation.mailbox_id)
    ours = mailbox.addresses if mailbox else frozenset()
    # A copy to the mailbox it was moved from would only come back here.
    ours |= set(db.column("moving.left_addresses", family=list(conversation.family)))
    return Prefilled(
        message_id=answered.id,
        recipients=_answer_to(answered, ours, everybody=everybody),
        subject=cleaned(compose.reply_subject(answered.subject or conversation.subject)),
    )


def quoted(db: Session, conversation_id: int, message_id: int | None) -> Quoted | None:
    """The history below a reply: the answered message's text."""
    if message_id is None:
        return None
    answered = _answered(db, families.of(db, conversation_id).members, message_id)
    if answered is None:
        return None
    return Quoted(
        sender=Address(name=cleaned(answered.from_name), address=cleaned(answered.from_address)),
        sent_at=answered.sent_at,
        text=answered.body_text,
    )


def _answered(db: Session, family: Sequence[int], message_id: int | None) -> _Answered | None:
    return db.one("drafts.answerable", _Answered, family=list(family), message_id=message_id)


def _answer_to(answered: _Answered, ours: frozenset[str], *, everybody: bool) -> Recipients:
    addressed = Recipients.from_json(answered.recipients)
    sender = Address(name=answered.from_name, address=answered.from_address)
    wanted = addressed.to if answered.direction == "out" else addressed.reply_to
    to = without(wanted, ours) or without([sender], frozenset())
    if not everybody:
        return Recipients(to=to)
    taken = ours | {a.address for a in to}
    return Recipients(to=to, cc=without((*addressed.to, *addressed.cc), taken))
