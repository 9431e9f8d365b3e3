"""Whose a conversation is: taken from its contact, and given to another."""

from datetime import datetime

from inbox import contacts, conversations
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid
from inbox.store import Session


def link(
    db: Session, agent: Agent, conversation_id: int, contact_id: int, *, now: datetime
) -> int | None:
    """This conversation is this contact's, of the same mailbox: lists show them from now on. Whom
    an answer goes to is told by its mails, as before. Answer whose it was."""
    found = conversations.must(db, agent, conversation_id, "triage")
    contact = contacts.by_id(db, agent, contact_id)
    if contact.mailbox_id != found.mailbox_id:
        raise Invalid("link", "That contact is in another mailbox.")
    if found.contact_id in contact.ids:
        return found.contact_id
    # The row that was asked for: what is taken back goes to the very address it came from.
    own = next((a for a in contact.addresses if a.id == contact_id), contact.addresses[0])
    _set(db, found, own.id, contact.name, own.address, contact.is_vip)
    conversations.record(
        db,
        agent,
        found,
        "contact_linked",
        before={"contact_id": found.contact_id},
        after={"contact_id": own.id},
        now=now,
    )
    return found.contact_id


def link_writer(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> int:
    """Make it the conversation of whoever wrote it, who becomes a contact if they are none yet;
    answer the contact's id."""
    found = conversations.must(db, agent, conversation_id, "triage")
    name, address = _writer(db, found)
    if not address:
        raise Invalid("link", "No mail here tells who wrote it.")
    known = contacts.known_as(db, found.mailbox_id, {address: name}, now=now)
    link(db, agent, conversation_id, known[address], now=now)
    return known[address]


def unlink(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> int | None:
    """This conversation is not that contact's. It shows whoever wrote it. Answer whose it was."""
    found = conversations.must(db, agent, conversation_id, "triage")
    if found.contact_id is not None:
        name, address = _writer(db, found)
        _set(db, found, None, name, address, False)
        conversations.record(
            db,
            agent,
            found,
            "contact_unlinked",
            before={"contact_id": found.contact_id},
            after={"contact_id": None},
            now=now,
        )
    return found.contact_id


def _writer(db: Session, found: Conversation) -> tuple[str, str]:
    rows = db.rows("contacts.writer", family=list(found.family))
    name, address = rows[0] if rows else (found.contact_name, found.contact_address)
    return str(name), str(address).lower()


def _set(
    db: Session,
    found: Conversation,
    contact_id: int | None,
    name: str,
    address: str,
    is_vip: bool,
) -> None:
    db.change(
        "contacts.set_contact",
        conversation_id=found.id,
        contact_id=contact_id,
        name=name,
        address=address,
        is_vip=is_vip,
    )
