"""Duplicate replies and load, against examples worked out by hand."""

from datetime import date, timedelta

import pytest

from inbox import conversations, putting_away
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE, SUPPORT

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEN = "one two three four five six seven eight nine ten"


def put(cursor, number, minute, by, text="", *, answers=None, via=None, name="", to="maria"):
    """One message of the invoice's conversation: by the customer (None), an agent (a number), or
    somebody in another mail program (via="sent")."""
    direction = "in" if by is None and via is None else "out"
    to = f'{{"to": [["Someone", "{to}@customer.test"]]}}'
    cursor.execute(
        "insert into messages (id, conversation_id, mailbox_id, direction, via, agent_id, sent_at, "
        "received_at, from_name, from_address, recipients, subject, answers_message_id, is_auto, "
        "is_bounce, is_readable, attachment_count, thread_reason) values ($id, $conversation, "
        "$mailbox, $direction, $via, $agent, $at, $at, $name, $sender, $to, '', $answers, false, "
        "false, true, 0, 'new')",
        {
            "id": number,
            "conversation": INVOICE,
            "mailbox": SUPPORT,
            "direction": direction,
            "via": via or ("app" if by else "imap"),
            "agent": by,
            "at": NOON + minute * MINUTE,
            "name": name,
            "sender": "support@example.com" if direction == "out" else "maria@customer.test",
            "to": to if direction == "out" else "{}",
            "answers": answers,
        },
    ).fetchall()
    cursor.execute(
        "insert into bodies values ($id, $conversation, '', null, $text)",
        {"id": number, "conversation": INVOICE, "text": text},
    ).fetchall()


@pytest.fixture
def pairs(store):
    """Write messages, answer these columns of the pairs."""

    def pairs(*messages, columns="first_message_id, second_message_id"):
        with store.export() as cursor:
            for table in ("messages", "bodies"):
                cursor.execute(f"delete from {table} where conversation_id = 1").fetchall()
            for number, (words, more) in enumerate(messages, start=101):
                put(cursor, number, *words, **more)
            return cursor.execute(
                f"select {columns} from report.duplicate_replies order by second_message_id"
            ).fetchall()

    return pairs


def says(minute, by=None, text="", **more):
    return (minute, by, text), more


CASES = {
    "two people": ([says(0), says(5, ADA), says(9, BO)], [(102, 103)]),
    "the same one twice is a follow-up": ([says(0), says(5, ADA), says(9, ADA)], []),
    "three replies make two pairs": (
        [says(0), says(5, ADA), says(9, BO), says(12, ADA)],
        [(102, 103), (103, 104)],
    ),
    "another message of the customer": ([says(0), says(5, ADA), says(7), says(9, BO)], []),
    "the same message by its In-Reply-To": (
        [says(0), says(5, ADA, answers=101), says(7), says(9, BO, answers=101)],
        [(102, 104)],
    ),
    "a day and a minute later": ([says(0), says(5, ADA), says(5 + 24 * 60 + 1, BO)], []),
    "a day later": ([says(0), says(5, ADA), says(5 + 24 * 60, BO)], [(102, 103)]),
    "to a third party": ([says(0), says(5, ADA), says(9, BO, to="other")], []),
    "we wrote first": ([says(0, ADA), says(9, BO)], []),
    "from a phone, by a stranger's name": (
        [says(0), says(5, ADA), says(9, via="sent", name="Support")],
        [(102, 103)],
    ),
    "twice from the same phone": (
        [says(0), says(5, via="sent", name="X"), says(9, via="sent", name="x")],
        [],
    ),
}


@pytest.mark.parametrize(("messages", "expected"), CASES.values(), ids=CASES)
def test_which_replies_are_a_pair(pairs, messages, expected):
    assert pairs(*messages) == expected


def test_a_mail_from_the_agents_own_phone_is_a_follow_up(pairs, ada):
    assert pairs(says(0), says(5, ADA), says(9, via="sent", name=ada.name.upper())) == []


@pytest.mark.parametrize(
    ("second", "kind", "overlap"),
    [
        (TEN, "same_answer_twice", 1.0),
        ("ONE two, three four five six seven eight", "same_answer_twice", 0.8),
        (TEN + "\n-- \nBo Ek\nexample.com", "same_answer_twice", 1.0),
        ("one two three four five six", "overlapping", 0.6),
        ("one two three four five", "overlapping", 0.5),
        ("one two three four", "different_answers", 0.4),
        ("åter öppet", "different_answers", 0.0),
    ],
)
def test_how_alike_they_are(pairs, second, kind, overlap):
    found = pairs(says(0), says(5, ADA, TEN), says(9, BO, second), columns="kind, word_overlap")
    assert found == [(kind, pytest.approx(overlap))]


