from datetime import datetime, timedelta

import pytest

from inbox import availability, conversations, messages, notifications, people, shifts
from inbox.errors import Invalid, NotAllowed, NotFound
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE, SUPPORT

pytestmark = pytest.mark.feature("OW13")
HOUR = timedelta(hours=1)


def here(store, mailbox_id=SUPPORT, now=NOON):
    with store.read() as db:
        team = availability.of_team(db, agent(store, ADA), mailbox_id, now=now)
    return {one.agent_id: one.is_here for one in team}


def assignee(store, conversation_id=INVOICE):
    with store.read() as db:
        return conversations.by_id(db, agent(store, ADA), conversation_id).assignee_id


def told(store):
    with store.export() as cursor:
        return cursor.execute(
            "select kind, actor_kind from events where kind in ('availability_switched', "
            "'hours_set', 'absence_added', 'absence_cancelled', 'released', 'shifts_imported') "
            "order by event_id"
        ).fetchall()


def test_everybody_who_answers_is_there_at_first_and_readers_are_not_asked(store):
    assert here(store) == {ADA: True, BO: True}


def test_the_switch_is_told_once_and_ends_by_itself(store, bo):
    with store.write() as db:
        availability.switch(db, bo, "away", NOON + HOUR, now=NOON)
        availability.switch(db, bo, "away", NOON + HOUR, now=NOON)
    assert (here(store)[BO], here(store, now=NOON + HOUR)[BO]) == (False, True)
    with store.write() as db:
        availability.switch(db, bo, "auto", now=NOON)
        with pytest.raises(Invalid):
            availability.switch(db, bo, "away", NOON, now=NOON)
    assert here(store)[BO]
    assert told(store) == [("availability_switched", "agent")] * 2


def test_hours_are_kept_and_bad_ones_change_nothing(store, bo):
    week = ["08:00-17:00"] * 5 + ["", ""]
    with store.write() as db:
        availability.set_hours(db, bo, week, now=NOON)
        availability.set_hours(db, bo, week, now=NOON)
        with pytest.raises(Invalid):
            availability.set_hours(db, bo, ["soon", *week[1:]], now=NOON)
        known, _now = availability.own(db, bo, now=NOON)
    assert known.hours.split("\n") == week
    assert told(store) == [("hours_set", "agent")]


@pytest.mark.feature("OW14")
def test_out_of_office_between_two_moments_and_called_off(store, ada, bo):
    with store.write() as db:
        absence = availability.add_absence(db, bo, NOON + HOUR, NOON + 3 * HOUR, now=NOON)
        with pytest.raises(Invalid):
            availability.add_absence(db, bo, NOON + HOUR, NOON, now=NOON)
        with pytest.raises(NotFound):
            availability.cancel_absence(db, ada, absence, now=NOON)
    assert [here(store, now=NOON + n * HOUR)[BO] for n in range(4)] == [True, False, False, True]

    with store.write() as db:
        availability.cancel_absence(db, bo, absence, now=NOON)
        assert availability.absences(db, bo, now=NOON) == []
    assert here(store, now=NOON + HOUR)[BO]


@pytest.mark.feature("OW02")
def test_who_is_away_gets_no_new_work_and_keeps_what_is_open(store, ada, bo):
    with store.write() as db:
        availability.give(db, ada, INVOICE, BO, now=NOON)
        availability.switch(db, bo, "away", now=NOON)
        conversations.release(db, ada, INVOICE, now=NOON)
        with pytest.raises(Invalid, match="Bo Ek is away"):
            availability.give(db, ada, INVOICE, BO, now=NOON)
        availability.give(db, bo, INVOICE, BO, now=NOON)
    assert assignee(store) == BO


@pytest.mark.feature("OW14")
def test_an_absence_gives_back_once_what_is_open(store, ada, bo):
    with store.write() as db:
        conversations.assign(db, ada, INVOICE, BO, now=NOON)
        availability.add_absence(db, bo, NOON + HOUR, NOON + 9 * HOUR, gives_back=True, now=NOON)
        assert availability.give_back(db, now=NOON) == 0
    assert assignee(store) == BO

    with store.write() as db:
        assert availability.give_back(db, now=NOON + HOUR) == 1
        conversations.claim(db, bo, INVOICE, now=NOON + 2 * HOUR)
        assert availability.give_back(db, now=NOON + 2 * HOUR) == 0
    assert assignee(store) == BO
    assert told(store) == [("absence_added", "agent"), ("released", "system")]


