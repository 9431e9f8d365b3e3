import threading

import duckdb
import pytest

from inbox import conversations, putting_away, snapshot
from inbox.agents import the_house
from inbox.errors import Invalid, NotAllowed
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.sql.test_report import dictionary, views


def test_a_snapshot_holds_the_report_tables_and_nothing_else(home, ada, tmp_path):
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
    made = snapshot.make(home, ada, tmp_path / "today.duckdb")

    with duckdb.connect(str(made.file), read_only=True) as copy:
        assert views(copy) == dictionary()
        schemas = copy.execute(
            "select distinct schema_name from duckdb_tables() union "
            "select distinct schema_name from duckdb_views() where not internal"
        ).fetchall()
        assert schemas == [("report",)]
        assert copy.execute("select subject, assignee from report.conversations").fetchall() == [
            ("Invoice 12", "ada@example.com"),
            ("Quote for 40 units", None),
        ]
        assert copy.execute("select kind, actor from report.events").fetchall() == [
            ("claimed", "ada@example.com")
        ]
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert list(home.settings.exports.iterdir()) == []


def test_no_secret_and_no_hidden_text_is_in_a_snapshot(home, ada, tmp_path):
    canaries = ("canary-secret", "canary-command", "canary-hash", "canary-html", "canary-payload")
    with home.store.export() as cursor:
        cursor.execute(
            "update mailboxes set secret = 'canary-secret', token_command = 'canary-command'"
        ).fetchall()
        cursor.execute("update agents set password_hash = 'canary-hash'").fetchall()
        cursor.execute("update bodies set body_html = 'canary-html', body_text = 'seen'").fetchall()
        cursor.execute("insert into event_payloads values (9, 's', null, 'canary-payload')")
    content = snapshot.make(home, ada, tmp_path / "today.duckdb").file.read_bytes()
    assert [c for c in canaries if c.encode() in content] == []
    assert b"Invoice 12" in content


def test_a_newer_snapshot_replaces_the_older_one(home, ada, tmp_path):
    snapshot.make(home, ada, tmp_path / "today.duckdb")
    snapshot.make(home, the_house(), tmp_path / "today.duckdb")
    assert sorted(f.name for f in tmp_path.iterdir()) == ["data", "today.duckdb"]


def test_snapshots_are_made_while_others_write(home, ada, tmp_path):
    stop = threading.Event()

    def work():
        while not stop.is_set():
            with home.store.write() as db:
                putting_away.trash(db, ada, INVOICE, now=NOON)
                putting_away.restore(db, ada, INVOICE, now=NOON)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for n in range(3):
            made = snapshot.make(home, ada, tmp_path / f"{n}.duckdb")
            with duckdb.connect(str(made.file), read_only=True) as copy:
                count, even = copy.execute(
                    "select count(*), count(*) % 2 from report.events"
                ).fetchone()
                assert even == 0, count
    finally:
        stop.set()
        worker.join()


def test_a_snapshot_that_fails_leaves_nothing_behind(home, ada, tmp_path):
    with home.store.export() as cursor:
        cursor.execute("drop view report.resolution").fetchall()
    with pytest.raises(duckdb.CatalogException):
        snapshot.make(home, ada, tmp_path / "today.duckdb")
    assert [f.name for f in tmp_path.iterdir()] == ["data"]
    assert list(home.settings.exports.iterdir()) == []

    home.store.migrate(now=NOON)
    assert snapshot.make(home, ada, tmp_path / "today.duckdb").size_bytes


def test_who_may_not_and_where_it_cannot_be(home, bo, ada, tmp_path):
    with pytest.raises(NotAllowed):
        snapshot.make(home, bo, tmp_path / "today.duckdb")
    for place in (tmp_path, tmp_path / "no" / "folder", home.settings.data / "inbox.duckdb"):
        with pytest.raises(Invalid):
            snapshot.make(home, ada, place)
    assert home.settings.database.stat().st_size > 0
