"""Read a mail again: one that is not here whole, or that could not be read, in its own message.

Bytes first, as ever. Then its row in raw_messages goes back to `stored`, keeping its message; the
way from there is that of every mail, except that it fills in the message it has. So what a crash
interrupts is taken up like any other mail that is stored and not yet filed.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from inbox import blocking, bounces, contacts, events, families, messages, standings
from inbox.events import SYSTEM
from inbox.failpoints import failpoint
from inbox.families import Family
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.messages import Address, NewMessage
from inbox.store import Session, StoreError
from ingest import load
from ingest.intake import UNREADABLE, Item, Result, moving_columns
from ingest.standing import Standing

ELSEWHERE = "This mail is here already, as another message."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """The message as it was filed when the mail could not be read."""

    conversation_id: int
    sent_at: datetime
    thread_reason: str
    is_readable: bool


def file_again(house: House, mailbox: Mailbox, item: Item, *, now: datetime) -> Result:
    """Fill in the message that the mail was filed as. What the store refuses stays unreadable:
    it must not stand in the way of all mail that is to be filed after it."""
    try:
        with house.store.write() as db:
            result = _file_again(db, house, mailbox, item, now=now)
            failpoint("mail filed again")
        failpoint("second reading recorded")
        return result
    except (StoreError, ValueError):
        if item.trouble:
            raise
        unread = replace(item, trouble=UNREADABLE, state="unreadable")
        return file_again(house, mailbox, unread, now=now)


def _file_again(
    db: Session, house: House, mailbox: Mailbox, item: Item, *, now: datetime
) -> Result:
    earlier = db.one("messages.to_read_again", _Earlier, message_id=item.message_id)
    if earlier is None or earlier.is_readable:
        _settle(db, item, "known", item.message_id)
        return Result(known=1)
    if item.trouble:
        _settle(db, item, item.state, item.message_id)
        db.change("messages.set_original", message_id=item.message_id, sha256=item.sha256)
        assert item.message_id is not None
        tell_failure(db, item.message_id, now=now)
        return Result(unreadable=1)
    family = families.of(db, earlier.conversation_id)
    (conversation,) = db.all("filing.standing", Standing, conversation_ids=[family.id])
    new, twin, bounced = load.as_read_again(
        db,
        house.keys,
        mailbox,
        item,
        replace(conversation, id=earlier.conversation_id),
        sent_at=earlier.sent_at,
        reason=earlier.thread_reason,
        now=now,
    )
    if twin is not None:
        _settle(db, item, "known", twin)
        db.change("messages.set_original", message_id=item.message_id, sha256=None)
        db.change("messages.set_words", message_id=item.message_id, words=ELSEWHERE)
        return Result(known=1)
    messages.rewrite(db, new)
    if not item.is_sent:
        bounces.add_all(db, bounced())
    _settle(db, item, "filed", item.message_id)
    is_spam = _is_of_blocked(db, item, conversation, new)
    if is_spam:
        conversation.spam_at = now
    _bring_up_to_date(db, conversation, family, new, now=now)
    events.record(
        db,
        SYSTEM,
        "completed",
        conversation.id,
        mailbox_id=conversation.mailbox_id,
        message_id=new.id,
        after={"via": new.via},
        now=now,
    )
    if is_spam:
        events.record(
            db,
            SYSTEM,
            "filed_as_spam",
            conversation.id,
            mailbox_id=conversation.mailbox_id,
            message_id=new.id,
            now=now,
        )
    return Result(filed=1)


def _is_of_blocked(db: Session, item: Item, conversation: Standing, new: NewMessage) -> bool:
    """Whose mail it is was not known when it was first filed."""
    sender = new.from_address.lower()
    is_his = (conversation.contact_address or new.from_address).lower() == sender
    can_be = new.direction == "in" and item.via != "import" and conversation.spam_at is None
    return can_be and is_his and sender in blocking.blocked_in(db, new.mailbox_id)


def tell_failure(db: Session, message_id: int, *, now: datetime) -> None:
    """It was tried again and did not succeed: the message stays as it is."""
    earlier = db.one("messages.to_read_again", _Earlier, message_id=message_id)
    if earlier is not None and not earlier.is_readable:
        events.record(
            db,
            SYSTEM,
            "not_completed",
            families.place(db, earlier.conversation_id),
            mailbox_id=db.value(
                "conversations.mailbox_of", conversation_id=earlier.conversation_id
            ),
            message_id=message_id,
            now=now,
        )


def _settle(db: Session, item: Item, state: str, message_id: int | None) -> None:
    db.change(
        "filing.settle_raw",
        ids=[item.raw_id],
        states=[state],
        message_ids=[message_id],
        errors=[item.trouble or None],
    )


def _bring_up_to_date(
    db: Session, conversation: Standing, family: Family, new: NewMessage, *, now: datetime
) -> None:
    """The conversation was counted when the mail was first filed; its words were not known."""
    if new.sent_at >= conversation.last_message_at:
        conversation.snippet = standings.snippet(new.reply_text)
    conversation.attachment_count += sum(not a.is_inline for a in new.attachments)
    conversation.is_readable = bool(db.value("messages.are_all_readable", family=family.ids))
    customers = db.rows("filing.customer_times", conversation_ids=[conversation.id])
    if not customers:
        conversation.waiting_since = None
    if new.is_bounce:
        conversation.alert = "A mail from here could not be delivered."
    db.change("filing.advance", **moving_columns([conversation]))
    if not conversation.contact_address and new.from_address:
        others = [Address(name=new.from_name, address=new.from_address)]
        other = (others if new.direction == "in" else [*new.recipients.to, *others])[0]
        known = contacts.known_as(db, new.mailbox_id, {other.address: other.name}, now=now)
        db.change(
            "filing.introduce",
            conversation_id=conversation.id,
            contact_id=known[other.address],
            contact_name=other.name,
            contact_address=other.address,
            subject=new.subject or "(no subject)",
        )
