"""What can go wrong around Send: files that are gone, a full disk, two devices, people who left."""

import errno
from datetime import timedelta

import pytest

from inbox import conversations, draft_files, drafts, health, leftovers, mailboxes, outbox, people
from inbox.blobs import RawStore
from inbox.errors import Invalid, Stale, TooLate
from tests.conftest import NOON
from tests.furniture import BO, INVOICE, SUPPORT
from tests.inbox import post
from tests.inbox.test_outbox import DUE, SOON, hear
from tests.ingest import errands
from tests.ingest.smtp_script import Script, serving

LATE = DUE + timedelta(minutes=20)


@pytest.fixture
def home(home):
    post.connect(home)
    return home


def run(home, script, now):
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        return errands.deliver_due(home, now=now)


def with_a_file(home, agent):
    draft = post.written(home, agent)
    with home.store.write() as db:
        draft_files.attach(db, agent, home.files, draft.id, "a.pdf", "a/b", b"%PDF", now=NOON)
        draft = drafts.own(db, agent, draft.id)
    return draft.attachments[0], draft


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_file_that_is_gone_or_changed_on_the_disk_is_said_and_nothing_is_sent(home, ada, damage):
    found, draft = with_a_file(home, ada)
    path = home.files.path(found.sha256)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"%PXF")

    with pytest.raises(Invalid, match=r"a\.pdf.*attach it again"):
        post.send(home, ada, draft)
    with home.store.read() as db:
        assert drafts.of(db, ada, INVOICE) == draft
    assert post.one(home, "select count(*) from outbox") == (0,)


def test_a_full_disk_is_said_and_the_draft_is_safe(home, ada, monkeypatch):
    draft = post.written(home, ada)

    def full(self, mails):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(RawStore, "append", full)
    with pytest.raises(Invalid, match="No space left"):
        post.send(home, ada, draft)
    with home.store.read() as db:
        assert drafts.of(db, ada, INVOICE) == draft


def test_send_on_a_second_device_after_undo_says_that_nothing_was_sent(home, ada):
    draft = post.written(home, ada)
    queued = post.send(home, ada, draft)
    with home.store.write() as db:
        back = outbox.undo(db, ada, queued.outbox_id, now=SOON)

    with pytest.raises(Stale):
        post.send(home, ada, draft, now=SOON)
    assert post.one(home, "select count(*) from outbox where state = 'queued'") == (0,)
    post.send(home, ada, back, now=SOON)


def test_of_two_devices_with_different_texts_one_sends(home, ada):
    old = post.written(home, ada, body="old")
    with home.store.write() as db:
        text = {"recipients": old.recipients, "subject": old.subject, "kind": "reply"}
        new = drafts.save(db, ada, old.id, old.revision, body="new", **text, now=NOON)
    post.send(home, ada, new)

    with pytest.raises(TooLate):
        post.send(home, ada, old)
    assert post.every(home, "select body_text like 'new%' from outbox") == [(True,)]


def test_undo_keeps_what_another_device_began_meanwhile(home, ada):
    queued = post.send(home, ada, post.written(home, ada, body="first"))
    post.written(home, ada, body="second", now=SOON)
    with home.store.write() as db:
        back = outbox.undo(db, ada, queued.outbox_id, now=SOON + timedelta(seconds=1))
    assert back.body == "first"

    post.send(home, ada, back, now=SOON)
    with home.store.read() as db:
        assert drafts.of(db, ada, INVOICE).body == "second"


def test_what_others_have_got_cannot_be_undone(home, ada):
    """The row of a late recipient waits like any other, but the mail has left."""
    people = post.to("maria@customer.test", "slow@shop.test")
    post.send(home, ada, post.written(home, ada, recipients=people))
    run(home, Script(refuse={"slow@shop.test": 450}), DUE)
    late = post.one(home, "select max(id) from outbox")[0]

    with pytest.raises(TooLate), home.store.write() as db:
        outbox.undo(db, ada, late, now=DUE)
    with home.store.read() as db:
        assert drafts.of(db, ada, INVOICE) is None


