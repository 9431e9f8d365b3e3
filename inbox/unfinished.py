"""The note that a restore or a rescue leaves in the data folder before it changes anything there,
and takes away at its end. While it is there the house is neither the old nor the new one: nothing
starts, but what finishes it."""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Literal

from inbox import durable
from inbox.errors import StoreBusy, StoreDamaged
from inbox.settings import Settings

NAME = "restore-unfinished.json"
Kind = Literal["restore", "rescue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """Which back-up is being restored ("" by a rescue), what of the old house goes into which
    folder, and the newest numbers that the old house had given out (0 where it could not be
    read)."""

    backup: str
    set_aside: str
    names: tuple[str, ...]
    conversation_id: int
    message_id: int
    kind: Kind = "restore"


def refuse(settings: Settings) -> None:
    """Raises StoreDamaged, saying how to go on, while a restore or a rescue is unfinished here."""
    found = read(settings)
    if found is not None and found.kind == "rescue":
        raise StoreDamaged(
            f"A rescue of the database in {settings.data} was broken off. Start Delad, or run "
            "python -m inbox rescue: it is finished then, before anything else begins."
        )
    if found is not None:
        raise StoreDamaged(
            f"A restore into {settings.data} was broken off, so that nothing can start here. "
            f"Finish it: python -m inbox restore {found.backup} (with the same --keys-from, if "
            f"there was one). What stood here before is in {settings.data / found.set_aside}."
        )


def read(settings: Settings) -> Unfinished | None:
    """Raises StoreDamaged for a note that cannot be read."""
    file = settings.data / NAME
    try:
        told = json.loads(file.read_text())
        return Unfinished(**{**told, "names": tuple(told["names"])})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreDamaged(
            f"{file} cannot be read. A restore was broken off here: look into the set-aside-… "
            "folders before you remove that file."
        ) from error


def is_rescue(settings: Settings) -> bool:
    """Whether a rescue is to be finished here."""
    found = read(settings)
    return found is not None and found.kind == "rescue"


@contextmanager
def alone(settings: Settings) -> Generator[None, None, None]:
    """Two restores or rescues at once would mix two houses. Raises StoreBusy."""
    handle = os.open(settings.data, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(
                "Another restore or rescue runs here; nothing has been changed."
            ) from error
        yield
    finally:
        os.close(handle)


def begin(settings: Settings, note: Unfinished) -> None:
    durable.write(settings.data / NAME, json.dumps(asdict(note)).encode())


def end(settings: Settings) -> None:
    """The house is whole: all that was written so far is made durable before the note goes."""
    os.sync()
    (settings.data / NAME).unlink(missing_ok=True)
    durable.sync(settings.data)
