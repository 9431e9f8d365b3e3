import json
import shutil
import threading
from datetime import timedelta

import pytest

from inbox import backup, blobs, durable, events, house, putting_away
from inbox.agents import the_house
from inbox.errors import Invalid, NotAllowed
from inbox.settings import Settings
from tests.conftest import NOON
from tests.furniture import INVOICE

DAY = timedelta(days=1)


def put_mail(home, number, *, known=True):
    """One raw mail, as ingest leaves it; unknown to the database when it died in between."""
    (place,) = home.raw.append([(b"Subject: %d\r\n\r\nBody" % number, {"uid": number})])
    if known:
        with home.store.export() as cursor:
            cursor.execute(
                "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, "
                "head_sha256, segment, position, size_bytes, fetched_at, state) values (1, "
                "'INBOX', 1, $uid, $sha256, '', $segment, $position, $size, $now, 'fetched')",
                {
                    "uid": number,
                    "sha256": place.sha256,
                    "segment": place.segment,
                    "position": place.position,
                    "size": place.size_bytes,
                    "now": NOON,
                },
            ).fetchall()
    return place


def test_a_backup_holds_database_mail_and_attachments_and_no_key(home, ada):
    put_mail(home, 1)
    sha256 = home.files.put(b"a picture")
    made = backup.make(home, ada, now=NOON)

    held = {file.path: file for file in backup.held_files(backup.manifest(made.folder))}
    assert set(held) == {
        "inbox.duckdb",
        "diary.head",
        "raw/000001.seg",
        f"files/{sha256[:2]}/{sha256}",
    }
    for path, file in held.items():
        assert backup.digest(made.folder / path) == file.sha256
        assert (made.folder / path).stat().st_mode & 0o777 == 0o600
    everything = b"".join(f.read_bytes() for f in made.folder.rglob("*") if f.is_file())
    for key in (home.keys.diary, home.keys.message_id, home.keys.secrets):
        assert key not in everything
    assert made.folder.stat().st_mode & 0o777 == 0o700


def test_what_never_changes_is_linked_and_what_grows_is_copied(home, ada, monkeypatch):
    monkeypatch.setattr(blobs, "SEGMENT_BYTES", 100)
    for number in range(3):
        put_mail(home, number)
    sha256 = home.files.put(b"a picture")
    made = backup.make(home, ada, now=NOON)

    def is_linked(path):
        return (made.folder / path).samefile(home.settings.data / path)

    segments = sorted(home.settings.raw.glob("*.seg"))
    assert len(segments) > 1
    assert all(is_linked(f"raw/{s.name}") for s in segments[:-1])
    assert not is_linked(f"raw/{segments[-1].name}")
    assert is_linked(f"files/{sha256[:2]}/{sha256}")


def test_a_torn_or_unknown_tail_of_the_growing_segment_stays_out(home, ada):
    put_mail(home, 1)
    known = (home.settings.raw / "000001.seg").read_bytes()
    put_mail(home, 2, known=False)
    made = backup.make(home, ada, now=NOON)
    assert (made.folder / "raw" / "000001.seg").read_bytes() == known


def test_only_so_many_are_kept(settings, home, ada):
    import dataclasses

    few = dataclasses.replace(home, settings=dataclasses.replace(settings, backups_kept=3))
    for day in range(5):
        backup.make(few, ada, now=NOON + day * DAY)
    assert [b.made_at for b in backup.every(settings.backups)] == [
        NOON + 4 * DAY,
        NOON + 3 * DAY,
        NOON + 2 * DAY,
    ]


def test_the_night_makes_one_a_day(home):
    assert backup.nightly(home, now=NOON)
    assert backup.nightly(home, now=NOON + timedelta(hours=3)) is None
    assert backup.nightly(home, now=NOON + DAY)
    assert len(backup.every(home.settings.backups)) == 2


def test_it_is_in_the_diary(home, ada):
    backup.make(home, ada, now=NOON)
    backup.make(home, the_house(), now=NOON + DAY)
    with home.store.export() as cursor:
        found = cursor.execute("select kind, actor_kind, actor_id from events").fetchall()
    assert found == [("backed_up", "agent", ada.id), ("backed_up", "system", None)]


def test_an_unfinished_backup_is_none(home, ada, monkeypatch):
    def no_room(source, copy):
        raise OSError(28, "No space left on device")

    home.files.put(b"a picture")
    with monkeypatch.context() as patch:
        patch.setattr(backup, "_link", no_room)
        with pytest.raises(OSError, match="No space"):
            backup.make(home, ada, now=NOON)
    assert list(home.settings.backups.iterdir()) == []

    part = home.settings.backups / "2026-03-02T12-00-00.part"
    part.mkdir()
    (part / "inbox.duckdb").write_text("half")
    assert backup.every(home.settings.backups) == []
    assert backup.make(home, ada, now=NOON).folder.name == "2026-03-02T12-00-00"


