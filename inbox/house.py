"""Everything one running Delad holds open, put together once and handed to whoever works here."""

from dataclasses import dataclass, field
from datetime import datetime

from inbox import damage, unfinished, view_files
from inbox import keys as key_files
from inbox.attendance import Attendance
from inbox.beats import Beats
from inbox.blobs import Files, RawStore
from inbox.errors import StoreStuck
from inbox.keys import Keys
from inbox.memory import Memory
from inbox.migrations import SQL
from inbox.settings import Settings
from inbox.store import Store
from inbox.view_files import ViewFile


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    settings: Settings
    keys: Keys
    store: Store
    raw: RawStore
    files: Files
    memory: Memory
    views: tuple[ViewFile, ...] = ()
    beats: Beats = field(default_factory=Beats)
    attendance: Attendance = field(default_factory=Attendance)

    def close(self) -> None:
        self.store.close()


def open_up(settings: Settings, *, now: datetime, is_restoring: bool = False) -> House:
    """Open the data folder, making what is missing, and bring the schema up to date.

    Raises StoreStuck when the folder cannot be written, StoreBusy when another process works here,
    StoreUnreadable when the database file is damaged or gone (see inbox.rescue), StoreDamaged when
    file, migrations or keys do not fit together, or a restore or rescue is unfinished here (which
    only these themselves pass by).
    """
    try:
        return _opened(settings, now=now, is_restoring=is_restoring)
    except OSError as error:
        raise StoreStuck(
            f"{error.filename or settings.data} cannot be written: {error.strerror}. Delad needs "
            "a data folder with room, in which it may write."
        ) from error


def _opened(settings: Settings, *, now: datetime, is_restoring: bool) -> House:
    if not is_restoring:
        unfinished.refuse(settings)
        damage.refuse(settings.database)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = key_files.load(settings.keys)
    store = Store(
        settings.database,
        diary_key=keys.diary,
        folders=(settings.backups, settings.exports),
        memory=settings.store_memory,
    )
    try:
        # A restore that began meanwhile has seen no open database.
        if not is_restoring:
            unfinished.refuse(settings)
        store.migrate(now=now)
        views = view_files.learn(store, SQL / "views")
    except BaseException:
        store.close()
        raise
    return House(
        settings=settings,
        keys=keys,
        store=store,
        raw=RawStore(settings.raw),
        files=Files(settings.files),
        memory=Memory(store),
        views=views,
    )
