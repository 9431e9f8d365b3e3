"""Promises, reopens, hands, touches and shift ends, against examples worked out by hand.

The mailbox is open on weekdays from 8 to 12 and 13 to 17 UTC; NOON is a Monday's.
"""

from datetime import datetime, timedelta

import pytest

from inbox import calendars, conversations, duplicates, mailboxes, targets, turns
from inbox.errors import Invalid, NotFound
from tests.conftest import NOON, agent
from tests.furniture import BO, INVOICE, SUPPORT
from tests.inbox.post import every, kinds
from tests.sql.test_report import message

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
EIGHT = datetime(2026, 3, 2, 8)
FOR_EVER = datetime(9999, 1, 1)


@pytest.fixture
def desk(home, ada):
    """The support mailbox keeps hours; its invoice's story is still to be told."""
    with home.store.write() as db:
        week = ["08:00-12:00 13:00-17:00"] * 5 + ["", ""]
        calendars.save(db, ada, "Desk", time_zone="UTC", lines=week, now=EIGHT)
        mailboxes.change(db, ada, SUPPORT, calendar="Desk", now=EIGHT)
    with home.store.export() as cursor:
        cursor.execute("delete from messages where conversation_id = 1").fetchall()
    return home


def promise(desk, ada, kind="first_reply", seconds=7200, since=None, now=EIGHT):
    with desk.store.write() as db:
        targets.set_target(db, ada, SUPPORT, kind, seconds, since=since, now=now)


def mails(desk, *story):
    with desk.store.export() as cursor:
        for number, (at, what) in enumerate(story, start=1):
            message(cursor, number, at, what)


def standing(desk, ada, now):
    with desk.store.read() as db:
        found = targets.promises(db, ada, since=EIGHT - 9 * HOUR, until=FOR_EVER, now=now)
    return [(p.kind, p.due_at, p.state, p.left_seconds) for p in found]


@pytest.mark.parametrize(
    ("began", "due"),
    [
        (EIGHT, EIGHT + 2 * HOUR),
        # The lunch is no open hour: half before it, half after.
        (EIGHT + 3 * HOUR, EIGHT + 6 * HOUR),
        # Two hours before lunch: due as it begins.
        (EIGHT + 2 * HOUR, EIGHT + 4 * HOUR),
        # In the lunch, and at night.
        (EIGHT + 4.5 * HOUR, EIGHT + 7 * HOUR),
        (EIGHT + 12 * HOUR, EIGHT + 26 * HOUR),
        # On Friday at four: Monday at nine.
        (EIGHT + (4 * 24 + 8) * HOUR, EIGHT + (7 * 24 + 1) * HOUR),
    ],
)
def test_due_when_so_many_open_hours_are_over(desk, ada, began, due):
    promise(desk, ada)
    mails(desk, (began, "in"))
    assert standing(desk, ada, began) == [("first_reply", due, "running", 7200)]
    assert standing(desk, ada, due - 20 * MINUTE)[0][2:] == ("at_risk", 1200)
    assert standing(desk, ada, due + MINUTE)[0][2] == "breached"


def test_met_late_and_closed(desk, ada):
    promise(desk, ada)
    promise(desk, ada, "next_reply", 3600)
    promise(desk, ada, "resolution", 5 * 3600)
    mails(
        desk,
        (EIGHT, "in"),
        (EIGHT + HOUR, "out"),
        (EIGHT + 2 * HOUR, "in"),
        (EIGHT + 3.5 * HOUR, "out"),
    )
    with desk.store.write() as db:
        conversations.close(db, ada, INVOICE, now=EIGHT + 7 * HOUR)
    assert [one[0::2] for one in standing(desk, ada, NOON)] == [
        ("first_reply", "met"),
        ("next_reply", "breached"),
        ("resolution", "breached"),
    ]


def test_a_close_without_a_reply_is_a_state_of_its_own(desk, ada):
    promise(desk, ada)
    mails(desk, (EIGHT, "in"))
    with desk.store.write() as db:
        conversations.close(db, ada, INVOICE, now=EIGHT + HOUR)
    assert standing(desk, ada, NOON)[0][2] == "closed_without_reply"


