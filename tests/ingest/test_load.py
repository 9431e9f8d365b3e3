"""What a filed mail changes: whose turn it is, what reopens, what shouts, what the diary says."""

from datetime import timedelta

import pytest

from inbox import contact_edits, contact_merging, contacts, lists
from ingest import batches, filing
from ingest.cursors import Source
from tests import furniture
from tests.conftest import MAIL, NOON
from tests.ingest.conftest import connect, deliver, mail, rows
from tests.ingest.test_threads import MARIA, answer, ours

STANDING = "select status, waiting_since, alert from conversations where id = 1"


def settle(home, **columns):
    with home.store.export() as cursor:
        for name, value in columns.items():
            cursor.execute(f"update conversations set {name} = $value", {"value": value})


def kinds(home):
    return [kind for (kind,) in rows(home, "select kind from events order by event_id")]


def test_a_customer_reopens_what_was_closed(home):
    settle(home, status="closed", closed_at=NOON, waiting_since=None, assignee_id=furniture.BO)

    deliver(
        home,
        answer(ours(home), sender=MARIA, date="Mon, 02 Mar 2026 13:00:00 +0000"),
        now=NOON + timedelta(hours=1),
    )

    assert rows(home, STANDING) == [("open", NOON + timedelta(hours=1), None)]
    assert kinds(home) == ["received", "reopened"]
    assert rows(home, "select assignee_id from conversations where id = 1") == [(furniture.BO,)]


@pytest.mark.parametrize(
    "left",
    [
        "update agents set is_active = false where id = 2",
        "delete from memberships where agent_id = 2",
        "update memberships set role = 'reader' where agent_id = 2",
    ],
)
def test_what_a_customer_reopens_does_not_wait_for_who_has_left(home, left):
    settle(home, status="closed", closed_at=NOON, waiting_since=None, assignee_id=furniture.BO)
    with home.store.export() as cursor:
        cursor.execute(left)

    deliver(home, answer(ours(home), sender=MARIA))

    assert rows(home, "select status, assignee_id from conversations where id = 1") == [
        ("open", None)
    ]
    assert kinds(home) == ["received", "reopened", "released"]


def test_a_customer_brings_a_conversation_back_from_the_trash_but_not_from_spam(home):
    settle(home, trashed_at=NOON, spam_at=NOON)

    deliver(home, answer(ours(home), sender=MARIA))

    assert rows(home, "select trashed_at, spam_at from conversations where id = 1") == [
        (None, NOON)
    ]
    assert kinds(home) == ["received", "restored"]


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "List-Id: <news.x.test>",
        "Return-Path: <>",
    ],
)
def test_automatic_mail_neither_waits_nor_reopens(home, header):
    settle(home, status="closed", closed_at=NOON, waiting_since=None)
    automatic = answer(ours(home), sender=MARIA).replace(b"\r\n", f"\r\n{header}\r\n".encode(), 1)

    deliver(home, automatic)

    assert rows(home, STANDING) == [("closed", None, None)]
    assert rows(home, "select is_auto from messages where id > 2") == [(True,)]


def test_the_first_unanswered_mail_is_the_wait(home):
    settle(home, waiting_since=None, last_reply_at=NOON - timedelta(hours=3))
    late = answer(ours(home), "2", sender=MARIA, date="Mon, 02 Mar 2026 11:30:00 +0000")
    early = answer(ours(home), "1", sender=MARIA, date="Mon, 02 Mar 2026 11:00:00 +0000")

    deliver(home, late, early)

    assert rows(home, STANDING)[0][1] == NOON - timedelta(hours=1)


def test_a_mail_that_crossed_our_reply_waits_from_its_arrival(home):
    replied = NOON - timedelta(minutes=10)
    settle(home, status="closed", waiting_since=None, last_reply_at=replied, closed_at=replied)

    deliver(home, answer(ours(home), sender=MARIA, date="Mon, 02 Mar 2026 11:00:00 +0000"))

    assert rows(home, STANDING) == [("open", NOON, None)]


