import threading
from datetime import timedelta

import pytest

from inbox import conversations, queue
from tests.conftest import NOON, agent
from tests.furniture import BO, EVE, INVOICE, SALES, SUPPORT


@pytest.fixture
def crowd(store):
    """Six hundred in support, each newer than the invoice, and one that waits for nobody."""
    with store.export() as cursor:
        cursor.execute(
            "insert into conversations (mailbox_id, contact_name, contact_address, subject, "
            "snippet, status, created_at, last_message_at, waiting_since, message_count, "
            "attachment_count, is_readable) select 1, 'x', 'x', 'x', 'x', 'open', $now, $now, "
            "$now + to_minutes(n), 1, 0, true from range(1, 600) r(n)",
            {"now": NOON},
        )
        cursor.execute(
            "update conversations set waiting_since = null, last_message_at = $long_ago "
            "where id = 3",
            {"long_ago": NOON - timedelta(days=9)},
        )


def test_whoever_has_waited_longest_is_next(db, bo, crowd):
    assert queue.take_next(db, bo, now=NOON) == INVOICE
    assert conversations.by_id(db, bo, INVOICE).assignee_id == BO
    assert queue.take_next(db, bo, now=NOON) == 4


def test_who_only_reads_a_mailbox_takes_from_the_others(store, db):
    with store.export() as cursor:
        cursor.execute("insert into memberships values (1, 4, 'reader', 'as')")
    eve = agent(store, EVE)

    assert queue.take_next(db, eve, mailbox_id=SUPPORT, now=NOON) is None
    assert queue.take_next(db, eve, now=NOON) == 2
    assert queue.take_next(db, eve, now=NOON) is None
    assert queue.answered(eve) == [SALES]


@pytest.mark.parametrize("column", ["spam_at", "trashed_at"])
def test_junk_is_not_next(store, db, bo, column):
    with store.export() as cursor:
        cursor.execute(f"update conversations set {column} = $now", {"now": NOON})

    assert queue.take_next(db, bo, now=NOON) is None


def test_two_who_ask_at_once_get_two(store, ada, bo, crowd):
    taken, gate = [], threading.Barrier(10)

    def take(who):
        gate.wait()
        with store.write() as db:
            taken.append(queue.take_next(db, who, now=NOON))

    threads = [threading.Thread(target=take, args=((ada, bo)[n % 2],)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [1, *range(4, 13)]
