"""Mails in files: mbox files, Maildirs, folders of .eml files, and single ones."""

import email.utils
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from inbox.errors import Invalid
from ingest import dates

Skip = Callable[[Path, OSError], None]
"""Told of a file that cannot be read, and why."""

_ENVELOPE = re.compile(rb"From \S+.{0,200}\d{4}\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    raw: bytes
    date: datetime | None
    path: Path


def must_hold_mail(paths: Iterable[Path]) -> None:
    """Raises Invalid for a path that is not there, cannot be read or holds no mail."""
    for path in paths:
        try:
            _kind_of(path)
        except OSError as error:
            raise Invalid("path", f"{path} cannot be read: {error.strerror}.") from error


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


def mails(path: Path, skip: Skip) -> Iterator[Mail]:
    """What cannot be read stops nothing: it is skipped, and said."""
    kind = _kind_of(path)
    if kind == "mbox":
        try:
            yield from _from_mbox(path)
        except OSError as error:
            skip(path, error)
        return
    for file in _files(path, kind, skip):
        try:
            mail = _from_file(file)
        except OSError as error:
            skip(file, error)
        else:
            yield mail


def _files(path: Path, kind: str, skip: Skip) -> list[Path]:
    if kind == "eml":
        return [path]

    found: list[Path] = []

    def told(error: OSError) -> None:
        skip(Path(error.filename or path), error)

    if kind == "maildir":
        for part in (one for one in (path / "cur", path / "new") if one.exists()):
            for folder, _, names in islice(os.walk(part, onerror=told), 1):
                found += [Path(folder, name) for name in names]
        return sorted(found)
    for folder, folders, names in os.walk(path, onerror=told):
        found += [Path(folder, name) for name in (*folders, *names) if name.endswith(".eml")]
    return sorted(found)


def _from_file(path: Path) -> Mail:
    """A file's own time is no evidence of when its mail arrived, so it is left out."""
    raw = path.read_bytes()
    return Mail(raw=raw, date=_received(raw), path=path)


def _from_mbox(path: Path) -> Iterator[Mail]:
    """One mail in memory at a time. “From ” begins a mail only after an empty line and with a
    year at its end; “>From ” is unquoted (mboxrd)."""
    lines: list[bytes] = []
    date: datetime | None = None
    was_empty = True
    with path.open("rb") as file:
        for line in file:
            if was_empty and _ENVELOPE.match(line):
                if lines:
                    yield Mail(raw=_joined(lines), date=date, path=path)
                lines, date = [], _envelope_date(line)
            else:
                lines.append(line[1:] if re.match(rb">+From ", line) else line)
            was_empty = line in (b"\n", b"\r\n")
    if lines:
        yield Mail(raw=_joined(lines), date=date, path=path)


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
    return dates.date(found[1].strip()) if found else None
