"""Splitting a conversation: some of its messages become one of their own.

The messages' rows name the new conversation from then on, with all that hangs on them, so that
every question finds them there: it is the one deed that moves messages. Their numbers stay, and
the diary keeps what it said. Taking it back is a merge, which moves nothing.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import contacts, conversations, events, merging, standings
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid, NotFound, TooLate
from inbox.events import SYSTEM, Actor, NewEvent
from inbox.families import Family
from inbox.messages import Address, Recipients
from inbox.standings import Row
from inbox.store import Session

UNSETTLED = (
    "A mail of this conversation is still on its way, or nobody knows yet whether it arrived. "
    "Settle that first, then split it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    id: int
    conversation_id: int
    direction: str
    sent_at: datetime
    from_name: str
    from_address: str
    recipients: str
    subject: str
    rfc_message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Split:
    from_id: int
    event_id: int


def split(
    db: Session, agent: Agent, conversation_id: int, message_id: int, *, alone: bool, now: datetime
) -> int:
    """Let this mail be a conversation of its own, with all that comes after it or `alone`; answer
    its number. It has the mail's subject and contact, and the assignee and status of the other.

    Raises Invalid for a note, where nothing would stay, in spam or the trash, and while a mail of
    it is on its way or in doubt.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    leaving, staying = _chosen(db, found, message_id, alone=alone)
    if found.spam_at or found.trashed_at:
        raise Invalid("conversation", "Take it out of spam or the trash before it is split.")
    if db.value("removal.unsettled", family=list(found.family)):
        raise Invalid("conversation", UNSETTLED)
    assert staying
    number = _begin(db, found, leaving[0], now)
    _move(db, found, [mail.id for mail in leaving], leaving, number)
    leaves = _stand(db, found, number)
    db.run("splitting.share_reads", into_id=number, from_id=found.id)
    db.run("splitting.share_follows", into_id=number, family=list(found.family))
    db.run("moving.inherit", conversation_id=number, from_id=found.id)
    event_id = _tell(db, agent, found, leaves, leaving[0].id, now)
    db.run("splitting.note", conversation_id=number, from_id=found.id, event_id=event_id, now=now)
    return number


