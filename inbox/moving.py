"""Moving a conversation to another mailbox, with all that is in it, and taking that back.

Who may handle conversations in both mailboxes may move one: it is out of sight for whoever reads
only the mailbox it leaves, and in sight for whoever reads the other. So every row of it names the
new mailbox from then on, and permission needs no exception anywhere. What still comes to the old
address finds it by `moves` (see ingest.atlas and ingest.intake).
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from inbox import (
    agents,
    contacts,
    conversations,
    events,
    handover,
    mailboxes,
    notifications,
    tags,
)
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid, TooLate
from inbox.events import NewEvent
from inbox.mailboxes import Sign
from inbox.store import Session

UNSETTLED = (
    "A mail of this conversation is still on its way, or nobody knows yet whether it arrived. "
    "Settle that first, then move it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What belongs to a mailbox of a conversation's own row; `tags` are names, a line each."""

    id: int
    contact_name: str
    contact_address: str
    contact_id: int | None
    assignee_id: int | None
    is_vip: bool
    is_urgent: bool
    urgent_for_vip: bool
    tags: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    id: int
    from_id: int
    to_id: int
    event_id: int


def targets(viewer: Agent, mailbox_id: int) -> list[Sign]:
    """The mailboxes to which the viewer may move a conversation of this one, by name."""
    if not viewer.may("triage", mailbox_id):
        return []
    return [
        sign
        for sign in mailboxes.of_viewer(viewer)
        if sign.id != mailbox_id and viewer.may("triage", sign.id)
    ]


def move(
    db: Session, agent: Agent, conversation_id: int, mailbox_id: int, *, now: datetime
) -> None:
    """Give the conversation to another mailbox, whole: its answers leave from there.

    An assignee who may not answer there has it no longer, and is told. Raises Invalid for one in
    spam or in the trash, and while a mail of it is on its way or in doubt.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    agent.must("triage", mailbox_id)
    there = mailboxes.by_id(db, mailbox_id)
    _check(db, found, there)
    before = db.all("moving.standing", _Row, family=list(found.family))
    keeps = found.assignee_id in {c.id for c in agents.colleagues(db, agent, mailbox_id)}
    _write(db, found.family, mailbox_id)
    _put_tags(db, before, mailbox_id, retired_too=False, now=now)
    _settle(db, [_there(db, row, mailbox_id, keeps, now) for row in before])
    _hasten(db, before, mailbox_id, now)
    tags.bring_up_to_date(db, [found.id])
    had = found.assignee_id if keeps else None
    event_id = _tell(db, agent, found, "moved", mailbox_id, had, now)
    db.run(
        "moving.note",
        ids=[row.id for row in before],
        from_id=found.mailbox_id,
        to_id=mailbox_id,
        event_id=event_id,
        befores=[json.dumps(asdict(row)) for row in before],
        now=now,
    )
    if found.assignee_id is not None and not keeps:
        notifications.make(
            db, agent, "moved", [found.assignee_id], found.id, found.mailbox_id, now=now
        )


def unmove(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Put it back where it was, as it was. Raises Invalid for one that was not moved, TooLate
    when anything has happened to it since."""
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    last = db.one("moving.last_of", _Move, conversation_id=found.id)
    if last is None or last.to_id != found.mailbox_id:
        raise Invalid("conversation", "This conversation was not moved.")
    agent.must("triage", last.from_id)
    if events.is_touched(db, found.family, last.event_id):
        raise TooLate("This conversation has moved on since, so nothing was undone.")
    _check(db, found, mailboxes.by_id(db, last.from_id))
    before = [
        _Row(**json.loads(text)) for _id, text in db.rows("moving.of_event", event_id=last.event_id)
    ]
    db.change("moving.take_back", event_id=last.event_id, now=now)
    _write(db, found.family, last.from_id)
    _put_tags(db, before, last.from_id, retired_too=True, now=now)
    _settle(db, before)
    db.change("moving.untell", family=list(found.family), now=now)
    tags.bring_up_to_date(db, [found.id])
    had = next((row.assignee_id for row in before if row.id == found.id), None)
    _tell(db, agent, found, "unmoved", last.from_id, had, now)
    handover.let_go(db, [found.id], now=now)


def _check(db: Session, found: Conversation, there: mailboxes.Mailbox | None) -> None:
    if there is None or there.id == found.mailbox_id:
        raise Invalid("mailbox", "It is in that mailbox already.")
    if not there.is_active:
        raise Invalid("mailbox", "The mailbox {name} is at rest. Choose another.", name=there.name)
    if found.spam_at or found.trashed_at:
        raise Invalid("conversation", "Take it out of spam or the trash before it is moved.")
    if db.value("removal.unsettled", family=list(found.family)):
        raise Invalid("conversation", UNSETTLED)


