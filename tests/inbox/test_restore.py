import dataclasses
import json
import shutil
from datetime import timedelta

import pytest

from inbox import backup, control, conversations, events, house, putting_away, verify
from inbox import restore as restoring
from inbox.errors import Invalid, StoreBusy
from inbox.settings import Settings
from tests import houses
from tests.conftest import NOON, agent
from tests.furniture import ADA, INVOICE
from tests.inbox.test_backup import put_mail
from tests.inbox.test_blobs import blank, tear

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def backed(settings):
    """A house with a claim, a mail and a file, backed up, then changed and closed."""
    home = houses.furnished(settings, now=NOON)
    ada = agent(home.store, ADA)
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
    place = put_mail(home, 1)
    sha256 = home.files.put(b"a picture")
    made = backup.make(home, ada, now=NOON)
    backup.keys_to(home, ada, settings.data.parent / "safe")
    with home.store.write() as db:
        putting_away.trash(db, ada, INVOICE, now=NOON)
    home.close()
    return dataclasses.make_dataclass("Backed", ["made", "place", "sha256"])(made, place, sha256)


def assert_is_as_backed(settings, backed):
    home = house.open_up(settings, now=LATER)
    try:
        ada = agent(home.store, ADA)
        with home.store.read() as db:
            found = conversations.by_id(db, ada, INVOICE)
        assert (found.assignee_id, found.trashed_at) == (ADA, None)
        assert home.raw.read(backed.place).startswith(b"Subject: 1")
        assert home.files.path(backed.sha256).read_bytes() == b"a picture"
        assert verify.verify(home.store) == []
        with home.store.write() as db:
            conversations.release(db, ada, INVOICE, now=LATER)
        (new,) = home.raw.append([(b"Subject: new\r\n\r\n", {})])
        assert home.raw.read(new) == b"Subject: new\r\n\r\n"
        with home.store.export() as cursor:
            cursor.execute(
                "insert into agents (email, name, is_admin, is_active, signature, created_at) "
                "values ('new@example.com', 'New', false, true, '', $now)",
                {"now": NOON},
            ).fetchall()
            assert cursor.execute("select max(id) from agents").fetchall() == [(5,)]
            keys = cursor.execute(
                "select count(*) from duckdb_constraints() where constraint_type = 'PRIMARY KEY' "
                "and schema_name = 'main' and database_name = 'inbox'"
            ).fetchone()
            indexes = cursor.execute("select count(*) from duckdb_indexes()").fetchone()
        with home.store.read() as db:
            assert len(events.of_conversation(db, ada, INVOICE)) == 2
        assert verify.verify(home.store) == []
        return keys + indexes
    finally:
        home.close()


def test_into_an_empty_folder_with_the_keys_brought_along(backed, settings, tmp_path):
    fresh = Settings(data=tmp_path / "fresh")
    told = restoring.restore(backed.made.folder, fresh, now=LATER, keys_from=tmp_path / "safe")
    assert (told.set_aside, told.held, told.findings) == (None, 0, ())
    original = house.open_up(settings, now=NOON)
    with original.store.export() as cursor:
        keys = cursor.execute(
            "select count(*) from duckdb_constraints() where constraint_type = 'PRIMARY KEY' "
            "and schema_name = 'main' and database_name = 'inbox'"
        ).fetchone()
        indexes = cursor.execute("select count(*) from duckdb_indexes()").fetchone()
    original.close()
    assert assert_is_as_backed(fresh, backed) == keys + indexes


def test_what_stood_there_is_set_aside(backed, settings):
    told = restoring.restore(backed.made.folder, settings, now=LATER)
    assert told.set_aside == settings.data / "set-aside-2026-03-02T13-00-00"
    assert sorted(f.name for f in told.set_aside.iterdir()) == [
        "diary.head",
        "files",
        "inbox.duckdb",
        "raw",
    ]
    assert_is_as_backed(settings, backed)


def test_a_database_that_does_not_open_can_be_restored(backed, settings):
    settings.database.write_bytes(b"not a database")
    restoring.restore(backed.made.folder, settings, now=LATER)
    assert_is_as_backed(settings, backed)


def test_working_in_a_restored_house_leaves_the_backup_as_it_was(backed, settings):
    restoring.restore(backed.made.folder, settings, now=LATER)
    assert_is_as_backed(settings, backed)
    for file in backup.held_files(backup.manifest(backed.made.folder)):
        assert backup.digest(backed.made.folder / file.path) == file.sha256


def state_of(settings):
    return {f: f.read_bytes() for f in sorted(settings.data.rglob("*")) if f.is_file()}


@pytest.mark.parametrize("victim", ["inbox.duckdb", "diary.head", "raw/000001.seg", "files"])
@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_damaged_backup_is_refused_and_nothing_changes(backed, settings, victim, harm):
    file = backed.made.folder / victim
    if victim == "files":
        file = file / backed.sha256[:2] / backed.sha256
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    if harm == "remove":
        file.unlink()
    else:
        file.write_bytes(content if harm == "flip" else content[:-1])
    before = state_of(settings)

    with pytest.raises(Invalid):
        restoring.restore(backed.made.folder, settings, now=LATER)
    assert state_of(settings) == before


