"""The diary's head: its newest seal, written beside the database after every commit.

Rows cut off the end of the diary leave a chain that is whole, only shorter; the head tells. It is
written after the commit, so that after a crash it may lag behind the table but never lead it.
Its proof needs the diary key, so that an old row of the table does not make an older head.
"""

import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path

from inbox.errors import StoreDamaged
from inbox.failpoints import failpoint
from inbox.keys import sign


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of the diary's chain; event_id 0 and an empty seal before the first."""

    event_id: int = 0
    seal: str = ""


def keep(file: Path, head: Head, key: bytes) -> None:
    """Replace the head file in one step.

    It is not synced to the disk: a head lost in a power cut lags, which is what it may do.
    """
    fresh = file.with_name(f"{file.name}.part")
    failpoint("head to be written")
    text = json.dumps({"event_id": head.event_id, "seal": head.seal, "proof": _proof(head, key)})
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text + "\n")
    failpoint("head written")
    fresh.replace(file)
    failpoint("head in its place")


def read(file: Path, key: bytes) -> Head | None:
    """The head as it was kept, None when there is no file.

    Raises StoreDamaged for a file that was not written with this key.
    """
    try:
        kept = json.loads(file.read_text())
        head = Head(event_id=kept["event_id"], seal=kept["seal"])
        proven = hmac.compare_digest(_proof(head, key), kept["proof"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreDamaged(f"{file.name} cannot be read.") from error
    if not proven:
        raise StoreDamaged(f"{file.name} was not written with this house's diary key.")
    return head


def set_aside(file: Path) -> Path:
    """Keep a head that the diary does not reach, as evidence for `verify`; answer where."""
    names = (file.with_name(f"{file.name}.lost-{n}") for n in range(1, 10_000))
    lost = next(name for name in names if not name.exists())
    return file.rename(lost)


def every(file: Path) -> list[Path]:
    """The head file and those set aside."""
    return [f for f in (file, *sorted(file.parent.glob(f"{file.name}.lost-*"))) if f.exists()]


def _proof(head: Head, key: bytes) -> str:
    return sign(key, b"diary.head", str(head.event_id).encode(), head.seal.encode())