def test_a_mail_that_lay_on_the_server_unseen_is_not_closed_over(home, ada):
    """The customer's mail was there before Send, and was fetched after it: nobody has seen it."""
    post.send(home, ada, post.written(home, ada), closes=True)
    hear(home)
    with home.store.export() as cursor:
        cursor.execute(
            "update messages set received_at = $at where subject = 'More'",
            {"at": NOON - timedelta(seconds=5)},
        )
        cursor.execute(
            "update conversations set waiting_since = $at", {"at": NOON - timedelta(seconds=5)}
        )
    assert run(home, Script(), DUE) == 1

    status, waiting = post.one(home, "select status, waiting_since from conversations where id=1")
    assert (status, waiting) == ("open", NOON - timedelta(seconds=5))


def test_the_mail_of_an_agent_who_was_deactivated_leaves(home, ada, bo):
    post.send(home, bo, post.written(home, bo))
    with home.store.write() as db:
        people.deactivate(db, ada, BO, now=SOON)

    assert run(home, Script(), DUE) == 1
    assert post.one(home, "select agent_id from messages where direction = 'out'") == (BO,)


@pytest.mark.parametrize("server", ["disconnected", "no server"])
def test_mail_of_a_mailbox_that_was_disconnected_fails_aloud(home, ada, bo, server):
    queued = post.send(home, bo, post.written(home, bo, body="Bo's"))
    if server == "disconnected":
        with home.store.write() as db:
            mailboxes.deactivate(db, ada, SUPPORT, now=SOON)
    else:
        post.connect(home, smtp_url=None)
    assert errands.deliver_due(home, now=SOON) == 0
    assert post.one(home, "select state from outbox") == ("queued",), "it can still be undone"
    assert errands.deliver_due(home, now=DUE) == 0

    with home.store.read() as db:
        (row,) = outbox.of_conversation(db, bo, INVOICE)
        alarms = [a.kind for a in health.alarms(db, bo, home.settings, now=DUE)]
    assert (row.state, row.error) == (
        "failed",
        leftovers.STRANDED,
    )
    assert alarms == ["undelivered"]
    assert "failed" in post.kinds(home)

    with home.store.export() as cursor:
        cursor.execute("update mailboxes set is_active = true")
    assert run(home, Script(), LATE) == 0, "not by itself, weeks later"
    with home.store.write() as db:
        outbox.send_again(db, bo, queued.outbox_id, now=LATE)
    assert run(home, Script(), LATE) == 1


def test_a_reply_that_fails_after_its_conversation_was_closed_takes_it_up_again(home, ada):
    post.send(home, ada, post.written(home, ada))
    with home.store.write() as db:
        conversations.close(db, ada, INVOICE, now=SOON)
    run(home, Script(steps={"rcpt": [550]}), DUE)

    assert post.one(home, "select status from conversations where id = 1") == ("open",)
    assert post.kinds(home) == ["claimed", "queued", "closed", "failed", "reopened"]


def test_a_mailbox_disconnected_during_a_walk_sends_no_more(home, ada, bo, monkeypatch):
    for agent in (ada, bo):
        post.send(home, agent, post.written(home, agent), anyway=True)
    script = Script()
    following = script.next

    def disconnect(step):
        if step == "dot":
            with home.store.export() as cursor:
                cursor.execute("update mailboxes set is_active = false")
        return following(step)

    script.next = disconnect
    assert run(home, script, DUE) == 1
    assert post.every(home, "select state from outbox order by id") == [("sent",), ("queued",)]


def test_a_dead_delivery_is_noticed(home, ada):
    post.send(home, ada, post.written(home, ada))
    with home.store.read() as db:
        assert health.alarms(db, ada, home.settings, now=DUE) == []
        (alarm,) = health.alarms(db, ada, home.settings, now=LATE)
    assert (alarm.kind, alarm.count) == ("undelivered", 1)
