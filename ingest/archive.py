"""Imported history: mbox files, Maildirs and folders of .eml files.

Nothing is triggered. Imported conversations are filed closed; at the end of a run those in which
the customer spoke last, within the last 30 days, and which nobody here has touched, are opened.
A run that was broken off is simply run again: mail that is here already is passed over.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from inbox import events, handover
from inbox.events import SYSTEM, NewEvent
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import batches, filing, mail_files
from ingest.cursors import Source
from ingest.filing import IMPORTED, Stored
from ingest.intake import Result
from ingest.mail_files import Mail, Skip

RECENT = timedelta(days=30)
Progress = Callable[["ImportResult"], None]


@dataclass(slots=True, kw_only=True)
class ImportResult:
    """`read` mails were found in the files; each was filed or known already; `unreadable` ones
    are filed and marked; `skipped` files could not be read; `opened` conversations wait for an
    answer."""

    read: int = 0
    filed: int = 0
    known: int = 0
    unreadable: int = 0
    skipped: int = 0
    opened: int = 0


def import_paths(
    house: House,
    mailbox: Mailbox,
    paths: Sequence[Path],
    sent_paths: Sequence[Path] = (),
    *,
    now: datetime,
    progress: Progress = lambda result: None,
    on_skip: Skip = lambda path, error: None,
) -> ImportResult:
    """Take in received mail from `paths` and our own from `sent_paths`.

    `progress` is called after every batch, `on_skip` for every file that cannot be read. Raises
    Invalid, before anything is read, for a path that is not there or holds no mail.
    """
    every = [(path, "sent") for path in sent_paths] + [(path, "inbox") for path in paths]
    mail_files.must_hold_mail([path for path, _ in every])
    result = ImportResult()

    def skip(path: Path, error: OSError) -> None:
        result.skipped += 1
        on_skip(path, error)

    _count(result, filing.file_pending(house, mailbox, now=now))
    for path, kind in every:
        for batch in _batched(house, mail_files.mails(path, skip)):
            result.read += len(batch)
            _take_in(house, mailbox, batch, kind, result, now=now)
            progress(result)
    result.opened = open_waiting(house, mailbox, now=now)
    progress(result)
    return result


def _take_in(
    house: House,
    mailbox: Mailbox,
    batch: Sequence[Mail],
    kind: str,
    result: ImportResult,
    *,
    now: datetime,
) -> None:
    source = Source(mailbox=mailbox, folder=kind, kind=kind, uidvalidity=IMPORTED, now=now)
    with house.store.read() as db:
        digests = {filing.digest(mail.raw) for mail in batch}
        here = set(db.column("raw_messages.digests", mailbox_id=mailbox.id, digests=list(digests)))
    fresh = [mail for mail in batch if filing.digest(mail.raw) not in here]
    result.known += len(batch) - len(fresh)
    if not fresh:
        return
    meta = {"mailbox": mailbox.address, "folder": kind, "via": "import"}
    places = house.raw.append([(m.raw, {**meta, **_about(m)}) for m in fresh])
    failpoint("imported bytes kept")
    rows = [
        {
            "uid": None,
            "place": place,
            "head": filing.head_digest(mail.raw, len(mail.raw)),
            "server_date": mail.date,
            "state": "stored",
            "message_id": None,
            "error": None,
        }
        for mail, place in zip(fresh, places, strict=True)
    ]
    with house.store.write() as db:
        ids = batches.add_rows(db, source, rows)
        failpoint("imported rows added")
    failpoint("import recorded")
    stored = [
        Stored(
            raw_id=raw_id,
            raw=mail.raw,
            sha256=place.sha256,
            is_sent=kind == "sent",
            is_import=True,
            server_date=mail.date,
        )
        for raw_id, mail, place in zip(ids, fresh, places, strict=True)
    ]
    _count(result, filing.file_stored(house, mailbox, stored, now=now))


def _about(mail: Mail) -> dict[str, str | None]:
    date = mail.date.isoformat() if mail.date else None
    return {"path": mail.path.name, "server_date": date}


def _count(result: ImportResult, filed: Result) -> None:
    result.filed += filed.filed
    result.known += filed.known
    result.unreadable += filed.unreadable


def open_waiting(house: House, mailbox: Mailbox, *, now: datetime) -> int:
    """Open imported conversations in which the customer spoke last, within the last 30 days, and
    which nobody here has touched; answer how many."""
    with house.store.write() as db:
        waiting = db.rows("filing.lately_waiting", mailbox_id=mailbox.id, since=now - RECENT)
        if waiting:
            ids, since = zip(*waiting, strict=True)
            db.change("filing.open_imported", ids=list(ids), waiting=list(since))
            events.record_all(
                db,
                [
                    NewEvent(
                        kind="reopened",
                        actor=SYSTEM,
                        occurred_at=now,
                        recorded_at=now,
                        mailbox_id=mailbox.id,
                        conversation_id=conversation_id,
                        after={"via": "import"},
                    )
                    for conversation_id in ids
                ],
            )
            handover.let_go(db, ids, now=now)
            failpoint("imported conversations opened")
    failpoint("import ended")
    return len(waiting)


def _batched(house: House, mails: Iterable[Mail]) -> Iterator[list[Mail]]:
    batch: list[Mail] = []
    held = 0
    for mail in mails:
        batch.append(mail)
        held += len(mail.raw)
        if len(batch) >= house.settings.batch_messages or held >= house.settings.batch_bytes:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
