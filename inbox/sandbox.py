"""A database of its own for questions that somebody has written: a snapshot, and nothing else.

It runs in a process of its own (inbox.sandbox_child), which holds no secret and no connection to
the house. Beside the check of what is asked (inbox.allowed_sql) the engine itself is shut: no
files, no network, no settings; and the snapshot's tables have a name that nobody can guess.
"""

import json
import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from inbox import allowed_sql
from inbox.errors import Invalid
from inbox.migrations import SQL

ROWS_AT_ONCE = 2_048
TOO_MUCH = "This needs more memory than a question may have ({memory}), and was stopped."
_HIDDEN = re.compile(r"kept_[0-9a-f]{32}\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Which mailboxes are read, in which of them colleagues are compared, whose names are known,
    and which conversations are not shown until the next snapshot."""

    readable: Sequence[int]
    comparing: Sequence[int]
    agents: Sequence[int]
    withdrawn: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    seconds: float
    rows: int
    answer_bytes: int
    memory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Arrow's schema and batches; `is_cut` when there is more than is answered."""

    schema: Any
    batches: list[Any]
    is_cut: bool


def opened(snapshot: Path, rights: Rights, limits: Limits) -> duckdb.DuckDBPyConnection:
    """An empty database in memory that sees of the snapshot what may be read, and is shut."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 2,
            "memory_limit": limits.memory,
            "temp_directory": "",
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        },
    )
    connection.execute("set TimeZone = 'UTC'")
    hidden = f"kept_{secrets.token_hex(16)}"
    connection.execute(f"attach $file as {hidden} (read_only)", {"file": str(snapshot)})
    _allow(connection, rights)
    views = (SQL / "sandbox" / "restricted.sql").read_text()
    for statement in connection.extract_statements(views.replace("kept.", f"{hidden}.")):
        connection.execute(statement)
    connection.execute("set schema = 'report'")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _allow(connection: duckdb.DuckDBPyConnection, rights: Rights) -> None:
    connection.execute("create schema allowed")
    connection.execute(
        "create table allowed.mailboxes as select id as mailbox_id, "
        "list_contains($comparing::bigint[], id) as may_compare "
        "from unnest($readable::bigint[]) as given (id)",
        {"readable": list(rights.readable), "comparing": list(rights.comparing)},
    )
    connection.execute(
        "create table allowed.agents as select unnest($agents::bigint[]) as agent_id",
        {"agents": list(rights.agents)},
    )
    connection.execute(
        "create table allowed.withdrawn as select unnest($ids::bigint[]) as conversation_id",
        {"ids": list(rights.withdrawn)},
    )


def ask(
    connection: duckdb.DuckDBPyConnection, text: str, limits: Limits, *, now: datetime
) -> Found:
    """Answer one question, within its limits. Raises Invalid in plain words for what may not be
    asked, takes too long or too much, or is wrong."""
    named = check(connection, text)
    clock = threading.Timer(limits.seconds, connection.interrupt)
    clock.start()
    try:
        given = {"now": now} if "now" in named else {}
        return _taken(connection.sql(text, params=given), limits)
    except duckdb.InterruptException as error:
        raise Invalid(
            "sql",
            "This took longer than {n} seconds and was stopped. Ask for less: a shorter time, "
            "fewer rows.",
            n=f"{limits.seconds:g}",
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise Invalid("sql", TOO_MUCH, memory=limits.memory) from error
    except duckdb.Error as error:
        raise Invalid("sql", "It cannot be answered: {why}", why=_said(error)) from error
    finally:
        clock.cancel()


def check(connection: duckdb.DuckDBPyConnection, text: str) -> frozenset[str]:
    """The parameters that it names. Raises Invalid for what may not be asked."""
    given = {"text": text}
    (told,) = connection.execute("select json_serialize_sql($text)", given).fetchall()[0]
    return allowed_sql.check(json.loads(told))


def _taken(relation: Any, limits: Limits) -> Found:
    reader = relation.to_arrow_reader(ROWS_AT_ONCE)
    batches: list[Any] = []
    rows, room = limits.rows, limits.answer_bytes
    for batch in reader:
        fits = min(rows, int(batch.num_rows * min(1.0, room / max(1, batch.nbytes))))
        batches.append(batch.slice(0, fits))
        if fits < batch.num_rows:
            return Found(schema=reader.schema, batches=batches, is_cut=True)
        rows, room = rows - fits, room - batch.nbytes
    return Found(schema=reader.schema, batches=batches, is_cut=False)


def _said(error: Exception) -> str:
    """The engine's own words, without the name that nobody should know."""
    return _HIDDEN.sub("", str(error))
