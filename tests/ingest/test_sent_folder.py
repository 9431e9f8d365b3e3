"""The Sent folder of real IMAP servers: answers from a phone stop ours, copies are kept once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from inbox import clock, drafts, outbox
from inbox import house as houses
from inbox.errors import TooLate
from ingest import deliver, sent_folder
from tests import furniture
from tests.furniture import INVOICE
from tests.inbox import post
from tests.ingest.conftest import connect, mail
from tests.ingest.smtp_script import DROP, Script, serving


@pytest.fixture
def now():
    """The servers date what they are given by their own clock, so these tests live today."""
    return clock.now()


@pytest.fixture
def home(settings, now):
    opened = houses.open_up(
        replace(settings, undo_seconds=0, connect_seconds=2, read_seconds=5), now=now
    )
    furniture.furnish(opened, now=now)
    yield opened
    opened.close()


def sent_name(server):
    return "Skickat" if server.kind == "dovecot" else "Sent"


def file_from_phone(server, message_id="phone@example.com", more="In-Reply-To: <m1@customer.test>"):
    raw = mail("On my way", sender="support@example.com", message_id=message_id, more=more)
    server.append(raw, folder=sent_name(server))


def in_sent(server):
    with server.client() as client:
        client.select_folder(sent_name(server), readonly=True)
        uids = client.search("ALL")
        found = client.fetch(uids, ["BODY.PEEK[]", "FLAGS"]) if uids else {}
        return [(parts[b"BODY[]"], parts[b"FLAGS"]) for parts in found.values()]


def deliver_to(home, script, now):
    with serving(script) as smtp:
        post.connect(home, f"smtp://127.0.0.1:{smtp.port}")
        return deliver.deliver_due(home, now=now)


def queue(home, agent, server, now, **options):
    connect(home, server.url)
    post.connect(home)
    draft = post.written(home, agent, body="Mine", now=now)
    return post.send(home, agent, draft, now=now, **options).outbox_id


def make_sent(server):
    with server.client() as client:
        if not client.folder_exists(sent_name(server)):
            client.create_folder(sent_name(server))
        client.select_folder(sent_name(server))
        if found := client.search("ALL"):
            client.delete_messages(found)
            client.expunge()


def test_an_answer_from_a_phone_stops_ours(home, ada, server, now):
    make_sent(server)
    file_from_phone(server)
    script = Script()
    outbox_id = queue(home, ada, server, now)

    assert deliver_to(home, script, now) == 0

    assert script.accepted == []
    with home.store.read() as db:
        (shown,) = outbox.of_conversation(db, ada, INVOICE)
        draft = drafts.of(db, ada, INVOICE)
    assert (shown.id, shown.state, shown.sent_check) == (outbox_id, "failed", "stopped")
    assert shown.error.startswith("Stopped: somebody answered")
    assert (draft.body, draft.state) == ("Mine", "open")
    with pytest.raises(TooLate), home.store.write() as db:
        outbox.send_again(db, ada, outbox_id, now=now)

    post.send(home, ada, draft, now=now)
    assert deliver_to(home, script, now) == 1
    with home.store.read() as db:
        assert outbox.of_conversation(db, ada, INVOICE) == []


@pytest.mark.parametrize(
    "more",
    [
        "In-Reply-To: <other@customer.test>",
        "",
        "In-Reply-To: <m1@customer.test>\nAuto-Submitted: auto-replied",
    ],
)
def test_other_mail_in_sent_stops_nothing(home, ada, server, now, more):
    make_sent(server)
    file_from_phone(server, more=more)
    queue(home, ada, server, now)

    assert deliver_to(home, Script(), now) == 1
    assert post.one(home, "select sent_check from outbox") == ("done",)


def test_our_own_copy_of_an_earlier_reply_stops_nothing(home, ada, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    assert deliver_to(home, Script(), now) == 1
    assert sent_folder.copy_to_sent(home, now=now) == 1

    queue(home, ada, server, now)
    assert deliver_to(home, Script(), now) == 1


def test_sent_anyway_is_not_stopped(home, ada, server, now):
    make_sent(server)
    file_from_phone(server)
    queue(home, ada, server, now, anyway=True)

    assert deliver_to(home, Script(), now) == 1


def test_without_imap_the_mail_waits_a_while_and_then_leaves_marked(home, ada, server, now):
    queue(home, ada, server, now)
    post.connect(home, imap_url="imap://support@127.0.0.1:1")
    script = Script()

    assert deliver_to(home, script, now) == 0
    error, due_at = post.one(home, "select error, due_at from outbox")
    assert error.startswith("The Sent folder could not be checked yet.")
    assert now < due_at < now + timedelta(seconds=20)
    assert deliver_to(home, script, now + timedelta(seconds=60)) == 0
    assert deliver_to(home, script, now + timedelta(seconds=121)) == 1
    assert post.one(home, "select sent_check, attempts from outbox") == ("skipped", 1)


def test_the_copy_is_filed_once_and_read(home, ada, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    script = Script()
    deliver_to(home, script, now)

    assert sent_folder.copy_to_sent(home, now=now) == 1
    assert sent_folder.copy_to_sent(home, now=now) == 0
    with home.store.export() as cursor:
        cursor.execute("update outbox set copy_state = 'due'")
    assert sent_folder.copy_to_sent(home, now=now) == 1

    ((raw, flags),) = in_sent(server)
    assert raw == script.accepted[0].raw
    assert rb"\Seen" in flags
    assert post.one(home, "select copy_state, copy_error from outbox") == ("done", None)


def test_a_failed_copy_is_tried_for_two_days_and_resends_nothing(home, ada, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    script = Script()
    deliver_to(home, script, now)
    post.connect(home, imap_url="imap://support@127.0.0.1:1")

    assert sent_folder.copy_to_sent(home, now=now) == 0
    state, error = post.one(home, "select copy_state, copy_error from outbox")
    assert (state, "127.0.0.1" in error) == ("due", True)
    sent_folder.copy_to_sent(home, now=now + timedelta(hours=49))
    assert post.one(home, "select state, copy_state from outbox") == ("sent", "failed")
    assert deliver_to(home, script, now + timedelta(hours=50)) == 0
    assert len(script.accepted) == 1


def test_a_doubt_is_settled_by_the_sent_folder(home, ada, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    script = Script(accept_then=DROP)
    deliver_to(home, script, now)
    assert sent_folder.settle_doubts(home, now=now) == 0

    server.append(script.accepted[0].raw, folder=sent_name(server), when=datetime(2026, 1, 1))
    assert sent_folder.settle_doubts(home, now=now) == 1
    assert sent_folder.settle_doubts(home, now=now) == 0
    assert post.one(home, "select state from outbox") == ("sent",)
    assert post.kinds(home) == ["queued", "doubted", "replied"]
