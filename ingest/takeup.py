"""After a rescue: each mail in data/raw that the database does not know gets its row, as if it
had just been fetched; from there it goes the way of every mail (see ingest.filing, ingest.regain).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses, parseaddr
from typing import Any

from inbox import at_rest, mailboxes
from inbox.blobs import Place
from inbox.errors import NotFound
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.store import Session
from ingest import batches
from ingest.cursors import Source
from ingest.filing import IMPORTED, head_digest, in_pieces

RECORDS = 2_000
CLOCKS_APART = timedelta(hours=24)
OWN = "outbox"
_REPLACED = {"stored", "incomplete", "too_big", "wanted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """`meta` stands beside the mail on the disk, and nothing vouches for it but that it is JSON:
    whatever it says must stop no rescue."""

    place: Place
    meta: dict[str, Any]

    @property
    def is_own(self) -> bool:
        return bool(self.meta.get("kind") == OWN)

    @property
    def is_whole(self) -> bool:
        return bool(self.meta.get("is_whole", True))

    @property
    def key(self) -> tuple[str, int, int] | None:
        """Where the server has it; None for mail that was not fetched."""
        try:
            numbers = int(self.meta["uidvalidity"]), int(self.meta["uid"])
        except (KeyError, TypeError, ValueError):
            return None
        return (str(self.meta.get("folder")), *numbers) if max(numbers) < 2**32 else None

    @property
    def moment(self) -> datetime | None:
        """When it came to the server, or, of our own, when it was frozen."""
        told = self.meta.get("fetched_at" if self.is_own else "server_date")
        try:
            return datetime.fromisoformat(told) if told else None
        except (TypeError, ValueError):
            return None

    def size(self, here: int) -> int:
        """The server's word for the whole mail, in bytes; that of what is here where it said
        none."""
        told = self.meta.get("size_bytes")
        return told if isinstance(told, int) and told > 0 else here


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    id: int
    folder: str
    uidvalidity: int
    uid: int
    sha256: str
    state: str


def take_up(house: House, now: datetime) -> int:
    """Give every mail in data/raw that the database does not know its row; answer how many.

    Erased mail stays erased, and so does a reply of ours whose row was never committed while the
    diary went on. A mailbox that is not known is begun, at rest. Running it again adds nothing.
    """
    taken = 0
    some: list[_Record] = []
    with house.store.read() as db:
        known_until = db.value("rescue.known_until", now=now)
    for place, meta in house.raw.records():
        record = _Record(place=place, meta=meta if isinstance(meta, dict) else {})
        if not _never_was(record, known_until):
            some.append(record)
        if len(some) >= RECORDS:
            taken += _take(house, some, now)
            some = []
    return taken + _take(house, some, now)


def _never_was(record: _Record, known_until: datetime | None) -> bool:
    """A reply is frozen before its row is written: where that failed, the bytes are all there is.
    One that is much older than the newest event here, and not known here, was never sent."""
    if not record.is_own or record.moment is None or known_until is None:
        return False
    return record.moment < known_until - CLOCKS_APART


def _take(house: House, some: Sequence[_Record], now: datetime) -> int:
    grouped: dict[str, list[_Record]] = {}
    for record in some:
        grouped.setdefault(_address(house, record), []).append(record)
    return sum(
        _take_of(house, _begun(house, address, now), records, now)
        for address, records in grouped.items()
        if address
    )


def _address(house: House, record: _Record) -> str:
    """Whose mail it is. Of our own, older records name the mailbox by its number alone, which
    means nothing in another database; their From does. "" where nothing tells: such a mail is
    shown to nobody rather than to the wrong team."""
    if named := record.meta.get("mailbox"):
        return str(named).strip().lower()
    try:
        head = house.raw.read(record.place)[:65_536]
    except NotFound:
        return ""
    fields = BytesHeaderParser(policy=compat32).parsebytes(head)
    if record.is_own:
        return parseaddr(str(fields["From"]))[1].lower()
    named_there = [
        str(f) for name in ("Delivered-To", "To", "Cc") for f in fields.get_all(name, [])
    ]
    with house.store.read() as db:
        found = [mailboxes.by_address(db, address) for _, address in getaddresses(named_there)]
    return next((mailbox.address for mailbox in found if mailbox), "")


def _begun(house: House, address: str, now: datetime) -> Mailbox:
    with house.store.read() as db:
        found = mailboxes.by_address(db, address)
    if found is not None:
        return found
    with house.store.write() as db:
        begun = mailboxes.by_id(db, at_rest.begin(db, address, now=now))
    assert begun is not None
    return begun


def _take_of(house: House, mailbox: Mailbox, records: list[_Record], now: datetime) -> int:
    with house.store.read() as db:
        digests = [r.place.sha256 for r in records]
        known = db.all(
            "rescue.known",
            _Known,
            mailbox_id=mailbox.id,
            digests=digests,
            uids=[r.key[2] for r in records if r.key],
        )
        sent = set(db.column("rescue.sent_by_us", digests=digests))
    here = {row.sha256 for row in known} | sent
    by_key = {(row.folder, row.uidvalidity, row.uid): row for row in known}
    fresh: dict[object, _Record] = {}
    again: dict[int, _Record] = {}
    for record in records:
        row = by_key.get(record.key) if record.key else None
        if row is not None:
            # A mail that was fetched in pieces first, and whole later, is the same mail.
            if record.is_whole and row.state in _REPLACED:
                again[row.id] = record
        elif record.key:
            _note(fresh, record.key, record)
        elif record.place.sha256 not in here:
            fresh[record.place.sha256] = record
    replaced = {i: r for i, r in again.items() if r.place.sha256 not in here}
    return _add(house, mailbox, list(fresh.values()), now) + _replace(house, replaced)


def _note(fresh: dict[object, _Record], key: object, record: _Record) -> None:
    """Two mails under one key: the same one, fetched in pieces first; or one whose meta is
    damaged, which is kept for its bytes."""
    earlier = fresh.get(key)
    if earlier is None or not earlier.is_whole:
        fresh[key] = record
    elif record.is_whole and record.place.sha256 != earlier.place.sha256:
        meta = {name: value for name, value in record.meta.items() if name != "uid"}
        fresh[record.place.sha256] = replace(record, meta=meta)


def _add(house: House, mailbox: Mailbox, records: list[_Record], now: datetime) -> int:
    grouped: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for record in records:
        row = _row(house, record)
        if row is not None:
            folder = OWN if record.is_own else str(record.meta.get("folder", "inbox"))
            uidvalidity = record.key[1] if record.key else IMPORTED
            grouped.setdefault((folder, uidvalidity), []).append(row)
    with house.store.write() as db:
        for (folder, uidvalidity), rows in grouped.items():
            source = Source(
                mailbox=mailbox, folder=folder, kind=folder, uidvalidity=uidvalidity, now=now
            )
            batches.add_rows(db, source, rows)
            _know_folder(db, mailbox, folder, uidvalidity, records)
    return sum(len(rows) for rows in grouped.values())


def _know_folder(
    db: Session, mailbox: Mailbox, folder: str, uidvalidity: int, records: list[_Record]
) -> None:
    """Which folder holds our sent mail is not told by its name; a folder met for the first time
    begins at its beginning, and what is here is not fetched again."""
    of_server = [r for r in records if r.key and r.key[0] == folder]
    if not of_server or db.rows("folders.by_name", mailbox_id=mailbox.id, folder=folder):
        return
    via = of_server[0].meta.get("via")
    db.run(
        "folders.add",
        mailbox_id=mailbox.id,
        folder=folder,
        kind="sent" if via == "sent" else "inbox" if folder == "INBOX" else "extra",
        uidvalidity=uidvalidity,
        server_count=0,
    )


def _row(house: House, record: _Record) -> dict[str, Any] | None:
    """None for a mail that was erased."""
    try:
        raw = house.raw.read(record.place)
    except NotFound:
        return None
    size = record.size(len(raw))
    return {
        "uid": record.key[2] if record.key else None,
        "place": record.place,
        "head": head_digest(raw, size),
        "server_date": record.moment,
        "state": "own" if record.is_own else "stored",
        "message_id": None,
        "error": None if record.is_whole else in_pieces(size, house.settings.message_cap_bytes),
    }


def _replace(house: House, records: dict[int, _Record]) -> int:
    replaced = 0
    for raw_id, record in records.items():
        row = _row(house, record)
        if row is None:
            continue
        place = record.place
        with house.store.write() as db:
            replaced += db.change(
                "raw_messages.replace",
                id=raw_id,
                sha256=place.sha256,
                head_sha256=row["head"],
                segment=place.segment,
                position=place.position,
                size_bytes=place.size_bytes,
                server_date=row["server_date"],
            )
    return replaced
