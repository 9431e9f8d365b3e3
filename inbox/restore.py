"""Bring a back-up back: the manifest first, what stands there set aside, then a sound house."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inbox import anew, backup, control, exchange, house, keys, segments, unfinished, verify
from inbox.backup import Held
from inbox.errors import Invalid, StoreBusy, StoreDamaged
from inbox.failpoints import failpoint
from inbox.settings import Settings
from inbox.store import Store, StoreError
from inbox.unfinished import Unfinished
from inbox.verify import Finding

Progress = Callable[[str], None]

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
    when the back-up was made is not sent by itself: it may have gone out since. Numbers that were
    given out after the back-up was made are not given out again. A run that was killed is run
    again; until then nothing else starts here.
    Raises StoreBusy while an app or another restore runs, Invalid when the back-up is not whole
    or the keys are missing or others; in each case nothing has changed.
    """
    told = backup.manifest(folder)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with unfinished.alone(settings):
        newest = _closed_house(settings)
        _check_keys(settings, keys_from, told)
        held = backup.held_files(told)
        fresh = settings.data / "restoring.part"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            _copy(folder, fresh, held, progress)
            note = _note_down(settings, folder, newest, now)
            aside = exchange.exchange(settings, fresh, note)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        if keys_from:
            exchange.bring_keys(settings, keys_from)
        progress("Opening the restored house")
        opened = house.open_up(settings, now=now, is_restoring=True)
        try:
            with opened.store.write() as db:
                unsent = anew.begin(
                    db,
                    "restored_from_backup",
                    held=HELD,
                    newest=(note.conversation_id, note.message_id),
                    now=now,
                )
            failpoint("restore began anew")
            findings = verify.verify(opened.store, progress=progress)
        finally:
            opened.close()
        unfinished.end(settings)
    return Restored(
        made_at=backup.read(folder).made_at,
        files=len(held),
        set_aside=aside,
        held=unsent,
        findings=tuple(findings),
    )


def _closed_house(settings: Settings) -> tuple[int, int]:
    """The newest conversation and message of the house that stands here, 0 where there is none
    or it cannot be read. Raises StoreBusy while an app runs."""
    if control.is_served(settings.socket):
        raise StoreBusy("Delad is running. Stop it first; nothing has been changed.")
    if not settings.database.exists():
        return 0, 0
    try:
        store = Store(settings.database, diary_key=b"")
    except StoreDamaged:
        return 0, 0
    try:
        with store.read() as db:
            return db.value("restore.newest_conversation"), db.value("restore.newest_message")
    except (StoreError, StoreDamaged):
        return 0, 0
    finally:
        store.close()


def _note_down(
    settings: Settings, folder: Path, newest: tuple[int, int], now: datetime
) -> Unfinished:
    """From here on nothing starts. What started while the back-up was copied is looked for once
    more, and then nothing is changed."""
    was_broken_off = unfinished.read(settings) is not None
    note = exchange.note_down(settings, folder, newest=newest, now=now)
    try:
        _closed_house(settings)
    except StoreBusy:
        if not was_broken_off:
            unfinished.end(settings)
        raise
    return note


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
    return copy.suffix == ".seg" and _differs_by_erasures(copy, file)


def _differs_by_erasures(segment: Path, file: Held) -> bool:
    """A linked segment follows its original, in which erasure blanks the bytes of single mails.
    A manifest from before frames were noted vouches for segments without torn bytes alone."""
    if not file.frame:
        return segments.is_seamless(segment)
    return segments.frame(segment) == file.frame