def test_a_promise_is_measured_by_what_was_promised_when_it_began(desk, ada):
    promise(desk, ada)
    mails(desk, (EIGHT, "in"))
    before = standing(desk, ada, EIGHT)
    with desk.store.write() as db:
        targets.set_target(db, ada, SUPPORT, "first_reply", 600, now=EIGHT + MINUTE)
        calendars.save(
            db, ada, "Night", time_zone="UTC", lines=["00:00-01:00"] * 7, now=EIGHT + MINUTE
        )
        mailboxes.change(db, ada, SUPPORT, calendar="Night", now=EIGHT + 2 * MINUTE)
    assert standing(desk, ada, EIGHT) == before
    with desk.store.export() as cursor:
        message(cursor, 9, EIGHT + 3 * MINUTE, "in")
        cursor.execute("delete from messages where id = 101").fetchall()
    # Ten minutes of the new calendar, whose next hour is the night's first.
    assert standing(desk, ada, EIGHT + HOUR)[0][1] == EIGHT + 16 * HOUR + 10 * MINUTE


def test_what_is_no_target_is_refused(desk, ada):
    promise(desk, ada)
    promise(desk, ada)
    for wrong in ({"kind": "never"}, {"seconds": 1}, {"seconds": 600, "since": EIGHT}):
        with pytest.raises(Invalid):
            promise(desk, ada, **wrong)
    promise(desk, ada, seconds=None)
    with desk.store.read() as db:
        assert targets.of_mailbox(db, ada, SUPPORT) == {}
    told = every(desk, "select count(*) from events where kind = 'target_set'")
    assert told == [(2,)]


def test_reopens_touches_and_hands(desk, ada):
    bo = agent(desk.store, BO)
    mails(desk, (EIGHT, "in"), (EIGHT + HOUR, "out"))
    with desk.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=EIGHT + HOUR)
        conversations.assign(db, ada, INVOICE, BO, now=EIGHT + 2 * HOUR)
        conversations.release(db, bo, INVOICE, now=EIGHT + 3 * HOUR)
        conversations.claim(db, ada, INVOICE, now=EIGHT + 5 * HOUR)
        conversations.close(db, ada, INVOICE, now=EIGHT + 6 * HOUR)
        conversations.unclose(db, ada, INVOICE, now=EIGHT + 6 * HOUR + MINUTE)
        conversations.close(db, ada, INVOICE, now=EIGHT + 7 * HOUR)
    assert every(desk, "select * exclude (started_at, mailbox) from report.assignment") == [
        (INVOICE, EIGHT + HOUR, 0.0, 2, 7200.0, None)
    ]
    assert every(desk, "select replies, is_one_touch from report.touches") == [(1, True)]
    assert every(desk, "select * from report.reopens") == []
    with desk.store.write() as db:
        conversations.reopen(db, ada, INVOICE, now=EIGHT + 48 * HOUR)
        conversations.close(db, ada, INVOICE, now=EIGHT + 49 * HOUR)
    assert every(desk, "select * exclude (mailbox) from report.reopens") == [
        (INVOICE, EIGHT + 7 * HOUR, EIGHT + 48 * HOUR, "agent", True)
    ]
    assert every(desk, "select is_one_touch from report.touches") == [(False,)]
    waits = "select turns, wait_seconds from report.customer_wait where conversation_id = 1"
    assert every(desk, waits) == [(1, 3600.0)]


def test_a_close_that_is_taken_back_ends_nobodys_wait(desk, ada):
    mails(desk, (EIGHT, "in"))
    with desk.store.write() as db:
        conversations.close(db, ada, INVOICE, now=EIGHT + HOUR)
        turns.bring_up_to_date(db)
        conversations.unclose(db, ada, INVOICE, now=EIGHT + HOUR + MINUTE)
    assert every(desk, "select state, waiting_since from report.turns where mailbox like 'sup%'")[
        0
    ] == ("waiting", EIGHT)
    assert (INVOICE,) in every(desk, "select conversation_id from report.still_waiting")


