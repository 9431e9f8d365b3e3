"""The one door to DuckDB: named queries from sql/, run in transactions."""

import contextlib
import re
import threading
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd

from inbox import damage, migrations
from inbox import head as heads
from inbox.errors import StoreBusy, StoreDamaged, StoreUnreadable
from inbox.head import Head
from inbox.migrations import SQL

Cursor = duckdb.DuckDBPyConnection
Row = TypeVar("Row")
StoreError = duckdb.Error
"""What a refused statement raises, for those who may not know duckdb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a committed event tells listeners (live push, caches): never any mail text."""

    event_id: int
    kind: str
    mailbox_id: int | None
    conversation_id: int | None
    actor_id: int | None


@dataclass(slots=True)
class Tally:
    """Statements run through this door since the store was opened: what `make bench` counts."""

    statements: int = 0


class Store:
    """One database file, owned by this process and shared by its threads.

    Reads run beside each other, each on its own cursor; writes queue for the one writer lane.
    `folders` are the only places the database may write besides its own file.
    """

    def __init__(
        self,
        path: Path,
        *,
        diary_key: bytes,
        folders: Sequence[Path] = (),
        memory: str = "256MB",
    ) -> None:
        """Raises StoreBusy when another process holds the file, StoreUnreadable when it is damaged,
        StoreDamaged when it cannot be opened for another reason."""
        self.path = path
        self.head_file = path.with_name("diary.head")
        self.diary_key = diary_key
        self.tally = Tally()
        self.head = Head()
        self._versions: Counter[str] = Counter()
        self._listeners: list[Callable[[list[Change]], None]] = []
        self._writing = threading.RLock()
        self._queries = load_queries(SQL / "queries")
        self._written = {name: _written(text) for name, text in self._queries.items()}
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = _open(path, memory)
        _lock_down(self._connection, folders)
        path.chmod(0o600)

    def close(self) -> None:
        """Fold the log into the file and let go of it. Closing twice is harmless.

        A damaged file keeps its log, for the rescue.
        """
        with self._writing, contextlib.suppress(duckdb.ConnectionException):
            try:
                self._connection.execute("checkpoint")
            except duckdb.Error as error:
                if not damage.is_told_by(error):
                    raise
                damage.mark(self.path, str(error))
            self._connection.close()

    def migrate(self, *, now: datetime) -> None:
        """Bring schema and views up to date (see inbox.migrations), and read the diary's head.

        Raises StoreDamaged when a file of the schema was changed after it was applied.
        """
        with self.export() as cursor:
            migrations.apply(cursor, now=now)
        with self.read() as db:
            self.head = db.one("events.head", Head) or Head()
            self._set_lost_head_aside(db)

    def listen(self, listener: Callable[[list[Change]], None]) -> Callable[[], None]:
        """Call `listener` after every commit that left events; answer how to stop it.

        It runs on the writer's thread outside the lane, and must be quick and never raise.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def answers(self) -> bool:
        """Whether the database still answers at all and was not found damaged (a probe, not a
        check of its contents)."""
        if damage.is_marked(self.path):
            return False
        try:
            with contextlib.closing(self._connection.cursor()) as cursor:
                cursor.execute("select count(*) from migrations").fetchall()
        except duckdb.Error:
            return False
        return True

    def version(self, tables: tuple[str, ...]) -> tuple[int, ...]:
        """Grows with every commit that has written to one of these tables."""
        return tuple(self._versions[table] for table in tables)

    @contextmanager
    def read(self) -> Generator["Session", None, None]:
        with self._cursor() as cursor:
            yield Session(cursor, self._queries, self._written, self.tally)

    @contextmanager
    def write(self) -> Generator["Session", None, None]:
        """Commit everything the block did, or nothing; then run what it left for later."""
        with self._writing:
            with self._cursor() as cursor:
                db = Session(
                    cursor, self._queries, self._written, self.tally, self.head, self.diary_key
                )
                cursor.begin()
                try:
                    yield db
                    cursor.commit()
                except BaseException:
                    with contextlib.suppress(duckdb.Error):
                        cursor.rollback()
                    raise
            if db.head != self.head:
                self.head = db.head
                # The commit stands even where the disk has no room for a newer head.
                with contextlib.suppress(OSError):
                    heads.keep(self.head_file, self.head, self.diary_key)
            self._versions.update(db.written)
            for step in db.afterwards:
                step()
        if db.changes:
            for listener in list(self._listeners):
                listener(db.changes)

    @contextmanager
    def export(self) -> Generator[Cursor, None, None]:
        """A bare cursor with the writer lane held."""
        with self._writing, self._cursor() as cursor:
            yield cursor

    @contextmanager
    def beside(self) -> Generator[Cursor, None, None]:
        """A bare cursor for back-ups, snapshots and checks, while others write."""
        with self._cursor() as cursor:
            yield cursor

    @contextmanager
    def _cursor(self) -> Generator[Cursor, None, None]:
        """Raises StoreUnreadable, and leaves a mark, when a statement meets damage in the file."""
        try:
            with contextlib.closing(self._connection.cursor()) as cursor:
                yield cursor
        except duckdb.Error as error:
            if not damage.is_told_by(error):
                raise
            damage.mark(self.path, str(error))
            raise StoreUnreadable(damage.WORDS) from error

    def _set_lost_head_aside(self, db: "Session") -> None:
        """A head that the diary does not reach must outlive the next commit, for `verify`."""
        try:
            kept = heads.read(self.head_file, self.diary_key)
        except StoreDamaged:
            heads.set_aside(self.head_file)
            return
        if kept is None and self.head.event_id:
            self.head_file.touch(mode=0o600)
            heads.set_aside(self.head_file)
        if kept and db.value("events.seal_of", event_id=kept.event_id) != kept.seal:
            heads.set_aside(self.head_file)


@dataclass(slots=True)
class Session:
    """One open conversation with the database, at most one transaction long."""

    _cursor: Cursor
    _queries: dict[str, str]
    _written: dict[str, str]
    _tally: Tally
    head: Head = field(default_factory=Head)
    diary_key: bytes = b""
    changes: list[Change] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def run(self, query: str, **params: object) -> None:
        self._execute(query, params).fetchall()

    def change(self, query: str, **params: object) -> int:
        """Run an insert, update or delete; answer how many rows it touched."""
        (count,) = self._execute(query, params).fetchall()[0]
        return int(count)

    def all(self, query: str, into: type[Row], **params: object) -> list[Row]:
        """Rows as dataclasses; a column that is no field, or a field without one, raises."""
        found = self._execute(query, params)
        names = [column[0] for column in found.description or []]
        return [into(**dict(zip(names, row, strict=True))) for row in found.fetchall()]

    def one(self, query: str, into: type[Row], **params: object) -> Row | None:
        return next(iter(self.all(query, into, **params)), None)

    def value(self, query: str, **params: object) -> Any:
        """The first column of the first row, None when there is no row."""
        return next(iter(self.column(query, **params)), None)

    def column(self, query: str, **params: object) -> list[Any]:
        return [row[0] for row in self._execute(query, params).fetchall()]

    def rows(self, query: str, **params: object) -> list[tuple[Any, ...]]:
        return self._execute(query, params).fetchall()

    def frame(self, query: str, **params: object) -> pd.DataFrame:
        return self._execute(query, params).df()

    def after_commit(self, step: Callable[[], None]) -> None:
        """Leave a quick step that must run only if, and after, this transaction is durable."""
        self.afterwards.append(step)

    def _execute(self, query: str, params: dict[str, object]) -> Cursor:
        self._tally.statements += 1
        if table := self._written[query]:
            self.written.add(table)
        return self._cursor.execute(self._queries[query], params)


def load_queries(folder: Path) -> dict[str, str]:
    """Read `-- name: claim` blocks of conversations.sql as `conversations.claim`."""
    return {
        f"{script.stem}.{name}": text.strip()
        for script in sorted(folder.glob("*.sql"))
        for name, text in re.findall(
            r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)", script.read_text(), re.M | re.S
        )
    }


def _written(query: str) -> str:
    """The table that a query changes; empty for one that only reads."""
    found = re.search(r"^(?:insert into|update|delete from) (\w+)", query, re.M)
    return found[1] if found else ""


def newest(path: Path, memory: str = "256MB") -> Head | None:
    """The head of the diary in a file, None when there is no diary in it. Neither the file nor its
    log changes by a byte. Raises as Store does."""
    with contextlib.closing(_open(path, memory, read_only=True)) as connection:
        try:
            found = connection.execute(load_queries(SQL / "queries")["events.head"]).fetchall()
        except duckdb.CatalogException:
            return None
        except duckdb.Error as error:
            raise _refusal(path, error) from error
    return Head(*found[0]) if found else Head()


def _open(path: Path, memory: str, *, read_only: bool = False) -> Cursor:
    try:
        return duckdb.connect(
            str(path),
            read_only=read_only,
            config={
                "threads": 2,
                "memory_limit": memory,
                # At 16 MB, the default, an import checkpoints every second, and pages wait.
                "checkpoint_threshold": "64MB",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    except duckdb.IOException as error:
        holder = re.search(r"PID (\d+)", str(error))
        if holder is None:
            raise _refusal(path, error) from error
        raise StoreBusy(
            f"{path} is in use by process {holder[1]}. Delad opens its database from one "
            "process only; stop that one first, or let it do the work."
        ) from error
    except duckdb.Error as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: Exception) -> StoreDamaged:
    kind = StoreUnreadable if damage.is_told_by(error) else StoreDamaged
    return kind(f"{path} cannot be opened: {error}")


def _lock_down(connection: Cursor, folders: Sequence[Path]) -> None:
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set allowed_directories = $folders", {"folders": [str(f) for f in folders]})
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
