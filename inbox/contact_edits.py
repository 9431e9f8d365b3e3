"""What agents write down about a contact, and taking it back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from inbox import companies, contact_facts, contacts, events
from inbox.agents import Agent
from inbox.contacts import Contact
from inbox.errors import Invalid, TooLate
from inbox.store import Session


def edit(
    db: Session, agent: Agent, contact_id: int, facts: Mapping[str, Any], *, now: datetime
) -> Contact:
    """Set name, phone, note, company (None: by the domain; empty: none) or properties; what is not
    given stays. `company_name` is what the company behind the domain is called, for everybody
    there. Answer the contact as it was. Raises Invalid, naming the field."""
    found = writable(db, agent, contact_id)
    given = dict(facts)
    if "company_name" in given:
        _name_company(db, agent, found, given.pop("company_name"), now=now)
    wanted = _by_domain(db, found, contact_facts.checked(given))
    changed = {f: v for f, v in wanted.items() if getattr(found, f) != v}
    if changed:
        keep(db, found, changed)
        before = {field: getattr(found, field) for field in changed}
        record(db, agent, found, "contact_edited", before, changed, now=now)
    return found


def mark_vip(db: Session, agent: Agent, contact_id: int, *, now: datetime) -> None:
    """From now on what waits for this contact is urgent."""
    _set_vip(db, agent, contact_id, True, now=now)


def unmark_vip(db: Session, agent: Agent, contact_id: int, *, now: datetime) -> None:
    """A contact like any other; what is urgent for another reason stays so."""
    _set_vip(db, agent, contact_id, False, now=now)


def take_back(
    db: Session,
    agent: Agent,
    opposite: Callable[..., object],
    contact_id: int,
    *args: object,
    since: int,
    now: datetime,
) -> None:
    """Do the opposite of the act whose event was `since`. Raises TooLate when the contact has been
    changed again since then."""
    if contacts.by_id(db, agent, contact_id).event_id != since:
        raise TooLate("This contact was changed again since, so nothing was undone.")
    opposite(db, agent, contact_id, *args, now=now)


def writable(db: Session, agent: Agent, contact_id: int) -> Contact:
    """The contact, for whoever may change it."""
    found = contacts.by_id(db, agent, contact_id)
    agent.must("triage", found.mailbox_id)
    return found


def keep(db: Session, found: Contact, facts: Mapping[str, Any]) -> None:
    """Write these facts, and what conversations show of them."""
    told = {
        name: facts.get(name, getattr(found, name))
        for name in ("name", "phone", "note", "company", "is_vip")
    }
    properties = contact_facts.as_json(facts.get("properties", found.properties))
    db.change(
        "contacts.edit",
        **told,
        properties=properties,
        is_named="name" in facts,
        contact_id=found.id,
    )
    if "name" in facts:
        db.change("contacts.rename_in_conversations", ids=found.ids, name=facts["name"])
    if "is_vip" in facts:
        db.change("contacts.set_vip", ids=found.ids, is_vip=facts["is_vip"])


def record(
    db: Session,
    agent: Agent,
    found: Contact,
    kind: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    *,
    now: datetime,
) -> int:
    """One line of the diary about this contact; answer its event_id."""
    event_id = events.record(
        db,
        agent,
        kind,
        None,
        mailbox_id=found.mailbox_id,
        before=None if before is None else plainly(before),
        after={"contact_id": found.id, **plainly(after)},
        now=now,
    )
    db.change("contacts.touch", ids=[found.id], event_id=event_id)
    return event_id


def plainly(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON takes them."""
    return {
        name: [asdict(one) for one in value] if name == "properties" else value
        for name, value in facts.items()
    }


def _set_vip(db: Session, agent: Agent, contact_id: int, is_vip: bool, *, now: datetime) -> None:
    found = writable(db, agent, contact_id)
    if found.is_vip == is_vip:
        return
    keep(db, found, {"is_vip": is_vip})
    kind = "vip_marked" if is_vip else "vip_unmarked"
    record(db, agent, found, kind, {"is_vip": found.is_vip}, {"is_vip": is_vip}, now=now)


def _name_company(
    db: Session, agent: Agent, found: Contact, name: object, *, now: datetime
) -> None:
    if not isinstance(name, str) or found.works_at is None or found.works_at.domain is None:
        raise Invalid("company", "No company is known by the domain of this address.")
    domain = found.works_at.domain
    event_id = companies.rename(db, agent, found.mailbox_id, domain, name, now=now)
    if event_id:
        db.change("contacts.touch", ids=[found.id], event_id=event_id)


def _by_domain(db: Session, found: Contact, facts: dict[str, Any]) -> dict[str, Any]:
    """What is typed and says no more than the domain does is left to the domain."""
    typed = facts.get("company")
    if typed is None:
        return facts
    wanted = companies.as_kept(db, found.mailbox_id, typed) if typed else ""
    own = companies.of(found.address, None, None)
    says_no_more = wanted == own.domain if own else not wanted
    return {**facts, "company": None if says_no_more else wanted}
