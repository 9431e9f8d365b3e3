"""Is the house sound? The diary's chain, its head, its payloads, and every query of sql/checks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inbox import events
from inbox import head as heads
from inbox.errors import StoreDamaged
from inbox.events import SealedRow
from inbox.head import Head
from inbox.migrations import scripts
from inbox.store import Session, Store

Progress = Callable[[str], None]

STRIDE = 5_000
SHOWN = 20
SAMPLE = 500
_SEALED = list(SealedRow.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it was written: what was looked at, and what is wrong."""

    subject: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One row of the diary as it stands: seal and payload beside what the seal covers.

    `salt`, `before` and `after` are all None where there is no payload, or none any more.
    """

    row: SealedRow
    seal: str
    salt: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(slots=True)
class _Chain:
    """How far the chain was followed, and which heads it must still meet."""

    key: bytes
    awaited: dict[int, str]
    erasures: dict[int, int] = field(default_factory=dict)
    last: Head = field(default_factory=Head)


def verify(store: Store, *, progress: Progress = lambda _: None) -> list[Finding]:
    """Look at everything; answer what is wrong, nothing when all is well.

    Others may write meanwhile. Memory stays flat however long the diary is.
    """
    kept, findings = _heads(store)
    with store.read() as db:
        erasures = dict(db.rows("verify.erasures"))
        findings += broken_links(
            _links(db, progress), store.diary_key, kept, erasures=erasures, most=SHOWN
        )
        findings += indexes_against_scans(db)
    for check in scripts("checks"):
        progress(f"Checking {check.stem.replace('_', ' ')}")
        findings += _faults(store, check)
    return findings


def broken_links(
    links: Iterable[Link],
    key: bytes,
    kept: Iterable[Head],
    *,
    erasures: dict[int, int] | None = None,
    most: int = 1_000_000,
) -> list[Finding]:
    """What is wrong in a diary read in the order of its event ids.

    `kept` are the heads it must reach. `erasures` tells for each conversation its newest `erased`
    event: payloads older than that may be empty. After `most` findings it looks no further.
    """
    chain = _Chain(key, {head.event_id: head.seal for head in kept}, erasures or {})
    findings: list[Finding] = []
    for link in links:
        findings += [Finding(subject="diary", fault=f) for f in _follow(chain, link)]
        if len(findings) >= most:
            return findings[:most]
    findings += [
        Finding(
            subject="diary",
            fault=f"Rows are missing: event {event_id} was the newest once, now the diary "
            f"ends at {chain.last.event_id}.",
        )
        for event_id in chain.awaited
        if event_id > chain.last.event_id
    ]
    return findings


def indexes_against_scans(db: Session) -> list[Finding]:
    """Conversations whose messages the index finds otherwise than a full scan does (a sample)."""
    return [
        Finding(
            subject="index",
            fault=f"The index finds other messages of conversation {conversation_id} than a scan.",
        )
        for conversation_id, *scanned in db.rows("verify.messages_by_scan", most=SAMPLE)
        if [tuple(scanned)] != db.rows("verify.messages_by_index", conversation_id=conversation_id)
    ]


def _follow(chain: _Chain, link: Link) -> Iterator[str]:
    row = link.row
    expected = chain.last.event_id + 1
    if row.event_id != expected:
        yield f"Event {row.event_id} stands where event {expected} is due."
    if link.seal != events.seal(chain.key, chain.last.seal, row):
        yield f"Event {row.event_id} is not as it was sealed, or the row before it is another."
    if (fault := _payload_fault(chain, link)) is not None:
        yield fault
    if chain.awaited.pop(row.event_id, link.seal) != link.seal:
        yield f"Event {row.event_id} is not the one that the head file knows."
    chain.last = Head(event_id=row.event_id, seal=link.seal)


def _payload_fault(chain: _Chain, link: Link) -> str | None:
    row = link.row
    if link.salt is None and link.before is None and link.after is None:
        erased = chain.erasures.get(row.conversation_id or 0, 0) > row.event_id
        if row.digest and not erased:
            return f"The details of event {row.event_id} are gone, and no erasure says why."
        return None
    if not row.digest:
        return f"Event {row.event_id} has details that were not there when it was sealed."
    if events.digest(link.salt or "", link.before, link.after) != row.digest:
        return f"The details of event {row.event_id} are not as they were sealed."
    return None


def _heads(store: Store) -> tuple[list[Head], list[Finding]]:
    """The heads the diary must reach, read before its rows, so that none of them is too new."""
    kept: list[Head] = []
    findings = []
    for file in heads.every(store.head_file):
        try:
            kept += [head for head in [heads.read(file, store.diary_key)] if head]
        except StoreDamaged as error:
            findings.append(Finding(subject="head", fault=str(error)))
    with store.read() as db:
        if not kept and not findings and db.value("events.head"):
            findings.append(Finding(subject="head", fault=f"{store.head_file.name} is missing."))
    return kept, findings


def _links(db: Session, progress: Progress) -> Iterator[Link]:
    """The diary in strides, so that neither a long sort nor all rows stand in memory."""
    after = -(2**62)
    seen = 0
    while (first := db.value("verify.next_event", after=after)) is not None:
        rows = db.rows("verify.links", after=first - 1, upto=first + STRIDE - 1)
        for row in rows:
            yield _link(row)
        after = first + STRIDE - 1
        seen += len(rows)
        progress(f"Followed {seen} events of the diary")


def _link(columns: tuple[Any, ...]) -> Link:
    row, (seal, salt, before, after) = columns[:11], columns[11:]
    return Link(
        row=SealedRow(**dict(zip(_SEALED, row, strict=True))),
        seal=seal,
        salt=salt,
        before=before,
        after=after,
    )


def _faults(store: Store, check: Path) -> list[Finding]:
    with store.beside() as cursor:
        found: list[tuple[str]] = cursor.execute(check.read_text()).fetchmany(SHOWN)
    return [Finding(subject=check.stem, fault=fault) for (fault,) in found]