def test_what_else_is_told_of_a_pair(pairs):
    columns = (
        "turn_no, customer_message_id, first_agent, second_agent, gap_seconds, is_collision, "
        "is_outside, is_stale"
    )
    assert pairs(says(0), says(5, ADA), says(65, BO), columns=columns) == [
        (1, 101, "ada@example.com", "bo@example.com", 3600.0, True, False, False)
    ]
    with_more = [says(0), says(5, ADA), says(7), says(66, via="sent", name="B", answers=101)]
    assert pairs(*with_more, columns=columns) == [
        (1, 101, "ada@example.com", None, 3660.0, False, True, True)
    ]


def test_spam_is_no_duplicate(store, pairs):
    with store.export() as cursor:
        cursor.execute("update conversations set spam_at = $now where id = 1", {"now": NOON})
    assert pairs(says(0), says(5, ADA), says(9, BO)) == []


def load(store, columns="day, agent, open_at_end, open_mean, open_p90"):
    with store.export() as cursor:
        return cursor.execute(
            f"select {columns} from report.agent_load order by day, agent"
        ).fetchall()


def test_load_follows_claims_assignments_and_closes(store, ada):
    """Ada has one from 12:00, gives it to Bo at 18:00; Bo closes it at 06:00 the next day."""
    bo = agent(store, BO)
    with store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        conversations.assign(db, ada, INVOICE, BO, now=NOON + 6 * HOUR)
        conversations.close(db, bo, INVOICE, now=NOON + 18 * HOUR)
        putting_away.trash(db, bo, INVOICE, now=NOON + 30 * HOUR)
    first, second = date(2026, 3, 2), date(2026, 3, 3)
    assert load(store) == [
        (first, "ada@example.com", 0, pytest.approx(6 / 12), 1),
        (first, "bo@example.com", 1, pytest.approx(1.0), 1),
        (second, "bo@example.com", 0, pytest.approx(6 / 18), 1),
    ]


def test_load_comes_back_when_it_is_reopened_or_restored(store, ada):
    with store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        conversations.close(db, ada, INVOICE, now=NOON + 1 * HOUR)
        conversations.reopen(db, ada, INVOICE, now=NOON + 2 * HOUR)
        putting_away.mark_spam(db, ada, INVOICE, now=NOON + 3 * HOUR)
        putting_away.restore(db, ada, INVOICE, now=NOON + 4 * HOUR)
        conversations.release(db, ada, INVOICE, now=NOON + 5 * HOUR)
        putting_away.trash(db, ada, INVOICE, now=NOON + 6 * HOUR)
    assert load(store, "open_at_end, open_mean") == [(0, pytest.approx(3 / 6))]


def test_p90_is_the_load_of_nine_tenths_of_the_time(store, ada):
    """One for 9.5 hours of ten, two for half an hour."""
    with store.export() as cursor:
        cursor.execute("update conversations set mailbox_id = 1").fetchall()
    with store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        conversations.claim(db, ada, 2, now=NOON + 9 * HOUR)
        conversations.close(db, ada, 2, now=NOON + 9.5 * HOUR)
        conversations.release(db, ada, INVOICE, now=NOON + 10 * HOUR)
    assert load(store, "open_mean, open_p90, handled, closes") == [(pytest.approx(1.05), 1, 1, 1)]


def test_handled_counts_conversations_and_shares(store, ada):
    """Ada replies twice and closes the same conversation; Bo replies to it once."""
    with store.export() as cursor:
        cursor.execute("delete from messages where conversation_id = 1").fetchall()
        put(cursor, 101, 0, None)
        put(cursor, 102, 5, ADA)
        put(cursor, 103, 6, ADA)
        put(cursor, 104, 7, BO)
    with store.write() as db:
        conversations.close(db, ada, INVOICE, now=NOON + HOUR)
    assert load(store, "agent, handled, replies, closes, open_at_end, share, fair_share") == [
        ("ada@example.com", 1, 2, 1, 0, 0.5, 0.5),
        ("bo@example.com", 1, 1, 0, 0, 0.5, 0.5),
    ]