def test_what_killed_runs_left_behind_is_cleared_away(home, ada):
    for name in ("2026-03-01T12-00-00.part", "2026-02-01T12-00-00.part", "mine.part"):
        (home.settings.backups / name).mkdir()
        (home.settings.backups / name / "inbox.duckdb").write_text("half")
    backup.make(home, ada, now=NOON)
    assert sorted(f.name for f in home.settings.backups.iterdir()) == [
        "2026-03-02T12-00-00",
        "mine.part",
    ]


def test_two_at_once_do_not_disturb_each_other(home, ada):
    makers = [
        threading.Thread(target=backup.make, args=(home, ada), kwargs={"now": NOON + n * DAY})
        for n in range(3)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(backup.every(home.settings.backups)) == 3


def test_the_manifest_vouches_for_what_is_durable(home, ada, monkeypatch):
    put_mail(home, 1)
    sha256 = home.files.put(b"a picture")
    synced, write, sync = [], durable.write, durable.sync

    def synced_so_far(file, text):
        assert {f.relative_to(file.parent).as_posix() for f in synced} >= {
            "inbox.duckdb", "diary.head", "raw/000001.seg", "raw", "files", f"files/{sha256[:2]}"
        }  # fmt: skip
        write(file, text)

    monkeypatch.setattr(durable, "sync", lambda path: [synced.append(path), sync(path)])
    monkeypatch.setattr(durable, "write", synced_so_far)
    made = backup.make(home, ada, now=NOON)
    assert synced[-1] == made.folder.parent


def test_who_may_and_how_often(home, ada, bo):
    with pytest.raises(NotAllowed):
        backup.make(home, bo, now=NOON)
    backup.make(home, ada, now=NOON)
    with pytest.raises(Invalid, match="just made"):
        backup.make(home, ada, now=NOON)


def test_a_backup_is_whole_while_others_write(home, ada, tmp_path):
    stop, numbers = threading.Event(), iter(range(10_000))

    def claim():
        while not stop.is_set():
            with home.store.write() as db:
                putting_away.trash(db, ada, INVOICE, now=NOON)
                putting_away.restore(db, ada, INVOICE, now=NOON)

    def fetch():
        while not stop.is_set():
            put_mail(home, next(numbers))
            home.files.put(b"file %d" % next(numbers))

    workers = [threading.Thread(target=work) for work in (claim, fetch)]
    for worker in workers:
        worker.start()
    try:
        made = [backup.make(home, ada, now=NOON + n * DAY) for n in range(3)]
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    for n, one in enumerate(made):
        data = tmp_path / f"copy {n}"
        shutil.copytree(one.folder, data)
        shutil.copytree(home.settings.keys, data / "keys")
        opened = house.open_up(Settings(data=data), now=NOON)
        with opened.store.export() as cursor:
            (count,) = cursor.execute("select count(*) from events").fetchone()
            mails = cursor.execute(
                "select sha256, segment, position, size_bytes from raw_messages"
            ).fetchall()
        assert (count - n) % 2 == 0
        for sha256, segment, position, size in mails:
            opened.raw.read(
                blobs.Place(sha256=sha256, segment=segment, position=position, size_bytes=size)
            )
        with opened.store.write() as db:
            events.record(db, ada, "claimed", INVOICE, now=NOON)
        opened.close()


def test_the_keys_go_elsewhere_or_nowhere(home, ada, bo, tmp_path):
    written = backup.keys_to(home, ada, tmp_path / "safe")
    assert [f.read_bytes() for f in written] == [
        home.keys.diary,
        home.keys.message_id,
        home.keys.secrets,
    ]
    assert all(f.stat().st_mode & 0o777 == 0o600 for f in written)
    assert backup.keys_to(home, ada, tmp_path / "safe") == written

    with pytest.raises(Invalid, match="apart from the back-ups"):
        backup.keys_to(home, ada, home.settings.backups / "keys")
    (tmp_path / "safe" / "diary.key").write_bytes(b"another")
    with pytest.raises(Invalid, match="another key"):
        backup.keys_to(home, ada, tmp_path / "safe")
    with pytest.raises(NotAllowed):
        backup.keys_to(home, bo, tmp_path / "other")


def test_a_folder_that_is_no_backup_is_refused(tmp_path):
    with pytest.raises(Invalid, match="no back-up"):
        backup.read(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"made_at": "x"}))
    with pytest.raises(Invalid, match="no back-up"):
        backup.read(tmp_path)
