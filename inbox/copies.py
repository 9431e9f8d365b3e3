"""Copies of the database in files of their own, made while others write.

Attaching and copying are DuckDB's own statements, which no SQL checker reads; so they stand here.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inbox.head import Head
from inbox.migrations import SQL
from inbox.store import Cursor, Store

_attaching = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a whole copy knows: its newest event, and how far each raw segment is filled."""

    head: Head
    filled: dict[int, int]


def whole(store: Store, file: Path) -> Whole:
    """Tables, sequences, indexes, keys and views as of one moment.

    `file` must not exist, and lie in a folder the store was opened with.
    """
    with _attached(store, file) as cursor:
        cursor.execute("copy from database inbox to copied").fetchall()
        newest = cursor.execute(_statement("newest_event")).fetchall()
        filled = cursor.execute(_statement("filled_segments")).fetchall()
    return Whole(head=Head(*newest[0]) if newest else Head(), filled=dict(filled))


def report(store: Store, file: Path) -> None:
    """The report views as tables, and nothing else, as of one moment; `file` as for `whole`."""
    with _attached(store, file) as cursor:
        cursor.begin()
        for statement in cursor.extract_statements(_statement("report")):
            cursor.execute(statement).fetchall()
        cursor.commit()


@contextmanager
def _attached(store: Store, file: Path) -> Generator[Cursor, None, None]:
    """One at a time: an attached file is seen by every thread under the one name `copied`."""
    with _attaching:
        try:
            with store.beside() as cursor:
                cursor.execute("attach $file as copied", {"file": str(file)}).fetchall()
                yield cursor
        finally:
            with store.beside() as other:
                other.execute("detach database if exists copied").fetchall()
    file.chmod(0o600)


def _statement(name: str) -> str:
    return (SQL / "copies" / f"{name}.sql").read_text()
