"""What a contact has written before: their conversations, those of their company, and those of
their addresses in other mailboxes that the viewer may read; and what may be about the same matter
as the conversation they are shown beside."""

from collections import Counter
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
    is_open_to: bool


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
        commonest=likeness.COMMONEST_MAILS,
        **whom,
    )
    theirs = [tuple(_past(row) for row in rows if row.whose == whose) for whose in range(3)]
    return History(
        own=theirs[0],
        elsewhere=theirs[1],
        company=theirs[2],
        alike=() if conversation_id is None else _alike(rows, conversation_id),
        is_cut=sum(map(len, theirs)) == MOST,
    )


def _alike(rows: Sequence[_Row], conversation_id: int) -> tuple[Alike, ...]:
    """Of the same contact only what stood there in those days."""
    kinds: dict[int, Why] = {0: "subject", 3: "token", 4: "file"}
    apart = {row.id for row in rows if row.whose == 5} | {conversation_id}
    here = next((row for row in rows if row.whose == 0 and row.id == conversation_id), None)
    able = [
        _like(row, kinds[row.whose])
        for row in rows
        if row.whose in kinds
        and row.is_open_to
        and row.id not in apart
        and (row.whose != 0 or (here is not None and likeness.is_near(here, row)))
    ]
    known = Counter(row.what for row in rows if row.whose in (3, 4))
    return likeness.among(here.subject if here else "", able, known)


def _like(row: _Row, why: Why) -> Alike:
    names = [name for name in Alike.__dataclass_fields__ if name != "why"]
    return Alike(**{name: getattr(row, name) for name in names}, why=why)


def _past(row: _Row) -> Past:
    return Past(**{name: getattr(row, name) for name in Past.__dataclass_fields__})
