"""Giving conversations to another mailbox, row by row: what moving one, moving many and taking
either back have in common."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from inbox import agents, contacts, events, handover, mailboxes, tags
from inbox.agents import Agent
from inbox.contacts import Known
from inbox.errors import Invalid
from inbox.events import NewEvent
from inbox.mailboxes import Mailbox
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A conversation that stands for itself and what was merged into it, and whose it is."""

    id: int
    mailbox_id: int
    assignee_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """`lines` is the last event of each; `let_go` are those whose assignee may not answer there."""

    action_id: str
    lines: dict[int, int]
    let_go: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What belongs to a mailbox of a conversation's own row; `tags` are names, a line each."""

    id: int
    contact_name: str
    contact_address: str
    contact_id: int | None
    assignee_id: int | None
    is_vip: bool
    tags: str


def target(db: Session, agent: Agent, mailbox_id: int) -> Mailbox:
    """A mailbox that this agent may move conversations to. Raises Invalid for one at rest."""
    agent.must("triage", mailbox_id)
    there = mailboxes.by_id(db, mailbox_id)
    if there is None or not there.is_active:
        name = there.name if there else ""
        raise Invalid("mailbox", "The mailbox {name} is at rest. Choose another.", name=name)
    return there


def give(
    db: Session, agent: Agent, places: Sequence[Place], there: Mailbox, *, now: datetime
) -> Done:
    """Part of a move: all of these, with what belongs to them, are that mailbox's from now on."""
    roots = _roots(db, places)
    before = db.all("moving.standing", _Row, family=list(roots))
    able = {c.id for c in agents.colleagues(db, agent, there.id)}
    rewrite(db, roots, there.id)
    _put_tags(db, before, there.id, retired_too=False, now=now)
    _settle(db, _there(db, before, there.id, able, now))
    tags.bring_up_to_date(db, [place.id for place in places])
    let_go = tuple(p for p in places if p.assignee_id is not None and p.assignee_id not in able)
    had = {p.id: p.assignee_id if p.assignee_id in able else None for p in places}
    action_id, lines = _tell(db, agent, "moved", places, there, had, now)
    mailbox_of = {place.id: place.mailbox_id for place in places}
    db.run(
        "moving.note",
        ids=[row.id for row in before],
        from_ids=[mailbox_of[roots[row.id]] for row in before],
        to_id=there.id,
        event_ids=[lines[roots[row.id]] for row in before],
        befores=[json.dumps(asdict(row)) for row in before],
        now=now,
    )
    return Done(action_id=action_id, lines=lines, let_go=let_go)


def give_back(
    db: Session,
    agent: Agent,
    places: Sequence[Place],
    there: Mailbox,
    moves: Sequence[int],
    *,
    now: datetime,
) -> Done:
    """Part of taking moves back, which are known by their events: as it was before them."""
    roots = _roots(db, places)
    before = [
        _Row(**json.loads(text)) for _id, text in db.rows("moving.of_events", event_ids=moves)
    ]
    db.change("moving.take_back", event_ids=moves, now=now)
    rewrite(db, roots, there.id)
    _put_tags(db, before, there.id, retired_too=True, now=now)
    _settle(db, before)
    db.change("moving.untell", family=list(roots), now=now)
    numbers = [place.id for place in places]
    tags.bring_up_to_date(db, numbers)
    had = {row.id: row.assignee_id for row in before}
    action_id, lines = _tell(db, agent, "unmoved", places, there, had, now)
    handover.let_go(db, numbers, now=now)
    return Done(action_id=action_id, lines=lines, let_go=())


def rewrite(db: Session, members: Iterable[int], mailbox_id: int) -> None:
    """Everything by which a question tells whose it is."""
    ids = list(members)
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


def _roots(db: Session, places: Sequence[Place]) -> dict[int, int]:
    """{member: the conversation that stands for it}."""
    rows = db.rows("moving.members", ids=[place.id for place in places])
    return {member: root for root, member in rows}


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


def _there(
    db: Session, rows: Sequence[_Row], mailbox_id: int, able: set[int], now: datetime
) -> list[_Row]:
    """The rows as they stand in the other mailbox: with the contacts of that one."""
    people = {row.contact_address.lower(): row.contact_name for row in rows if row.contact_address}
    known = contacts.known(db, mailbox_id, people, now=now)

    def moved(row: _Row) -> _Row:
        contact: Known | None = known.get(row.contact_address.lower())
        return replace(
            row,
            contact_id=contact.id if contact else None,
            assignee_id=row.assignee_id if row.assignee_id in able else None,
            is_vip=bool(contact and contact.is_vip),
        )

    return [moved(row) for row in rows]


def _settle(db: Session, rows: Sequence[_Row]) -> None:
    db.change(
        "moving.settle",
        ids=[row.id for row in rows],
        contact_ids=[row.contact_id for row in rows],
        assignee_ids=[row.assignee_id for row in rows],
        vips=[row.is_vip for row in rows],
    )


def _tell(
    db: Session,
    agent: Agent,
    kind: str,
    places: Sequence[Place],
    there: Mailbox,
    had: Mapping[int, int | None],
    now: datetime,
) -> tuple[str, dict[int, int]]:
    """For each a line at each of the two mailboxes, all as one action; answer it, and the number of
    each one's last line. `had` tells who has it from now on."""
    name_of = {mailbox.id: mailbox.name for mailbox in mailboxes.every(db)}

    def line(
        place: Place, what: str, where: int, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> NewEvent:
        return NewEvent(
            kind=what,
            actor=events.as_actor(agent),
            occurred_at=now,
            recorded_at=now,
            mailbox_id=where,
            conversation_id=place.id,
            before=before,
            after=after,
        )

    news = []
    for place in places:
        about: dict[str, Any] = {
            "from": name_of[place.mailbox_id],
            "from_id": place.mailbox_id,
            "to": there.name,
            "to_id": there.id,
            "assignee_id": had.get(place.id),
        }
        news += [line(place, kind, where, None, about) for where in (place.mailbox_id, there.id)]
        if kind == "moved" and place.assignee_id is not None and had.get(place.id) is None:
            was = {"assignee_id": place.assignee_id}
            news.append(line(place, "released", there.id, was, {"assignee_id": None}))
    action_id = uuid.uuid4().hex
    written = events.record_all(db, news, action_id=action_id)
    lines: dict[int, int] = {}
    for new, event_id in zip(news, written, strict=True):
        lines[new.conversation_id or 0] = event_id
    return action_id, lines
