"""Recipients that deserve a second look before a mail leaves: who is new to the conversation, and
who is one of us and would better be told in a note."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox import drafts, families
from inbox.agents import Agent
from inbox.drafts import Draft
from inbox.errors import Unconfirmed
from inbox.messages import Address, Message, Recipients
from inbox.store import Session

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """An address of the house; `mention` is the name a note here can speak to, or nothing."""

    address: str
    mention: str
    kind: Literal["colleague", "mailbox"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A recipient, and why to look twice."""

    name: str
    address: str
    why: Literal["new", "colleague", "mailbox"]
    mention: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who took part in a conversation so far, and who of them wrote to us. `everybody` is None
    while there is nothing yet: then nobody is new."""

    everybody: frozenset[str] | None
    writers: frozenset[str]


def ours(db: Session, viewer: Agent, mailbox_id: int) -> tuple[Own, ...]:
    """Every address of the house, as seen from this mailbox."""
    viewer.must("read", mailbox_id)
    return tuple(db.all("newcomers.ours", Own, mailbox_id=mailbox_id))


def company(mails: Iterable[Message], contact: str) -> Company:
    """Who took part, as the mails on screen tell; the same as Send asks of the database."""
    told = [(m.direction, m.from_address, m.recipients) for m in mails if m.direction != "note"]
    return _company(told, [contact])


def among(recipients: Recipients, here: Company, own: Sequence[Own]) -> tuple[Newcomer, ...]:
    """Those to look at twice, each once. One of us who has written here himself is a customer like
    any other."""
    house = {one.address: one for one in own}
    found: dict[str, Newcomer] = {}
    for person in (*recipients.to, *recipients.cc, *recipients.bcc):
        address = person.address.strip().lower()
        if not address or address in here.writers:
            continue
        one = house.get(address)
        if one:
            found[address] = _as(person, address, one.kind, one.mention)
        elif here.everybody is not None and address not in here.everybody:
            found.setdefault(address, _as(person, address, "new", ""))
    return tuple(found.values())


def of_draft(db: Session, agent: Agent, draft: Draft) -> tuple[Newcomer, ...]:
    """The draft's recipients to look at twice, confirmed or not. A mail that is passed on goes to
    whom its author named for that alone."""
    if draft.kind == "note":
        return ()
    family = families.of(db, draft.conversation_id).members
    rows = db.rows("newcomers.mails", family=family)
    told = [(direction, sender, Recipients.from_json(r)) for direction, sender, r in rows]
    here = _company(told, db.column("newcomers.contacts", family=family))
    return among(draft.recipients, here, ours(db, agent, draft.mailbox_id))


def confirm(
    db: Session, agent: Agent, draft_id: int, addresses: Sequence[str], *, now: datetime
) -> None:
    """The author means these recipients; remembered with the draft. Leaves no event: what is sent
    tells of it."""
    draft = drafts.writable(db, agent, draft_id)
    drafts.must_be_open(draft)
    asked = {one.address for one in of_draft(db, agent, draft)}
    kept = [a for a in dict.fromkeys((*draft.confirmed, *addresses)) if a in asked]
    db.change("newcomers.confirm", draft_id=draft_id, confirmed=json.dumps(kept[:MOST]))


def must_be_confirmed(db: Session, agent: Agent, draft: Draft) -> tuple[str, ...]:
    """The addresses that were confirmed. Raises Unconfirmed while there are others to look at."""
    found = of_draft(db, agent, draft)
    open_ = [one for one in found if one.address not in draft.confirmed]
    if open_:
        raise Unconfirmed(
            "Somebody in To or Cc is new to this conversation, or one of us. Nothing was sent; "
            "say first that they are meant.",
            [(one.name, one.address, one.why) for one in open_],
        )
    return tuple(one.address for one in found)


def _company(told: Sequence[tuple[str, str, Recipients]], contacts: Sequence[str]) -> Company:
    writers = {a.lower() for a in contacts if a} if told else set()
    everybody = set(writers)
    for direction, sender, people in told:
        wrote = {sender.lower(), *_addresses(people.reply_to)}
        everybody |= wrote | _addresses((*people.to, *people.cc, *people.bcc))
        if direction == "in":
            writers |= wrote
    return Company(
        everybody=frozenset(everybody) if told else None, writers=frozenset(writers - {""})
    )


def _addresses(people: Iterable[Address]) -> set[str]:
    return {one.address.lower() for one in people}


def _as(
    person: Address, address: str, why: Literal["new", "colleague", "mailbox"], mention: str
) -> Newcomer:
    return Newcomer(name=person.name, address=address, why=why, mention=mention)
