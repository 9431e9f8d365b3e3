"""What a bounce leaves behind: a row for whom our mail did not reach, and words on the page."""

import pytest

from inbox import agents, bounces
from ingest import filing, jail
from pages.parts import delivery
from tests import furniture
from tests.conftest import MAIL, NOON
from tests.ingest.conftest import connect, deliver, rows
from tests.ingest.test_load import queue
from tests.ingest.test_reread import ask
from tests.ingest.test_threads import ours

LEFT = "select bounced_message_id, outbox_id, address, status, is_permanent from bounces"


def report(rfc_id, *, status=b"5.1.1"):
    raw = (MAIL / "bounce.eml").read_bytes().replace(b"ID-OF-OURS", rfc_id.encode())
    return raw.replace(b"Status: 5.1.1", b"Status: " + status)


def told(home, message_id):
    """The line below a message, as Bo sees it."""
    with home.store.read() as db:
        bo = agents.by_id(db, furniture.BO)
        found = bounces.of_conversation(db, bo, furniture.INVOICE)
    return delivery.bounced(message_id, found, None)


def test_a_bounce_names_the_mail_that_bounced_and_whom_it_did_not_reach(home):
    rfc_id = ours(home)
    queue(home, rfc_id, state="sent")

    deliver(home, report(rfc_id))

    assert rows(home, LEFT) == [(99, 7, "gone@customer.test", "5.1.1", True)]
    for message_id in (99, last_message(home)):
        line = told(home, message_id)
        assert line["tone"] == "bad"
        assert "gone@customer.test" in line["text"]
        assert "5.1.1" in line["text"]
        assert "will not help" in line["text"]


def test_a_full_mailbox_is_told_as_one_that_may_be_tried_again(home):
    rfc_id = ours(home)
    queue(home, rfc_id, state="sent")

    deliver(home, report(rfc_id, status=b"5.2.2"))

    assert rows(home, LEFT) == [(99, 7, "gone@customer.test", "5.2.2", False)]
    assert "The address may be good" in told(home, 99)["text"]


def test_what_a_report_answers_is_the_message_that_bounced(home):
    rfc_id = ours(home)
    with home.store.export() as cursor:
        cursor.execute(
            "update messages set rfc_message_id = $id, direction = 'out' where id = 1",
            {"id": rfc_id},
        )

    deliver(home, report(rfc_id))

    assert rows(home, LEFT) == [(1, None, "gone@customer.test", "5.1.1", True)]
    assert rows(home, "select answers_message_id from messages where id > 2") == [(1,)]


@pytest.mark.parametrize("rfc_id", ["somebody@elsewhere.test", f"c1.99.{'0' * 32}@example.com"])
def test_a_report_that_names_no_mail_of_ours_is_shown_and_believed_no_further(home, rfc_id):
    queue(home, ours(home), state="sent")
    with home.store.export() as cursor:
        cursor.execute(
            "insert into outbox_recipients values (7, 'gone@customer.test', 'to', 'sent', null)"
        )

    deliver(home, report(rfc_id))

    assert rows(home, LEFT) == [(None, None, "gone@customer.test", "5.1.1", True)]
    assert rows(home, "select state from outbox_recipients") == [("sent",)]
    assert rows(home, "select is_bounce, is_auto from messages where id > 2") == [(True, True)]


def test_a_report_that_is_read_again_fills_in_its_bounces(home, monkeypatch):
    rfc_id = ours(home)
    queue(home, rfc_id, state="sent")
    with monkeypatch.context() as broken:
        broken.setattr(jail.Jail, "parse_all", lambda self, raws: [None for _ in raws])
        deliver(home, report(rfc_id))
    assert rows(home, LEFT) == []

    ask(home, last_message(home))
    filing.file_pending(home, connect(home, None), now=NOON)

    assert rows(home, LEFT) == [(99, 7, "gone@customer.test", "5.1.1", True)]
    assert rows(home, "select is_bounce, is_readable from messages where id > 2") == [(True, True)]


def test_protection_is_kept_with_the_message(home):
    sealed = (MAIL / "odd" / "structure" / "encrypted-with-smime.eml").read_bytes()

    deliver(home, sealed)

    assert rows(home, "select protection from messages where id > 2") == [("encrypted",)]


def test_what_our_server_found_out_about_a_sender_is_kept_with_the_message(home):
    """The first field alone: the one below may be the sender's own."""
    deliver(
        home,
        b"Authentication-Results: mx.example.com; spf=fail; dmarc=fail (p=none)\r\n"
        b"Authentication-Results: mx.example.com; spf=pass; dkim=pass; dmarc=pass\r\n"
        b"From: a@customer.test\r\nMessage-ID: <checked@customer.test>\r\n\r\nHello\r\n",
    )

    kept = rows(home, "select authentication from messages where id > 2")
    assert kept == [("mx.example.com spf=failed dmarc=failed",)]


def test_the_line_below_a_mail_keeps_the_ways_on_of_its_outbox_row():
    one = bounces.Bounce(
        message_id=5,
        bounced_message_id=4,
        address="a@customer.test",
        status="",
        answer="550 no",
        is_permanent=True,
    )
    state = {"tone": "bad", "text": "x", "ways": [{"act": "correct", "label": "y"}], "outbox": 7}

    assert delivery.bounced(4, [one], state)["ways"] == state["ways"]
    assert delivery.bounced(4, [one], state)["outbox"] == 7
    assert delivery.bounced(3, [one], state) is state


def last_message(home):
    return rows(home, "select max(id) from messages")[0][0]