def test_a_manifest_that_points_elsewhere_is_refused(backed, settings):
    file = backed.made.folder / "manifest.json"
    told = json.loads(file.read_text())
    told["files"][0]["path"] = "../../../escaped"
    file.write_text(json.dumps(told))
    with pytest.raises(Invalid, match="outside"):
        restoring.restore(backed.made.folder, settings, now=LATER)


def test_mail_erased_from_a_linked_segment_does_not_spoil_the_backup(backed, settings):
    segment = backed.made.folder / "raw" / "000001.seg"
    content = bytearray(segment.read_bytes())
    start = backed.place.position
    content[start : start + backed.place.size_bytes] = b"\0" * backed.place.size_bytes
    segment.write_bytes(content)
    restoring.restore(backed.made.folder, settings, now=LATER)


@pytest.mark.parametrize("harm", [None, "mail", "head", "torn"])
def test_an_erasure_beside_torn_bytes_is_accepted_and_damage_is_not(settings, monkeypatch, harm):
    home = houses.furnished(settings, now=NOON)
    erased, kept = put_mail(home, 1), put_mail(home, 2)
    tear(settings.raw / "000001.seg")
    put_mail(home, 3)
    made = backup.make(home, agent(home.store, ADA), now=NOON)
    home.close()
    segment = made.folder / "raw" / "000001.seg"
    assert segment.samefile(settings.raw / "000001.seg")
    blank(segment, erased)
    places = {"mail": kept.position, "head": kept.position - 30, "torn": -3}
    if harm:
        content = bytearray(segment.read_bytes())
        content[places[harm]] ^= 1
        segment.write_bytes(content)
        with pytest.raises(Invalid, match="damaged"):
            restoring.restore(made.folder, settings, now=LATER)
    else:
        assert restoring.restore(made.folder, settings, now=LATER).findings == ()


def test_an_older_manifest_accepts_erasures_too(backed, settings):
    file = backed.made.folder / "manifest.json"
    told = json.loads(file.read_text())
    for held in told["files"]:
        del held["frame"]
    file.write_text(json.dumps(told))
    blank(backed.made.folder / "raw" / "000001.seg", backed.place)
    restoring.restore(backed.made.folder, settings, now=LATER)


def test_without_the_keys_it_says_what_is_missing(backed, settings, tmp_path):
    shutil.rmtree(settings.keys)
    with pytest.raises(Invalid, match="keys of this house are not in"):
        restoring.restore(backed.made.folder, settings, now=LATER)
    assert not settings.keys.exists()

    restoring.restore(backed.made.folder, settings, now=LATER, keys_from=tmp_path / "safe")
    assert_is_as_backed(settings, backed)


def test_other_keys_are_refused(backed, tmp_path):
    other = Settings(data=tmp_path / "other")
    house.open_up(other, now=NOON).close()
    with pytest.raises(Invalid, match="not those this back-up was made with"):
        restoring.restore(backed.made.folder, other, now=LATER)


def test_while_an_app_runs_it_is_refused(backed, settings):
    home = house.open_up(settings, now=LATER)
    with control.serving(home, {}), pytest.raises(StoreBusy, match="Stop it first"):
        restoring.restore(backed.made.folder, settings, now=LATER)
    home.close()


def test_mail_that_may_have_gone_out_since_is_not_sent_again(settings):
    home = houses.furnished(settings, now=NOON)
    ada = agent(home.store, ADA)
    with home.store.export() as cursor:
        for n, state in enumerate(("queued", "sending", "sent", "failed", "cancelled"), start=1):
            cursor.execute(
                "insert into outbox (kind, mailbox_id, conversation_id, message_id, "
                "rfc_message_id, raw_sha256, segment, position, size_bytes, envelope_from, "
                "from_name, from_address, recipients, subject, body_text, body_html, reply_text, "
                "attachments, seen_event_id, queued_at, due_at, state, stage, closes, attempts, "
                "sent_check, copy_state) "
                "values ('reply', 1, 1, 1, 'x', '', 1, 0, 0, '', '', '', '{}', '', '', '', '', "
                "'[]', 0, $now, $now, $state, '', false, 0, '', '')",
                {"now": NOON, "state": state},
            ).fetchall()
            cursor.execute(
                "insert into outbox_recipients values ($n, 'a@customer.test', 'to', 'x', null)",
                {"n": n},
            ).fetchall()
    made = backup.make(home, ada, now=NOON)
    home.close()

    assert restoring.restore(made.folder, settings, now=LATER).held == 2
    again = house.open_up(settings, now=LATER)
    with again.store.export() as cursor:
        states = cursor.execute("select state from outbox order by id").fetchall()
        kinds = cursor.execute("select kind from events order by event_id").fetchall()
    again.close()
    assert [s for (s,) in states] == ["uncertain", "uncertain", "sent", "failed", "cancelled"]
    assert [k for (k,) in kinds] == ["restored_from_backup", "held", "held"]
