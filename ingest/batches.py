"""The first transaction: a batch's bytes durable, its rows and the folder's cursor recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from inbox.blobs import Place
from inbox.errors import MailboxUnreachable
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.store import Session
from ingest.filing import Stored, head_digest
from ingest.imap import Connection
from ingest.imap_answers import Fetched

TOO_BIG = (
    "This mail is {mb:.0f} MB, more than Delad fetches by itself. Only its head was read; "
    "the whole mail is on the mail server."
)
NOT_FETCHED = "The mail server would not hand over this mail whole. It is still on the server."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One folder in one generation (UIDVALIDITY), read in one pass."""

    mailbox: Mailbox
    folder: str
    kind: str
    uidvalidity: int
    now: datetime


class Tally(Protocol):
    read: int
    known: int
    too_big: int


def open_folder(house: House, source: Source, server_count: int) -> int:
    """The folder's cursor: the last UID taken in; 0 for a new folder and a new generation."""
    mailbox_id, folder = source.mailbox.id, source.folder
    with house.store.write() as db:
        row = next(iter(db.rows("folders.by_name", mailbox_id=mailbox_id, folder=folder)), None)
        if row is not None and row[0] == source.uidvalidity:
            return int(row[1])
        if row is None:
            db.run(
                "folders.add",
                mailbox_id=mailbox_id,
                folder=folder,
                kind=source.kind,
                uidvalidity=source.uidvalidity,
                server_count=server_count,
            )
        else:
            db.change(
                "folders.begin_generation",
                mailbox_id=mailbox_id,
                folder=folder,
                uidvalidity=source.uidvalidity,
            )
    return 0


def close_folder(house: House, source: Source, server_count: int) -> tuple[int, int, int]:
    """Note that the folder was read to its end; (on server, stored, unreadable)."""
    mailbox_id, folder = source.mailbox.id, source.folder
    with house.store.write() as db:
        db.change(
            "folders.scanned",
            mailbox_id=mailbox_id,
            folder=folder,
            kind=source.kind,
            server_count=server_count,
            now=source.now,
        )
        stored, unreadable = db.rows(
            "folders.stored",
            mailbox_id=mailbox_id,
            folder=folder,
            uidvalidity=source.uidvalidity,
        )[0]
    return server_count, stored, unreadable


def not_stored(house: House, source: Source, uids: Sequence[int]) -> list[int]:
    """Those of the UIDs whose mail is not here in this generation."""
    if not uids:
        return []
    with house.store.read() as db:
        here = set(
            db.column(
                "raw_messages.uids",
                mailbox_id=source.mailbox.id,
                folder=source.folder,
                uidvalidity=source.uidvalidity,
                uids=list(uids),
            )
        )
    return [uid for uid in uids if uid not in here]


def fetch(
    house: House, source: Source, connection: Connection, uids: Sequence[int], tally: Tally
) -> Iterator[list[Stored]]:
    """Fetch and keep the mails, a batch at a time (at most 200 mails or 8 MB)."""
    settings = house.settings
    with house.store.read() as db:
        is_rescan = bool(
            db.value(
                "raw_messages.earlier_generations",
                mailbox_id=source.mailbox.id,
                folder=source.folder,
                uidvalidity=source.uidvalidity,
            )
        )
    for start in range(0, len(uids), settings.batch_messages):
        some = uids[start : start + settings.batch_messages]
        sizes = {uid: size for uid, (size, _) in connection.sizes_and_flags(some).items()}
        if is_rescan:
            for uid in _keep_known(house, source, connection, list(sizes), tally):
                del sizes[uid]
        for batch in _by_bytes(sizes, settings.message_cap_bytes, settings.batch_bytes):
            is_big = sizes[batch[0]] > settings.message_cap_bytes
            tally.too_big += is_big
            found = connection.fetch_headers(batch) if is_big else _fetch(connection, batch)
            yield keep(house, source, found, tally)
        _advance(house, source, max(some))


def _by_bytes(sizes: dict[int, int], cap: int, most: int) -> list[list[int]]:
    """Batches in the order of their UIDs, as the cursor needs it; a mail over the cap alone."""
    batches: list[list[int]] = []
    held = most + 1
    for uid, size in sorted(sizes.items()):
        if held + size > most or size > cap:
            batches.append([])
            held = 0
        batches[-1].append(uid)
        held += size if size <= cap else most + 1
    return batches


