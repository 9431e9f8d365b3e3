"""Every named query binds against the schema, and every query named in code exists."""

import ast
from pathlib import Path

import duckdb
import pytest

from inbox.store import SQL, load_queries

QUERIES = load_queries(SQL / "queries")
CHECKS = sorted((SQL / "checks").glob("*.sql"))
VERBS = {"run", "change", "one", "all", "frame", "value", "column", "rows"}
PACKAGES = ("inbox", "ingest", "web", "pages")


@pytest.fixture(scope="module")
def schema():
    connection = duckdb.connect()
    for folder in ("schema", "metrics"):
        for script in sorted((SQL / folder).glob("*.sql")):
            connection.execute(script.read_text())
    return connection


@pytest.mark.parametrize("name", QUERIES)
def test_query_binds(schema, name):
    schema.execute(f"prepare probe as {QUERIES[name]}")


@pytest.mark.parametrize("check", CHECKS, ids=lambda f: f.stem)
def test_check_returns_no_rows_from_an_empty_house(schema, check):
    assert schema.execute(check.read_text()).fetchall() == []


def test_names_in_code_and_in_sql_are_the_same_set():
    named = {
        call.args[0].value
        for package in PACKAGES
        for module in Path(package).rglob("*.py")
        for call in ast.walk(ast.parse(module.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in VERBS
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and call.args[0].value.split(".")[0] in {name.split(".")[0] for name in QUERIES}
    }
    assert named == QUERIES.keys()


def test_no_query_is_built_from_strings():
    """Session's methods take literal names; only the store touches SQL text."""
    built = [
        f"{module}:{call.lineno}"
        for package in PACKAGES
        for module in Path(package).rglob("*.py")
        for call in ast.walk(ast.parse(module.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "db"
        and call.func.attr in VERBS
        and not isinstance(call.args[0], ast.Constant)
    ]
    assert built == []
