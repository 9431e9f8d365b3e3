"""A contact: somebody who writes to a mailbox. The same person in two mailboxes is two contacts.

Each of a contact's addresses is a row; one of them stands for all (see inbox.contact_merging).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from inbox import companies
from inbox.agents import Agent
from inbox.companies import Company
from inbox.errors import NotFound
from inbox.store import Session

Kind = Literal["text", "number", "date", "link"]
TABLES = ("contacts", "companies")
"""What the answers of this module are read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """What a team knows besides, under a name of its own choice."""

    name: str
    kind: Kind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAddress:
    """`id` is the row that the address is."""

    id: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact whole. `company` is what an agent has set: None leaves it to the domain, empty
    says that there is none. `event_id` is the newest line of the diary about it."""

    id: int
    mailbox_id: int
    name: str
    addresses: tuple[ContactAddress, ...]
    is_vip: bool
    phone: str
    note: str
    company: str | None
    works_at: Company | None
    properties: tuple[Property, ...]
    created_at: datetime
    event_id: int

    @property
    def address(self) -> str:
        return self.addresses[0].address

    @property
    def ids(self) -> list[int]:
        return [a.id for a in self.addresses]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A conversation and its contact; `contact` is None where none is linked, and then `name` and
    `address` tell who wrote."""

    conversation_id: int
    mailbox_id: int
    name: str
    address: str
    contact: Contact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What filing a mail asks of its sender. `name` is the one an agent has given, if one did."""

    id: int
    name: str | None
    is_vip: bool


def by_id(db: Session, viewer: Agent, contact_id: int) -> Contact:
    """The contact that this row is or belongs to. Raises NotFound for an unknown one and for one
    of a mailbox that the viewer may not read."""
    rows = db.all("contacts.by_id", _Row, contact_id=contact_id)
    if not rows or not viewer.may("read", rows[0].mailbox_id):
        raise NotFound("contact")
    return _assemble(rows)


def of_conversation(db: Session, viewer: Agent, conversation_id: int) -> Linked:
    """The contact of a conversation, in one statement. Raises NotFound as by_id does."""
    rows = db.all("contacts.of_conversation", _Linked, conversation_id=conversation_id)
    if not rows or not viewer.may("read", rows[0].place_id):
        raise NotFound("conversation")
    first = rows[0]
    return Linked(
        conversation_id=first.conversation_id,
        mailbox_id=first.place_id,
        name=first.written_name,
        address=first.written_address,
        contact=None if first.id is None else _assemble(rows),
    )


def known(
    db: Session, mailbox_id: int, people: Mapping[str, str], *, now: datetime
) -> dict[str, Known]:
    """{address: who it is} for {lower-case address: name}; who is new to the mailbox is added."""
    if not people:
        return {}
    asked = list(people)
    found = _known(db, mailbox_id, asked)
    fresh = [address for address in asked if address not in found]
    if fresh:
        db.run(
            "contacts.add",
            mailbox_id=mailbox_id,
            addresses=fresh,
            names=[people[address] for address in fresh],
            now=now,
        )
        found.update(_known(db, mailbox_id, fresh))
    return found


def known_as(
    db: Session, mailbox_id: int, people: Mapping[str, str], *, now: datetime
) -> dict[str, int]:
    """As `known`, their ids alone."""
    return {a: k.id for a, k in known(db, mailbox_id, people, now=now).items()}


def hasten(db: Session, conversation_ids: Sequence[int], people: Mapping[str, Known]) -> None:
    """After mail was filed: conversations of VIPs are theirs, also those that began with it."""
    vips = [k.id for k in people.values() if k.is_vip]
    if vips:
        db.change("contacts.hasten", ids=list(conversation_ids), vips=vips)


def read_properties(text: str) -> tuple[Property, ...]:
    return tuple(Property(**one) for one in json.loads(text))


def _known(db: Session, mailbox_id: int, addresses: Sequence[str]) -> dict[str, Known]:
    rows = db.all("contacts.known", _KnownRow, mailbox_id=mailbox_id, addresses=addresses)
    merged = sorted({row.merged_into for row in rows if row.merged_into is not None})
    for_them = db.all("contacts.standing", Known, ids=merged) if merged else []
    standing = {one.id: one for one in for_them}
    return {
        row.address: Known(
            id=row.id,
            name=standing.get(row.merged_into or 0, row).name,
            is_vip=standing.get(row.merged_into or 0, row).is_vip,
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _KnownRow:
    address: str
    id: int
    merged_into: int | None
    is_vip: bool
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: int
    mailbox_id: int
    address: str
    name: str
    is_vip: bool
    phone: str
    note: str
    company: str | None
    properties: str
    created_at: datetime
    event_id: int
    company_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linked(_Row):
    conversation_id: int
    place_id: int
    written_name: str
    written_address: str


def _assemble(rows: Sequence[Any]) -> Contact:
    first = rows[0]
    return Contact(
        id=first.id,
        mailbox_id=first.mailbox_id,
        name=first.name,
        addresses=tuple(ContactAddress(id=r.id, address=r.address) for r in rows),
        is_vip=first.is_vip,
        phone=first.phone,
        note=first.note,
        company=first.company,
        works_at=companies.of(first.address, first.company, first.company_name),
        properties=read_properties(first.properties),
        created_at=min(r.created_at for r in rows),
        event_id=first.event_id,
    )