def _write(db: Session, family: Sequence[int], mailbox_id: int) -> None:
    """Everything by which a question tells whose it is."""
    ids = list(family)
    db.change("moving.conversations", family=ids, to_id=mailbox_id)
    db.change("moving.messages", family=ids, to_id=mailbox_id)
    db.change("moving.search_keys", family=ids, to_id=mailbox_id)
    db.change("moving.references", family=ids, to_id=mailbox_id)
    db.change("moving.bounces", family=ids, to_id=mailbox_id)
    db.change("moving.outbox", family=ids, to_id=mailbox_id)
    db.change("moving.follows", family=ids, to_id=mailbox_id)
    db.change("moving.reads", family=ids, to_id=mailbox_id)
    db.change("moving.notifications", family=ids, to_id=mailbox_id)
    db.change("moving.stops", family=ids, to_id=mailbox_id)
    db.change("moving.lapses", family=ids, to_id=mailbox_id)
    db.change("moving.merges", family=ids, to_id=mailbox_id)


def _put_tags(
    db: Session, rows: Sequence[_Row], mailbox_id: int, *, retired_too: bool, now: datetime
) -> None:
    """A tag is a mailbox's own: the other's of the same name stands for it, where there is one."""
    db.change("moving.forget_tags", family=[row.id for row in rows])
    wanted = [(row.id, name) for row in rows for name in row.tags.split("\n") if name]
    if wanted:
        db.run(
            "moving.put_tags",
            ids=[conversation_id for conversation_id, _name in wanted],
            names=[name for _id, name in wanted],
            to_id=mailbox_id,
            retired_too=retired_too,
            now=now,
        )


def _there(db: Session, row: _Row, mailbox_id: int, keeps: bool, now: datetime) -> _Row:
    """The row as it stands in the other mailbox: with the contact of that one."""
    address = row.contact_address.lower()
    known = contacts.known(db, mailbox_id, {address: row.contact_name} if address else {}, now=now)
    contact = known.get(address)
    return replace(
        row,
        contact_id=contact.id if contact else None,
        assignee_id=row.assignee_id if keeps else None,
        is_vip=bool(contact and contact.is_vip),
        is_urgent=row.is_urgent and not row.urgent_for_vip,
        urgent_for_vip=False,
    )


def _hasten(db: Session, rows: Sequence[_Row], mailbox_id: int, now: datetime) -> None:
    people = {row.contact_address.lower(): row.contact_name for row in rows if row.contact_address}
    contacts.hasten(db, [row.id for row in rows], contacts.known(db, mailbox_id, people, now=now))


def _settle(db: Session, rows: Sequence[_Row]) -> None:
    db.change(
        "moving.settle",
        ids=[row.id for row in rows],
        contact_ids=[row.contact_id for row in rows],
        assignee_ids=[row.assignee_id for row in rows],
        vips=[row.is_vip for row in rows],
        urgents=[row.is_urgent for row in rows],
        for_vips=[row.urgent_for_vip for row in rows],
    )


def _tell(
    db: Session,
    agent: Agent,
    found: Conversation,
    kind: str,
    mailbox_id: int,
    assignee_id: int | None,
    now: datetime,
) -> int:
    """A line at each of the two mailboxes, as one action; answer the last one's number."""
    there = mailboxes.by_id(db, mailbox_id)
    assert there is not None
    about: dict[str, Any] = {
        "from": found.mailbox_name,
        "from_id": found.mailbox_id,
        "to": there.name,
        "to_id": there.id,
        "assignee_id": assignee_id,
    }
    let_go = found.assignee_id is not None and assignee_id is None
    told: list[tuple[str, int, dict[str, Any] | None, dict[str, Any]]] = [
        (kind, found.mailbox_id, None, about),
        (kind, there.id, None, about),
    ]
    if let_go:
        told.append(
            ("released", there.id, {"assignee_id": found.assignee_id}, {"assignee_id": None})
        )
    news = [
        NewEvent(
            kind=what,
            actor=events.as_actor(agent),
            occurred_at=now,
            recorded_at=now,
            mailbox_id=place,
            conversation_id=found.id,
            before=before,
            after=after,
        )
        for what, place, before, after in told
    ]
    return events.record_all(db, news, action_id=uuid.uuid4().hex)[-1]
