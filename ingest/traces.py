"""What one placed mail leaves behind: its message, and its lines in the diary."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inbox import message_ids
from inbox.bounces import NewBounce
from inbox.events import SYSTEM, Actor, NewEvent
from inbox.mailboxes import Mailbox
from inbox.messages import Address, NewMessage, Recipients
from ingest import atlas, thanks
from ingest.intake import NO_BYTES, Batch, Item
from ingest.parse import Parsed
from ingest.standing import Standing


def contact_of(mailbox: Mailbox, item: Item) -> Address:
    """The other side: who wrote, or to whom we wrote; never the mailbox itself if it can be."""
    mail = item.parsed
    sides = (*mail.to, *mail.cc) if item.is_sent else (mail.from_, *mail.reply_to)
    others = [a for a in sides if a.address and a.address not in mailbox.addresses]
    found = others[0] if others else (sides[0] if sides else mail.from_)
    return Address(name=found.name, address=found.address)


def message_of(
    batch: Batch,
    conversation: Standing,
    item: Item,
    message_id: int,
    sent_at: datetime,
    reason: str,
) -> NewMessage:
    """The mail as a message of that conversation; `reason` says why it stands there."""
    mail = item.parsed
    words = "\n\n".join(part for part in (item.trouble, mail.text) if part)
    bounced = (mail.bounced_message_id,) if mail.bounced_message_id else ()
    answers = (*bounced, *mail.in_reply_to)
    answered = next((batch.by_rfc_id[i] for i in answers if i in batch.by_rfc_id), None)
    return NewMessage(
        id=message_id,
        conversation_id=conversation.id,
        mailbox_id=conversation.mailbox_id,
        direction="out" if item.is_sent else "in",
        via="import" if item.via == "import" else "sent" if item.is_sent else "imap",
        agent_id=_agent(batch, mail) if item.is_sent else None,
        sent_at=sent_at,
        received_at=item.server_date or (sent_at if item.via == "import" else batch.now),
        from_name=mail.from_.name,
        from_address=mail.from_.address,
        recipients=Recipients(
            **{kind: people(getattr(mail, kind)) for kind in ("to", "cc", "reply_to")}
        ),
        subject=mail.subject,
        rfc_message_id=mail.rfc_message_id,
        answers_message_id=answered,
        is_auto=mail.is_auto,
        is_bounce=mail.is_bounce,
        is_readable=not item.trouble,
        raw_sha256=item.sha256 if item.sha256 != NO_BYTES else None,
        identity=mail.identity,
        thread_reason=reason,
        protection=mail.protection,
        authentication=mail.authentication,
        body_text=words,
        body_html=mail.html,
        reply_text=mail.reply_text or words,
        attachments=item.attachments,
        references=tuple(atlas.references(batch.atlas.keys, mail)),
    )


def people(found: Sequence[Any]) -> tuple[Address, ...]:
    """As the store knows them: the jail has its own."""
    return tuple(Address(name=a.name, address=a.address) for a in found)


def _agent(batch: Batch, mail: Parsed) -> int | None:
    """Which of us wrote a mail of the Sent folder, as far as its Sender or From tells."""
    return batch.agents.get(mail.sender) or batch.agents.get(mail.from_.address)


def tell(
    batch: Batch, new: NewMessage, item: Item, conversation: Standing, heard_at: datetime
) -> None:
    """Move the conversation on, and write what happened into the diary."""
    known = batch.contacts.get(new.from_address)
    contact = Actor(kind="contact", id=known.id if known else None)
    times = batch.times.setdefault(conversation.id, [])
    if item.is_sent:
        conversation.replied(new.sent_at, new.agent_id, times)
        agent = Actor(kind="agent", id=new.agent_id) if new.agent_id else SYSTEM
        _note(batch, new, "replied", agent)
        if conversation.id in batch.begun and conversation.message_count == 1:
            _note(batch, new, "closed", SYSTEM)
    elif item.parsed.is_bounce:
        _bounce(batch, new, item, conversation)
    else:
        _note(batch, new, "received", contact)
        if item.via != "import" and _is_blocked(batch, new, conversation):
            conversation.spam_at = batch.now
            _note(batch, new, "filed_as_spam", SYSTEM)
        if not item.parsed.is_auto:
            times.append(new.sent_at)
            is_import = item.via == "import"
            for kind in conversation.heard_from_customer(
                new.sent_at,
                heard_at,
                is_import=is_import,
                is_thanks=conversation.snooze_stays and _is_thanks(new),
            ):
                _note(batch, new, kind, contact)


def _bounce(batch: Batch, new: NewMessage, item: Item, conversation: Standing) -> None:
    """Shout where the bounced mail stands, and mark the recipient it did not reach."""
    _note(batch, new, "bounced", SYSTEM)
    batch.bounces += bounces_of(batch, new, item.parsed)
    if item.via != "import":
        names = ", ".join(failed.address for failed in item.parsed.undelivered[:3])
        conversation.alert = f"A mail to {names} could not be delivered."
        for kind in (*conversation.take_up(), *conversation.wake()):
            _note(batch, new, kind, SYSTEM)


def _is_blocked(batch: Batch, new: NewMessage, conversation: Standing) -> bool:
    """In a conversation of his own, that is: what others write is not hidden with his mail."""
    sender = new.from_address.lower()
    is_his = conversation.contact_address.lower() == sender
    return is_his and conversation.spam_at is None and sender in batch.blocked


def _is_thanks(new: NewMessage) -> bool:
    return not new.attachments and thanks.is_all(new.reply_text, new.from_name)


def bounces_of(batch: Batch, new: NewMessage, mail: Parsed) -> list[NewBounce]:
    """What a report leaves behind, for the caller to write; its recipients are marked at once.

    A report is believed only as far as it names a mail we sent: by its signed Message-ID.
    """
    rfc_id = mail.bounced_message_id or ""
    is_ours = message_ids.read(batch.atlas.keys, rfc_id) is not None
    ours = batch.outbox.get(rfc_id) if is_ours else None
    known = batch.by_rfc_id.get(rfc_id) if is_ours else None
    found: list[NewBounce] = []
    for failed in mail.undelivered:
        if ours is not None:
            said = " ".join(part for part in (failed.status, failed.answer) if part)
            batch.db.change("filing.bounce", outbox_id=ours.id, address=failed.address, answer=said)
        found.append(
            NewBounce(
                message_id=new.id,
                mailbox_id=new.mailbox_id,
                conversation_id=new.conversation_id,
                bounced_message_id=(ours.message_id if ours else None) or known,
                outbox_id=ours.id if ours else None,
                address=failed.address,
                status=failed.status,
                answer=failed.answer,
                is_permanent=failed.is_permanent,
                created_at=batch.now,
            )
        )
    return found


def _note(batch: Batch, new: NewMessage, kind: str, actor: Actor) -> None:
    batch.diary.append(
        NewEvent(
            kind=kind,
            actor=actor,
            occurred_at=new.sent_at,
            recorded_at=batch.now,
            mailbox_id=new.mailbox_id,
            conversation_id=new.conversation_id,
            message_id=new.id,
            after={"via": new.via, "is_auto": new.is_auto},
        )
    )
