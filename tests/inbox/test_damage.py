"""Damage that shows only when a block is read, long after the file was opened."""

import shutil

import pytest

from inbox import backup, damage, doctor, health, house, rescue, rescued
from inbox import restore as restoring
from inbox.agents import the_house
from inbox.errors import NotAllowed, StoreDamaged, StoreUnreadable
from inbox.settings import Settings
from ingest import runs, takeup
from tests import furniture
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO
from tests.inbox.test_backup import put_mail

BLOCK = 262_144
HEADERS = 12_288


@pytest.fixture
def spoilt(settings):
    """A house whose file opens, and which cannot read one of its tables."""
    home = house.open_up(settings, now=NOON)
    furniture.furnish(home, now=NOON)
    with home.store.export() as cursor:
        cursor.execute(
            "insert into bodies select 1000 + i, 1, repeat(md5(i::varchar), 40), null, 'x' "
            "from range(5000) r(i)"
        ).fetchall()
    put_mail(home, 1)
    home.close()
    content = bytearray(settings.database.read_bytes())
    for block in range(HEADERS, len(content) - BLOCK, BLOCK):
        content[block + BLOCK // 2] ^= 1
        settings.database.write_bytes(bytes(content))
        if opens_and_fails(settings):
            break
        content[block + BLOCK // 2] ^= 1
    else:
        pytest.fail("no block was found that is read late")
    yield settings
    shutil.rmtree(settings.data)


READ = "select sum(length(body_text)) from bodies"


def opens_and_fails(settings):
    settings.database.with_name(damage.MARK).unlink(missing_ok=True)
    try:
        home = house.open_up(settings, now=NOON)
    except StoreDamaged:
        return False
    try:
        with home.store.beside() as cursor:
            cursor.execute(READ).fetchall()
        return False
    except StoreUnreadable:
        return True
    finally:
        home.close()
        settings.database.with_name(damage.MARK).unlink(missing_ok=True)


def test_it_is_never_answered_wrongly_but_refused_in_plain_words(spoilt):
    home = house.open_up(spoilt, now=NOON)
    assert home.store.answers()
    with pytest.raises(StoreUnreadable, match="Restart Delad"), home.store.beside() as cursor:
        cursor.execute(READ).fetchall()
    assert not home.store.answers()
    ada, bo = agent(home.store, ADA), agent(home.store, BO)
    with home.store.read() as db:
        assert "damaged" in [a.kind for a in health.alarms(db, ada, spoilt, now=NOON)]
        assert "damaged" not in [a.kind for a in health.alarms(db, bo, spoilt, now=NOON)]
    signs = {s.subject: s.state for s in doctor.examine(spoilt, home, now=NOON)}
    assert signs["database"] == "broken"
    home.close()


def test_no_thread_of_the_worker_dies_of_it(spoilt):
    """Not even when the row that tells of the failed run cannot be written."""
    home = house.open_up(spoilt, now=NOON)

    def work():
        with home.store.beside() as cursor:
            cursor.execute(READ).fetchall()

    assert "Restart Delad" in runs.run_job(home, "poll", work)
    with pytest.raises(StoreUnreadable), home.store.export() as cursor:
        # The instance gives up on the file for good when it cannot fold the log in.
        cursor.execute("delete from bodies where message_id > 1500").fetchall()
        cursor.execute("checkpoint").fetchall()
    assert "Restart Delad" in runs.run_job(home, "poll", work)
    home.close()


def test_a_backup_can_be_restored_over_it(spoilt):
    home = house.open_up(spoilt, now=NOON)
    with pytest.raises(StoreUnreadable):
        backup.make(home, the_house(), now=NOON)
    home.close()
    assert backup.every(spoilt.backups) == []
    fresh = Settings(data=spoilt.data.with_name("sound"))
    sound = house.open_up(fresh, now=NOON)
    made = backup.make(sound, the_house(), now=NOON)
    sound.close()
    restoring.restore(made.folder, spoilt, now=NOON, keys_from=fresh.keys)
    house.open_up(spoilt, now=NOON).close()
    assert not damage.is_marked(spoilt.database)


def test_the_next_start_rescues_it(spoilt):
    home = house.open_up(spoilt, now=NOON)
    with pytest.raises(StoreUnreadable), home.store.beside() as cursor:
        cursor.execute(READ).fetchall()
    home.close()
    with pytest.raises(StoreUnreadable):
        house.open_up(spoilt, now=NOON)
    said = []
    home = rescue.opened(spoilt, now=NOON, take_up=takeup.take_up, say=said.append)
    assert "found damaged" in said[0]
    with home.store.beside() as cursor:
        cursor.execute(READ).fetchall()
    assert home.store.answers()
    home.close()
    said.clear()
    rescue.opened(spoilt, now=NOON, take_up=takeup.take_up, say=said.append).close()
    assert said == []


@pytest.mark.parametrize(
    "words",
    [
        "IO Error: Could not write file: No space left on device",
        "Failure while replaying WAL file: Failed to commit: No space left on device",
        "Out of Memory Error: could not allocate block of size 256.0 KiB",
        'IO Error: Cannot open file "inbox.duckdb": Permission denied',
        "Trying to read a database file with version number 68, but we can only read 67",
        "Constraint Error: Duplicate key",
    ],
)
def test_a_full_disk_or_a_newer_file_is_no_damage(words):
    assert not damage.is_told_by(Exception(words))


def test_an_alarm_until_an_admin_has_read_it(home, settings):
    told = rescued.Rescued(at=NOON, source="backup", until=NOON, lost_events=3, backup_at=NOON)
    ada, bo = agent(home.store, ADA), agent(home.store, BO)
    with home.store.write() as db:
        rescued.keep(db, told)
    with home.store.write() as db:
        (alarm,) = health.alarms(db, ada, settings, now=NOON)
        assert (alarm.kind, alarm.name) == ("rescued", told.words)
        assert health.alarms(db, bo, settings, now=NOON) == []
        with pytest.raises(NotAllowed):
            rescued.seen(db, bo, now=NOON)
        rescued.seen(db, ada, now=NOON)
        assert health.alarms(db, ada, settings, now=NOON) == []
        assert rescued.shown(db, ada).words == told.words
        assert "3 entries of the diary" in told.words


def test_a_house_that_never_was_is_not_missing(tmp_path):
    settings = Settings(data=tmp_path / "new")
    assert rescue.trouble(settings) is None
    house.open_up(settings, now=NOON).close()


def test_a_database_that_stopped_and_does_not_open_again_is_damaged_not_merely_stuck(settings):
    home = house.open_up(settings, now=NOON)
    furniture.furnish(home, now=NOON)
    with home.store.export() as cursor:
        cursor.execute("checkpoint").fetchall()
    content = bytearray(settings.database.read_bytes())
    content[HEADERS // 3 : HEADERS] = bytes(byte ^ 1 for byte in content[HEADERS // 3 : HEADERS])
    settings.database.write_bytes(bytes(content))
    home.store._has_stopped = True

    with pytest.raises(StoreUnreadable, match="Restart Delad"), home.store.read():
        pass

    assert damage.is_marked(settings.database)
    home.close()
