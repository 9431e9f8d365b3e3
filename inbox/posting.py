"""From a draft to the bytes that will be mailed."""

from datetime import datetime

from inbox import answering, compose, drafts, mailboxes, mime
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
        conversation_id=draft.conversation_id,
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
    return Enclosure(
        filename=attachment.filename,
        content_type=attachment.content_type,
        content=files.path(attachment.sha256).read_bytes(),
    )


def freeze(raw: RawStore, letter: Letter, mailbox_id: int, now: datetime) -> Place:
    """Make the bytes durable before any row tells of them."""
    meta = {"kind": "outbox", "mailbox_id": mailbox_id, "fetched_at": now.isoformat()}
    return raw.append([(mime.write(letter), meta)])[0]


def keeps_copy(mailbox: Mailbox) -> bool:
    """Whether we file the copy in Sent; `auto` leaves it to providers that do so themselves."""
    if not mailbox.imap_url or mailbox.save_sent == "never":
        return False
    host = (mailbox.smtp_url or "").rpartition("@")[2].partition("/")[0].partition(":")[0]
    return mailbox.save_sent == "always" or not host.endswith(FILES_ITSELF)
