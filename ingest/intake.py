"""One transaction's worth of mails on their way in: what is known of them, what they become."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

from inbox import blocking, bounces, events, handover, message_ids, messages, notifications, removal
from inbox.bounces import NewBounce
from inbox.contacts import Known
from inbox.events import NewEvent
from inbox.keys import Keys
from inbox.mailboxes import Mailbox
from inbox.messages import NewAttachment, NewMessage
from inbox.store import Session
from ingest import atlas
from ingest.atlas import Atlas
from ingest.parse import Parsed
from ingest.standing import Standing

NO_BYTES = hashlib.sha256(b"").hexdigest()
"""What every mail has in common of which nothing is here: it tells none of them apart."""

UNREADABLE = "This mail could not be read. Its original is kept unchanged and can be downloaded."

State = Literal["filed", "unreadable", "too_big", "incomplete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One mail on its way in. `trouble` says why it is not shown whole ("" when it is), `state`
    what its row in raw_messages becomes; `message_id` is set when it is read again."""

    raw_id: int | None
    sha256: str
    is_sent: bool
    via: Literal["imap", "import"]
    server_date: datetime | None
    parsed: Parsed
    trouble: str = ""
    state: State = "filed"
    message_id: int | None = None
    attachments: tuple[NewAttachment, ...] = ()


@dataclass(slots=True, kw_only=True)
class Result:
    """How many mails were new, known already, and not to be read; `arrived` are the
    outbox rows in doubt that this settled, because their Message-ID turned up."""

    filed: int = 0
    known: int = 0
    unreadable: int = 0
    arrived: list[int] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.filed += other.filed
        self.known += other.known
        self.unreadable += other.unreadable
        self.arrived += other.arrived


@dataclass(slots=True)
class Batch:
    """What one transaction knows and gathers. `joins` and `hints` are two conversations each, and
    the message that names both."""

    db: Session
    mailbox: Mailbox
    now: datetime
    atlas: Atlas
    agents: dict[str, int]
    known: dict[str, int]
    by_rfc_id: dict[str, int]
    outbox: dict[str, "Ours"]
    blocked: frozenset[str]
    erased: set[str]
    contacts: dict[str, Known] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)
    begun: list[int] = field(default_factory=list)
    joins: list[tuple[int, int, int]] = field(default_factory=list)
    hints: list[tuple[int, int, int]] = field(default_factory=list)
    times: dict[int, list[datetime]] = field(default_factory=dict)
    news: list[NewMessage] = field(default_factory=list)
    bounces: list[NewBounce] = field(default_factory=list)
    diary: list[NewEvent] = field(default_factory=list)
    settled: list[tuple[int, str, int | None, str | None]] = field(default_factory=list)
    result: Result = field(default_factory=Result)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A row of the outbox whose Message-ID turned up in somebody's mail."""

    id: int
    rfc_message_id: str
    state: str
    conversation_id: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    id: int
    conversation_id: int
    raw_sha256: str | None
    identity: str | None
    rfc_message_id: str | None
    direction: str


def prepare(
    db: Session, keys: Keys, mailbox: Mailbox, items: Sequence[Item], now: datetime
) -> Batch:
    """Look up, in a few statements for all mails together, everything that filing them asks."""
    mails = [item.parsed for item in items]
    named = {i for m in mails for i in (m.rfc_message_id, *atlas.references(keys, m)) if i}
    batch = Batch(
        db=db,
        mailbox=mailbox,
        now=now,
        atlas=atlas.survey(db, keys, mailbox, mails),
        agents={email.lower(): agent_id for email, agent_id in db.rows("filing.agents")},
        known={},
        by_rfc_id={},
        outbox={},
        blocked=blocking.blocked_in(db, mailbox.id),
        erased=removal.known_again(db, mailbox.id, [k for i in items for k in keys_of(i)]),
    )
    for row in db.all(
        "filing.known",
        _Known,
        mailbox_id=mailbox.id,
        digests=[item.sha256 for item in items],
        identities=[m.identity for m in mails if m.identity],
        ids=list(named),
    ):
        batch.known.update({k: row.id for k in (row.raw_sha256, row.identity) if k})
        if row.rfc_message_id:
            batch.by_rfc_id[row.rfc_message_id] = row.id
            if row.direction == "out":
                batch.known[f"out {row.rfc_message_id}"] = row.id
    signed = [i for i in named if message_ids.read(keys, i)]
    if signed:
        rows = db.all("filing.ours", Ours, mailbox_id=mailbox.id, ids=signed)
        batch.outbox = {row.rfc_message_id: row for row in rows}
    return batch


def keys_of(item: Item) -> list[str]:
    """What finds the same mail again; our own in the Sent folder by its Message-ID alone."""
    keys = [item.sha256] if item.sha256 != NO_BYTES else []
    if item.parsed.identity:
        keys.append(item.parsed.identity)
    if item.is_sent and item.parsed.rfc_message_id:
        keys.append(f"out {item.parsed.rfc_message_id}")
    return keys


def settle(batch: Batch, item: Item, state: str, message_id: int | None) -> None:
    """Note what became of the mail's raw bytes."""
    if item.raw_id is not None:
        batch.settled.append((item.raw_id, state, message_id, item.trouble or None))


def write(batch: Batch) -> None:
    """Write all that was gathered, a statement for each table."""
    db = batch.db
    begun = [batch.standings[i] for i in batch.begun]
    if begun:
        columns = {f.name for f in fields(Standing)} - {
            "mailbox_id",
            "trashed_at",
            "snoozed_until",
            "snooze_stays",
        }
        db.run("filing.begin", mailbox_id=batch.mailbox.id, **_columns(begun, columns))
    moved = [s for s in batch.standings.values() if s.id not in set(batch.begun)]
    if moved:
        db.change("filing.advance", **moving_columns(moved))
    messages.add_all(db, batch.news)
    bounces.add_all(db, batch.bounces)
    events.record_all(db, batch.diary)
    woken = [e.conversation_id for e in batch.diary if e.kind == "reopened" and e.conversation_id]
    if woken:
        handover.let_go(db, woken, now=batch.now)
    notifications.of_answers(db, _answers(batch), now=batch.now)
    if batch.settled:
        ids, states, found, errors = zip(*batch.settled, strict=True)
        db.change(
            "filing.settle_raw",
            ids=list(ids),
            states=list(states),
            message_ids=list(found),
            errors=list(errors),
        )


def _answers(batch: Batch) -> list[tuple[int, int]]:
    """The customers' fresh mails, as (conversation, message); history tells nobody."""
    since = batch.now - notifications.RECENT
    return [
        (new.conversation_id, new.id)
        for new in batch.news
        if new.direction == "in"
        and new.thread_reason != "new"
        and not (new.is_auto or new.is_bounce)
        and new.sent_at > since
    ]


def moving_columns(rows: Sequence[Standing]) -> dict[str, list[Any]]:
    """What `filing.advance` writes: all that a mail can change of a conversation."""
    fixed = {
        "mailbox_id",
        "contact_id",
        "contact_name",
        "contact_address",
        "subject",
        "snooze_stays",
    }
    return _columns(rows, {f.name for f in fields(Standing)} - fixed)


def _columns(rows: Sequence[Standing], names: set[str]) -> dict[str, list[Any]]:
    return {name: [getattr(row, name) for row in rows] for name in names}
