"""Brings a database up to the schema of this checkout: forward only, one file at a time."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from inbox.errors import StoreDamaged

SQL = Path(__file__).parent.parent / "sql"


class Cursor(Protocol):
    """What of DuckDB's cursor is used here; only inbox.store knows the library."""

    def execute(self, query: Any, parameters: object = None) -> Any: ...
    def extract_statements(self, query: str) -> list[Any]: ...
    def begin(self) -> Any: ...
    def commit(self) -> Any: ...
    def rollback(self) -> Any: ...


def apply(cursor: Cursor, *, now: datetime) -> None:
    """Apply new files of sql/schema, each in a transaction with its row in `migrations`;
    then re-apply sql/metrics.

    Raises StoreDamaged when an applied file has changed since.
    """
    cursor.execute(
        "create table if not exists migrations (number integer primary key, "
        "name varchar not null, sha256 varchar not null, applied_at timestamp not null)"
    )
    fresh = pending(cursor)
    for script in fresh:
        _apply(cursor, script, now)
    for script in scripts("metrics"):
        for statement in cursor.extract_statements(script.read_text()):
            cursor.execute(statement).fetchall()
    if fresh:
        cursor.execute("checkpoint").fetchall()


def pending(cursor: Cursor) -> list[Path]:
    """The files of sql/schema that this database has not seen yet."""
    applied = dict(cursor.execute("select name, sha256 from migrations").fetchall())
    return [f for f in scripts("schema") if not _is_applied(f, applied)]


def scripts(folder: str) -> Iterator[Path]:
    return iter(sorted((SQL / folder).glob("*.sql")))


def _is_applied(script: Path, applied: dict[str, str]) -> bool:
    digest = hashlib.sha256(script.read_bytes()).hexdigest()
    if script.stem in applied and applied[script.stem] != digest:
        raise StoreDamaged(
            f"sql/schema/{script.name} was changed after it was applied to this database. "
            "Put it back as it was, and write the change as a new file with the next number."
        )
    return script.stem in applied


def _apply(cursor: Cursor, script: Path, now: datetime) -> None:
    cursor.begin()
    try:
        for statement in cursor.extract_statements(script.read_text()):
            cursor.execute(statement).fetchall()
        cursor.execute(
            "insert into migrations values ($number, $name, $sha256, $now)",
            {
                "number": int(script.stem.split("_")[0]),
                "name": script.stem,
                "sha256": hashlib.sha256(script.read_bytes()).hexdigest(),
                "now": now,
            },
        ).fetchall()
        cursor.commit()
    except BaseException:
        cursor.rollback()
        raise