def test_a_date_that_cannot_be_right_gives_way_to_the_arrival(home):
    deliver(home, mail(date="Thu, 01 Jan 2099 00:00:00 +0000"), mail("b", date="nonsense"))

    assert rows(home, "select sent_at from messages where id > 2") == [(NOON,), (NOON,)]


def test_a_bounce_shouts_where_its_mail_stands(home):
    with home.store.export() as cursor:
        cursor.execute(
            "insert into outbox_recipients values (7, 'Gone@customer.test', 'to', 'sent', null)"
        )
    rfc_id = ours(home)
    queue(home, rfc_id, state="sent")
    report = (MAIL / "bounce.eml").read_bytes().replace(b"ID-OF-OURS", rfc_id.encode())

    ((conversation_id, reason),) = deliver(home, report)

    assert (conversation_id, reason) == (furniture.INVOICE, "signed")
    ((_, _, alert),) = rows(home, STANDING)
    assert "gone@customer.test" in alert
    assert rows(home, "select state, answer from outbox_recipients") == [
        ("bounced", "5.1.1 550 5.1.1 User unknown")
    ]
    assert kinds(home) == ["bounced"]


def test_a_bounce_that_names_no_mail_of_ours_touches_no_outbox_row(home):
    with home.store.export() as cursor:
        cursor.execute(
            "insert into outbox_recipients values (7, 'gone@customer.test', 'to', 'sent', null)"
        )
    queue(home, ours(home), state="sent")
    report = (MAIL / "bounce.eml").read_bytes()

    deliver(home, report)

    assert rows(home, "select state from outbox_recipients") == [("sent",)]
    assert rows(home, STANDING)[0][2] is None


def queue(home, rfc_id, *, state):
    """A mail of ours in the outbox, as sending would have left it."""
    with home.store.export() as cursor:
        names = [
            (name, kind)
            for name, kind in cursor.execute(
                "select column_name, data_type from information_schema.columns "
                "where table_name = 'outbox'"
            ).fetchall()
        ]
        given = {"id": 7, "mailbox_id": 1, "conversation_id": 1, "message_id": 99}
        given |= {"rfc_message_id": rfc_id, "state": state}
        given |= {"recipients": "{}", "attachments": "[]"}
        plain = {"VARCHAR": "", "TIMESTAMP": NOON, "BOOLEAN": False}
        values = {name: given.get(name, plain.get(kind, 1)) for name, kind in names}
        marks = ", ".join(f"${name}" for name in values)
        cursor.execute(f"insert into outbox ({', '.join(values)}) values ({marks})", values)


def test_our_own_mail_in_sent_is_not_doubled(home):
    rfc_id = ours(home)
    queue(home, rfc_id, state="sent")
    copy = mail("Rewritten by the provider", sender="support@example.com", message_id=rfc_id)

    assert deliver(home, copy, sent=True) == []
    assert rows(home, "select state from raw_messages") == [("known",)]


def test_an_uncertain_mail_that_turns_up_is_reported_and_settled(home):
    rfc_id = ours(home)
    queue(home, rfc_id, state="uncertain")
    mailbox = connect(home, None)
    source = Source(mailbox=mailbox, folder="INBOX", kind="inbox", uidvalidity=1, now=NOON)
    raw = answer(rfc_id, sender=MARIA)
    (place,) = home.raw.append([(raw, {})])
    row = {"uid": 1, "place": place, "head": "", "server_date": NOON, "state": "stored"}
    with home.store.write() as db:
        batches.add_rows(db, source, [{**row, "message_id": None, "error": None}])

    assert filing.file_pending(home, mailbox, now=NOON).arrived == [7]
    assert rows(home, "select state from outbox") == [("sent",)]


def test_contacts_stay_inside_their_mailbox(home):
    deliver(home, mail(), mailbox_id=furniture.SUPPORT)
    deliver(home, mail(), mailbox_id=furniture.SALES)

    found = rows(home, "select mailbox_id, address from contacts order by 1")
    assert found == [(1, "nils@customer.test"), (2, "nils@customer.test")]