def test_what_reads_sees_one_moment_and_the_next_reads_what_is_due(desk, ada):
    """What is kept is read when nothing is due, and then until the session ends."""
    mails(desk, (EIGHT, "in"))
    with desk.store.write() as db:
        conversations.reopen(db, ada, INVOICE, now=EIGHT)
        turns.bring_up_to_date(db)

    def waiting(db):
        return (INVOICE,) in {row[:1] for row in db.rows("insight.still_waiting", **asked)}

    asked = {"mailboxes": [SUPPORT], "tag": None, "now": EIGHT + HOUR}
    with desk.store.read() as db:
        assert waiting(db)
        with desk.store.write() as another:
            conversations.close(another, ada, INVOICE, now=EIGHT + HOUR)
        assert waiting(db)
    with desk.store.read() as db:
        assert not waiting(db)
    turns.catch_up(desk.store)
    with desk.store.read() as db:
        assert not turns.is_late(db)
        assert not waiting(db)


def test_unassigned_when_the_mailbox_closes(desk, ada):
    """At noon it is nobody's since 9, at five it is Ada's, on Tuesday nobody's again."""
    mails(desk, (EIGHT, "in"))
    with desk.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=EIGHT)
        conversations.release(db, ada, INVOICE, now=EIGHT + HOUR)
        conversations.claim(db, ada, INVOICE, now=EIGHT + 5 * HOUR)
        conversations.release(db, ada, INVOICE, now=EIGHT + 20 * HOUR)
        conversations.dismiss_alert(db, ada, INVOICE, now=EIGHT + 30 * HOUR)
        conversations.close(db, ada, INVOICE, now=EIGHT + 30 * HOUR)
    found = every(
        desk,
        "select shift_ended_at, unassigned, longest_seconds from report.unassigned_at_shift_end "
        "order by shift_ended_at",
    )
    assert found == [
        (EIGHT + 4 * HOUR, 1, 3 * 3600.0),
        (EIGHT + 9 * HOUR, 0, None),
        (EIGHT + 28 * HOUR, 1, 8 * 3600.0),
    ]


def test_load_counts_open_hours_alone(desk, ada):
    """From 11 to 14 there are two open hours, the lunch between is none."""
    with desk.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=EIGHT + 3 * HOUR)
        conversations.release(db, ada, INVOICE, now=EIGHT + 6 * HOUR)
        conversations.claim(db, ada, INVOICE, now=EIGHT + 9 * HOUR)
    found = every(desk, "select open_mean from report.agent_load where agent = 'ada@example.com'")
    assert found == [(pytest.approx(2 / 5),)]


def test_a_pair_that_was_meant_is_left_out_of_the_rate(desk, ada):
    mails(desk, (EIGHT, "in"), (EIGHT + HOUR, "out"), (EIGHT + 2 * HOUR, "out"))
    with desk.store.export() as cursor:
        cursor.execute("update messages set agent_id = 1 where id = 103").fetchall()
        for number in (102, 103):
            cursor.execute(f"insert into bodies values ({number}, 1, '', null, 'x')").fetchall()
    rate = "select answered_turns, turns_with_duplicate, per_100 from report.duplicate_rate"
    assert every(desk, rate) == [(1, 1, 100.0)]
    with desk.store.write() as db:
        duplicates.intend(db, ada, INVOICE, 102, 103, now=NOON)
        duplicates.intend(db, ada, INVOICE, 102, 103, now=NOON)
    assert every(desk, rate) == [(1, 0, 0.0)]
    assert every(desk, "select is_intended from report.duplicate_replies") == [(True,)]
    with desk.store.write() as db:
        duplicates.unintend(db, ada, INVOICE, 102, 103, now=NOON)
        with pytest.raises(NotFound):
            duplicates.intend(db, ada, INVOICE, 101, 103, now=NOON)
    assert every(desk, rate) == [(1, 1, 100.0)]
    assert kinds(desk) == ["duplicate_intended", "duplicate_unintended"]
