"""What a contact has written before: their conversations, those of their company, and those of
their addresses in other mailboxes that the viewer may read."""

from dataclasses import dataclass
from datetime import datetime

from inbox import contacts
from inbox.agents import Agent
from inbox.contacts import Contact
from inbox.errors import NotFound
from inbox.store import Session

MOST = 200
TABLES = ("conversations", *contacts.TABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One conversation of them."""

    id: int
    mailbox_id: int
    subject: str
    contact_name: str
    contact_address: str
    status: str
    waiting_since: datetime | None
    created_at: datetime
    last_message_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was found of them, open ones first, then the newest. `own` may be cut (`is_cut`), and
    then nothing is known of the others: whoever has written so often is a case of its own."""

    own: tuple[Past, ...]
    elsewhere: tuple[Past, ...]
    company: tuple[Past, ...]
    is_cut: bool


def of(db: Session, viewer: Agent, contact: Contact) -> History:
    """All three in one statement. Spam and what is in the trash do not count."""
    if not viewer.may("read", contact.mailbox_id):
        raise NotFound("contact")
    company = contact.works_at
    rows = db.all(
        "contacts.history",
        _Row,
        ids=contact.ids,
        mailbox_id=contact.mailbox_id,
        mailboxes=viewer.readable,
        addresses=[a.address for a in contact.addresses if a.address],
        company=(company.domain or company.name).lower() if company else None,
        at_domain=f"@{company.domain}" if company and company.domain else None,
        most=MOST,
    )
    theirs = [tuple(_past(row) for row in rows if row.whose == whose) for whose in range(3)]
    return History(own=theirs[0], elsewhere=theirs[1], company=theirs[2], is_cut=len(rows) == MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row(Past):
    whose: int


def _past(row: _Row) -> Past:
    return Past(**{name: getattr(row, name) for name in Past.__dataclass_fields__})
