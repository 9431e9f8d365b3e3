"""A snapshot: the report tables in a DuckDB file that notebooks and BI tools may open."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from inbox import copies
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    file: Path
    size_bytes: int


def make(house: House, agent: Agent, file: Path) -> Snapshot:
    """Write the report tables to `file`, replacing an older snapshot in one step.

    Raises NotAllowed, and Invalid when the file cannot be written there.
    """
    agent.must_run_the_house("sql")
    file = file.expanduser().resolve()
    if file.is_dir() or not file.parent.is_dir():
        raise Invalid("file", f"{file} is no place for a file: name one in a folder that exists.")
    if file.is_relative_to(house.settings.data) and file.parent != house.settings.exports:
        raise Invalid("file", f"{file} lies among Delad's own files. Choose another folder.")
    fresh = house.settings.exports / f"snapshot-{secrets.token_hex(8)}.part"
    try:
        copies.report(house.store, fresh)
        _move(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)
    return Snapshot(file=file, size_bytes=file.stat().st_size)


def _move(fresh: Path, file: Path) -> None:
    """Across file systems too: copied beside its place first, so that no reader sees half."""
    beside = file.with_name(f".{file.name}.part")
    try:
        shutil.copyfile(fresh, beside)
        beside.chmod(0o600)
        beside.replace(file)
    except OSError as error:
        raise Invalid("file", f"{file} cannot be written: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)
