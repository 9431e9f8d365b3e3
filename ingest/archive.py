"""Imported history: mbox files, Maildirs and folders of .eml files.

Nothing is triggered. Imported conversations are filed closed; at the end of a run those in which
the customer spoke last, within the last 30 days, and which nobody here has touched, are opened.
A run that was broken off is simply run again: mail that is here already is passed over.
"""

import email.utils
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inbox import events, handover
from inbox.errors import Invalid
from inbox.events import SYSTEM, NewEvent
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import batches, decode, filing
from ingest.batches import Source
from ingest.filing import IMPORTED, Stored
from ingest.load import Result

RECENT = timedelta(days=30)
_ENVELOPE = re.compile(rb"From \S+.{0,200}\d{4}\s*$")
Progress = Callable[["ImportResult"], None]


@dataclass(slots=True, kw_only=True)
class ImportResult:
    """`read` mails were found in the files; each was filed or known already; `unreadable` ones
    are filed and marked; `opened` conversations wait for an answer."""

    read: int = 0
    filed: int = 0
    known: int = 0
    unreadable: int = 0
    opened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    raw: bytes
    date: datetime | None
    path: Path


def import_paths(
    house: House,
    mailbox: Mailbox,
    paths: Sequence[Path],
    sent_paths: Sequence[Path] = (),
    *,
    now: datetime,
    progress: Progress = lambda result: None,
) -> ImportResult:
    """Take in received mail from `paths` and our own from `sent_paths`.

    `progress` is called after every batch. Raises Invalid, before anything is read, for a path
    that is not there or holds no mail.
    """
    every = [(path, "sent") for path in sent_paths] + [(path, "inbox") for path in paths]
    for path, _ in every:
        _kind_of(path)
    result = ImportResult()
    _count(result, filing.file_pending(house, mailbox, now=now))
    for path, kind in every:
        for batch in _batched(house, _mails(path)):
            result.read += len(batch)
            _take_in(house, mailbox, batch, kind, result, now=now)
            progress(result)
    result.opened = _open_waiting(house, mailbox, now=now)
    progress(result)
    return result


def _take_in(
    house: House,
    mailbox: Mailbox,
    batch: Sequence[_Mail],
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
    places = house.raw.append([(m.raw, {**meta, "path": m.path.name}) for m in fresh])
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


def _count(result: ImportResult, filed: Result) -> None:
    result.filed += filed.filed
    result.known += filed.known
    result.unreadable += filed.unreadable


def _open_waiting(house: House, mailbox: Mailbox, *, now: datetime) -> int:
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
    return len(waiting)


def _batched(house: House, mails: Iterable[_Mail]) -> Iterator[list[_Mail]]:
    batch: list[_Mail] = []
    held = 0
    for mail in mails:
        batch.append(mail)
        held += len(mail.raw)
        if len(batch) >= house.settings.batch_messages or held >= house.settings.batch_bytes:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _kind_of(path: Path) -> str:
    if path.is_dir():
        if (path / "cur").is_dir() or (path / "new").is_dir():
            return "maildir"
        if next(path.rglob("*.eml"), None) is not None:
            return "folder"
        raise Invalid("path", f"{path} is neither a Maildir nor a folder with .eml files.")
    if not path.is_file():
        raise Invalid("path", f"There is no file {path}.")
    if path.suffix.lower() == ".eml":
        return "eml"
    with path.open("rb") as file:
        if not file.read(5) == b"From ":
            raise Invalid("path", f"{path} is no mbox file: it does not begin with “From ”.")
    return "mbox"


def _mails(path: Path) -> Iterator[_Mail]:
    kind = _kind_of(path)
    if kind == "mbox":
        yield from _from_mbox(path)
    elif kind == "maildir":
        files = (f for part in ("cur", "new") for f in sorted((path / part).glob("*")))
        yield from (_from_file(f) for f in files if f.is_file())
    elif kind == "folder":
        yield from (_from_file(f) for f in sorted(path.rglob("*.eml")))
    else:
        yield _from_file(path)


def _from_file(path: Path) -> _Mail:
    """A file's own time is no evidence of when its mail arrived, so it is left out."""
    raw = path.read_bytes()
    return _Mail(raw=raw, date=_received(raw), path=path)


def _from_mbox(path: Path) -> Iterator[_Mail]:
    """One mail in memory at a time. “From ” begins a mail only after an empty line and with a
    year at its end; “>From ” is unquoted (mboxrd)."""
    lines: list[bytes] = []
    date: datetime | None = None
    was_empty = True
    with path.open("rb") as file:
        for line in file:
            if was_empty and _ENVELOPE.match(line):
                if lines:
                    yield _Mail(raw=_joined(lines), date=date, path=path)
                lines, date = [], _envelope_date(line)
            else:
                lines.append(line[1:] if re.match(rb">+From ", line) else line)
            was_empty = line in (b"\n", b"\r\n")
    if lines:
        yield _Mail(raw=_joined(lines), date=date, path=path)


def _joined(lines: list[bytes]) -> bytes:
    """Without the empty line that ends a mail in an mbox file."""
    if lines[-1] in (b"\n", b"\r\n"):
        lines.pop()
    return b"".join(lines)


def _envelope_date(line: bytes) -> datetime | None:
    parts = line.decode("ascii", "replace").split(None, 2)
    found = email.utils.parsedate_tz(parts[2]) if len(parts) == 3 else None
    if found is None:
        return None
    try:
        stamp = email.utils.mktime_tz(found)
        return datetime.fromtimestamp(stamp, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _received(raw: bytes) -> datetime | None:
    """When the last server took the mail, by its newest Received field."""
    found = re.search(rb"^Received:(?:[^\n]|\n[ \t])*;([^\n]{5,100})", raw[:20_000], re.M | re.I)
    return decode.date(found[1].strip()) if found else None
