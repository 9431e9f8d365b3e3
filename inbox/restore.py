"""Bring a back-up back: the manifest first, what stands there set aside, then a sound house."""

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inbox import backup, control, events, house, keys, verify
from inbox.backup import Held
from inbox.blobs import RawStore
from inbox.errors import Invalid, NotFound, StoreBusy, StoreDamaged
from inbox.events import SYSTEM, NewEvent
from inbox.house import House
from inbox.settings import Settings
from inbox.store import Store
from inbox.verify import Finding

Progress = Callable[[str], None]

REPLACED = ("inbox.duckdb", "inbox.duckdb.wal", "diary.head", "raw", "files")
HELD = (
    "Delad was restored from a back-up that was made before this mail was sent. "
    "It may have been sent since then."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`held` counts mails that were waiting to be sent: an agent decides about each."""

    made_at: datetime
    files: int
    set_aside: Path | None
    held: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unsent:
    id: int
    mailbox_id: int | None
    conversation_id: int | None


def restore(
    folder: Path,
    settings: Settings,
    *,
    now: datetime,
    keys_from: Path | None = None,
    progress: Progress = lambda _: None,
) -> Restored:
    """Put the back-up in `folder` into settings.data, whose keys must be those it was made with;
    with `keys_from`, the keys are taken from there.

    What stood there before is set aside in its own folder, never removed. Mail that was queued
    when the back-up was made is not sent by itself: it may have gone out since.
    Raises StoreBusy while an app runs, Invalid when the back-up is not whole or the keys are
    missing or others; in each case nothing has changed.
    """
    told = backup.manifest(folder)
    _refuse_while_running(settings)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    _check_keys(settings, keys_from, told)
    held = backup.held_files(told)
    fresh = settings.data / "restoring.part"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _copy(folder, fresh, held, progress)
        aside = _exchange(settings, fresh, now)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    if keys_from:
        _bring_keys(settings, keys_from)
    progress("Opening the restored house")
    opened = house.open_up(settings, now=now)
    try:
        unsent = _hold_unsent(opened, now=now)
        findings = verify.verify(opened.store, progress=progress)
    finally:
        opened.close()
    return Restored(
        made_at=backup.read(folder).made_at,
        files=len(held),
        set_aside=aside,
        held=unsent,
        findings=tuple(findings),
    )


def _refuse_while_running(settings: Settings) -> None:
    if control.is_served(settings.socket):
        raise StoreBusy("Delad is running. Stop it first; nothing has been changed.")
    if settings.database.exists():
        try:
            Store(settings.database, diary_key=b"").close()
        except StoreDamaged:
            return


def _check_keys(settings: Settings, keys_from: Path | None, told: dict[str, object]) -> None:
    source = keys_from or settings.keys
    missing = [name for name in keys.NAMES if not (source / f"{name}.key").is_file()]
    if missing:
        raise Invalid(
            "keys",
            f"The keys of this house are not in {source} ({', '.join(missing)} missing), and no "
            "back-up holds them. Point --keys-from at the folder that `backup --keys-to` wrote.",
        )
    if backup.fingerprints(keys.load(source)) != told["keys"]:
        raise Invalid(
            "keys",
            f"The keys in {source} are not those this back-up was made with. Point --keys-from at "
            "the folder that `backup --keys-to` wrote for that house.",
        )


def _copy(folder: Path, fresh: Path, held: list[Held], progress: Progress) -> None:
    """Copies, never links: the restored house goes on writing, the back-up must not change."""
    for n, file in enumerate(held, start=1):
        source, copy = folder / file.path, fresh / file.path
        if not copy.resolve().is_relative_to(fresh.resolve()):
            raise Invalid("backup", f"The manifest names {file.path}, outside the back-up.")
        if not source.is_file():
            raise Invalid("backup", f"{file.path} is missing from the back-up.")
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, copy)
        copy.chmod(0o600)
        if not _is_whole(copy, file):
            raise Invalid("backup", f"{file.path} in the back-up is damaged.")
        if n % 100 == 0:
            progress(f"Copied {n} of {len(held)} files")
    for name in ("raw", "files"):
        (fresh / name).mkdir(parents=True, exist_ok=True, mode=0o700)


def _is_whole(copy: Path, file: Held) -> bool:
    if copy.stat().st_size != file.size_bytes:
        return False
    if backup.digest(copy) == file.sha256:
        return True
    return copy.suffix == ".seg" and _differs_by_erasures(copy)


def _differs_by_erasures(segment: Path) -> bool:
    """A linked segment follows its original, in which erasure blanks the bytes of single mails:
    every record is whole or blank, to the last byte."""
    store = RawStore(segment.parent)
    end = 0
    for place, _ in store.records():
        if place.segment != int(segment.stem):
            continue
        end = place.position + place.size_bytes + 1
        try:
            store.read(place)
        except NotFound:
            with segment.open("rb") as content:
                content.seek(place.position)
                if len(set(content.read(place.size_bytes))) > 1:
                    return False
    return end == segment.stat().st_size


def _exchange(settings: Settings, fresh: Path, now: datetime) -> Path | None:
    aside = settings.data / f"set-aside-{now.strftime(backup.STAMP)}"
    old = [settings.data / name for name in REPLACED if (settings.data / name).exists()]
    old += sorted(settings.data.glob("diary.head.lost-*"))
    if old:
        aside.mkdir(mode=0o700)
    for file in old:
        file.replace(aside / file.name)
    for name in REPLACED:
        if (fresh / name).exists():
            (fresh / name).replace(settings.data / name)
    return aside if old else None


def _bring_keys(settings: Settings, keys_from: Path) -> None:
    settings.keys.mkdir(exist_ok=True, mode=0o700)
    for name in keys.NAMES:
        key = settings.keys / f"{name}.key"
        source = keys_from / key.name
        if key.exists() and key.read_bytes() != source.read_bytes():
            key.replace(key.with_suffix(".key.before-restore"))
        key.touch(mode=0o600)
        key.write_bytes(source.read_bytes())


def _hold_unsent(opened: House, *, now: datetime) -> int:
    action = uuid.uuid4().hex
    with opened.store.write() as db:
        unsent = db.all("restore.unsent", _Unsent)
        db.change("restore.hold_unsent", error=HELD, now=now)
        news = [
            NewEvent(
                kind="held",
                actor=SYSTEM,
                occurred_at=now,
                recorded_at=now,
                mailbox_id=mail.mailbox_id,
                conversation_id=mail.conversation_id,
                after={"outbox_id": mail.id},
            )
            for mail in unsent
        ]
        restored = NewEvent(
            kind="restored_from_backup", actor=SYSTEM, occurred_at=now, recorded_at=now
        )
        events.record_all(db, [restored, *news], action_id=action)
    return len(unsent)
