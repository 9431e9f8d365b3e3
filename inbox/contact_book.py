"""All contacts of the mailboxes one may read: found by their words, and taken along as a table."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime

from inbox import cells, companies, events
from inbox.agents import Agent
from inbox.companies import Company
from inbox.errors import NotFound
from inbox.store import Session

WORDS = 3
_COLUMNS = ["contact", "name", "address", "company", "phone", "vip", "note", "properties", "since"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A contact as a row of the list, with how many conversations it has."""

    id: int
    mailbox_id: int
    name: str
    address: str
    is_vip: bool
    works_at: Company | None
    total: int
    open_count: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    id: int
    name: str
    address: str


def listed(
    db: Session,
    viewer: Agent,
    words: str = "",
    *,
    mailbox_id: int | None = None,
    only_vips: bool = False,
    limit: int = 50,
    skipped: int = 0,
) -> tuple[list[Entry], int]:
    """A page of contacts, the last heard of first, and how many there are in all. Each of the
    words (three at most) stands in the name, an address or the company."""
    rows = db.all(
        "contact_book.listed",
        _Row,
        mailboxes=[m for m in viewer.readable if mailbox_id in (None, m)],
        only_vips=only_vips,
        most=limit,
        skipped=skipped,
        **_parts(words, WORDS),
    )
    return [_entry(row) for row in rows], rows[0].found if rows else 0


def suggested(
    db: Session, viewer: Agent, mailbox_id: int, words: str, *, but: int = 0, limit: int = 8
) -> list[Suggestion]:
    """Contacts of this mailbox with these words, but for one; none without words."""
    if not viewer.may("read", mailbox_id):
        raise NotFound("contact")
    if not words.strip():
        return []
    return db.all(
        "contact_book.suggested",
        Suggestion,
        mailbox_id=mailbox_id,
        but=but,
        most=limit,
        **_parts(words, 2),
    )


def export(db: Session, agent: Agent, mailbox_id: int, *, now: datetime) -> str:
    """The mailbox's contacts as CSV, a line for each address; its managers may take them along,
    and the diary says who did. A cell that a spreadsheet would take for a formula begins with an
    apostrophe."""
    if not agent.may("read", mailbox_id):
        raise NotFound("mailbox")
    agent.must("configure", mailbox_id)
    rows = db.all("contact_book.exported", _Exported, mailbox_id=mailbox_id)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(_COLUMNS)
    table.writerows([cells.harmless(value) for value in _line(row)] for row in rows)
    events.record(
        db,
        agent,
        "contacts_exported",
        None,
        mailbox_id=mailbox_id,
        after={"addresses": len(rows)},
        now=now,
    )
    return out.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: int
    mailbox_id: int
    name: str
    address: str
    is_vip: bool
    company: str | None
    company_name: str | None
    total: int
    open_count: int
    last_at: datetime
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exported:
    id: int
    name: str
    phone: str
    is_vip: bool
    note: str
    properties: str
    company: str | None
    company_name: str | None
    created_at: datetime
    main_address: str
    address: str


def _entry(row: _Row) -> Entry:
    return Entry(
        id=row.id,
        mailbox_id=row.mailbox_id,
        name=row.name,
        address=row.address,
        is_vip=row.is_vip,
        works_at=companies.of(row.address, row.company, row.company_name),
        total=row.total,
        open_count=row.open_count,
        last_at=row.last_at,
    )


def _line(row: _Exported) -> tuple[str, ...]:
    works_at = companies.of(row.main_address, row.company, row.company_name)
    told = "; ".join(f"{one['name']}: {one['value']}" for one in json.loads(row.properties))
    return (
        str(row.id),
        row.name,
        row.address,
        works_at.name if works_at else "",
        row.phone,
        "yes" if row.is_vip else "",
        row.note,
        told,
        f"{row.created_at:%Y-%m-%d}",
    )


def _parts(words: str, most: int) -> dict[str, str | None]:
    """The longest of the words; of fewer, the rest are None."""
    wanted = sorted(words.lower().split(), key=len, reverse=True)[:most]
    filled = [*wanted, *[None] * (most - len(wanted))]
    return {f"word_{n}": word for n, word in enumerate(filled, start=1)}
