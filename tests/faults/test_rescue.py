"""A damaged database: everything comes back, nothing twice, and the damage is kept as it was."""

import hashlib
import json
import random
import shutil
import signal
from datetime import timedelta

import pytest

from inbox import (
    agents,
    drafts,
    invitations,
    mailboxes,
    message_ids,
    rescued,
    unfinished,
    verify,
)
from inbox import keys as key_files
from inbox.blobs import Place, RawStore
from inbox.errors import Stale, StoreBusy, StoreDamaged
from ingest import jail, poll
from tests import servers
from tests.conftest import NOON, agent
from tests.faults import wreck as wrecks
from tests.faults.length import rounds, some
from tests.faults.wreck import DATABASE, LOG
from tests.furniture import ADA, INVOICE, SUPPORT
from tests.inbox import post
from tests.inbox.test_blobs import blank
from tests.ingest.conftest import dovecot, one_dovecot
from tests.ingest.smtp_script import Script
from tests.process import python

__all__ = ["dovecot", "one_dovecot"]
pytestmark = pytest.mark.dovecot

ANSWER_SECONDS = 60
SENT = "Skickat"
PLACE = ("sha256", "segment", "position", "size_bytes")
START = """
import sys
from datetime import datetime
from pathlib import Path
from inbox import rescue
from inbox.settings import Settings
from ingest import takeup
data, now = sys.argv[1:]
rescue.opened(Settings(data=Path(data)), now=datetime.fromisoformat(now), take_up=takeup.take_up,
              say=print).close()
"""
PLACES = (
    "rescue noted",
    "rescue set inbox.duckdb aside",
    "rescue set inbox.duckdb.wal aside",
    "rescue set diary.head aside",
    "rescue put inbox.duckdb",
    "rescue put diary.head",
    "rescue began anew",
    "rescue took up",
)


@pytest.fixture(scope="module")
def wreck(one_dovecot, tmp_path_factory):
    one_dovecot.user = "wreck"
    return wrecks.build(tmp_path_factory.mktemp("wreck") / "data", one_dovecot)


@pytest.fixture
def settings(wreck, tmp_path):
    found = wreck.copied(tmp_path / "data")
    yield found
    jail.close(found)


def flipped(content, place):
    changed = bytearray(content)
    changed[place] ^= 1 << (place % 8)
    return bytes(changed)


def spoil(settings, *, database=None, log=None):
    """Write other bytes; None leaves them, b"" empties the file. Answer what is to be kept."""
    if database is not None:
        settings.database.write_bytes(database)
    if log is not None:
        settings.data.joinpath(LOG).write_bytes(log)
    return {name: settings.data.joinpath(name).read_bytes() for name in (DATABASE, LOG)}


def sha256(raw):
    return hashlib.sha256(raw).hexdigest()


def assert_nothing_lost(home, wreck):
    """Each mail and each reply is shown once, and what left before does not leave again."""
    script = Script()
    wrecks.at_work(home, script)
    assert script.accepted == []
    rows = post.every(home, "select raw_sha256 from messages where raw_sha256 is not null")
    digests = [row[0] for row in rows]
    assert len(digests) == len(set(digests))
    assert {sha256(raw) for raw in wreck.mails} <= set(digests)
    for words in [*wreck.answers, wreck.waiting]:
        places = post.one(
            home,
            "select (select count(*) from messages join bodies on id = message_id "
            "where direction = 'out' and reply_text like $words), "
            "(select count(*) from outbox where state <> 'sent' and reply_text like $words)",
            words=f"{words}%",
        )
        assert sum(places) == 1, (words, places)
    assert verify.verify(home.store) == []