@pytest.mark.feature("OW14")
def test_what_is_reopened_while_its_assignee_is_out_goes_to_the_team(store, ada, bo):
    with store.write() as db:
        conversations.assign(db, ada, INVOICE, BO, now=NOON)
        conversations.close(db, ada, INVOICE, now=NOON)
        availability.add_absence(db, bo, NOON, NOON + HOUR, now=NOON)
        conversations.reopen(db, ada, INVOICE, now=NOON)
    assert assignee(store) is None


@pytest.mark.feature("OW12")
def test_who_leaves_is_asked_no_more(store, ada):
    with store.write() as db:
        people.deactivate(db, ada, BO, now=NOON)
    assert here(store) == {ADA: True}


SHIFTS = """email,starts,ends
bo@example.com,2026-03-02T08:00+01:00,2026-03-02T16:00+01:00
bo@example.com,2026-03-03T22:00+01:00,2026-03-04T06:00+01:00
"""


@pytest.mark.feature("OW15")
def test_shifts_come_from_a_file_and_replace_those_of_its_days(store, ada, bo):
    day = datetime(2026, 3, 2, 9, 0)
    with store.write() as db:
        assert shifts.take_up(db, ada, SHIFTS, now=NOON) == 2
        assert shifts.take_up(db, ada, SHIFTS, now=NOON) == 2
        with pytest.raises(NotAllowed):
            shifts.take_up(db, bo, SHIFTS, now=NOON)
    assert [here(store, now=day + n * HOUR)[BO] for n in (0, 8, 37, 44)] == [
        True,
        False,
        True,
        False,
    ]
    with store.export() as cursor:
        assert cursor.execute("select count(*) from shifts").fetchone() == (2,)


@pytest.mark.feature("OW15")
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nobody@example.com,2026-03-02T08:00,2026-03-02T16:00", "nobody with the address"),
        ("bo@example.com,soon,2026-03-02T16:00", "write email, starts and ends"),
        ("bo@example.com,2026-03-02T16:00,2026-03-02T08:00", "ends before it begins"),
        ("bo@example.com,2026-03-02T16:00", "write email, starts and ends"),
    ],
)
def test_a_bad_line_is_named_and_nothing_changes(store, ada, line, why):
    with store.write() as db, pytest.raises(Invalid, match=f"Line 4: .*{why}"):
        shifts.take_up(db, ada, SHIFTS + line + "\n", now=NOON)
    with store.export() as cursor:
        assert cursor.execute("select count(*) from shifts").fetchone() == (0,)


@pytest.mark.feature("OW06")
def test_handing_over_leaves_a_word_and_tells_whom_it_is_given_to(store, ada):
    with store.write() as db:
        availability.give(db, ada, INVOICE, BO, words="Please call her first.", now=NOON)
        notes = [m for m in messages.in_conversation(db, ada, INVOICE) if m.direction == "note"]
        told = notifications.unseen(db, agent(store, BO))
    assert assignee(store) == BO
    assert [note.body_text for note in notes] == ["Please call her first."]
    assert [one.kind for one in told] == ["assigned"]


@pytest.mark.feature("OW06")
def test_a_refused_hand_over_leaves_no_word(store, ada, bo):
    with store.write() as db:
        availability.switch(db, bo, "away", now=NOON)
        with pytest.raises(Invalid):
            availability.give(db, ada, INVOICE, BO, words="Please", now=NOON)
        found = messages.in_conversation(db, ada, INVOICE)
    assert [m.direction for m in found] == ["in"]


def test_one_press_on_the_switch_does_what_it_says_and_the_next_takes_it_back(home):
    with home.store.write() as db:
        bo = agent(home.store, BO)
        seen = []
        for _ in range(3):
            known, now_is = availability.own(db, bo, now=NOON)
            stance = availability.step(known, now_is, now=NOON)
            seen.append((now_is.is_here, stance))
            availability.switch(db, bo, stance, now=NOON)
        availability.set_hours(db, bo, ["00:00-00:01"] * 7, now=NOON)
        known, now_is = availability.own(db, bo, now=NOON)
    assert seen == [(True, "away"), (False, "auto"), (True, "away")]
    assert availability.step(known, now_is, now=NOON) == "here"
