"""Several addresses of one person, and two contacts that turn out to be one: a link that can be
undone.

Nothing moves. An address keeps its row, and conversations stay with the address under which they
were filed; what was merged points to the contact that stands for all. So what an address brings in
later goes with it when they are parted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox import addresses, contact_edits, contacts
from inbox.agents import Agent
from inbox.contact_facts import LONGEST_NOTE, MOST_PROPERTIES
from inbox.contacts import Contact
from inbox.errors import Invalid
from inbox.store import Session

_FACTS = ("phone", "note", "company", "properties", "is_vip")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    id: int
    into_id: int
    event_id: int
    before: str


def merge(db: Session, agent: Agent, contact_id: int, into_id: int, *, now: datetime) -> None:
    """Make the first contact part of the second, of the same mailbox. It is undone with `unmerge`.

    The one that stays keeps its name and takes over what only the other one tells. Raises Invalid
    for two that cannot be merged.
    """
    one = contact_edits.writable(db, agent, contact_id)
    into = contacts.by_id(db, agent, into_id)
    if one.id == into.id:
        raise Invalid("merge", "These are one contact already.")
    if one.mailbox_id != into.mailbox_id:
        raise Invalid("merge", "Contacts of two mailboxes cannot be merged.")
    _link(db, agent, "contact_merged", one, into, now)


def unmerge(db: Session, agent: Agent, contact_id: int, *, now: datetime) -> None:
    """Let a contact that was merged stand alone again, with what was merged into it before.

    The one that stayed is as before the merge if it was not changed since. Raises Invalid for one
    that is not merged.
    """
    _unlink(db, agent, "contact_unmerged", contact_id, now)


def add_address(db: Session, agent: Agent, contact_id: int, address: str, *, now: datetime) -> int:
    """One more address at which this person writes; answer the id of its row.

    Raises Invalid for what is no address, and for one that is another contact's.
    """
    found = contact_edits.writable(db, agent, contact_id)
    address = addresses.checked(address)
    others = db.rows("contacts.of_address", mailbox_id=found.mailbox_id, address=address)
    for row_id, merged_into in others:
        if row_id in found.ids:
            raise Invalid("address", "This contact has that address already.")
        if merged_into is not None or db.value("contacts.has_conversations", contact_id=row_id):
            other = contacts.by_id(db, agent, row_id)
            name = other.name or other.address
            raise Invalid(
                "address",
                "{address} belongs to “{name}”. Merge the two instead.",
                address=address,
                name=name,
            )
    known = contacts.known_as(db, found.mailbox_id, {address: found.name}, now=now)
    one = contacts.by_id(db, agent, known[address])
    _link(db, agent, "address_added", one, found, now)
    return one.id


def remove_address(db: Session, agent: Agent, address_id: int, *, now: datetime) -> None:
    """This address is somebody else's: it stands alone, with what came from it."""
    found = contact_edits.writable(db, agent, address_id)
    if found.id == address_id:
        raise Invalid("address", "The address that a contact began with stays with it.")
    _unlink(db, agent, "address_removed", address_id, now)


def _link(db: Session, agent: Agent, kind: str, one: Contact, into: Contact, now: datetime) -> None:
    before = {name: getattr(into, name) for name in _FACTS}
    together = _together(into, one)
    whole = _with_addresses_of(into, one)
    db.change("contacts.point", ids=one.ids, into_id=into.id)
    contact_edits.keep(db, whole, {**together, "is_vip": into.is_vip or one.is_vip})
    after = {"from": one.id, "addresses": [a.address for a in one.addresses]}
    event_id = contact_edits.record(db, agent, into, kind, None, after, now=now)
    db.change("contacts.touch", ids=one.ids, event_id=event_id)
    db.change(
        "contacts.link",
        mailbox_id=into.mailbox_id,
        contact_id=one.id,
        into_id=into.id,
        event_id=event_id,
        before=json.dumps(contact_edits.plainly(before), ensure_ascii=False),
        now=now,
    )


def _unlink(db: Session, agent: Agent, kind: str, contact_id: int, now: datetime) -> None:
    whole = contact_edits.writable(db, agent, contact_id)
    link = db.one("contacts.link_of", _Link, contact_id=contact_id)
    if link is None:
        raise Invalid("merge", "This contact is not merged into another.")
    is_as_it_was = link.into_id == whole.id and whole.event_id == link.event_id
    db.change("contacts.unlink", id=link.id, now=now)
    _part(db, whole, contact_id)
    left, stayed = (contacts.by_id(db, agent, i) for i in (contact_id, whole.id))
    if is_as_it_was:
        contact_edits.keep(db, stayed, _read(link.before))
    db.change("contacts.set_vip", ids=left.ids, is_vip=left.is_vip)
    after = {"out": left.id, "addresses": [a.address for a in left.addresses]}
    event_id = contact_edits.record(db, agent, stayed, kind, None, after, now=now)
    db.change("contacts.touch", ids=[left.id], event_id=event_id)


def _part(db: Session, whole: Contact, contact_id: int) -> None:
    """Every row of the contact that leaves points to where it stands now."""
    parent = dict(db.rows("contacts.links_of", ids=whole.ids))

    def root(member: int) -> int:
        while member in parent:
            member = parent[member]
        return member

    leaving = [i for i in whole.ids if i != contact_id and root(i) == contact_id]
    db.change("contacts.point", ids=[contact_id], into_id=None)
    if leaving:
        db.change("contacts.point", ids=leaving, into_id=contact_id)


def _together(into: Contact, one: Contact) -> dict[str, Any]:
    """What is known of both; where they differ, what the one that stays says."""
    names = {p.name.casefold() for p in into.properties}
    more = tuple(p for p in one.properties if p.name.casefold() not in names)
    notes = [note for note in (into.note, one.note) if note]
    return {
        "phone": into.phone or one.phone,
        "company": into.company if into.company is not None else one.company,
        "note": "\n\n".join(dict.fromkeys(notes))[:LONGEST_NOTE],
        "properties": (*into.properties, *more)[:MOST_PROPERTIES],
    }


def _with_addresses_of(into: Contact, one: Contact) -> Contact:
    told = {name: getattr(into, name) for name in Contact.__dataclass_fields__}
    return Contact(**{**told, "addresses": (*into.addresses, *one.addresses)})


def _read(before: str) -> Mapping[str, Any]:
    told = json.loads(before)
    return {**told, "properties": contacts.read_properties(json.dumps(told["properties"]))}
