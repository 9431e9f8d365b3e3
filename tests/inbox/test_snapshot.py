import threading
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from inbox import commands, conversations, putting_away, snapshot
from inbox.agents import the_house
from inbox.errors import Invalid, NotAllowed, StoreStuck
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox.post import every
from tests.sql.test_report import dictionary, views

HOUR = timedelta(hours=1)


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


def kept_files(home):
    return sorted(file.name for file in home.settings.snapshots.iterdir())


@pytest.mark.feature("U8")
def test_the_house_keeps_the_newest_few_and_each_is_whole(home, ada):
    home = replace(home, settings=replace(home.settings, snapshots_kept=2))
    assert snapshot.newest(home.settings) is None
    made = [snapshot.keep(home, ada, now=NOON + n * HOUR) for n in range(3)]

    assert snapshot.every(home.settings) == made[:0:-1]
    assert snapshot.newest(home.settings).made_at == NOON + 2 * HOUR
    assert [file.stat().st_mode & 0o777 for file in home.settings.snapshots.iterdir()] == [
        0o600
    ] * 2
    with duckdb.connect(str(made[2].file), read_only=True) as copy:
        assert views(copy) == dictionary()
    assert list(home.settings.exports.iterdir()) == []
    told = "select count(*) from events where kind = 'snapshot_made'"
    assert every(home, told) == [(3,)]


@pytest.mark.feature("U8")
def test_one_is_made_when_the_newest_is_a_day_old(home):
    assert snapshot.nightly(home, now=NOON)
    assert snapshot.nightly(home, now=NOON + 23 * HOUR) is None
    assert snapshot.nightly(home, now=NOON + 24 * HOUR)
    # A clock that was set back by a week must not stop them for a week.
    assert snapshot.nightly(home, now=NOON - 7 * 24 * HOUR)
    assert snapshot.newest(home.settings).made_at == NOON - 7 * 24 * HOUR
    assert snapshot.nightly(home, now=NOON - 7 * 24 * HOUR + HOUR) is None
    never = replace(home, settings=replace(home.settings, snapshot_hours=0))
    assert snapshot.nightly(never, now=NOON + 99 * HOUR) is None


@pytest.mark.feature("U8")
def test_what_a_kill_left_half_made_is_cleared_away_and_never_taken_for_a_snapshot(home, ada):
    home.settings.snapshots.mkdir()
    half = home.settings.exports / "snapshot-0123.part"
    half.write_bytes(b"half")
    for name in ("notes.duckdb", "report-2026-03-02T12-00-00-000000.duckdb.part"):
        (home.settings.snapshots / name).write_bytes(b"x")
    assert snapshot.newest(home.settings) is None

    snapshot.keep(home, ada, now=NOON)
    assert not half.exists()
    assert len(snapshot.every(home.settings)) == 1
    assert "notes.duckdb" in kept_files(home)


@pytest.mark.feature("U8")
def test_one_that_fails_leaves_the_last_and_nothing_half(home, ada):
    last = snapshot.keep(home, ada, now=NOON)
    with home.store.export() as cursor:
        cursor.execute("drop view report.resolution").fetchall()
    with pytest.raises(duckdb.CatalogException):
        snapshot.keep(home, ada, now=NOON + HOUR)

    assert snapshot.every(home.settings) == [last]
    assert list(home.settings.exports.iterdir()) == []


@pytest.mark.feature("U8")
def test_a_nearly_full_disk_is_made_no_fuller(home, ada, bo):
    last = snapshot.keep(home, ada, now=NOON)
    full = replace(home, settings=replace(home.settings, disk_alarm_bytes=1 << 60))
    with pytest.raises(StoreStuck, match="nearly full"):
        snapshot.keep(full, ada, now=NOON + HOUR)

    assert snapshot.every(home.settings) == [last]
    with pytest.raises(NotAllowed):
        snapshot.keep(home, bo, now=NOON)


@pytest.mark.feature("U8")
def test_a_reader_of_the_old_one_is_not_disturbed_by_a_new_one(home, ada):
    home = replace(home, settings=replace(home.settings, snapshots_kept=1))
    first = snapshot.keep(home, ada, now=NOON)
    with duckdb.connect(str(first.file), read_only=True) as reading:
        snapshot.keep(home, ada, now=NOON + HOUR)
        assert not first.file.exists()
        assert reading.execute("select count(*) from report.conversations").fetchone() == (2,)


@pytest.mark.feature("U8")
def test_a_command_without_a_name_keeps_one_in_the_house(home):
    answer = commands.take_snapshot(home, {"file": None}, print)
    assert answer.data["file"] == str(snapshot.newest(home.settings).file)
    assert answer.data["size_bytes"] > 0
