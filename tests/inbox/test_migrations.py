"""A start of an empty folder, with every migration; and that furnished copies are no other."""

import re
from dataclasses import replace
from unittest.mock import patch

from inbox import house, migrations
from tests import furniture, houses
from tests.conftest import NOON

FILES = sorted((migrations.SQL / "schema").glob("*.sql"))
VIEWS = "select schema_name, view_name, sql from duckdb_views() where not internal order by all"
TABLES = "select table_name, sql from duckdb_tables() order by all"


def asked(home, sql):
    with home.store.export() as cursor:
        return cursor.execute(sql).fetchall()


def contents(home):
    """Every row of every table, and what the tables and views are."""
    tables = [name for name, _ in asked(home, TABLES)]
    rows = {name: asked(home, f"select * from {name} order by all") for name in tables}
    return asked(home, TABLES), asked(home, VIEWS), rows


def modes(home):
    """Who may read and write which file."""
    data = home.settings.data
    return {str(f.relative_to(data)): oct(f.stat().st_mode) for f in data.rglob("*")}


def test_an_empty_folder_gets_every_migration_once(settings):
    opened = house.open_up(settings, now=NOON)
    first = asked(opened, "select number, name from migrations order by number")
    opened.close()
    with patch.object(migrations, "_apply") as applied:
        again = house.open_up(settings, now=NOON)
    second = asked(again, "select number, name from migrations order by number")
    views = {name for schema, name, _ in asked(again, VIEWS) if schema == "report"}
    again.close()

    assert first == [(int(re.match(r"\d+", f.name)[0]), f.stem) for f in FILES]
    assert second == first
    assert {"conversations", "messages", "first_response"} <= views
    applied.assert_not_called()


def test_a_house_that_begins_as_a_copy_is_what_a_furnished_one_is(settings, tmp_path):
    earnest = house.open_up(settings, now=NOON)
    furniture.furnish(earnest, now=NOON)
    copy = houses.furnished(replace(settings, data=tmp_path / "copy"), now=NOON)
    try:
        assert contents(copy) == contents(earnest)
        assert copy.keys != earnest.keys
        assert copy.store.head == earnest.store.head
        assert copy.views == earnest.views
    finally:
        copy.close()
        earnest.close()
    assert modes(copy) == modes(earnest)


def test_two_copies_share_nothing(settings, tmp_path):
    one = houses.furnished(settings, now=NOON)
    two = houses.furnished(replace(settings, data=tmp_path / "two"), now=NOON)
    with one.store.export() as cursor:
        cursor.execute("update conversations set subject = 'Changed'")
    try:
        assert asked(two, "select count(*) from conversations where subject = 'Changed'") == [(0,)]
        assert one.keys != two.keys
    finally:
        one.close()
        two.close()
