"""Snooze: until when, what keeps it asleep, and what wakes it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox import conversations, events, merging, putting_away, queue, snoozing, undo
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox.test_merging import another

LATER = NOON + timedelta(hours=3)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def kinds(db, viewer):
    return [e.kind for e in events.of_conversation(db, viewer, INVOICE)]


def sleeps(db, viewer, number=INVOICE):
    return conversations.by_id(db, viewer, number).snoozed_until


def test_it_leaves_the_queue_and_comes_back_at_its_moment(db, bo):
    snoozing.snooze(db, bo, INVOICE, LATER, now=NOON)

    assert sleeps(db, bo) == LATER
    assert queue.take_next(db, bo, now=NOON) is None
    assert snoozing.wake_due(db, now=LATER - timedelta(seconds=1)) == 0
    assert snoozing.wake_due(db, now=LATER) == 1
    assert snoozing.wake_due(db, now=LATER) == 0
    assert sleeps(db, bo) is None
    assert queue.take_next(db, bo, now=LATER) == INVOICE


def test_after_a_long_stop_the_diary_says_when_it_was_due_and_when_it_was_seen(db, bo):
    snoozing.snooze(db, bo, INVOICE, LATER, now=NOON)
    back = LATER + timedelta(days=3)
    snoozing.wake_due(db, now=back)

    woken = events.of_conversation(db, bo, INVOICE)[-1]
    assert (woken.kind, woken.actor_kind) == ("woken", "system")
    assert (woken.occurred_at, woken.recorded_at) == (LATER, back)


def test_a_clock_that_goes_back_wakes_nothing_early_and_nothing_twice(db, bo):
    snoozing.snooze(db, bo, INVOICE, LATER, now=NOON)
    assert snoozing.wake_due(db, now=NOON - timedelta(days=1)) == 0
    assert snoozing.wake_due(db, now=LATER + timedelta(hours=1)) == 1
    assert snoozing.wake_due(db, now=LATER + timedelta(hours=1)) == 0
    assert kinds(db, bo) == ["snoozed", "woken"]


def test_claiming_and_assigning_leave_it_asleep(db, ada, bo):
    snoozing.snooze(db, bo, INVOICE, LATER, now=NOON)
    conversations.claim(db, bo, INVOICE, now=NOON)
    conversations.assign(db, ada, INVOICE, ada.id, now=NOON)
    conversations.release(db, ada, INVOICE, now=NOON)

    assert sleeps(db, bo) == LATER


def test_undo_of_snooze_of_a_new_moment_and_of_wake(db, bo):
    snoozing.snooze(db, bo, INVOICE, LATER, now=NOON)
    since = db.changes[-1].event_id
    undo.take_back(db, bo, snoozing.wake, INVOICE, since=since, now=NOON)
    assert sleeps(db, bo) is None

    snoozing.snooze(db, bo, INVOICE, LATER, True, now=NOON)
    snoozing.wake(db, bo, INVOICE, now=NOON)
    since = db.changes[-1].event_id
    undo.take_back(db, bo, snoozing.snooze, INVOICE, LATER, True, since=since, now=NOON)
    found = conversations.by_id(db, bo, INVOICE)
    assert (found.snoozed_until, found.snooze_stays) == (LATER, True)

    with pytest.raises(TooLate):
        undo.take_back(db, bo, snoozing.wake, INVOICE, since=since, now=NOON)


@pytest.mark.parametrize("until", [NOON, NOON - timedelta(days=1), NOON + timedelta(days=800)])
def test_moments_that_are_none_are_refused(db, bo, until):
    with pytest.raises(Invalid):
        snoozing.snooze(db, bo, INVOICE, until, now=NOON)
    assert kinds(db, bo) == []


@pytest.mark.parametrize("put", [conversations.close, putting_away.trash, putting_away.mark_spam])
def test_only_what_is_open_sleeps(db, bo, put):
    put(db, bo, INVOICE, now=NOON)
    with pytest.raises(Invalid):
        snoozing.snooze(db, bo, INVOICE, LATER, now=NOON)


def test_who_may(db, cy, eve):
    with pytest.raises(NotAllowed):
        snoozing.snooze(db, cy, INVOICE, LATER, now=NOON)
    with pytest.raises(NotFound):
        snoozing.wake(db, eve, INVOICE, now=NOON)


def test_a_family_sleeps_as_one(store, home, bo):
    second = another(home)
    with store.write() as db:
        merging.merge(db, bo, second, INVOICE, now=NOON)
        snoozing.snooze(db, bo, second, LATER, now=NOON)
        assert sleeps(db, bo) == sleeps(db, bo, second) == LATER
        assert snoozing.wake_due(db, now=LATER) == 1
        assert sleeps(db, bo, second) is None


def test_what_was_merged_asleep_is_woken_when_it_stands_alone(store, home, bo):
    second = another(home)
    with store.write() as db:
        snoozing.snooze(db, bo, second, LATER, now=NOON)
        merging.merge(db, bo, second, INVOICE, now=NOON)
        assert snoozing.wake_due(db, now=LATER) == 0
        merging.unmerge(db, bo, second, now=LATER)
        assert snoozing.wake_due(db, now=LATER) == 1


def test_the_moments_are_the_agents_own_and_summer_time_moves_none():
    friday = datetime(2026, 3, 27, 15, 30)  # the clocks go forward on Sunday
    found = snoozing.moments(friday, STOCKHOLM)

    assert found == {
        "3 hours": datetime(2026, 3, 27, 18, 30),
        "tomorrow": datetime(2026, 3, 28, 7, 0),
        "monday": datetime(2026, 3, 30, 6, 0),
        "next week": datetime(2026, 4, 3, 6, 0),
    }


def test_late_in_the_evening_tomorrow_is_the_agents_tomorrow():
    found = snoozing.moments(datetime(2026, 3, 1, 23, 30), STOCKHOLM)

    assert found["tomorrow"] == datetime(2026, 3, 3, 7, 0)
    assert found["monday"] == datetime(2026, 3, 9, 7, 0)


def test_a_time_that_the_zone_leaves_out_is_an_hour_later():
    sunday = datetime(2026, 3, 29)
    assert snoozing.in_zone(sunday, time(2, 30), STOCKHOLM) == datetime(2026, 3, 29, 1, 30)
