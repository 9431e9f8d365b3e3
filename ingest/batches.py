"""The first transaction: a batch's bytes durable, its rows and the folder's cursor recorded."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from inbox import beats
from inbox.blobs import Place
from inbox.errors import MailboxUnreachable
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.store import Session
from ingest import cursors, fetching
from ingest.cursors import Source
from ingest.filing import Stored, head_digest, in_pieces
from ingest.imap import Connection
from ingest.imap_answers import Fetched

SLOWEST_BYTES_A_SECOND = 10_000
"""A line that is slower than this is taken for one that hangs."""


class Tally(Protocol):
    read: int
    known: int
    too_big: int
    refused: int


def fetch(
    house: House, source: Source, connection: Connection, uids: Sequence[int], tally: Tally
) -> Iterator[list[Stored]]:
    """Fetch and keep the mails, a batch at a time (at most 200 mails or 8 MB).

    The cursor stays below a mail that the server refused: a later pass asks for it again.
    """
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
    limit = max(uids, default=0)
    for start in range(0, len(uids), settings.batch_messages):
        some = uids[start : start + settings.batch_messages]
        sizes = {uid: size for uid, (size, _) in connection.sizes_and_flags(some).items()}
        if is_rescan:
            for uid in _keep_known(house, source, connection, list(sizes), tally):
                del sizes[uid]
        for batch in _by_bytes(sizes, settings.message_cap_bytes, settings.batch_bytes):
            beats.beat(sum(sizes[uid] for uid in batch) / SLOWEST_BYTES_A_SECOND)
            is_big = sizes[batch[0]] > settings.message_cap_bytes
            tally.too_big += is_big
            found = (fetching.heads if is_big else fetching.bodies)(connection, batch)
            if found.refused:
                tally.refused += len(found.refused)
                limit = min(limit, *(uid - 1 for uid in found.refused))
            yield keep(house, source, found.mails, tally, limit)
        cursors.advance(house, source, min(limit, max(some)))
        failpoint("batches fetched")


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


def keep(
    house: House,
    source: Source,
    fetched: dict[int, Fetched],
    tally: Tally,
    limit: int | None = None,
) -> list[Stored]:
    """Bytes first, then their rows and the cursor (at most to `limit`) in one transaction."""
    beats.go_on()
    mails = sorted(fetched.items())
    places = house.raw.append([(mail.raw, source.meta(uid, mail)) for uid, mail in mails])
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
            failpoint("raw rows added")
            last = mails[-1][0]
            cursors.move(db, source, last if limit is None else min(last, limit))
            failpoint("cursor moved")
        failpoint("batch recorded")
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
    return in_pieces(mail.size_bytes, house.settings.message_cap_bytes)


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
    """After a change of UIDVALIDITY: recognise mails by header block and size, without bodies.
    Where one header block spoils the answer all are fetched, and known by their bytes."""
    try:
        fetched = connection.fetch_headers(uids)
    except MailboxUnreachable as error:
        if error.kind not in fetching.OF_ONE_MAIL:
            raise
        return []
    heads = {uid: head_digest(mail.raw, mail.size_bytes) for uid, mail in fetched.items()}
    with house.store.write() as db:
        known = {
            head: (Place(sha256=sha256, segment=segment, position=at, size_bytes=size), *rest)
            for head, sha256, segment, at, size, *rest in db.rows(
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
                "state": known[heads[uid]][2],
                "message_id": known[heads[uid]][1],
                "error": known[heads[uid]][3],
            }
            for uid in found
        ]
        if rows:
            add_rows(db, source, rows)
            failpoint("known mails added")
    failpoint("known mails recorded")
    tally.known += len(found)
    return found
