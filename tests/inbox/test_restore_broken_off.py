"""A restore that is killed: nothing starts until it was run again, and nothing is lost."""

import signal
from datetime import timedelta
from pathlib import Path

import pytest

from inbox import control, conversations, doctor, exchange, house, unfinished
from inbox import restore as restoring
from inbox.errors import StoreBusy, StoreDamaged
from inbox.settings import Settings
from ingest import demo
from tests.conftest import NOON, agent
from tests.furniture import ADA, INVOICE
from tests.inbox.test_restore import LATER, assert_is_as_backed, backed
from tests.process import python

__all__ = ["backed"]
RESTORE = """
import sys
from datetime import datetime
from pathlib import Path
from inbox import restore
from inbox.settings import Settings
folder, data, now, keys = sys.argv[1:]
restore.restore(Path(folder), Settings(data=Path(data)), now=datetime.fromisoformat(now),
                keys_from=Path(keys) if keys else None)
"""
PLACES = (
    "restore noted",
    "restore set inbox.duckdb aside",
    "restore set diary.head aside",
    "restore set raw aside",
    "restore set files aside",
    "restore put inbox.duckdb",
    "restore put diary.head",
    "restore put raw",
    "restore put files",
    "restore began anew",
)


def killed_at(place, backed, settings, keys=""):
    words = (RESTORE, backed.made.folder, settings.data, LATER.isoformat(), keys)
    done = python("-c", *words, DELAD_FAILPOINT=place)
    assert done.returncode == -signal.SIGKILL


def assert_nothing_starts(settings, backed):
    before = sorted(settings.data.rglob("*"))
    for start in (lambda: house.open_up(settings, now=LATER), lambda: demo.is_wanted(settings, {})):
        with pytest.raises(StoreDamaged, match="broken off") as refusal:
            start()
        assert f"restore {backed.made.folder}" in str(refusal.value)
    said = doctor.examine(settings, now=LATER)[-1]
    assert (said.subject, said.state) == ("restore", "broken")
    assert sorted(settings.data.rglob("*")) == before


@pytest.mark.parametrize("place", PLACES)
def test_killed_anywhere_it_is_run_again_and_all_is_there(place, backed, settings, tmp_path):
    killed_at(place, backed, settings)
    assert_nothing_starts(settings, backed)

    told = restoring.restore(backed.made.folder, settings, now=LATER + timedelta(minutes=1))

    assert_is_as_backed(settings, backed)
    assert demo.is_wanted(settings, {}) is False
    assert [told.set_aside] == list(settings.data.glob("set-aside-*"))
    old = Settings(data=told.set_aside)
    settings.keys.rename(old.keys)
    opened = house.open_up(old, now=LATER)
    with opened.store.read() as db:
        found = conversations.by_id(db, agent(opened.store, ADA), INVOICE)
    assert found.trashed_at == NOON
    assert opened.raw.read(backed.place).startswith(b"Subject: 1")
    assert opened.files.path(backed.sha256).exists()
    opened.close()


@pytest.mark.parametrize("place", ["restore put raw", "restore brought diary"])
def test_killed_on_a_new_machine(place, backed, tmp_path):
    fresh = Settings(data=tmp_path / "fresh")
    killed_at(place, backed, fresh, keys=str(tmp_path / "safe"))
    assert_nothing_starts(fresh, backed)

    told = restoring.restore(backed.made.folder, fresh, now=LATER, keys_from=tmp_path / "safe")

    assert told.set_aside is None
    assert_is_as_backed(fresh, backed)


def test_another_key_is_kept_however_often_it_is_run_again(backed, settings, tmp_path):
    (settings.keys / "diary.key").write_bytes(b"another key")
    killed_at("restore brought diary", backed, settings, keys=str(tmp_path / "safe"))
    (settings.keys / "diary.key").write_bytes(b"half")

    restoring.restore(backed.made.folder, settings, now=LATER, keys_from=tmp_path / "safe")

    kept = {f.read_bytes() for f in settings.keys.glob("diary.key.before-restore*")}
    assert b"another key" in kept
    assert_is_as_backed(settings, backed)


@pytest.mark.parametrize(
    "words", [["mailbox", "list"], ["agent", "add", "a@example.com"], ["verify"], ["serve"]]
)
def test_no_command_works_in_a_half_restored_house(words, backed, settings):
    killed_at("restore set inbox.duckdb aside", backed, settings)
    done = python("-m", "inbox", *words, DELAD_DATA=settings.data)
    assert done.returncode == 1
    assert "A restore into" in done.stderr and "Traceback" not in done.stderr
    assert not settings.database.exists()


def test_an_app_that_starts_while_the_backup_is_copied_is_left_alone(backed, settings, monkeypatch):
    opened = []
    copy = restoring._copy

    def meanwhile(*words):
        copy(*words)
        opened.append(house.open_up(settings, now=LATER))
        monkeypatch.setattr(control, "is_served", lambda file: True)

    monkeypatch.setattr(restoring, "_copy", meanwhile)
    with pytest.raises(StoreBusy, match="Stop it first"):
        restoring.restore(backed.made.folder, settings, now=LATER)
    opened[0].close()
    assert unfinished.read(settings) is None
    assert list(settings.data.glob("set-aside-*")) == []


def test_two_restores_at_once(backed, settings, monkeypatch):
    def second(*_):
        restoring.restore(backed.made.folder, settings, now=LATER)

    monkeypatch.setattr(exchange, "exchange", second)
    with pytest.raises(StoreBusy, match="Another restore"):
        restoring.restore(backed.made.folder, settings, now=LATER)


def test_a_note_that_cannot_be_read_stops_every_start_too(settings):
    settings.data.mkdir()
    (settings.data / unfinished.NAME).write_text("{")
    with pytest.raises(StoreDamaged, match="cannot be read"):
        house.open_up(settings, now=NOON)
    assert not Path(settings.database).exists()
