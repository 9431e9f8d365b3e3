"""What tells that the database file itself is damaged, and the mark that outlives the process.

Some damage shows only when a block is read, long after the file was opened. The mark beside the
file tells the next start of it, for that opens the same file without a murmur.
"""

import contextlib
import re
from pathlib import Path

from inbox import durable
from inbox.errors import StoreUnreadable

MARK = "inbox.duckdb.damaged"
WORDS = (
    "Delad's database is damaged, so that this could not be done. No mail is lost. "
    "Restart Delad: it rescues the database by itself."
)
# As DuckDB 2.0.0 words it: flipped bytes, cut files, a log that cannot be replayed. The refusals
# of an instance that has met one of these repeat its words.
_TOLD = re.compile(
    r"Corrupt |does not match stored checksum|not a valid DuckDB database file"
    r"|Could not read enough bytes|Failure while replaying WAL"
    r"|unordered_map::at|Failed to deserialize|Could not read from file.*Input/output error"
)
_PASSES = re.compile(r"No space left|Permission denied|Out of Memory|could not allocate", re.I)


def is_told_by(error: Exception) -> bool:
    """Whether DuckDB says that the file is damaged; a full disk or memory is no damage."""
    return bool(_TOLD.search(str(error))) and not _PASSES.search(str(error))


def mark(database: Path, why: str) -> None:
    """Leave word for the next start, as far as the disk lets us."""
    file = database.with_name(MARK)
    if not file.exists():
        with contextlib.suppress(OSError):
            durable.write(file, why.encode())


def is_marked(database: Path) -> bool:
    return database.with_name(MARK).exists()


def refuse(database: Path) -> None:
    """Raises StoreUnreadable for a file that was found damaged while it was open, and for one
    that is gone from a house that was lived in."""
    if is_marked(database):
        raise StoreUnreadable(f"{database} was found damaged while Delad ran.")
    if is_missing(database):
        raise StoreUnreadable(f"{database} is gone, and mail is there.")


def is_missing(database: Path) -> bool:
    """Whether there is no database where one has been: its log, its diary's head or mail is
    left."""
    if database.exists():
        return False
    left = (database.with_name(f"{database.name}.wal"), database.with_name("diary.head"))
    segments = database.with_name("raw").glob("*.seg")
    return any(file.exists() for file in left) or any(True for _ in segments)