def assert_rescued(settings, wreck, kept, *, is_behind=True):
    said = []
    home, seconds = wrecks.opened(settings, said)
    assert seconds < ANSWER_SECONDS
    assert said, "nothing was rescued"
    try:
        with home.store.read() as db:
            told = rescued.last(db)
        aside = settings.data / told.set_aside
        for name, content in kept.items():
            assert (aside / name).read_bytes() == content
        assert "WHAT-HAPPENED.txt" in {f.name for f in aside.iterdir()}
        assert post.one(home, "select count(*) from events where kind = 'rescued'") == (1,)
        assert_nothing_lost(home, wreck)
    finally:
        jail.close(settings)
        home.close()
    again = []
    home, _ = wrecks.opened(settings, again)
    home.close()
    assert again == []
    return told


def places(content, count, seed):
    return sorted(random.Random(seed).sample(range(len(content)), count))


def test_an_undamaged_house_after_a_kill_is_not_rescued(wreck, settings):
    said = []
    home, _ = wrecks.opened(settings, said)
    assert said == []
    rows = post.every(home, "select state, count(*) from outbox group by all order by all")
    home.close()
    assert rows == [("queued", 1), ("sent", 4)]
    assert not list(settings.data.glob("set-aside-*"))


@pytest.mark.parametrize("turn", range(rounds(sample=3, long=40)))
def test_a_flipped_byte_in_the_log(wreck, settings, turn):
    place = places(wreck.log, 40, seed=1)[(turn * 17) % 40]
    kept = spoil(settings, log=flipped(wreck.log, place))
    told = assert_rescued(settings, wreck, kept)
    assert told.source in {"log", "file", "backup"}


@pytest.mark.parametrize("turn", range(rounds(sample=2, long=30)))
def test_a_log_that_is_cut(wreck, settings, turn):
    place = places(wreck.log, 30, seed=2)[(turn * 11) % 30]
    kept = spoil(settings, log=wreck.log[:place])
    assert_rescued(settings, wreck, kept)


def test_what_waited_before_the_damage_may_have_left_and_is_held(wreck, settings):
    """The row is there, and nobody knows what the lost end of the log said of it."""
    kept = spoil(settings, log=wreck.log[:-10])
    assert assert_rescued(settings, wreck, kept).held == 1


@pytest.mark.parametrize("turn", range(rounds(sample=3, long=30)))
def test_a_flipped_byte_in_the_head_of_the_file(wreck, settings, turn):
    place = places(wreck.database[:12_288], 30, seed=3)[(turn * 13) % 30]
    content = flipped(wreck.database, place)
    kept = spoil(settings, database=content)
    said = []
    home, _ = wrecks.opened(settings, said)
    home.close()
    if not said:
        # One of the two alternating headers is not in use: the file opens as ever.
        return
    aside = next(settings.data.glob("set-aside-*"))
    assert {name: (aside / name).read_bytes() for name in kept} == kept
    home, _ = wrecks.opened(settings, [])
    assert_nothing_lost(home, wreck)
    home.close()


CUTS = (0, 1, 4_096, 8_192, 12_288, 300_000)


@pytest.mark.parametrize("length", some(CUTS, 3))
def test_a_file_that_is_cut(wreck, settings, length):
    kept = spoil(settings, database=wreck.database[:length])
    told = assert_rescued(settings, wreck, kept)
    assert told.source == "backup"


@pytest.mark.parametrize("has_log", [True, False])
def test_a_file_that_is_gone(wreck, settings, has_log):
    settings.database.unlink()
    if not has_log:
        (settings.data / LOG).unlink()
    kept = {LOG: wreck.log} if has_log else {}
    assert assert_rescued(settings, wreck, kept).source == "backup"


@pytest.mark.parametrize("place", some(PLACES, 4))
def test_killed_in_the_middle_it_is_finished_by_the_next_start(wreck, settings, place):
    kept = spoil(settings, database=wreck.database[:5_000])
    done = python("-c", START, settings.data, wrecks.LATER.isoformat(), DELAD_FAILPOINT=place)
    assert done.returncode == -signal.SIGKILL
    assert_rescued(settings, wreck, kept)
    assert len(list(settings.data.glob("set-aside-*"))) == 1


