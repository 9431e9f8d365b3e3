"""Fetch again what is not here whole: mails that came in pieces, and those somebody asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from inbox import beats
from inbox.failpoints import failpoint
from inbox.house import House
from ingest import fetching, reread
from ingest.cursors import Source
from ingest.fetching import Obtained
from ingest.filing import NOT_FETCHED, Stored, head_digest
from ingest.imap import Connection
from ingest.imap_answers import Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: int
    uid: int
    message_id: int
    state: str
    is_known: bool


def fetch(
    house: House, source: Source, connection: Connection, *, since: datetime | None
) -> Iterator[Stored]:
    """Those fetched first after `since` (None: all), whatever their size; one by one, for they may
    be big."""
    with house.store.read() as db:
        rows = db.all(
            "raw_messages.not_whole",
            _Row,
            mailbox_id=source.mailbox.id,
            folder=source.folder,
            uidvalidity=source.uidvalidity,
            since=since,
        )
    for row in rows:
        beats.beat(house.settings.data_seconds)
        obtained = fetching.bodies(connection, [row.uid]) if row.is_known else Obtained()
        found = obtained.mails.get(row.uid)
        if found is not None and found.is_whole:
            yield _replace(house, source, row, found)
        elif row.state == "wanted":
            with house.store.write() as db:
                db.change("raw_messages.give_up", id=row.id, error=NOT_FETCHED)
                reread.tell_failure(db, row.message_id, now=source.now)


def _replace(house: House, source: Source, row: _Row, mail: Fetched) -> Stored:
    beats.go_on()
    (place,) = house.raw.append([(mail.raw, source.meta(row.uid, mail))])
    failpoint("whole mail kept")
    with house.store.write() as db:
        db.change(
            "raw_messages.replace",
            id=row.id,
            sha256=place.sha256,
            head_sha256=head_digest(mail.raw, mail.size_bytes),
            segment=place.segment,
            position=place.position,
            size_bytes=place.size_bytes,
            server_date=mail.server_date,
        )
        failpoint("row put back")
    failpoint("whole mail recorded")
    return Stored(
        raw_id=row.id,
        raw=mail.raw,
        sha256=place.sha256,
        is_sent=source.kind == "sent",
        is_import=False,
        server_date=mail.server_date,
        message_id=row.message_id,
    )