def _fetch(connection: Connection, uids: list[int]) -> dict[int, Fetched]:
    """The mails; where the answer is no proper IMAP, halves, down to the mail that spoils it."""
    try:
        return connection.fetch(uids)
    except MailboxUnreachable as error:
        if error.kind != "protocol":
            raise
    if len(uids) > 1:
        middle = len(uids) // 2
        return {**_fetch(connection, uids[:middle]), **_fetch(connection, uids[middle:])}
    try:
        return connection.fetch_headers(uids)
    except MailboxUnreachable as error:
        if error.kind != "protocol":
            raise
    nothing = Fetched(raw=b"", flags=(), server_date=None, size_bytes=0, is_whole=False)
    return {uids[0]: nothing}


def keep(house: House, source: Source, fetched: dict[int, Fetched], tally: Tally) -> list[Stored]:
    """Bytes first, then their rows and the cursor in one transaction."""
    mails = sorted(fetched.items())
    places = house.raw.append([(mail.raw, _meta(source, uid, mail)) for uid, mail in mails])
    rows = [
        {
            "uid": uid,
            "place": place,
            "head": head_digest(mail.raw, mail.size_bytes),
            "server_date": mail.server_date,
            "state": "stored",
            "message_id": None,
            "error": _trouble(house, mail),
        }
        for (uid, mail), place in zip(mails, places, strict=True)
    ]
    ids: list[int] = []
    if rows:
        with house.store.write() as db:
            ids = add_rows(db, source, rows)
            _move_cursor(db, source, mails[-1][0])
    tally.read += len(rows)
    return [
        Stored(
            raw_id=raw_id,
            raw=mail.raw,
            sha256=place.sha256,
            is_sent=source.kind == "sent",
            is_import=False,
            server_date=mail.server_date,
            trouble=_trouble(house, mail) or "",
        )
        for raw_id, (_, mail), place in zip(ids, mails, places, strict=True)
    ]


def _trouble(house: House, mail: Fetched) -> str | None:
    if mail.is_whole:
        return None
    if mail.size_bytes > house.settings.message_cap_bytes:
        return TOO_BIG.format(mb=mail.size_bytes / 1_000_000)
    return NOT_FETCHED


def _meta(source: Source, uid: int, mail: Fetched) -> dict[str, Any]:
    return {
        "mailbox": source.mailbox.address,
        "folder": source.folder,
        "uidvalidity": source.uidvalidity,
        "uid": uid,
        "server_date": mail.server_date.isoformat() if mail.server_date else None,
        "flags": mail.flags,
        "via": "sent" if source.kind == "sent" else "imap",
        "is_whole": mail.is_whole,
    }


def add_rows(db: Session, source: Source, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert raw_messages; a row without `uid` takes its own id for one. Answers the ids."""
    ids: list[int] = db.column("raw_messages.reserve", count=len(rows))
    places: list[Place] = [row["place"] for row in rows]
    db.run(
        "raw_messages.add",
        id=ids,
        mailbox_id=source.mailbox.id,
        folder=source.folder,
        uidvalidity=source.uidvalidity,
        uid=[row["uid"] or own for row, own in zip(rows, ids, strict=True)],
        sha256=[place.sha256 for place in places],
        head_sha256=[row["head"] for row in rows],
        segment=[place.segment for place in places],
        position=[place.position for place in places],
        size_bytes=[place.size_bytes for place in places],
        server_date=[row["server_date"] for row in rows],
        now=source.now,
        state=[row["state"] for row in rows],
        message_id=[row["message_id"] for row in rows],
        error=[row["error"] for row in rows],
    )
    return ids


def _keep_known(
    house: House, source: Source, connection: Connection, uids: Sequence[int], tally: Tally
) -> list[int]:
    """After a change of UIDVALIDITY: recognise mails by header block and size, without bodies."""
    heads = {
        uid: head_digest(mail.raw, mail.size_bytes)
        for uid, mail in connection.fetch_headers(uids).items()
    }
    with house.store.write() as db:
        known = {
            head: (Place(sha256=sha256, segment=segment, position=at, size_bytes=size), message_id)
            for head, sha256, segment, at, size, message_id in db.rows(
                "raw_messages.by_head", mailbox_id=source.mailbox.id, heads=list(heads.values())
            )
        }
        found = [uid for uid in sorted(heads) if heads[uid] in known]
        rows = [
            {
                "uid": uid,
                "place": known[heads[uid]][0],
                "head": heads[uid],
                "server_date": None,
                "state": "known",
                "message_id": known[heads[uid]][1],
                "error": None,
            }
            for uid in found
        ]
        if rows:
            add_rows(db, source, rows)
    tally.known += len(found)
    return found


def _advance(house: House, source: Source, last_uid: int) -> None:
    with house.store.write() as db:
        _move_cursor(db, source, last_uid)


def _move_cursor(db: Session, source: Source, last_uid: int) -> None:
    db.change(
        "folders.advance",
        mailbox_id=source.mailbox.id,
        folder=source.folder,
        uidvalidity=source.uidvalidity,
        last_uid=last_uid,
    )