def unsplit(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Make it one again with the conversation it was split from. Raises Invalid for one that was
    not split off, TooLate when anything has happened to it since."""
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    parted = db.one("splitting.of", _Split, conversation_id=found.id)
    if parted is None:
        raise Invalid("conversation", "This conversation was not split off from another.")
    if events.is_touched(db, found.family, parted.event_id):
        raise TooLate("This conversation has moved on since, so nothing was undone.")
    merging.merge(db, agent, found.id, parted.from_id, now=now)


def place_of(db: Session, viewer: Agent, message_id: int) -> int:
    """The conversation a message is in now, wherever a link says it was. Raises NotFound."""
    rows = db.rows("splitting.mailbox_of_message", message_id=message_id)
    if not rows or not viewer.may("read", rows[0][1]):
        raise NotFound("message")
    return int(rows[0][0])


def _chosen(
    db: Session, found: Conversation, message_id: int, *, alone: bool
) -> tuple[list[_Mail], list[_Mail]]:
    """The messages that leave, the one that was named first, and those that stay."""
    every = db.all("splitting.mails", _Mail, family=list(found.family))
    at = next((n for n, mail in enumerate(every) if mail.id == message_id), None)
    if at is None:
        raise NotFound("message")
    if every[at].direction == "note":
        raise Invalid("message", "A note cannot begin a conversation. Split at a mail.")
    leaving = [every[at]] if alone else every[at:]
    staying = [mail for mail in every if mail not in leaving]
    if all(mail.direction == "note" for mail in staying):
        raise Invalid("message", "Nothing would stay: this is all the mail there is.")
    return leaving, staying


def _begin(db: Session, found: Conversation, first: _Mail, now: datetime) -> int:
    who = _contact(first, found)
    address = who.address.lower()
    people = contacts.known(db, found.mailbox_id, {address: who.name} if address else {}, now=now)
    known = people.get(address)
    (number,) = db.column("filing.reserve", count=1)
    db.run(
        "splitting.begin",
        id=number,
        from_id=found.id,
        contact_id=known.id if known else None,
        contact_name=(known.name if known and known.name else who.name),
        contact_address=who.address,
        subject=first.subject or found.subject,
        is_vip=bool(known and known.is_vip),
    )
    return int(number)


def _contact(mail: _Mail, found: Conversation) -> Address:
    """Who wrote it, or to whom we wrote; where that says nothing, the contact of the other."""
    written_to = Recipients.from_json(mail.recipients).to
    if mail.direction == "in" and mail.from_address:
        return Address(name=mail.from_name, address=mail.from_address)
    if mail.direction == "out" and written_to:
        return written_to[0]
    return Address(name=found.contact_name, address=found.contact_address)


def _move(
    db: Session, found: Conversation, ids: list[int], leaving: Sequence[_Mail], number: int
) -> None:
    db.change("splitting.move_messages", ids=ids, into_id=number)
    db.change("splitting.move_bodies", ids=ids, into_id=number)
    db.change("splitting.move_search_keys", ids=ids, into_id=number)
    db.change("splitting.move_attachments", ids=ids, into_id=number)
    db.change("splitting.move_bounces", ids=ids, into_id=number)
    db.change("splitting.move_outbox", ids=ids, into_id=number)
    db.change("splitting.move_drafts", ids=ids, into_id=number)
    db.change("splitting.move_notifications", ids=ids, into_id=number)
    db.change(
        "splitting.move_references",
        family=list(found.family),
        rfc_ids=[mail.rfc_message_id.lower() for mail in leaving if mail.rfc_message_id],
        into_id=number,
    )


def _stand(db: Session, found: Conversation, number: int) -> Row:
    """Bring both rows up to date; answer the new one's, which may be closed with the other.
    What had been dealt with before the other was closed last is dealt with."""
    staying = Family(id=found.id, members=found.family)
    leaving = Family(id=number, members=(number,))
    stays, leaves = standings.rows(db, found.id, number)
    closed_at = db.value("standings.last_closed", family=staying.ids)
    standings.alone(db, stays, staying)
    standings.write(db, stays, staying)
    if leaves.status == "open" and closed_at is not None:
        heard = db.rows("standings.customer_times", family=leaving.ids)
        if all(heard_at <= closed_at for _sent_at, heard_at in heard):
            leaves.status, leaves.closed_at = "closed", closed_at
    standings.alone(db, leaves, leaving)
    leaves.alert = None
    standings.write(db, leaves, leaving)
    return leaves


def _tell(
    db: Session,
    agent: Agent,
    found: Conversation,
    leaves: Row,
    message_id: int,
    now: datetime,
) -> int:
    """Both diaries, as one action; answer its last event. Of one that is closed, its own says so
    too."""
    me = events.as_actor(agent)
    stood: dict[str, object] = {
        "from": found.id,
        "assignee_id": leaves.assignee_id,
        "status": leaves.status,
        "snoozed_until": leaves.snoozed_until and leaves.snoozed_until.isoformat(),
    }
    told: list[tuple[str, Actor, int, datetime, dict[str, object] | None]] = [
        ("split", me, found.id, now, {"into": leaves.id}),
        ("split", me, leaves.id, now, stood),
    ]
    if leaves.status == "closed" and leaves.closed_at is not None:
        told.append(("closed", SYSTEM, leaves.id, leaves.closed_at, None))
    news = [
        NewEvent(
            kind=kind,
            actor=actor,
            occurred_at=occurred_at,
            recorded_at=now,
            mailbox_id=found.mailbox_id,
            conversation_id=conversation_id,
            message_id=message_id,
            after=after,
        )
        for kind, actor, conversation_id, occurred_at, after in told
    ]
    return events.record_all(db, news, action_id=uuid.uuid4().hex)[-1]
