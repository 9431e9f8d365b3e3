import dataclasses
import shutil
import socket
import sys
import tempfile
from datetime import timedelta
from types import SimpleNamespace

import pytest

from inbox import backup, conversations, doctor, house, job_runs
from inbox import head as heads
from inbox import keys as key_files
from inbox.settings import Settings
from tests import houses
from tests.conftest import NOON, agent
from tests.furniture import ADA, INVOICE, SUPPORT


@pytest.fixture
def lived_in(tmp_path):
    """A closed house with an event, a back-up and a poll; answer its settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(data=tmp_path / "data", port=port)
    home = houses.furnished(settings, now=NOON)
    ada = agent(home.store, ADA)
    with home.store.export() as cursor:
        cursor.execute(
            "update mailboxes set imap_url = 'imaps://a@example.com', secret = $secret "
            "where id = 1",
            {"secret": home.keys.encrypt("x")},
        ).fetchall()
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        job_runs.add(
            db, "poll", mailbox_id=SUPPORT, started_at=NOON, is_ok=True, detail="", now=NOON
        )
    backup.make(home, ada, now=NOON)
    home.close()
    return settings


def states(settings, now=NOON):
    """{subject: worst state} of what the doctor says."""
    order = ["ok", "warning", "broken"]
    found = {}
    for sign in doctor.examine(settings, now=now):
        assert sign.text
        found[sign.subject] = max(found.get(sign.subject, "ok"), sign.state, key=order.index)
    return found


def test_a_healthy_house(lived_in):
    assert set(states(lived_in).values()) == {"ok"}
    assert set(states(lived_in)) == {
        "Python", "packages", "data folder", "disk", "port", "keys", "database", "schema",
        "diary", "polling", "back-up",
    }  # fmt: skip


def test_the_running_app_is_examined_from_inside(lived_in):
    home = house.open_up(lived_in, now=NOON)
    signs = doctor.examine(lived_in, home, now=NOON)
    assert {sign.state for sign in signs} == {"ok"}
    home.close()


def test_before_the_first_start(tmp_path):
    settings = Settings(data=tmp_path / "none")
    assert "broken" not in states(settings).values()
    assert not settings.data.exists()


def test_files_that_others_can_read(lived_in):
    lived_in.database.chmod(0o644)
    assert states(lived_in)["data folder"] == "warning"
    lived_in.database.chmod(0o600)
    lived_in.data.chmod(0o755)
    assert states(lived_in)["data folder"] == "warning"


@pytest.mark.parametrize(("free", "state"), [(9 * 10**8, "warning"), (9 * 10**7, "broken")])
def test_little_room(lived_in, monkeypatch, free, state):
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert states(lived_in)["disk"] == state


def test_a_data_folder_that_cannot_be_written(lived_in, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("x")
    assert states(Settings(data=tmp_path / "file" / "data"))["data folder"] == "broken"

    def read_only(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryFile", read_only)
    assert states(lived_in)["data folder"] == "broken"


def test_an_old_python(lived_in, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert states(lived_in)["Python"] == "broken"


def test_another_package(lived_in, monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("duckdb==1.0.0\nno-such-package==1\n")
    monkeypatch.setattr(doctor, "HOUSE", tmp_path)
    assert states(lived_in)["packages"] == "broken"


def test_a_taken_port(lived_in):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", lived_in.port))
        taken.listen()
        assert states(lived_in)["port"] == "warning"


def test_a_database_that_does_not_open(lived_in):
    lived_in.database.write_bytes(b"not a database")
    assert states(lived_in)["database"] == "broken"


def test_missing_and_other_keys(lived_in):
    (lived_in.keys / "diary.key").rename(lived_in.data / "elsewhere.key")
    assert states(lived_in)["keys"] == "broken"
    assert not (lived_in.keys / "diary.key").exists()
    shutil.rmtree(lived_in.keys)
    key_files.load(lived_in.keys)
    found = states(lived_in)
    assert found["keys"] == "broken"
    assert found["diary"] == "broken"


def test_a_cut_diary(lived_in):
    home = house.open_up(lived_in, now=NOON)
    with home.store.export() as cursor:
        cursor.execute("delete from events").fetchall()
        cursor.execute("delete from event_payloads").fetchall()
    home.close()
    assert states(lived_in)["database"] == "broken"
    house.open_up(lived_in, now=NOON).close()
    assert list(lived_in.data.glob("diary.head.lost-*"))
    assert states(lived_in)["database"] == "broken"


def test_a_missing_head(lived_in):
    (lived_in.data / "diary.head").unlink()
    assert states(lived_in)["diary"] == "broken"


def test_a_head_that_lags_is_fine(lived_in):
    home = house.open_up(lived_in, now=NOON)
    kept = heads.read(home.store.head_file, home.keys.diary)
    with home.store.write() as db:
        conversations.close(db, agent(home.store, ADA), INVOICE, now=NOON)
    heads.keep(home.store.head_file, kept, home.keys.diary)
    home.close()
    assert states(lived_in)["diary"] == "ok"


def test_late_polls_and_old_backups(lived_in):
    later = states(lived_in, now=NOON + timedelta(days=4))
    assert (later["polling"], later["back-up"]) == ("warning", "warning")
    shutil.rmtree(lived_in.backups)
    assert states(lived_in)["back-up"] == "warning"


def test_a_newer_schema_waits(lived_in, monkeypatch, tmp_path):
    from inbox import migrations

    shutil.copytree(migrations.SQL, tmp_path / "sql")
    (tmp_path / "sql" / "schema" / "999_more.sql").write_text("create table more (id integer);")
    monkeypatch.setattr(migrations, "SQL", tmp_path / "sql")
    assert states(lived_in)["schema"] == "warning"
    changed = next((tmp_path / "sql" / "schema").glob("001*"))
    changed.write_text(changed.read_text() + "\n-- changed")
    assert states(lived_in)["schema"] == "broken"


def test_settings_stay_as_they_are(lived_in):
    before = {f: f.read_bytes() for f in lived_in.data.rglob("*") if f.is_file()}
    doctor.examine(dataclasses.replace(lived_in), now=NOON)
    after = {f: f.read_bytes() for f in lived_in.data.rglob("*") if f.is_file()}
    assert before.keys() == after.keys()
    assert [f.name for f in before if before[f] != after[f]] == []
