"""A snapshot: the report tables in a DuckDB file that notebooks and BI tools may open.

One is kept in data/snapshots each night: for them, for Boards and for the SQL page, which ask
nothing else. Its name tells when it was made, to the microsecond; a file with that name is whole,
and never changes.
"""

import re
import secrets
import shutil
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from inbox import copies, durable, events, health
from inbox.agents import Agent, the_house
from inbox.errors import Invalid, StoreStuck
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.settings import Settings

STAMP = "report-%Y-%m-%dT%H-%M-%S-%f"
NAME = re.compile(r"report-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{6}\.duckdb")
# A demo lives for a day, and is shown when it is young.
DEMO_HOURS = 0.25
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    file: Path
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A snapshot that the house keeps, with the moment of which it tells."""

    file: Path
    made_at: datetime


def keep(house: House, agent: Agent, *, now: datetime) -> Kept:
    """Make one for the house, and let the oldest beyond settings.snapshots_kept go.

    Raises NotAllowed, and StoreStuck when the disk is nearly full: then it is made no fuller.
    """
    agent.must_run_the_house("sql")
    folder = house.settings.snapshots
    with _one_at_a_time:
        _must_have_room(house.settings)
        folder.mkdir(exist_ok=True, mode=0o700)
        _clear_away(house.settings)
        fresh = _fresh(house.settings)
        made = Kept(file=folder / f"{now.strftime(STAMP)}.duckdb", made_at=now)
        try:
            copies.report(house.store, fresh)
            failpoint("snapshot filled")
            fresh.replace(made.file)
            durable.sync(folder)
        finally:
            fresh.unlink(missing_ok=True)
        failpoint("snapshot in its place")
        _let_go(house.settings, now=now)
    with house.store.write() as db:
        events.record(db, agent, "snapshot_made", None, after={"name": made.file.name}, now=now)
    return made


def nightly(house: House, *, now: datetime) -> Kept | None:
    """The one that is due for the worker's schedule; None while the newest is young enough."""
    hours = DEMO_HOURS if house.settings.demo else house.settings.snapshot_hours
    last = newest(house.settings)
    if hours <= 0 or (last and abs(now - last.made_at) < timedelta(hours=hours)):
        return None
    return keep(house, the_house(), now=now)


def newest(settings: Settings) -> Kept | None:
    return next(iter(every(settings)), None)


def every(settings: Settings) -> list[Kept]:
    """Those that the house keeps, newest first, by their names alone."""
    files = [f for f in settings.snapshots.glob("*.duckdb") if NAME.fullmatch(f.name)]
    return [
        Kept(file=file, made_at=datetime.strptime(file.stem, STAMP))  # noqa: DTZ007
        for file in sorted(files, reverse=True)
    ]


def _must_have_room(settings: Settings) -> None:
    """As much again as the database itself takes, which is more than its report tables do."""
    disk = health.disk(settings)
    size = settings.database.stat().st_size
    if health.is_nearly_full(disk, settings) or disk.free_bytes - size < settings.disk_alarm_bytes:
        raise StoreStuck("The disk is nearly full: no snapshot was made. The last one is kept.")


def _let_go(settings: Settings, *, now: datetime) -> None:
    """The oldest; and those of a clock that was ahead, which would be the newest for ever."""
    found = every(settings)
    ahead = [kept for kept in found if kept.made_at > now]
    past = [kept for kept in found if kept.made_at <= now]
    for old in [*ahead, *past[max(1, settings.snapshots_kept) :]]:
        old.file.unlink(missing_ok=True)


def _clear_away(settings: Settings) -> None:
    """What was left half made when the house was killed."""
    for left in settings.exports.glob("snapshot-*.part*"):
        left.unlink(missing_ok=True)


def make(house: House, agent: Agent, file: Path) -> Snapshot:
    """Write the report tables to `file`, replacing an older snapshot in one step.

    Raises NotAllowed, and Invalid when the file cannot be written there.
    """
    agent.must_run_the_house("sql")
    file = file.expanduser().resolve()
    if file.is_dir() or not file.parent.is_dir():
        raise Invalid(
            "file", "{file} is no place for a file: name one in a folder that exists.", file=file
        )
    if file.is_relative_to(house.settings.data) and file.parent != house.settings.exports:
        raise Invalid(
            "file", "{file} lies among Delad's own files. Choose another folder.", file=file
        )
    with _one_at_a_time:
        fresh = _fresh(house.settings)
        try:
            copies.report(house.store, fresh)
            _move(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)
    return Snapshot(file=file, size_bytes=file.stat().st_size)


def _fresh(settings: Settings) -> Path:
    return settings.exports / f"snapshot-{secrets.token_hex(8)}.part"


def _move(fresh: Path, file: Path) -> None:
    """Across file systems too: copied beside its place first, so that no reader sees half."""
    beside = file.with_name(f".{file.name}.part")
    try:
        shutil.copyfile(fresh, beside)
        beside.chmod(0o600)
        beside.replace(file)
    except OSError as error:
        raise Invalid(
            "file", "{file} cannot be written: {why}.", file=file, why=error.strerror
        ) from error
    finally:
        beside.unlink(missing_ok=True)
