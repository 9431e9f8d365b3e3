"""What a contact has written before: their conversations, those of their company, and those of
their addresses in other mailboxes that the viewer may read; and what may be about the same matter
as the conversation they are shown beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import contacts, likeness
from inbox.agents import Agent
from inbox.contacts import Contact
from inbox.errors import NotFound
from inbox.likeness import Alike, Why
from inbox.store import Session

MOST = 200
TABLES = (
    *("conversations", "messages", "message_tokens", "attachments", "merge_links", "splits"),
    *contacts.TABLES,
)


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

    own: tuple[Past, ...] = ()
    elsewhere: tuple[Past, ...] = ()
    company: tuple[Past, ...] = ()
    alike: tuple[Alike, ...] = ()
    is_cut: bool = False


def of(db: Session, viewer: Agent, contact: Contact, conversation_id: int | None = None) -> History:
    """All of it in one statement. Spam and what is in the trash do not count. `alike` is asked of
    the conversation that this stands beside, if it does."""
    company = contact.works_at
    return _history(
        db,
        viewer,
        contact.mailbox_id,
        conversation_id,
        ids=contact.ids,
        addresses=[a.address for a in contact.addresses if a.address],
        company=(company.domain or company.name).lower() if company else None,
        at_domain=f"@{company.domain}" if company and company.domain else None,
    )


def of_nobody(db: Session, viewer: Agent, mailbox_id: int, conversation_id: int) -> History:
    """What may be about the same matter as a conversation without a contact."""
    return _history(
        db,
        viewer,
        mailbox_id,
        conversation_id,
        ids=[],
        addresses=[],
        company=None,
        at_domain=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row(Past):
    whose: int
    what: str


def _history(
    db: Session, viewer: Agent, mailbox_id: int, conversation_id: int | None, **whom: object
) -> History:
    if not viewer.may("read", mailbox_id):
        raise NotFound("contact")
    rows = db.all(
        "contacts.history",
        _Row,
        mailbox_id=mailbox_id,
        mailboxes=viewer.readable,
        most=MOST,
        conversation_id=conversation_id,
        commonest=likeness.COMMONEST,
        **whom,
    )
    theirs = [tuple(_past(row) for row in rows if row.whose == whose) for whose in range(3)]
    return History(
        own=theirs[0],
        elsewhere=theirs[1],
        company=theirs[2],
        alike=_alike(rows, conversation_id),
        is_cut=sum(map(len, theirs)) == MOST,
    )


def _alike(rows: Sequence[_Row], conversation_id: int | None) -> tuple[Alike, ...]:
    kinds: dict[int, Why] = {3: "subject", 4: "token", 5: "file"}
    here = next((row.subject for row in rows if row.id == conversation_id), "")
    return likeness.among(
        here,
        [
            Alike(
                id=row.id,
                subject=row.subject,
                contact_name=row.contact_name,
                contact_address=row.contact_address,
                status=row.status,
                waiting_since=row.waiting_since,
                last_message_at=row.last_message_at,
                why=kinds[row.whose],
                what=row.what,
            )
            for row in rows
            if row.whose in kinds and row.id != conversation_id
        ],
    )


def _past(row: _Row) -> Past:
    return Past(**{name: getattr(row, name) for name in Past.__dataclass_fields__})
