"""The one door to DuckDB: named queries from sql/, run in transactions."""

import contextlib
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from inbox import damage, migrations
from inbox import head as heads
from inbox.errors import StoreBusy, StoreDamaged, StoreStuck, StoreUnreadable
from inbox.failpoints import failpoint
from inbox.head import Head
from inbox.migrations import SQL

if TYPE_CHECKING:
    # Half a second to load, and only a table needs it.
    import pandas as pd

Cursor = duckdb.DuckDBPyConnection
Row = TypeVar("Row")
StoreError = duckdb.Error
"""What a refused statement raises, for those who may not know duckdb."""
FULL = (
    "Delad's disk does not take what is to be written: it is full or read-only. Nothing of this "
    "was kept; try again when there is room. An admin can look at Health."
)
STOPPED = (
    "The database has stopped, because the disk is full or failing. Delad opens it again by "
    "itself. Look whether this was kept before you do it once more."
)
FROM_FILE = "file."
CLOSING_SECONDS = 10.0
_OF_NUMBERS = re.compile(r"\b(?:report|metric)\.")
_OF_THE_DISK = re.compile(r"could not (write|sync|truncate|open)|no space left|read-only", re.I)


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
        self._has_stopped = False
        self._opening = (memory, tuple(folders))
        self._queries = load_queries(SQL / "queries")
        self._written = {name: _written(text) for name, text in self._queries.items()}
        self._parsed: dict[str, Any] = {}
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = _open(path, memory)
        _lock_down(self._connection, folders)
        path.chmod(0o600)

    def close(self) -> None:
        """Fold the log into the file and let go of it. Closing twice is harmless.

        What cannot be folded in stays in the log: for the next start, or for the rescue.
        """
        with self._writing:
            try:
                self._connection.execute("checkpoint")
            except duckdb.Error as error:
                if damage.is_told_by(error):
                    damage.mark(self.path, str(error))
            self._let_go()

    def _let_go(self) -> None:
        """DuckDB refuses as long as another thread is in the middle of a call: a snapshot is being
        copied, a hung question abandoned. Whoever closes does not wait for ever: the process ends
        soon, and what was recorded is in the log."""
        until = time.monotonic() + CLOSING_SECONDS
        while True:
            try:
                self._connection.close()
            except duckdb.ResourceInUseException:
                if time.monotonic() > until:
                    return
                time.sleep(0.05)
            else:
                return

    def migrate(self, *, now: datetime) -> None:
        """Bring schema and views up to date (see inbox.migrations), and read the diary's head.

        Raises StoreDamaged when a file of the schema was changed after it was applied, StoreStuck
        when the disk takes nothing.
        """
        with self._writing, self._lent() as cursor, _in_words():
            migrations.apply(cursor, now=now)
        self._read_head()

    def listen(self, listener: Callable[[list[Change]], None]) -> Callable[[], None]:
        """Call `listener` after every commit that left events; answer how to stop it.

        It runs on the writer's thread outside the lane, and must be quick and never raise.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def learn(self, name: str, text: str, **params: object) -> None:
        """Know a question from a file (see Session.from_file). It is bound, not asked.

        Raises ValueError, or what the database refuses it with, when it is no question that
        answers one column of numbers."""
        with self.beside() as cursor:
            statements = cursor.extract_statements(text)
            if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
                raise ValueError("it must be one question (select), and nothing else")
            named = _named(text, params)
            inner = text.strip().rstrip(";")
            found = cursor.execute(f"select * from ({inner}\n) as found limit 0", named)  # noqa: S608
            kinds = [str(column[1]) for column in found.description or []]
            found.fetchall()
        if kinds not in (["BIGINT"], ["INTEGER"]):
            raise ValueError("it must answer one column: the conversations' id")
        self._queries[f"{FROM_FILE}{name}"] = text
        self._parsed.pop(f"{FROM_FILE}{name}", None)
        self._written[f"{FROM_FILE}{name}"] = ""

    def answers(self) -> bool:
        """Whether the database still answers at all and was not found damaged (a probe, not a
        check of its contents)."""
        if damage.is_marked(self.path):
            return False
        try:
            with self._lent() as cursor:
                cursor.execute("select count(*) from migrations").fetchall()
        except (duckdb.Error, StoreStuck, StoreDamaged):
            return False
        return True

    def version(self, tables: tuple[str, ...]) -> tuple[int, ...]:
        """Grows with every commit that has written to one of these tables."""
        return tuple(self._versions[table] for table in tables)

    @contextmanager
    def read(self) -> Generator["Session", None, None]:
        with self._lent() as cursor:
            yield Session(
                cursor,
                self._queries,
                self._written,
                self.tally,
                parsed=self._parsed,
                is_reading=True,
            )

    @contextmanager
    def write(self) -> Generator["Session", None, None]:
        """Commit everything the block did, or nothing; then run what it left for later.

        Raises StoreStuck when the disk does not take it."""
        testament: list[Callable[[Session], None]] = []
        try:
            with self._transaction(testament) as db:
                yield db
        finally:
            for step in testament:
                # That it could not be noted must not hide why the block was refused.
                with contextlib.suppress(StoreStuck), self.write() as another:
                    step(another)

    @contextmanager
    def _transaction(
        self, testament: list[Callable[["Session"], None]]
    ) -> Generator["Session", None, None]:
        with self._writing:
            with self._lent() as cursor, _in_words():
                db = Session(
                    cursor,
                    self._queries,
                    self._written,
                    self.tally,
                    self.head,
                    self.diary_key,
                    parsed=self._parsed,
                )
                db.testament = testament
                cursor.begin()
                try:
                    yield db
                    failpoint("transaction to be recorded")
                    cursor.commit()
                except BaseException:
                    with contextlib.suppress(duckdb.Error):
                        cursor.rollback()
                    raise
            failpoint("transaction recorded")
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
        with self._writing, self._lent() as cursor:
            yield cursor

    @contextmanager
    def beside(self) -> Generator[Cursor, None, None]:
        """A bare cursor for back-ups, snapshots and checks, while others write."""
        with self._lent() as cursor:
            yield cursor

    @contextmanager
    def _lent(self) -> Generator[Cursor, None, None]:
        """A checkpoint that finds the disk full stops the whole database (DuckDB calls it
        invalidated): it is opened anew for whoever asks next. A statement that meets damage in
        the file leaves a mark for the next start, and raises StoreUnreadable."""
        if self._has_stopped:
            self._open_anew()
        try:
            with contextlib.closing(self._connection.cursor()) as cursor:
                yield cursor
        except duckdb.Error as error:
            if damage.is_told_by(error):
                damage.mark(self.path, str(error))
                raise StoreUnreadable(damage.WORDS) from error
            if not isinstance(error, duckdb.FatalException):
                raise
            self._has_stopped = True
            raise StoreStuck(STOPPED) from error

    def _open_anew(self) -> None:
        """As after a crash: what was recorded is in the log. Whether the last transaction was is
        known only now. While any thread is still at work in the old one, DuckDB gives out that."""
        with self._writing:
            if not self._has_stopped:
                return
            with contextlib.suppress(duckdb.Error):
                self._connection.close()
            memory, folders = self._opening
            try:
                self._connection = _open(self.path, memory)
                _lock_down(self._connection, folders)
            except StoreUnreadable as error:
                damage.mark(self.path, str(error))
                raise StoreUnreadable(damage.WORDS) from error
            except (duckdb.Error, StoreDamaged) as error:
                raise StoreStuck(STOPPED) from error
            self._has_stopped = False
            self._read_head()
            self._versions.update(self._written.values())

    def _read_head(self) -> None:
        with self.read() as db:
            self.head = db.one("events.head", Head) or Head()
            self._set_lost_head_aside(db)

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
    testament: list[Callable[["Session"], None]] = field(default_factory=list)
    parsed: dict[str, Any] = field(default_factory=dict)
    is_reading: bool = False

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

    def from_file(self, name: str, **params: object) -> list[int]:
        """What a question that was learnt from a file answers, given those parameters that it
        names. Raises KeyError when there is none of this name."""
        query = f"{FROM_FILE}{name}"
        found = self._execute(query, _named(self._queries[query], params)).fetchall()
        return [row[0] for row in found if row[0] is not None]

    def frame(self, query: str, **params: object) -> "pd.DataFrame":
        return self._execute(query, params).df()

    def after_commit(self, step: Callable[[], None]) -> None:
        """Leave a quick step that must run only if, and after, this transaction is durable."""
        self.afterwards.append(step)

    def in_any_case(self, step: Callable[["Session"], None]) -> None:
        """Leave what is to be written in a transaction of its own once this one has ended, kept or
        not: that something was refused, for instance."""
        self.testament.append(step)

    def _execute(self, query: str, params: dict[str, object]) -> Cursor:
        if self.is_reading and _asks_numbers(query, self._queries[query]):
            self._settle()
        self._tally.statements += 1
        if table := self._written[query]:
            self.written.add(table)
        # A statement is read once in the life of the store: that is a third of what a list costs.
        if query not in self.parsed:
            (self.parsed[query],) = self._cursor.extract_statements(self._queries[query])
        return self._cursor.execute(self.parsed[query], params)

    def _settle(self) -> None:
        """From here on this session sees one moment of the house. When nothing is due in it, the
        numbers are read as they are kept: the views need not unite them with what is due, which
        costs more than most questions even when there is none of it (metric.kept_or)."""
        self.is_reading = False
        self._cursor.begin()
        if not self.value("turns.late"):
            self._cursor.execute("set variable nothing_is_due = true")


def load_queries(folder: Path) -> dict[str, str]:
    """Read `-- name: claim` blocks of conversations.sql as `conversations.claim`."""
    return {
        f"{script.stem}.{name}": text.strip()
        for script in sorted(folder.glob("*.sql"))
        for name, text in re.findall(
            r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)", script.read_text(), re.M | re.S
        )
    }


@contextmanager
def _in_words() -> Generator[None, None, None]:
    """A disk that does not take what is written is no fault of what was asked for."""
    try:
        yield
    except duckdb.FatalException:
        raise
    except duckdb.Error as error:
        if _OF_THE_DISK.search(str(error)):
            raise StoreStuck(FULL) from error
        raise


def _named(text: str, params: dict[str, object]) -> dict[str, object]:
    """Of these parameters, those that the text names: others would be refused."""
    named = set(re.findall(r"\$(\w+)", re.sub(r"--.*", "", text)))
    return {name: value for name, value in params.items() if name in named}


def _asks_numbers(query: str, text: str) -> bool:
    """Whether it reads the numbers; what `turns` asks is how they are counted."""
    return not query.startswith("turns.") and _OF_NUMBERS.search(text) is not None


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
