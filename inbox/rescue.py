"""A damaged database is set aside, and the newest state that can be read takes its place.

Mail and attachments stay where they are: they are whole, and newer than any database. What the
chosen state does not know of them is taken up again (see ingest.takeup).
"""

import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from inbox import anew, control, damage, durable, exchange, house, states, store, unfinished
from inbox import head as heads
from inbox import keys as key_files
from inbox.errors import StoreBusy, StoreDamaged, StoreUnreadable
from inbox.failpoints import failpoint
from inbox.head import Head
from inbox.house import House
from inbox.rescued import Rescued, keep
from inbox.settings import Settings
from inbox.states import DATABASE, LOG

Progress = Callable[[str], None]
TakeUp = Callable[[House, datetime], int]

NOTE = "WHAT-HAPPENED.txt"
HELD = (
    "Delad's database was damaged, and an earlier state of it took its place. "
    "This mail may have been sent since then."
)
HOW = (
    "Start Delad, or run python -m inbox rescue: the database is rescued then, and no mail is lost."
)


def opened(
    settings: Settings, *, now: datetime, take_up: TakeUp, say: Progress = lambda _: None
) -> House:
    """Open the house; where its database is damaged, rescue it first and say so.

    Raises StoreBusy, and StoreDamaged for what no rescue can mend (see inbox.house), or when the
    disk has no room for one.
    """
    if (why := trouble(settings)) is None:
        try:
            return house.open_up(settings, now=now)
        except StoreUnreadable as error:
            why = str(error)
    say(f"The database needs to be rescued. {why}")
    try:
        say(rescue(settings, why, now=now, take_up=take_up, progress=say).words)
    except OSError as error:
        raise StoreDamaged(
            f"The database could not be rescued: {error}. The damaged files are kept and mail is "
            "safe in data/raw. A rescue needs room on the disk for two copies of the database."
        ) from error
    return house.open_up(settings, now=now)


def trouble(settings: Settings) -> str | None:
    """Why the database must be rescued before anything opens it, None when it need not be.

    Nothing changes. A log that lost whole entries opens without a murmur: then the diary does not
    reach the head that was kept beside it. Raises StoreBusy while another process holds the file.
    """
    if unfinished.is_rescue(settings):
        return "A rescue was broken off here."
    try:
        damage.refuse(settings.database)
        if not settings.database.exists():
            return None
        newest = store.newest(settings.database, settings.store_memory) or Head()
    except StoreUnreadable as error:
        return str(error)
    except StoreDamaged:
        return None
    kept = _kept(settings)
    if kept.event_id > newest.event_id:
        return (
            f"{settings.database} ends at event {newest.event_id} of the diary, and event "
            f"{kept.event_id} was in it."
        )
    return None


def rescue(
    settings: Settings,
    why: str,
    *,
    now: datetime,
    take_up: TakeUp,
    progress: Progress = lambda _: None,
) -> Rescued:
    """Set the damaged database aside and bring back what can be read; `take_up` writes what is in
    raw/ and not in the database into it, and answers how many mails that were.

    A run that was killed is run again, from the same damaged files; until then nothing starts.
    Raises StoreBusy while another process works here, StoreDamaged without the house's keys, or
    where a restore is unfinished; in each case nothing has changed.
    """
    with unfinished.alone(settings):
        _must_be_closed(settings)
        keys = key_files.load(settings.keys)
        kept, until = _kept(settings), _last_written(settings, now)
        damaged = exchange.where(settings, DATABASE), exchange.where(settings, LOG)
        fresh = settings.data / "rescuing.part"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            fresh.mkdir(mode=0o700)
            chosen = states.choose(settings, keys, damaged, fresh, progress)
            if chosen.head.event_id:
                heads.keep(fresh / "diary.head", chosen.head, keys.diary)
            note = exchange.note_down(settings, None, newest=(0, 0), now=now)
            aside = exchange.exchange(settings, fresh, note)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        told = Rescued(
            at=now,
            source=chosen.source,
            why=why,
            until=until,
            lost_events=max(0, kept.event_id - chosen.head.event_id),
            backup_at=chosen.backup_at,
            set_aside=str(aside) if aside else "",
        )
        told = _begin_anew(settings, told, take_up, now=now)
        if aside is not None:
            durable.write(aside / NOTE, f"{told.words}\n\nWhy: {why}\n".encode())
        unfinished.end(settings)
    return told


def _begin_anew(settings: Settings, told: Rescued, take_up: TakeUp, *, now: datetime) -> Rescued:
    home = house.open_up(settings, now=now, is_restoring=True)
    try:
        with home.store.write() as db:
            told.since = told.backup_at or db.value("rescue.last_recorded")
            told.held = anew.begin(
                db, "rescued", held=HELD, newest=(0, 0), after=_shown(told), now=now
            )
            db.change("rescue.compare_all")
        failpoint("rescue began anew")
        told.mails = take_up(home, now)
        with home.store.write() as db:
            keep(db, told)
        failpoint("rescue took up")
    finally:
        home.close()
    return told


def _shown(told: Rescued) -> dict[str, object]:
    """For the diary: what was lost, and no path of this machine."""
    about = asdict(told)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in about.items()
        if name in {"source", "since", "until", "lost_events", "backup_at"}
    }


def _must_be_closed(settings: Settings) -> None:
    if control.is_served(settings.socket):
        raise StoreBusy("Delad is running. Stop it first; nothing has been changed.")
    if not unfinished.is_rescue(settings):
        unfinished.refuse(settings)
    missing = [n for n in key_files.NAMES if not (settings.keys / f"{n}.key").is_file()]
    if missing:
        raise StoreDamaged(
            f"The database is damaged, and the keys of this house are not in {settings.keys} "
            f"({', '.join(missing)} missing). Put them back from where `backup --keys-to` wrote "
            "them, then start again."
        )
    if settings.database.exists():
        _must_be_free(settings.database)


def _must_be_free(database: Path) -> None:
    """Raises StoreBusy when another process has the file open, however damaged it is."""
    try:
        store.newest(database)
    except StoreBusy:
        raise
    except StoreDamaged:
        return


def _kept(settings: Settings) -> Head:
    """The newest head that was kept beside the database; one of another key proves nothing."""
    key = settings.keys / "diary.key"
    if not key.is_file():
        return Head()
    found = [Head()]
    file = exchange.where(settings, "diary.head") or settings.data / "diary.head"
    for one in {*heads.every(file), *heads.every(settings.data / "diary.head")}:
        try:
            found += [head for head in [heads.read(one, key.read_bytes())] if head]
        except StoreDamaged:
            continue
    return max(found, key=lambda head: head.event_id)


def _last_written(settings: Settings, now: datetime) -> datetime:
    """When the damaged database was last written to."""
    names = (DATABASE, LOG, "diary.head")
    files = [f for f in (exchange.where(settings, name) for name in names) if f]
    times = [datetime.fromtimestamp(f.stat().st_mtime, UTC).replace(tzinfo=None) for f in files]
    return min(now, max(times, default=now))
