"""The states in which a damaged database can still be read, and a sound copy of the newest of them.

Of the file itself there are two: with as much of its log as can be replayed, and as it was when
the log was last folded in. Then there are the back-ups. How new each is tells its diary.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Literal

from inbox import backup, copies, store
from inbox.errors import Invalid, StoreBusy, StoreDamaged
from inbox.head import Head
from inbox.keys import Keys
from inbox.settings import Settings
from inbox.store import Store, StoreError

Source = Literal["log", "file", "backup", "nothing"]
Progress = Callable[[str], None]

DATABASE = backup.DATABASE
LOG = f"{DATABASE}.wal"
NAMED_CUTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A file that opens, `log_bytes` of the log beside it, and the newest event in them."""

    source: Source
    head: Head
    database: Path | None = None
    log: Path | None = None
    log_bytes: int = 0
    backup_at: datetime | None = None


def choose(
    settings: Settings,
    keys: Keys,
    damaged: tuple[Path | None, Path | None],
    fresh: Path,
    progress: Progress,
) -> State:
    """Put a sound copy of the newest readable state into `fresh`, and answer which it is;
    "nothing", and no copy, where there is none.

    `damaged` are the file and its log, which are only read. Every row of what is chosen has been
    read: a block that is damaged shows only then.
    """
    work = fresh / "work"
    spare = _backups(settings, keys)
    found = [*_of_file(*damaged, work), *[s for s in [next(spare, None)] if s]]
    # The sort keeps the order of equals: what is in the log before what was folded in.
    found.sort(key=lambda state: state.head.event_id, reverse=True)
    for state in chain(found, spare):
        progress(f"Reading {_words(state)}")
        if _copied(state, work, fresh, settings.store_memory):
            return state
    return State(source="nothing", head=Head())


def _words(state: State) -> str:
    if state.backup_at is not None:
        return f"the back-up of {state.backup_at:%Y-%m-%d %H:%M} UTC"
    return "the damaged database" + (" with its log" if state.log else " without its log")


def _of_file(database: Path | None, log: Path | None, work: Path) -> Iterator[State]:
    if database is None:
        return
    copy = _anew(work) / DATABASE
    shutil.copyfile(database, copy)
    folded = _head(copy)
    if log is not None and log.stat().st_size:
        length, head = _longest(copy, log)
        if head is not None and length:
            yield State(source="log", head=head, database=database, log=log, log_bytes=length)
    if folded is not None:
        yield State(source="file", head=folded, database=database)


def _longest(copy: Path, log: Path) -> tuple[int, Head | None]:
    """How many bytes of the log can be replayed onto the file, and the newest event then.

    DuckDB drops an entry that is cut, and refuses the file for one that is damaged, mostly with
    the place where it begins. So a cut there is tried first; else the place is searched for.
    """
    length = log.stat().st_size
    for _ in range(NAMED_CUTS):
        head, named = _replayed(copy, log, length)
        if head is not None:
            return length, head
        if named is None or named >= length:
            break
        length = named
    low, high = 0, length
    best: Head | None = None
    while high - low > 1:
        middle = (low + high) // 2
        head, _ = _replayed(copy, log, middle)
        if head is None:
            high = middle
        else:
            low, best = middle, head
    return low, best


def _replayed(copy: Path, log: Path, length: int) -> tuple[Head | None, int | None]:
    """The newest event with so much of the log, or where the first damaged entry begins."""
    beginning = copy.with_name(LOG)
    shutil.copyfile(log, beginning)
    os.truncate(beginning, length)
    try:
        return store.newest(copy), None
    except StoreDamaged as error:
        named = re.search(r"entry at byte position (\d+)", str(error))
        return None, int(named[1]) if named else None
    finally:
        beginning.unlink()


def _head(file: Path) -> Head | None:
    try:
        return store.newest(file)
    except (StoreDamaged, StoreBusy):
        return None


def _backups(settings: Settings, keys: Keys) -> Iterator[State]:
    """Those whose database is as the manifest says and opens with our keys, newest first."""
    names = (f for f in settings.backups.glob("*") if backup.NAME.fullmatch(f.name))
    for folder in sorted(names, reverse=True):
        file = folder / DATABASE
        try:
            told = backup.manifest(folder)
            held = next((h for h in backup.held_files(told) if h.path == DATABASE), None)
            made_at = datetime.fromisoformat(str(told["made_at"]))
            is_whole = held is not None and backup.digest(file) == held.sha256
        except (Invalid, OSError, ValueError, TypeError):
            continue
        if not is_whole or told["keys"] != backup.fingerprints(keys):
            continue
        if (head := _head(file)) is not None:
            yield State(source="backup", head=head, database=file, backup_at=made_at)


def _copied(state: State, work: Path, fresh: Path, memory: str) -> bool:
    """Read the state whole, row by row, into a new file; False when that meets damage."""
    assert state.database is not None
    opened = _anew(work) / DATABASE
    shutil.copyfile(state.database, opened)
    if state.log is not None:
        shutil.copyfile(state.log, work / LOG)
        os.truncate(work / LOG, state.log_bytes)
    copy = fresh / DATABASE
    copy.unlink(missing_ok=True)
    try:
        source = Store(opened, diary_key=b"", folders=(fresh,), memory=memory)
        try:
            return copies.whole(source, copy).head == state.head
        finally:
            with contextlib.suppress(StoreError):
                source.close()
    except (StoreDamaged, StoreError):
        copy.unlink(missing_ok=True)
        copy.with_name(LOG).unlink(missing_ok=True)
        return False
    finally:
        shutil.rmtree(work)


def _anew(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder
