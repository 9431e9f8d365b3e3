"""The moment of a restore or a rescue in which the old house, or its database alone, goes aside and
the new one takes its place.

Each step may be the last of a run that is killed. A note (see inbox.unfinished) stands before the
first and tells the next run what belongs to the old house: that is moved aside once and never
removed; everything else in its place is a copy, which the next run makes anew.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from inbox import backup, damage, durable, keys, unfinished
from inbox.failpoints import failpoint
from inbox.settings import Settings
from inbox.unfinished import Kind, Unfinished

DATABASE = ("inbox.duckdb", "inbox.duckdb.wal", "diary.head", damage.MARK)
"""What a rescue replaces: mail and attachments are whole, and newer than any database."""
HOUSE = (*DATABASE, "raw", "files")


def note_down(
    settings: Settings, folder: Path | None, *, newest: tuple[int, int], now: datetime
) -> Unfinished:
    """Answer the note that stands now: of a restore from `folder`, or of a rescue without one.

    That of a run that was broken off stays as it is, but for the back-up; where a restore follows
    on a broken rescue, what the rescue left in its place goes aside as well. `newest` are the last
    numbers of a conversation and of a message.
    """
    kind: Kind = "restore" if folder else "rescue"
    broken_off = unfinished.read(settings)
    old = [name for name in replaced(kind) if (settings.data / name).exists()]
    old += sorted(f.name for f in settings.data.glob("diary.head.lost-*"))
    if broken_off and broken_off.kind == kind:
        old = []
    note = Unfinished(
        kind=kind,
        backup=str(folder.resolve()) if folder else "",
        set_aside=broken_off.set_aside if broken_off else _unused(settings, now),
        names=tuple(dict.fromkeys((*(broken_off.names if broken_off else ()), *old))),
        conversation_id=broken_off.conversation_id if broken_off else newest[0],
        message_id=broken_off.message_id if broken_off else newest[1],
    )
    unfinished.begin(settings, note)
    failpoint(f"{kind} noted")
    return note


def replaced(kind: Kind) -> tuple[str, ...]:
    """The names in the data folder in whose place something new comes."""
    return HOUSE if kind == "restore" else DATABASE


def exchange(settings: Settings, fresh: Path, note: Unfinished) -> Path | None:
    """Answer the folder in which the old house stands, None when there was none."""
    os.sync()
    aside = settings.data / note.set_aside
    if note.names:
        aside.mkdir(exist_ok=True, mode=0o700)
    for name in note.names:
        if (settings.data / name).exists() and not (aside / name).exists():
            (settings.data / name).replace(aside / name)
            failpoint(f"{note.kind} set {name} aside")
    for name in dict.fromkeys((*replaced(note.kind), *note.names)):
        _remove(settings.data / name)
    for name in replaced(note.kind):
        if (fresh / name).exists():
            (fresh / name).replace(settings.data / name)
            failpoint(f"{note.kind} put {name}")
    return aside if note.names else None


def where(settings: Settings, name: str) -> Path | None:
    """Where a file of the old house lies, None when there was none: in its place, or aside when a
    run that was broken off has come that far."""
    note = unfinished.read(settings)
    if note is None:
        file = settings.data / name
        return file if file.exists() else None
    aside, here = settings.data / note.set_aside / name, settings.data / name
    if name not in note.names:
        return None
    return aside if aside.exists() else here if here.exists() else None


def bring_keys(settings: Settings, keys_from: Path) -> None:
    """A key that is another one is kept beside it."""
    settings.keys.mkdir(exist_ok=True, mode=0o700)
    for name in keys.NAMES:
        key = settings.keys / f"{name}.key"
        brought = (keys_from / key.name).read_bytes()
        if key.exists() and key.read_bytes() == brought:
            continue
        part = settings.keys / f"{name}.key.part"
        part.touch(mode=0o600)
        part.write_bytes(brought)
        durable.sync(part)
        if key.exists():
            key.replace(_free(settings.keys, f"{name}.key.before-restore"))
        part.replace(key)
        failpoint(f"restore brought {name}")


def _unused(settings: Settings, now: datetime) -> str:
    return _free(settings.data, f"set-aside-{now.strftime(backup.STAMP)}").name


def _free(folder: Path, name: str) -> Path:
    names = (name, *(f"{name}-{n}" for n in range(2, 10_000)))
    return next(folder / one for one in names if not (folder / one).exists())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
