"""The Sent folder of real IMAP servers: answers from a phone stop ours, copies are kept once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from imapclient.exceptions import LoginError

from inbox import clock, drafts, health, outbox
from inbox import house as houses
from inbox.errors import MailboxUnreachable, TooLate
from ingest import imap, sent_visits
from ingest.imap import Connection
from tests import furniture
from tests.furniture import INVOICE
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.conftest import connect, mail
from tests.ingest.smtp_script import DROP, STALL, Script, serving, wait_until


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
        return errands.deliver_due(home, now=now)


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


def put_off(home):
    return post.every(home, "select id, copy_state, visits, copy_error from outbox order by id")


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
    assert errands.copy_to_sent(home, now=now) == 1

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
    with home.store.read() as db:
        (shown,) = outbox.of_conversation(db, ada, INVOICE)
        seen = health.overview(db, ada, now=now)
        assert health.overview(db, ada, now=now + timedelta(days=8)).unchecked == []
    assert (shown.state, shown.sent_check) == ("sent", "skipped")
    assert [mail.conversation_id for mail in seen.unchecked] == [INVOICE]
    assert seen.troubled == []


@pytest.mark.feature("CR04")
def test_the_copy_is_filed_once_and_read(home, ada, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    script = Script()
    deliver_to(home, script, now)

    assert errands.copy_to_sent(home, now=now) == 1
    assert errands.copy_to_sent(home, now=now) == 0
    with home.store.export() as cursor:
        cursor.execute("update outbox set copy_state = 'due'")
    assert errands.copy_to_sent(home, now=now) == 1

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

    assert errands.copy_to_sent(home, now=now) == 0
    state, error = post.one(home, "select copy_state, copy_error from outbox")
    assert (state, "127.0.0.1" in error) == ("due", True)
    errands.copy_to_sent(home, now=now + timedelta(hours=49))
    assert post.one(home, "select state, copy_state from outbox") == ("sent", "failed")
    assert deliver_to(home, script, now + timedelta(hours=50)) == 0
    assert len(script.accepted) == 1


def test_a_doubt_is_settled_by_the_sent_folder(home, ada, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    script = Script(accept_then=DROP)
    deliver_to(home, script, now)
    assert errands.settle_doubts(home, now=now) == 0

    server.append(script.accepted[0].raw, folder=sent_name(server), when=datetime(2026, 1, 1))
    soon = now + timedelta(seconds=30)
    assert errands.settle_doubts(home, now=soon) == 1
    assert errands.settle_doubts(home, now=soon) == 0
    assert post.one(home, "select state from outbox") == ("sent",)
    assert post.kinds(home) == ["claimed", "queued", "doubted", "replied"]


def two_sent(home, ada, bo, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    post.send(home, bo, post.written(home, bo, now=now), now=now, anyway=True)
    with home.store.export() as cursor:
        cursor.execute("update outbox set sent_check = 'waived'")
    assert deliver_to(home, Script(), now) == 2
    return [i for (i,) in post.every(home, "select rfc_message_id from outbox order by id")]


@pytest.mark.parametrize("kind", ["folder", "network"])
def test_a_copy_that_is_refused_holds_up_no_other(home, ada, bo, dovecot, now, monkeypatch, kind):
    first, _ = two_sent(home, ada, bo, dovecot, now)
    append = Connection.append

    def refusing(self, folder, raw, flags, when):
        if first.encode() in raw:
            raise MailboxUnreachable(kind, "too large")
        append(self, folder, raw, flags, when)

    monkeypatch.setattr(Connection, "append", refusing)
    assert errands.copy_to_sent(home, now=now) == 1
    (_, *one), (_, *two) = put_off(home)
    assert (one, two) == (["due", 1, "too large"], ["done", 0, None])
    assert len(in_sent(dovecot)) == 1


def test_what_could_not_be_filed_is_tried_again_ever_more_seldom(home, ada, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    deliver_to(home, Script(), now)
    post.connect(home, imap_url="imap://support@127.0.0.1:1")

    tried, at = [], now
    for _ in range(4):
        errands.copy_to_sent(home, now=at)
        errands.copy_to_sent(home, now=at + timedelta(seconds=50))
        (due,) = post.one(home, "select visit_due_at from outbox")
        tried.append(round((due - at).total_seconds()))
        at = due
    assert tried == [60, 300, 900, 3600]


def test_a_server_that_refuses_the_sign_in_is_asked_once_a_round(
    home, ada, bo, dovecot, now, monkeypatch
):
    two_sent(home, ada, bo, dovecot, now)
    signed_in = []

    def refusing(client, credential):
        signed_in.append(1)
        raise LoginError("no")

    monkeypatch.setattr(imap, "_sign_in", refusing)
    for seconds in range(0, 60, 5):
        errands.copy_to_sent(home, now=now + timedelta(seconds=seconds))
    assert len(signed_in) == 1
    assert [(state, visits) for _, state, visits, _ in put_off(home)] == [("due", 1), ("due", 1)]


def test_a_stalled_server_holds_up_no_other_mailbox(home, ada, eve, dovecot, now):
    make_sent(dovecot)
    queue(home, ada, dovecot, now)
    post.connect(home, mailbox_id=furniture.SALES)
    post.send(home, eve, post.written(home, eve, conversation_id=furniture.QUOTE, now=now), now=now)
    with serving(Script()) as smtp:
        post.connect(home, f"smtp://127.0.0.1:{smtp.port}")
        post.connect(home, f"smtp://127.0.0.1:{smtp.port}", furniture.SALES)
        assert errands.deliver_due(home, now=now) == 2
    with home.store.export() as cursor:
        cursor.execute("update outbox set copy_state = 'due'")
    with serving(Script(steps={"greet": [STALL]})) as silent:
        connect(home, f"imap://sales@127.0.0.1:{silent.port}", furniture.SALES)
        copies = sent_visits.Copies(home)
        copies.round(now=now)
        wait_until(lambda: put_off(home)[0][1] == "done", 4)
        assert put_off(home)[1][1] == "due"
        copies.stop()


def test_a_doubt_is_looked_for_soon_and_then_ever_more_seldom(home, ada, server, now):
    make_sent(server)
    queue(home, ada, server, now)
    deliver_to(home, Script(accept_then=DROP), now)
    (began,) = post.one(home, "select started_at from outbox")

    at, pauses = began, []
    while at < began + timedelta(minutes=5):
        assert errands.settle_doubts(home, now=at) == 0
        (due,) = post.one(home, "select visit_due_at from outbox")
        pauses.append(round((due - at).total_seconds()))
        at = due
    assert pauses[:5] == [15, 15, 15, 15, 15]
    assert pauses == sorted(pauses)
    assert post.one(home, "select state from outbox") == ("uncertain",)


def test_our_copy_of_the_first_does_not_settle_the_doubt_about_a_late_recipient(
    home, ada, server, now
):
    """Both share one Message-ID: what lies in Sent is the mail that the others got."""
    make_sent(server)
    connect(home, server.url)
    post.connect(home)
    people = post.to("maria@customer.test", "slow@shop.test")
    post.send(home, ada, post.written(home, ada, recipients=people, now=now), now=now)
    deliver_to(home, Script(refuse={"slow@shop.test": 450}), now)
    assert errands.copy_to_sent(home, now=now) == 1
    deliver_to(home, Script(accept_then=DROP), now + timedelta(seconds=5))

    assert errands.settle_doubts(home, now=now + timedelta(seconds=30)) == 0
    states = post.every(home, "select state from outbox order by id")
    assert states == [("sent",), ("uncertain",)]
