"""Mail in doubt: settled by what comes in, looked for before anybody is asked, never doubled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import conversations, health, outbox
from ingest import jail
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.houses import furnished
from tests.inbox import post
from tests.ingest import conftest as incoming
from tests.ingest import errands
from tests.ingest.conftest import mail
from tests.ingest.smtp_script import DROP, Script, serving

DUE = NOON + timedelta(seconds=21)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(settings):
    opened = furnished(replace(settings, connect_seconds=2, read_seconds=1), now=NOON)
    yield opened
    jail.close(opened.settings)
    opened.close()


def run(home, script, now=DUE):
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        return errands.deliver_due(home, now=now)


def doubtful(home, ada, **options):
    post.connect(home)
    outbox_id = post.send(home, ada, post.written(home, ada), **options).outbox_id
    run(home, Script(accept_then=DROP))
    return outbox_id, post.one(home, "select rfc_message_id from outbox")[0]


def states(home):
    return [state for (state,) in post.every(home, "select state from outbox order by id")]


def bounce(rfc_id, address="maria@customer.test"):
    return (
        "From: MAILER-DAEMON@mx.test\r\nTo: support@example.com\r\nSubject: Undelivered\r\n"
        "Message-ID: <b@mx.test>\r\nDate: Mon, 02 Mar 2026 12:01:00 +0000\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{rfc_id}>\r\n\r\n--x--\r\n"
    ).encode()


def test_the_customers_answer_settles_it(home, ada):
    _, rfc_id = doubtful(home, ada, closes=True)
    later = DUE + MINUTE
    incoming.deliver(home, mail("Thanks!", more=f"In-Reply-To: <{rfc_id}>"), now=later)

    assert states(home) == ["sent"]
    order = "select direction, via from messages where conversation_id = 1 order by sent_at, id"
    left_at = "select m.sent_at = o.started_at from messages m join outbox o on m.id = o.message_id"
    assert post.one(home, left_at) == (True,)
    assert sorted(post.every(home, order)) == [("in", "imap"), ("in", "imap"), ("out", "app")]
    found = post.one(home, "select status, waiting_since, alert from conversations where id = 1")
    assert found == ("open", later, None), "the answer waits, and is not closed over"
    run(home, script := Script(), now=later + timedelta(hours=1))
    assert script.accepted == []


def test_a_bounce_settles_it_and_goes_on_shouting(home, ada):
    _, rfc_id = doubtful(home, ada)
    incoming.deliver(home, bounce(rfc_id), now=DUE + MINUTE)

    assert states(home) == ["sent"]
    assert post.one(home, "select state from outbox_recipients") == ("bounced",)
    alert, waiting = post.one(home, "select alert, waiting_since from conversations where id = 1")
    assert (alert, waiting) == ("A mail to maria@customer.test could not be delivered.", NOON)


def test_an_answer_that_names_nothing_of_ours_settles_nothing(home, ada):
    doubtful(home, ada)
    incoming.deliver(home, mail("Hello?", more="In-Reply-To: <m1@customer.test>"), now=DUE)

    assert states(home) == ["uncertain"]


def test_sent_again_and_then_answered_it_does_not_leave_twice(home, ada):
    outbox_id, rfc_id = doubtful(home, ada)
    with home.store.write() as db:
        outbox.send_again(db, ada, outbox_id, now=DUE + 20 * MINUTE)
    down = Script(steps={"greet": [421]})
    run(home, down, now=DUE + 20 * MINUTE)
    incoming.deliver(
        home, mail("Thanks!", more=f"In-Reply-To: <{rfc_id}>"), now=DUE + 20.5 * MINUTE
    )

    assert states(home) == ["cancelled", "sent"]
    run(home, script := Script(), now=DUE + 40 * MINUTE)
    assert script.accepted == []


def test_an_answer_of_those_who_have_it_says_nothing_about_a_late_recipient(home, ada):
    post.connect(home)
    people = post.to("maria@customer.test", "slow@shop.test")
    post.send(home, ada, post.written(home, ada, recipients=people))
    run(home, Script(refuse={"slow@shop.test": 450}))
    run(home, Script(accept_then=DROP), now=DUE + MINUTE)
    rfc_id = post.one(home, "select rfc_message_id from outbox")[0]

    incoming.deliver(home, mail("Thanks!", more=f"In-Reply-To: <{rfc_id}>"), now=DUE + 2 * MINUTE)
    assert states(home) == ["sent", "uncertain"]

    incoming.deliver(home, bounce(rfc_id, "slow@shop.test"), now=DUE + 3 * MINUTE)
    assert states(home) == ["sent", "sent"]
    assert post.one(home, "select count(*) from messages where direction = 'out'") == (1,)
    bounced = "select address from outbox_recipients where state = 'bounced'"
    assert post.every(home, bounced) == [("slow@shop.test",), ("slow@shop.test",)]


def test_for_a_quarter_of_an_hour_it_is_being_checked_then_people_are_asked_once(home, ada):
    doubtful(home, ada)
    began = post.one(home, "select started_at from outbox")[0]
    early, late = began + timedelta(seconds=899), began + timedelta(seconds=900)

    def seen(now):
        errands.settle_doubts(home, now=now)
        with home.store.read() as db:
            (shown,) = outbox.of_conversation(db, ada, INVOICE)
            alert = conversations.by_id(db, ada, INVOICE).alert
            alarms = [a.kind for a in health.alarms(db, ada, home.settings, now=now)]
        return shown.is_being_checked(home.settings, now=now), alert, alarms

    assert seen(early) == (True, None, [])
    is_checked, alert, alarms = seen(late)
    assert (is_checked, alarms) == (False, ["undelivered"])
    assert alert.startswith("It is not certain")
    seen(late + MINUTE)
    assert post.kinds(home) == ["claimed", "queued", "doubted", "asked"]


def test_settling_it_silences_that_alert_alone(home, ada):
    outbox_id, _ = doubtful(home, ada)
    with home.store.export() as cursor:
        cursor.execute("update conversations set alert = 'A mail to jo@x.test …' where id = 1")
    with home.store.write() as db:
        outbox.confirm_arrived(db, ada, outbox_id, now=DUE)

    alert = post.one(home, "select alert from conversations where id = 1")
    assert alert == ("A mail to jo@x.test …",)
