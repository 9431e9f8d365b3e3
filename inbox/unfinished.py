"""The note that a restore leaves in the data folder before it changes anything there, and takes
away at its end. While it is there the house is neither the old nor the new one: nothing starts."""

import json
import os
from dataclasses import asdict, dataclass

from inbox import durable
from inbox.errors import StoreDamaged
from inbox.settings import Settings

NAME = "restore-unfinished.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """Which back-up is being restored, what of the old house goes into which folder, and the
    newest numbers that the old house had given out (0 where it could not be read)."""

    backup: str
    set_aside: str
    names: tuple[str, ...]
    conversation_id: int
    message_id: int


def refuse(settings: Settings) -> None:
    """Raises StoreDamaged, saying how to go on, while a restore is unfinished here."""
    found = read(settings)
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


def begin(settings: Settings, note: Unfinished) -> None:
    durable.write(settings.data / NAME, json.dumps(asdict(note)).encode())


def end(settings: Settings) -> None:
    """The house is whole: all that was written so far is made durable before the note goes."""
    os.sync()
    (settings.data / NAME).unlink(missing_ok=True)
    durable.sync(settings.data)