def test_what_a_rescue_cannot_know_is_in_doubt_and_what_it_can_is_not(wreck, settings):
    """Back to the back-up: of three replies since then one lies in Sent, and two nowhere."""
    spoil(settings, database=b"")
    home, _ = wrecks.opened(settings, [])
    wrecks.at_work(home, Script())
    states = dict(post.every(home, "select reply_text, state from outbox where id > 2"))
    shown = post.every(
        home,
        "select via, reply_text from messages join bodies on id = message_id "
        "where direction = 'out' and via = 'sent'",
    )
    conversations = post.every(home, "select distinct conversation_id from outbox")
    home.close()
    assert states == {
        "Late answer, without a copy": "uncertain",
        "The third answer, which never left.": "uncertain",
    }
    assert [(via, words) for via, words in shown] == [("sent", "Late answer, with a copy in Sent")]
    assert conversations == [(INVOICE,)]


def test_a_doubt_is_settled_when_its_copy_turns_up_in_sent(wreck, settings, one_dovecot):
    spoil(settings, database=b"")
    home, _ = wrecks.opened(settings, [])
    wrecks.at_work(home, Script())
    place = post.one(
        home,
        "select raw_sha256, segment, position, size_bytes from outbox "
        "where reply_text like 'Late answer, without%'",
    )
    one_dovecot.append(home.raw.read(Place(**dict(zip(PLACE, place, strict=True)))), folder=SENT)
    try:
        wrecks.at_work(home, Script(), now=wrecks.LATER + timedelta(hours=1))
        state = post.one(
            home, "select state from outbox where reply_text like 'Late answer, without%'"
        )
        filed = post.one(
            home,
            "select count(*) from messages join bodies on id = message_id "
            "where reply_text like 'Late answer, without%'",
        )
        assert (state, filed) == (("sent",), (1,))
        assert verify.verify(home.store) == []
    finally:
        home.close()
        with one_dovecot.client() as client:
            client.select_folder(SENT)
            client.delete_messages([max(client.search("ALL"))])
            client.expunge()


def test_a_draft_that_came_back_does_not_leave_twice(wreck, settings):
    """The reply left after the back-up; its draft is open again in the back-up's state."""
    spoil(settings, database=b"")
    home, _ = wrecks.opened(settings, [])
    ada = agent(home.store, ADA)
    with home.store.read() as db:
        support = mailboxes.by_id(db, SUPPORT)
    poll.poll(home, support, now=wrecks.LATER)
    with home.store.write() as db:
        draft = drafts.start(db, ada, INVOICE, "reply", now=wrecks.LATER)
    wrecks.at_work(home, Script())
    with pytest.raises(Stale):
        post.send(home, ada, drafted(home, ada, draft), now=wrecks.LATER)
    home.close()


def drafted(home, ada, draft):
    with home.store.write() as db:
        return drafts.save(
            db,
            ada,
            draft.id,
            draft.revision,
            body="Late answer, without a copy",
            recipients=draft.recipients,
            subject=draft.subject,
            kind="reply",
            now=wrecks.LATER,
        )


def test_without_any_backup_the_mail_is_there_once_somebody_comes(wreck, settings, one_dovecot):
    shutil.rmtree(settings.backups)
    kept = spoil(settings, database=b"")
    told = assert_rescued(settings, wreck, kept)
    assert told.source == "nothing"
    home, _ = wrecks.opened(settings, [])
    now = wrecks.LATER + timedelta(minutes=10)
    with home.store.write() as db:
        token = invitations.set_up_link(db, now=now)
        first = invitations.redeem(db, token, "hash", "Ada", email="ada@example.com", now=now)
    with home.store.read() as db:
        ada = agents.by_id(db, first)
    assert len(ada.readable) == 2
    before = post.one(home, "select count(*) from messages where direction = 'in'")
    with home.store.write() as db:
        again = mailboxes.add(
            db,
            ada,
            "support@example.com",
            imap_url=one_dovecot.url,
            secret=servers.PASSWORD,
            keys=home.keys,
            now=now,
        )
    assert again in ada.readable
    assert_nothing_lost(home, wreck)
    assert post.one(home, "select count(*) from messages where direction = 'in'") == before
    assert post.one(home, "select count(*) from mailboxes") == (2,)
    assert post.one(home, "select count(*) from memberships") == (2,)
    jail.close(settings)
    home.close()


