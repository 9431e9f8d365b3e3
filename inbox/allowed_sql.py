"""What SQL may ask that somebody has typed or put into a file: one question to the report tables.

Read from the parsed statement, as DuckDB tells it in JSON; what is not known here is refused.
"""

import re
from collections.abc import Iterator
from typing import Any

from inbox.errors import Invalid

TABLES = frozenset(
    {
        *("mailboxes", "agents", "contacts", "conversations", "messages", "attachments", "events"),
        *("turns", "first_response", "resolution", "duplicate_replies", "agent_load"),
        *("still_waiting", "customer_wait", "reopens", "assignment", "touches", "targets"),
        *("duplicate_rate", "unassigned_at_shift_end", "unanswered"),
    }
)
SCHEMA = "report"
PARAMETERS = frozenset({"now"})
ONE_QUESTION = "Ask one question, which begins with select, with or from, and nothing else."
TOO_DEEP = "This question is too deep: take it apart."
_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_SOURCES = frozenset(
    {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT"}
)
_ROWS_FROM = frozenset({"unnest", "generate_series", "range"})
# What tells of the engine, its settings and the machine, or changes what a question is.
_NOT_ASKED = re.compile(
    r"getenv|getvariable|which_secret|nextval|currval|query|query_table|glob|version|user"
    r"|session_user|in_search_path|txid_current|write_log|.*duckdb_log.*|get_block_size"
    r"|json_(de)?serialize_.*|json_execute_.*|current_(setting|database|catalog|schemas?|user|role"
    r"|query|query_id|connection_id|transaction_id)"
    r"|(read|pragma|duckdb|pg|test|parquet|sniff|has|__internal|enable|disable)_.*"
    r"|.*_scan|.*_secrets?|.*_external_.*|(force_)?checkpoint|python_.*"
)
_HOLDING = re.compile(r"(?!duckdb_|pg_|sqlite_|pragma_|information_)[a-z_][a-z0-9_]*")


def check(told: dict[str, Any]) -> frozenset[str]:
    """The parameters that it names. Raises Invalid for what may not be asked, in words that name
    it."""
    statements = told.get("statements") or []
    if told.get("error_type") == "parser":
        why = str(told.get("error_message"))
        raise Invalid("sql", "This cannot be read as SQL: {why}", why=why)
    if told.get("error") or len(statements) != 1:
        raise Invalid("sql", ONE_QUESTION)
    try:
        parts = list(_parts(statements[0]))
    except RecursionError as error:
        raise Invalid("sql", TOO_DEEP) from error
    named = {name for part in parts for name in _names_of_ctes(part)}
    for part in parts:
        _check_part(part, named)
    given = frozenset(_parameter(p) for p in parts if p.get("type") == "VALUE_PARAMETER")
    if given - PARAMETERS:
        raise Invalid("sql", "There is no ${name} here, only $now.", name=min(given - PARAMETERS))
    return given


def _check_part(part: dict[str, Any], named: set[str]) -> None:
    kind = str(part.get("type", ""))
    if kind.endswith("_NODE") and kind not in _NODES:
        raise Invalid("sql", ONE_QUESTION)
    if "sample" in part and "cte_map" not in part and kind not in _SOURCES:
        raise Invalid("sql", "Only select may be asked here, not describe, show or summarize.")
    if kind == "BASE_TABLE":
        _check_table(part, named)
    if kind == "TABLE_FUNCTION":
        _check_rows_from(part.get("function") or {})
    function = str(part.get("function_name") or "").lower()
    is_elsewhere = part.get("catalog") or part.get("schema") not in (None, "", "main")
    if function and (is_elsewhere or _NOT_ASKED.fullmatch(function)):
        raise Invalid("sql", "The function {name} may not be used here.", name=function[:100])


def _check_table(part: dict[str, Any], named: set[str]) -> None:
    catalog, schema = part.get("catalog_name") or "", (part.get("schema_name") or "").lower()
    name = str(part.get("table_name") or "")
    known = name.lower()
    is_named_inside = not schema and known in named and _HOLDING.fullmatch(known) is not None
    is_report = schema in ("", SCHEMA) and known in TABLES
    if catalog or not (is_report or is_named_inside):
        whole = ".".join(one for one in (catalog, schema, name) if one)
        raise Invalid(
            "sql",
            "There is no report table “{name}”. Files, other schemas and the house's own tables "
            "cannot be asked.",
            name=whole[:100],
        )


def _check_rows_from(function: dict[str, Any]) -> None:
    name = str(function.get("function_name") or "").lower()
    if name not in _ROWS_FROM:
        raise Invalid("sql", "Rows cannot be read from {name} here.", name=name[:100])


def _parameter(part: dict[str, Any]) -> str:
    return str(part.get("identifier") or "").lower()


def _names_of_ctes(part: dict[str, Any]) -> Iterator[str]:
    for one in (part.get("cte_map") or {}).get("map") or []:
        yield str(one.get("key", "")).lower()
    if part.get("type") in ("RECURSIVE_CTE_NODE", "CTE_NODE"):
        yield str(part.get("cte_name", "")).lower()


def _parts(told: Any) -> Iterator[dict[str, Any]]:
    if isinstance(told, dict):
        yield told
        for value in told.values():
            yield from _parts(value)
    elif isinstance(told, list):
        for value in told:
            yield from _parts(value)
