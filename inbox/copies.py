"""Copies of the database in files of their own, made while others write.

Attaching and copying are DuckDB's own statements, which no SQL checker reads; so they stand here.
"""

import contextlib
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from inbox.migrations import SQL
from inbox.store import Cursor, Store

_attaching = threading.Lock()


def whole(store: Store, file: Path) -> None:
    """Tables, sequences, indexes, keys and views as of one moment.

    `file` must not exist, and lie in a folder the store was opened with.
    """
    with _attached(store, file) as cursor:
        cursor.execute("copy from database inbox to copied").fetchall()


def report(store: Store, file: Path) -> None:
    """The report views as tables, and nothing else, as of one moment; `file` as for `whole`."""
    with _attached(store, file) as cursor:
        cursor.begin()
        for statement in cursor.extract_statements((SQL / "copies" / "report.sql").read_text()):
            cursor.execute(statement).fetchall()
        cursor.commit()


@contextmanager
def _attached(store: Store, file: Path) -> Generator[Cursor, None, None]:
    """One at a time: an attached file is seen by every thread under the one name `copied`."""
    with _attaching, store.beside() as cursor:
        cursor.execute("attach $file as copied", {"file": str(file)}).fetchall()
        try:
            yield cursor
        finally:
            with contextlib.closing(cursor.cursor()) as other:
                other.execute("detach copied").fetchall()
    file.chmod(0o600)