@pytest.mark.feature("QV21")
def test_mail_of_a_vip_is_urgent_also_from_an_address_that_was_added(home, bo):
    deliver(home, mail())
    with home.store.write() as db:
        nils = {"nils@customer.test": ""}
        (number,) = contacts.known_as(db, furniture.SUPPORT, nils, now=NOON).values()
        contact_edits.mark_vip(db, bo, number, now=NOON)
        contact_edits.edit(db, bo, number, {"name": "Nils the Great"}, now=NOON)
        contact_merging.add_address(db, bo, number, "nils@home.test", now=NOON)
    deliver(
        home,
        mail("two", message_id="two@x.test", subject="Two", sender="Nils <nils@home.test>"),
        mail("other", message_id="o@x.test", subject="Other", sender="Eva <eva@home.test>"),
    )

    found = rows(
        home,
        "select subject, contact_name, is_vip, is_urgent from conversations "
        "where subject <> 'Printer' and id > 2 order by id",
    )
    assert found == [
        ("Two", "Nils the Great", True, False),
        ("Other", "Eva", False, False),
    ]
    with home.store.read() as db:
        shown = lists.listed(db, bo, "all", now=NOON)
    assert [row.subject for row in shown if row.is_urgent] == ["Two", "Printer"]
    assert rows(home, "select count(*) from contacts where address = 'nils@home.test'") == [(1,)]


def test_conversation_columns_agree_with_their_messages(home):
    deliver(
        home,
        *(
            mail(
                f"n {n}",
                message_id=f"n{n}@x.test",
                subject=f"S{n % 3}",
                more=f"References: <root{n % 3}@x.test>",
            )
            for n in range(30)
        ),
    )

    wrong = rows(
        home,
        "select c.id from conversations c join messages m on m.conversation_id = c.id "
        "where c.id > 2 group by c.id, c.message_count, c.last_message_at "
        "having count(*) <> c.message_count or max(m.sent_at) <> c.last_message_at",
    )
    assert wrong == []
    assert rows(home, "select count(*) from conversations where id > 2") == [(3,)]


def test_filing_the_same_batch_again_changes_nothing(home):
    deliver(home, mail())
    again = deliver(home, mail(), now=NOON + timedelta(seconds=1))

    assert again == []


@pytest.mark.feature("QV22")
def test_the_row_tells_the_newest_message_and_who_of_us_answered_last(home):
    told = "select last_message_id, last_reply_agent_id from conversations where id = 1"
    deliver(home, answer(ours(home), sender=MARIA))
    newest = rows(home, "select max(id) from messages")[0][0]
    assert rows(home, told) == [(newest, None)]

    reply = answer(ours(home), sender="Bo Ek <bo@example.com>", to="maria@customer.test")
    deliver(home, reply.replace(b"Thanks@x.test", b"r@x.test"), sent=True, now=NOON)
    assert rows(home, told) == [(newest + 1, furniture.BO)]


@pytest.mark.feature("NT07")
def test_whoever_has_the_conversation_is_told_of_the_answer(home):
    settle(home, assignee_id=furniture.BO)
    deliver(
        home,
        answer(ours(home), sender=MARIA, date="Mon, 02 Mar 2026 13:00:00 +0000"),
        mail("Something new", message_id="new1@customer.test"),
        now=NOON + timedelta(hours=1),
    )
    told = "select agent_id, kind, conversation_id from notifications"
    assert rows(home, told) == [(furniture.BO, "answered", 1)]


@pytest.mark.feature("NT07")
def test_history_tells_nobody(home):
    settle(home, assignee_id=furniture.BO)
    deliver(home, answer(ours(home), sender=MARIA), now=NOON + timedelta(days=3), arrived=NOON)
    assert rows(home, "select count(*) from notifications") == [(0,)]


@pytest.mark.feature("OW14")
def test_what_a_customer_reopens_does_not_wait_for_who_is_out_of_office(home):
    settle(home, status="closed", closed_at=NOON, waiting_since=None, assignee_id=furniture.BO)
    with home.store.export() as cursor:
        cursor.execute(
            "insert into absences (agent_id, starts_at, ends_at, gives_back) "
            "values (2, $now, $now + interval 1 day, false)",
            {"now": NOON},
        )
    deliver(home, answer(ours(home), sender=MARIA))
    assert rows(home, "select status, assignee_id from conversations where id = 1") == [
        ("open", None)
    ]
