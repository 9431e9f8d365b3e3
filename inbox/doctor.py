"""Is this house fit to run? Plain findings, each with what to do; nothing is changed."""

import importlib.metadata
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from inbox import backup, damage, keys, migrations, rescue, rescued, unfinished
from inbox import head as heads
from inbox.errors import InboxError, StoreBusy, StoreDamaged
from inbox.house import House
from inbox.keys import Keys
from inbox.settings import HOUSE, Settings
from inbox.store import Store, StoreError

State = Literal["ok", "warning", "broken"]

PYTHON = (3, 11)
MISSED_POLLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What was looked at, how it is, and, unless all is well, what to do."""

    subject: str
    state: State
    text: str


def examine(settings: Settings, opened: House | None = None, *, now: datetime) -> list[Sign]:
    """Look at the machine, the data folder and the database.

    `opened` is the house of the running app; without it the database is opened for a moment,
    which changes nothing in it.
    """
    signs = [*_machine(), *_folder(settings), *_port(settings, is_running=opened is not None)]
    try:
        unfinished.refuse(settings)
    except InboxError as error:
        return [*signs, Sign(subject="restore", state="broken", text=str(error))]
    if not settings.database.exists() and not damage.is_missing(settings.database):
        text = f"There is no database in {settings.data} yet; the first start makes it."
        return [*signs, Sign(subject="database", state="ok", text=text)]
    signs += _keys(settings)
    if opened is not None:
        return [*signs, *_store(opened.store, settings, now=now)]
    return [*signs, *_closed(settings, now=now)]


def _closed(settings: Settings, *, now: datetime) -> list[Sign]:
    """The database while no app runs."""
    missing = [name for name in keys.NAMES if not (settings.keys / f"{name}.key").is_file()]
    key = b"" if missing else keys.load(settings.keys).diary
    try:
        if (why := rescue.trouble(settings)) is not None:
            text = f"{why} {rescue.HOW}"
            return [Sign(subject="database", state="broken", text=text)]
        store = Store(settings.database, diary_key=key, memory=settings.store_memory)
    except StoreBusy as error:
        return [Sign(subject="database", state="warning", text=str(error))]
    except InboxError as error:
        return [Sign(subject="database", state="broken", text=str(error))]
    try:
        return [*_store(store, settings, now=now)]
    finally:
        store.close()


def _machine() -> Iterator[Sign]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        text = f"Python is {version}; Delad needs 3.11 or newer. Run make PYTHON=python3.12 run."
        yield Sign(subject="Python", state="broken", text=text)
    else:
        yield Sign(subject="Python", state="ok", text=f"Python is {version}.")
    wrong = [*_wrong_packages()]
    if wrong:
        text = f"{', '.join(wrong)}. Run make install."
        yield Sign(subject="packages", state="broken", text=text)
    else:
        yield Sign(subject="packages", state="ok", text="Every package is the one we tested with.")


def _wrong_packages() -> Iterator[str]:
    """Packages that are not as requirements.txt pins them, in words."""
    pinned = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;]+)", (HOUSE / "requirements.txt").read_text(), re.M
    )
    for name, version in pinned:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{name} is missing"
            continue
        if found != version:
            yield f"{name} is {found} instead of {version}"


def _folder(settings: Settings) -> Iterator[Sign]:
    if not settings.data.exists():
        yield _unwritable(settings.data) or Sign(
            subject="data folder", state="ok", text=f"{settings.data} is not made yet."
        )
        return
    if found := _unwritable(settings.data):
        yield found
        return
    open_to_others = sorted(
        str(f.relative_to(settings.data.parent))
        for f in (settings.data, *settings.data.glob("*"), *settings.keys.glob("*"))
        if f.stat().st_mode & 0o077 and f.name != "demo" and f.suffix != ".wal"
    )
    if open_to_others:
        text = (
            f"Other users of this machine can reach {', '.join(open_to_others[:5])}. "
            f"Run: chmod -R go= {settings.data}"
        )
        yield Sign(subject="data folder", state="warning", text=text)
    else:
        text = f"{settings.data} belongs to this user alone."
        yield Sign(subject="data folder", state="ok", text=text)
    free = shutil.disk_usage(settings.data).free
    tight = settings.disk_alarm_bytes
    state: State = "broken" if free < tight / 10 else "warning" if free < tight else "ok"
    advice = "" if state == "ok" else " Make room: with a full disk no mail can be kept."
    text = f"{free / 1e9:.1f} GB are free on the disk of {settings.data}.{advice}"
    yield Sign(subject="disk", state=state, text=text)


def _unwritable(data: Path) -> Sign | None:
    """Tried with a file without a name, in the data folder or where it is going to be made."""
    folder = next(folder for folder in (data, *data.parents) if folder.exists())
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        text = (
            f"Delad cannot write in {folder}: {error.strerror}. Let the user that runs Delad own "
            "it, or name another data folder with DELAD_DATA."
        )
        return Sign(subject="data folder", state="broken", text=text)
    return None


def _port(settings: Settings, *, is_running: bool) -> Iterator[Sign]:
    if is_running:
        yield Sign(subject="port", state="ok", text="The app is running.")
    elif is_free(settings.port):
        yield Sign(subject="port", state="ok", text=f"Port {settings.port} is free.")
    else:
        text = f"Port {settings.port} is taken. Start with another one: make run PORT=8600."
        yield Sign(subject="port", state="warning", text=text)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _keys(settings: Settings) -> Iterator[Sign]:
    missing = [name for name in keys.NAMES if not (settings.keys / f"{name}.key").is_file()]
    if missing:
        text = (
            f"{', '.join(missing)} missing in {settings.keys}. Put the keys back from where "
            "`backup --keys-to` wrote them; without them passwords and diary cannot be read."
        )
        yield Sign(subject="keys", state="broken", text=text)
        return
    newest = next(iter(backup.every(settings.backups)), None)
    told = backup.manifest(newest.folder)["keys"] if newest else None
    if told is not None and told != backup.fingerprints(keys.load(settings.keys)):
        text = "The keys are not those of the newest back-up. If nobody changed them on purpose, "
        text += f"put the right ones back into {settings.keys}."
        yield Sign(subject="keys", state="warning", text=text)
    else:
        yield Sign(subject="keys", state="ok", text="All keys are there.")


def _store(store: Store, settings: Settings, *, now: datetime) -> Iterator[Sign]:
    if damage.is_marked(settings.database):
        text = "The database is damaged. Restart Delad: it rescues the database by itself."
        yield Sign(subject="database", state="broken", text=text)
        return
    yield Sign(subject="database", state="ok", text=f"{settings.database.name} opens.")
    yield from _rescue(store)
    yield _schema(store)
    if not (settings.keys / "diary.key").is_file():
        return
    yield _head(store)
    if (settings.keys / "secrets.key").is_file():
        yield from _secrets(store, keys.load(settings.keys))
    yield from _polls(store, now=now)
    yield _backup(settings, now=now)


def _rescue(store: Store) -> Iterator[Sign]:
    try:
        with store.read() as db:
            told = rescued.last(db)
    except (StoreError, StoreDamaged):
        # A database from before there were settings: the schema's own sign tells of it.
        return
    if told is not None and not told.is_seen:
        yield Sign(subject="rescue", state="warning", text=told.words)


def _schema(store: Store) -> Sign:
    try:
        with store.beside() as cursor:
            fresh = migrations.pending(cursor)
    except InboxError as error:
        return Sign(subject="schema", state="broken", text=str(error))
    if fresh:
        text = f"{len(fresh)} changes to the schema wait; the next start applies them."
        return Sign(subject="schema", state="warning", text=text)
    return Sign(subject="schema", state="ok", text="The schema is that of this version.")


def _head(store: Store) -> Sign:
    advice = "Run python -m inbox verify, and keep the data folder as it is."
    if any(file != store.head_file for file in heads.every(store.head_file)):
        text = f"A head of the diary was set aside, because the diary did not reach it. {advice}"
        return Sign(subject="diary", state="broken", text=text)
    try:
        kept = heads.read(store.head_file, store.diary_key)
    except InboxError as error:
        return Sign(subject="diary", state="broken", text=f"{error} {advice}")
    with store.read() as db:
        newest = db.value("events.head")
        seal = db.value("events.seal_of", event_id=kept.event_id) if kept else None
    if (kept is None and newest) or (kept is not None and seal != kept.seal):
        text = f"The diary does not reach the head file. {advice}"
        return Sign(subject="diary", state="broken", text=text)
    return Sign(subject="diary", state="ok", text="The diary reaches its head file.")


def _secrets(store: Store, present: Keys) -> Iterator[Sign]:
    with store.read() as db:
        for address, secret in db.rows("doctor.secrets"):
            try:
                present.decrypt(secret)
            except InboxError as error:
                yield Sign(subject="keys", state="broken", text=f"{address}: {error}")


def _polls(store: Store, *, now: datetime) -> Iterator[Sign]:
    with store.read() as db:
        rows = db.rows("doctor.polls")
    for address, every_seconds, polled_at in rows:
        late = timedelta(seconds=MISSED_POLLS * every_seconds)
        if polled_at is None:
            text = f"{address} was never polled. Start the app, or run python -m inbox poll."
            yield Sign(subject="polling", state="warning", text=text)
        elif now - polled_at > late:
            text = (
                f"{address} was last polled at {polled_at:%Y-%m-%d %H:%M} UTC. Is the app running?"
            )
            yield Sign(subject="polling", state="warning", text=text)
        else:
            text = f"{address} was polled at {polled_at:%H:%M} UTC."
            yield Sign(subject="polling", state="ok", text=text)


def _backup(settings: Settings, *, now: datetime) -> Sign:
    newest = next(iter(backup.every(settings.backups)), None)
    if newest is None:
        text = "There is no back-up yet. Run python -m inbox backup, and backup --keys-to once."
        return Sign(subject="back-up", state="warning", text=text)
    text = f"The newest back-up is of {newest.made_at:%Y-%m-%d %H:%M} UTC."
    if now - newest.made_at > timedelta(days=settings.backup_alarm_days):
        return Sign(subject="back-up", state="warning", text=f"{text} Run python -m inbox backup.")
    return Sign(subject="back-up", state="ok", text=text)
