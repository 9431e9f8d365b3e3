"""Back-ups: database, raw mail and attachments in one folder, made while the app runs.

The keys are not among them: a back-up alone reads no mail password and forges no diary. Their
fingerprints are, so that `restore` can tell the right keys from others.
"""

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from inbox import copies, durable, events, keys, segments
from inbox import head as heads
from inbox.agents import Agent, the_house
from inbox.blobs import DIGEST
from inbox.errors import Invalid
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.keys import Keys

Progress = Callable[[str], None]

DATABASE = "inbox.duckdb"
HEAD = "diary.head"
MANIFEST = "manifest.json"
STAMP = "%Y-%m-%dT%H-%M-%S"
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d")
BLOCK = 1 << 20
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One finished back-up. `files` and `size_bytes` count all it holds, linked files too."""

    folder: Path
    made_at: datetime
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One file of a back-up, by its path below the folder.

    `frame`, of raw segments alone, stays the same when a mail in them is erased.
    """

    path: str
    size_bytes: int
    sha256: str
    frame: str = ""


def make(
    house: House, agent: Agent, *, now: datetime, progress: Progress = lambda _: None
) -> Backup:
    """Back everything up into settings.backups and let the oldest beyond settings.backups_kept go.

    Raises NotAllowed, Invalid when one was made in the same second, OSError when the disk is full;
    an unfinished one is never mistaken for a back-up.
    """
    agent.must_run_the_house("backup")
    with _one_at_a_time:
        folder = house.settings.backups / now.strftime(STAMP)
        if folder.exists():
            raise Invalid("backup", f"The back-up {folder.name} was just made.")
        _clear_away(house.settings.backups)
        part = folder.with_suffix(".part")
        part.mkdir(mode=0o700)
        try:
            _fill(house, part, now, progress)
            failpoint("back-up filled")
            part.replace(folder)
            failpoint("back-up in its place")
            durable.sync(folder.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        made = read(folder)
        for old in every(house.settings.backups)[house.settings.backups_kept :]:
            shutil.rmtree(old.folder)
    failpoint("back-up made")
    with house.store.write() as db:
        events.record(db, agent, "backed_up", None, now=now, after={"name": folder.name})
    return made


def nightly(house: House, *, now: datetime) -> Backup | None:
    """The night's back-up for the worker's schedule; None when this day (UTC) has one."""
    last = last_made(house.settings.backups)
    if last is not None and last.date() == now.date():
        return None
    return make(house, the_house(), now=now)


def last_made(folder: Path) -> datetime | None:
    """When the newest finished back-up was made, by its name alone."""
    found = [f.name for f in folder.glob("*") if NAME.fullmatch(f.name)]
    return datetime.strptime(max(found), STAMP) if found else None  # noqa: DTZ007


def every(folder: Path) -> list[Backup]:
    """The finished back-ups in this folder, newest first."""
    names = sorted((f for f in folder.glob("*") if NAME.fullmatch(f.name)), reverse=True)
    return [read(f) for f in names if (f / MANIFEST).is_file()]


def read(folder: Path) -> Backup:
    """What the manifest says. Raises Invalid for a folder that is no back-up."""
    told = manifest(folder)
    held = held_files(told)
    return Backup(
        folder=folder,
        made_at=datetime.fromisoformat(str(told["made_at"])),
        files=len(held),
        size_bytes=sum(file.size_bytes for file in held),
    )


def manifest(folder: Path) -> dict[str, object]:
    try:
        told = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise Invalid(
            "backup", f"{folder} is no back-up: its {MANIFEST} cannot be read."
        ) from error
    if not isinstance(told, dict) or not {"made_at", "files", "keys"} <= told.keys():
        raise Invalid("backup", f"{folder} is no back-up: its {MANIFEST} says too little.")
    return told


def held_files(told: dict[str, object]) -> list[Held]:
    files = told["files"]
    assert isinstance(files, list)
    return [Held(**file) for file in files]


def fingerprints(of: Keys) -> dict[str, str]:
    """Enough to recognise a key by, nothing to make it from."""
    return {
        name: hashlib.sha256(b"fingerprint " + getattr(of, name)).hexdigest()[:32]
        for name in keys.NAMES
    }


def keys_to(house: House, agent: Agent, folder: Path) -> list[Path]:
    """Write the keys into another folder, which the team keeps apart from the back-ups.

    Raises NotAllowed, and Invalid when keys are there already or the folder is a back-up's.
    """
    agent.must_run_the_house("backup")
    folder = folder.expanduser().resolve()
    if folder.is_relative_to(house.settings.backups):
        raise Invalid("folder", "Keep the keys apart from the back-ups: choose another folder.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = [folder / f"{name}.key" for name in keys.NAMES]
    for file in written:
        key = (house.settings.keys / file.name).read_bytes()
        if file.exists() and file.read_bytes() != key:
            raise Invalid("folder", f"{file} is another key. Choose an empty folder.")
        file.touch(mode=0o600)
        file.write_bytes(key)
    return written


def digest(file: Path) -> str:
    """SHA-256 of a file of any size."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _clear_away(backups: Path) -> None:
    """What a run that was killed left behind; no other runs now."""
    for part in backups.glob("*.part"):
        if NAME.fullmatch(part.stem):
            shutil.rmtree(part, ignore_errors=True)


def _fill(house: House, part: Path, now: datetime, progress: Progress) -> None:
    """The database first: what it knows is durable in raw/ and files/ already."""
    progress("Copying the database")
    failpoint("database to be copied")
    copied = copies.whole(house.store, part / DATABASE)
    failpoint("database copied")
    heads.keep(part / HEAD, copied.head, house.keys.diary)
    (part / "raw").mkdir(mode=0o700)
    (part / "files").mkdir(mode=0o700)
    _take_segments(house.settings.raw, part / "raw", copied.filled)
    failpoint("raw mail backed up")
    for n, source in enumerate(sorted(house.settings.files.glob("??/*")), start=1):
        if DIGEST.fullmatch(source.name):
            _link(source, part / source.relative_to(house.settings.data))
        if n % 1000 == 0:
            progress(f"Took {n} attachments")
    progress("Writing the manifest")
    files = sorted(f for f in part.rglob("*") if f.is_file())
    told = {
        "made_at": now.isoformat(),
        "keys": fingerprints(house.keys),
        "files": [asdict(_held(part, file)) for file in files],
    }
    failpoint("attachments backed up")
    _make_durable(part)
    failpoint("back-up durable")
    durable.write(part / MANIFEST, json.dumps(told, indent=1).encode())


def _take_segments(raw: Path, into: Path, filled: dict[int, int]) -> None:
    """Link those that are sealed; copy the growing one as far as the database knows it."""
    segments = sorted(raw.glob("*.seg"))
    for sealed in segments[:-1]:
        _link(sealed, into / sealed.name)
    for growing in segments[-1:]:
        with growing.open("rb") as source, (into / growing.name).open("xb") as copy:
            left = filled.get(int(growing.stem), 0)
            while left and (block := source.read(min(left, BLOCK))):
                copy.write(block)
                left -= len(block)
        (into / growing.name).chmod(0o600)


def _link(source: Path, copy: Path) -> None:
    """A second name for bytes that never change; a copy where the disk cannot link."""
    copy.parent.mkdir(exist_ok=True, mode=0o700)
    try:
        copy.hardlink_to(source)
    except OSError:
        shutil.copy2(source, copy)


def _held(part: Path, file: Path) -> Held:
    return Held(
        path=file.relative_to(part).as_posix(),
        size_bytes=file.stat().st_size,
        sha256=file.name if DIGEST.fullmatch(file.name) else digest(file),
        frame=segments.frame(file) if file.suffix == ".seg" else "",
    )


def _make_durable(part: Path) -> None:
    """All that the manifest vouches for; linked bytes are durable, their new names are not."""
    for path in (part, *part.rglob("*")):
        if path.is_dir() or path.stat().st_nlink == 1:
            durable.sync(path)
