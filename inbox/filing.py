"""A sent reply takes its place among the messages of its conversation."""

from datetime import datetime

from inbox import (
    effecting,
    effects,
    events,
    families,
    forwarding,
    mailboxes,
    messages,
    reads,
)
from inbox.events import Actor, NewEvent
from inbox.messages import NewMessage, Recipients
from inbox.outgoing import Parcel, Result
from inbox.store import Session

SNIPPET = 160


def is_filed(db: Session, parcel: Parcel) -> bool:
    """Whether the mail stands in its conversation, because somebody has got it."""
    return bool(db.value("outbox.is_filed", message_id=parcel.message_id))


def file_reply(
    db: Session, parcel: Parcel, results: list[Result], *, sent_at: datetime, now: datetime
) -> None:
    """Add the message, bring the conversation row up to date, record `replied` (and `closed`).

    The same mail sent on to a corrected or late recipient adds no second message. What a customer
    wrote that the author had not seen goes on waiting, and keeps the conversation open. The
    message stays with its outbox row; what moves on is the conversation this one was merged into.
    """
    assert parcel.conversation_id is not None
    family = families.of(db, parcel.conversation_id)
    actor = Actor(kind="agent", id=parcel.agent_id) if parcel.agent_id else events.SYSTEM
    accepted = [r.address for r in results if r.state == "accepted"]
    if is_filed(db, parcel):
        _record(db, parcel, family.id, actor, {"redelivered": sent_at}, accepted, now=now)
        return
    unseen_since = db.value(
        "outbox.unseen_since",
        family=family.ids,
        seen_event_id=parcel.seen_event_id,
    )
    messages.add_all(db, [_message(parcel, sent_at, now)])
    assert parcel.message_id is not None
    if parcel.agent_id:
        reads.wrote(db, parcel.agent_id, family.id, parcel.message_id)
    db.change(
        "outbox.touch_conversation",
        conversation_id=family.id,
        message_id=parcel.message_id,
        agent_id=parcel.agent_id,
        reaches_contact=_reaches_contact(db, parcel, accepted),
        unseen_since=unseen_since,
        sent_at=sent_at,
        snippet=" ".join(parcel.reply_text.split())[:SNIPPET],
        attachment_count=len(parcel.files),
    )
    kinds = {"replied": sent_at}
    closes = parcel.closes and unseen_since is None
    if closes and db.value("outbox.may_close", conversation_id=family.id):
        db.change("conversations.close", conversation_id=family.id, now=now)
        kinds["closed"] = now
    _record(db, parcel, family.id, actor, kinds, accepted, now=now)
    forwarding.told(db, parcel, accepted, now=now)
    does = effects.from_json(parcel.effects)
    effecting.apply(db, parcel.approver_id or parcel.agent_id, family.id, does, now=now)


def _message(parcel: Parcel, sent_at: datetime, now: datetime) -> NewMessage:
    assert parcel.conversation_id is not None
    assert parcel.message_id is not None
    assert parcel.mailbox_id is not None
    return NewMessage(
        id=parcel.message_id,
        conversation_id=parcel.conversation_id,
        mailbox_id=parcel.mailbox_id,
        direction="out",
        via="app",
        agent_id=parcel.agent_id,
        sent_at=sent_at,
        received_at=now,
        from_name=parcel.from_name,
        from_address=parcel.from_address,
        recipients=Recipients.from_json(parcel.recipients),
        subject=parcel.subject,
        rfc_message_id=parcel.rfc_message_id,
        answers_message_id=parcel.answers_message_id,
        raw_sha256=parcel.raw_sha256,
        thread_reason="reply",
        body_text=parcel.body_text,
        body_html=parcel.body_html,
        reply_text=parcel.reply_text,
        attachments=parcel.files,
    )


def _reaches_contact(db: Session, parcel: Parcel, accepted: list[str]) -> bool:
    """Whether anybody outside the mailbox got it: only that ends a customer's wait."""
    mailbox = mailboxes.by_id(db, parcel.mailbox_id or 0)
    own = mailbox.addresses if mailbox else frozenset()
    return any(address not in own for address in accepted)


def _record(
    db: Session,
    parcel: Parcel,
    conversation_id: int,
    actor: Actor,
    kinds: dict[str, datetime],
    accepted: list[str],
    *,
    now: datetime,
) -> None:
    after = {"outbox_id": parcel.id, "accepted": accepted}
    events.record_all(
        db,
        [
            NewEvent(
                kind=kind,
                actor=actor,
                occurred_at=occurred_at,
                recorded_at=now,
                mailbox_id=parcel.mailbox_id,
                conversation_id=conversation_id,
                message_id=parcel.message_id,
                after=after,
            )
            for kind, occurred_at in kinds.items()
        ],
    )