def test_attachments_that_are_gone_are_extracted_again(wreck, settings):
    spoil(settings, database=b"")
    shutil.rmtree(settings.files)
    home, _ = wrecks.opened(settings, [])
    wrecks.at_work(home, Script())
    digests = post.every(home, "select sha256 from attachments")
    assert digests
    for (digest,) in digests:
        assert sha256(home.files.path(digest).read_bytes()) == digest
    home.close()


def test_a_reply_that_was_never_queued_is_not_brought_to_life(wreck, settings):
    """Bytes come before rows: a Send that failed in between leaves bytes alone."""
    spoil(settings, database=b"")
    keys = key_files.load(settings.keys)
    raw = wrecks.mail(
        "Never sent",
        sender="support@example.com",
        message_id=message_ids.make(keys, INVOICE, 900, "example.com"),
    )
    for hours, words in ((-30, b"long ago"), (1, b"just now")):
        moment = (NOON + timedelta(hours=hours)).isoformat()
        meta = {"kind": "outbox", "mailbox_id": SUPPORT, "fetched_at": moment}
        RawStore(settings.raw).append([(raw.replace(b"Never sent", words), meta)])
    home, _ = wrecks.opened(settings, [])
    wrecks.at_work(home, Script())
    shown = post.every(
        home,
        "select reply_text from outbox where reply_text in ($a, $b)",
        a="long ago",
        b="just now",
    )
    home.close()
    assert shown == [("just now",)]


def test_erased_mail_stays_erased(wreck, settings):
    """Its bytes are blank in data/raw: they are not taken up again as a mail."""
    spoil(settings, database=b"")
    store = RawStore(settings.raw)
    raw = wrecks.numbered("Late", 4)
    place = next(place for place, _ in store.records() if place.sha256 == sha256(raw))
    blank(settings.raw / f"{place.segment:06d}.seg", place)
    home, _ = wrecks.opened(settings, [])
    wrecks.at_work(home, Script())
    digests = {row[0] for row in post.every(home, "select raw_sha256 from messages")}
    home.close()
    assert sha256(raw) not in digests
    assert sha256(wrecks.numbered("Late", 5)) in digests


def test_two_rescues_at_once_are_one(wreck, settings):
    spoil(settings, database=b"")
    with unfinished.alone(settings), pytest.raises(StoreBusy):
        wrecks.opened(settings, [])
    assert not list(settings.data.glob("set-aside-*"))


def test_without_its_keys_nothing_is_touched(wreck, settings):
    kept = spoil(settings, database=b"")
    (settings.keys / "message_id.key").unlink()
    with pytest.raises(StoreDamaged, match="Put them back"):
        wrecks.opened(settings, [])
    assert {name: (settings.data / name).read_bytes() for name in kept} == kept


def test_a_command_does_not_rescue_by_itself(wreck, settings):
    kept = spoil(settings, log=flipped(wreck.log, len(wreck.log) // 2))
    for words in (["mailbox", "list"], ["doctor"]):
        done = inbox(settings, *words)
        assert done.returncode == 1
        assert "python -m inbox rescue" in done.stdout + done.stderr
        assert {name: (settings.data / name).read_bytes() for name in kept} == kept
    assert json.loads(inbox(settings, "rescue", "--json").stdout)["rescued"]
    assert "rescue" in inbox(settings, "doctor").stdout
    assert inbox(settings, "mailbox", "list").returncode == 0
    assert json.loads(inbox(settings, "rescue", "--json").stdout) == {"rescued": False}


def inbox(settings, *words):
    return python("-m", "inbox", *words, DELAD_DATA=settings.data)
