"""From a draft to the bytes that will be mailed."""

import hashlib
from datetime import datetime

from inbox import answering, compose, drafts, families, mailboxes, mime
from inbox.agents import Agent
from inbox.blobs import Files, Place, RawStore
from inbox.compose import Body
from inbox.drafts import Draft
from inbox.errors import Invalid
from inbox.mailboxes import Mailbox
from inbox.messages import Address, NewAttachment, Recipients
from inbox.mime import Enclosure, Letter
from inbox.store import Session

FILES_ITSELF = ("gmail.com", "googlemail.com", "office365.com", "outlook.com")


def sender(db: Session, mailbox_id: int | None) -> Mailbox:
    """The mailbox, or without one the first that can send. Raises Invalid when it cannot."""
    able = [m for m in mailboxes.active(db) if m.smtp_url and mailbox_id in (None, m.id)]
    if not able:
        raise Invalid("mailbox", "No mailbox here can send mail yet. An admin can connect one.")
    return able[0]


def body_of(db: Session, agent: Agent, mailbox: Mailbox, draft: Draft) -> Body:
    """The draft's text above the signature and the history it answers."""
    return compose.body(
        draft.body,
        signature=agent.signature or mailbox.signature,
        quoted=answering.quoted(db, draft.conversation_id, draft.answers_message_id),
    )


def letter_of(
    db: Session,
    agent: Agent,
    mailbox: Mailbox,
    draft: Draft,
    recipients: Recipients,
    body: Body,
    files: Files,
    rfc_message_id: str,
    now: datetime,
) -> Letter:
    """The whole reply; From is the mailbox under the agent's name."""
    membership = agent.membership(mailbox.id)
    on_behalf = membership is not None and membership.sends == "on_behalf"
    known = db.column(
        "outbox.thread_ids",
        family=families.of(db, draft.conversation_id).ids,
        answers_message_id=draft.answers_message_id,
    )
    return Letter(
        sender=Address(name=agent.name, address=mailbox.address),
        on_behalf=Address(name=agent.name, address=agent.email) if on_behalf else None,
        recipients=recipients,
        subject=draft.subject.strip(),
        text=body.text,
        html=body.html,
        rfc_message_id=rfc_message_id,
        references=compose.references(known),
        sent_at=now,
        enclosures=tuple(_enclosure(a, files) for a in drafts.files_of(draft)),
    )


def _enclosure(attachment: NewAttachment, files: Files) -> Enclosure:
    try:
        content = files.path(attachment.sha256).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise Invalid(
            "attachment",
            "The file “{filename}” cannot be read from Delad's disk any more. Nothing "
            "was sent. Take it out and attach it again.",
            filename=attachment.filename,
        )
    return Enclosure(
        filename=attachment.filename,
        content_type=attachment.content_type,
        content=content,
    )


def freeze(raw: RawStore, letter: Letter, mailbox_id: int, now: datetime) -> Place:
    """Make the bytes durable before any row tells of them. Raises Invalid when the disk is full
    or read-only."""
    return store(raw, mime.write(letter), mailbox_id, letter.sender.address, now)


def store(raw: RawStore, mail: bytes, mailbox_id: int | None, address: str, now: datetime) -> Place:
    """`address` is the mailbox's: a number alone means nothing without the database."""
    meta = {
        "kind": "outbox",
        "mailbox": address,
        "mailbox_id": mailbox_id,
        "fetched_at": now.isoformat(),
    }
    try:
        return raw.append([(mail, meta)])[0]
    except OSError as error:
        raise Invalid(
            "disk",
            "Delad's disk does not take the mail ({reason}). Nothing was sent and your "
            "text is safe. An admin can look at Health.",
            reason=error.strerror,
        ) from error


def keeps_copy(mailbox: Mailbox) -> bool:
    """Whether we file the copy in Sent; `auto` leaves it to providers that do so themselves."""
    if not mailbox.imap_url or mailbox.save_sent == "never":
        return False
    host = (mailbox.smtp_url or "").rpartition("@")[2].partition("/")[0].partition(":")[0]
    return mailbox.save_sent == "always" or not host.endswith(FILES_ITSELF)
