import subprocess
import sys
import threading
import time

import duckdb
import pytest

from inbox import conversations, events, house, lists, migrations
from inbox.errors import StoreDamaged
from inbox.store import Store, load_queries
from tests.conftest import NOON
from tests.furniture import INVOICE, SUPPORT


def test_a_block_that_raises_leaves_nothing(store, ada):
    head = store.head
    with pytest.raises(ZeroDivisionError), store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        raise ZeroDivisionError

    with store.read() as db:
        assert conversations.by_id(db, ada, INVOICE).assignee_id is None
        assert events.of_conversation(db, ada, INVOICE) == []
    assert store.head == head


def test_listeners_hear_of_commits_and_never_of_rollbacks(store, ada):
    heard = []
    stop = store.listen(heard.extend)
    with pytest.raises(ZeroDivisionError), store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        raise ZeroDivisionError
    with store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
    stop()
    with store.write() as db:
        conversations.close(db, ada, INVOICE, now=NOON)

    assert [(c.kind, c.mailbox_id, c.conversation_id) for c in heard] == [
        ("claimed", SUPPORT, INVOICE)
    ]


def test_a_second_process_is_told_who_holds_the_file(home):
    code = (
        "from pathlib import Path; from inbox.store import Store; import sys; "
        f"Store(Path({str(home.settings.database)!r}), diary_key=b'k')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "StoreBusy" in done.stderr
    assert "is in use by process" in done.stderr


def test_a_schema_file_changed_after_it_was_applied_is_refused(home, tmp_path, monkeypatch):
    folder = tmp_path / "sql"
    for part in ("schema", "metrics", "queries"):
        (folder / part).mkdir(parents=True)
        for script in (migrations.SQL / part).glob("*.sql"):
            (folder / part / script.name).write_bytes(script.read_bytes())
    monkeypatch.setattr(migrations, "SQL", folder)
    changed = folder / "schema" / "001_house.sql"
    changed.write_text(changed.read_text() + "-- changed\n")

    with pytest.raises(StoreDamaged, match="001_house"):
        home.store.migrate(now=NOON)


def test_what_was_written_is_there_after_a_restart(settings, home, ada):
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
    head = home.store.head
    home.close()

    again = house.open_up(settings, now=NOON)
    try:
        assert again.store.head == head
        with again.store.read() as db:
            assert conversations.by_id(db, ada, INVOICE).assignee_name == "Ada Lind"
    finally:
        again.close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "x.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreDamaged, match=r"x\.duckdb"):
        Store(tmp_path / "x.duckdb", diary_key=b"k")


def test_queries_cannot_reach_files_or_settings(home):
    for statement in (
        "select * from read_text('/etc/hostname')",
        "copy agents to '/tmp/agents.csv'",
        "attach '/tmp/other.duckdb' as other",
        "set enable_external_access = true",
        "install httpfs",
    ):
        with home.store.export() as cursor, pytest.raises(Exception, match=r"(?i)error"):
            cursor.execute(statement)


def test_readers_do_not_wait_for_the_writer(store, ada):
    done = threading.Event()

    def look():
        with store.read() as db:
            lists.counts(db, ada, now=NOON)
        done.set()

    with store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        threading.Thread(target=look).start()
        assert done.wait(5)


def test_every_statement_is_counted(store, ada):
    before = store.tally.statements
    with store.read() as db:
        lists.counts(db, ada, now=NOON)
        conversations.by_id(db, ada, INVOICE)

    assert store.tally.statements - before == 2


def test_query_files_are_read_block_by_block(tmp_path):
    (tmp_path / "things.sql").write_text("-- name: a\nselect 1;\n\n-- name: b\n-- why\nselect 2;\n")

    assert load_queries(tmp_path) == {"things.a": "select 1;", "things.b": "-- why\nselect 2;"}


def test_closing_waits_for_a_call_that_is_under_way(home):
    answers = []

    def ask():
        slow = "select sum(one.range * other.range) from range(40000) one, range(20000) other"
        answers.extend(home.store._connection.execute(slow).fetchall())

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.2)
    home.store.close()
    asking.join()
    assert len(answers) == 1
    with pytest.raises(duckdb.Error), home.store.read() as db:
        db.value("events.head")
