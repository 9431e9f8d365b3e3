"""Business time of turns and resolutions against a clock that is looked at every minute."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox import calendars, hours, mailboxes
from inbox.house import House
from tests.conftest import agent
from tests.furniture import ADA, SUPPORT
from tests.wall_clock import MINUTE, walked

ZONE = ZoneInfo("Europe/Stockholm")
NEW_YEAR = datetime(2026, 1, 1)
WEEK = ["08:00-12:00, 13:00-17:00"] * 5 + ["10:00-14:00", ""]
LATER_WEEK = ["06:00-24:00"] * 7
# Before the clocks change in spring, around Easter, before they change in autumn, at Christmas.
WHERE = (date(2026, 3, 26), date(2026, 4, 2), date(2026, 10, 23), date(2026, 12, 22))
LATER = date(2026, 10, 24)
LATER_IN_UTC = datetime(2026, 10, 23, 22, 0)
OWN = "2026-03-27 10:00-11:30\n2026-12-23"
# What Sweden stays closed on in these weeks, and our own days.
DAYS = {
    date(2026, 4, 3): "",
    date(2026, 4, 5): "",
    date(2026, 4, 6): "",
    date(2026, 12, 24): "",
    date(2026, 12, 25): "",
    date(2026, 12, 26): "",
    date(2026, 12, 31): "",
    date(2026, 3, 27): "10:00-11:30",
    date(2026, 12, 23): "",
}


# Each wait is a conversation from 101 on: a mail, its answer, and a close in the same moment.
TELL = (
    "delete from messages where conversation_id > 100",
    "delete from events where conversation_id > 100",
    "delete from conversations where id > 100",
    "create or replace temp table told as select 100 + row_number() over () as number, * from "
    "(select unnest($began::timestamp[]) as began, unnest($ended::timestamp[]) as ended)",
    "insert into conversations by name select one.* replace (told.number as id, told.began as "
    "created_at) from conversations as one, told where one.id = 1",
    "insert into messages by name select one.* replace (2 * told.number as id, told.number as "
    "conversation_id, told.began as sent_at, told.began as received_at) from messages as one, told "
    "where one.id = 1",
    "insert into messages by name select one.* replace (2 * told.number + 1 as id, told.number as "
    "conversation_id, told.ended as sent_at, told.ended as received_at, 'out' as direction, "
    '\'{"to": [["", "maria@customer.test"]]}\' as recipients, '
    "'support@example.com' as from_address) from messages as one, told where one.id = 1",
    "insert into events select 1000 + number, 'a', ended, ended, 'agent', 2, 1, number, null, "
    "'closed', '', '' from told",
)


@pytest.fixture
def open_house(home: House) -> House:
    """The support mailbox follows a calendar with two versions; its story is still to be told."""
    with home.store.write() as db:
        ada = agent(home.store, ADA)
        how = {"time_zone": "Europe/Stockholm", "country": "SE", "days": OWN, "now": NEW_YEAR}
        calendars.save(db, ada, "Office", lines=WEEK, **how)
        calendars.save(db, ada, "Office", lines=LATER_WEEK, since=LATER, **how)
        mailboxes.change(db, ada, SUPPORT, calendar="Office", now=NEW_YEAR)
    return home


@st.composite
def waits(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """From and until, by the second, of up to five days."""
    day = datetime.combine(draw(st.sampled_from(WHERE)), datetime.min.time())
    began = day + timedelta(seconds=draw(st.integers(0, 3 * 86_400)))
    return began, began + timedelta(seconds=draw(st.integers(0, 5 * 86_400)))


def told(home: House, pairs: list[tuple[datetime, datetime]]) -> list[tuple[float, float]]:
    """Business seconds of each wait, and of the resolution that ends with the close at its
    answer."""
    with home.store.export() as cursor:
        for statement in TELL:
            cursor.execute(
                statement,
                {"began": [began for began, _ in pairs], "ended": [ended for _, ended in pairs]}
                if "$" in statement
                else {},
            ).fetchall()
        return cursor.execute(
            "select wait_business_seconds, final_resolution_business_seconds "
            "from report.turns inner join report.resolution using (conversation_id) "
            "where conversation_id > 100 and turn_no = 1 order by conversation_id"
        ).fetchall()


def counted(began: datetime, ended: datetime) -> float:
    """Open seconds in between by the version that holds when it begins."""
    week = hours.checked(LATER_WEEK if began >= LATER_IN_UTC else WEEK)
    first = began.date() - timedelta(days=1)
    found = walked(week, ZONE, first, ended.date() + timedelta(days=1), DAYS)
    overlaps = (min(ended, m + MINUTE) - max(began, m) for m in found)
    return sum(max(0.0, overlap.total_seconds()) for overlap in overlaps)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(waits(), min_size=1, max_size=8))
def test_a_wait_is_as_long_as_the_clock_on_the_wall_says(
    open_house: House, pairs: list[tuple[datetime, datetime]]
) -> None:
    expected = [counted(*pair) for pair in pairs]
    assert told(open_house, pairs) == [(seconds, seconds) for seconds in expected]


def test_worked_by_hand(open_house: House) -> None:
    """Stockholm is an hour before UTC in winter, two in summer."""
    friday = datetime(2026, 3, 27, 8, 30)  # 9:30; its own hours are 10:00 to 11:30
    cases = {
        # Half of its own hour and a half, Saturday 10 to 14, Monday's first hour in summer time.
        (friday + timedelta(minutes=75), datetime(2026, 3, 30, 7, 0)): 45 * 60 + 5 * 3600,
        # Closed at both ends: Maundy Thursday 18:00 to Easter Sunday; the Saturday is open.
        (datetime(2026, 4, 2, 16, 0), datetime(2026, 4, 5, 12, 0)): 4 * 3600,
        # Lunch.
        (datetime(2026, 3, 26, 11, 0), datetime(2026, 3, 26, 12, 0)): 0,
        # Begun under the old hours, ended under the new: the old count.
        (datetime(2026, 10, 23, 14, 0), datetime(2026, 10, 24, 10, 0)): 3600 + 2 * 3600,
        # Begun under the new ones, in the night that has 25 hours.
        (datetime(2026, 10, 24, 21, 0), datetime(2026, 10, 25, 6, 0)): 3600 + 3600,
    }
    found = told(open_house, list(cases))
    assert [wait for wait, _ in found] == list(cases.values())


def test_without_a_calendar_there_is_no_business_time(home: House) -> None:
    assert told(home, [(NEW_YEAR, NEW_YEAR + timedelta(days=1))]) == [(None, None)]


def test_always_open_is_the_time_on_the_clock(open_house: House) -> None:
    with open_house.store.write() as db:
        ada = agent(open_house.store, ADA)
        always = ["00:00-24:00"] * 7
        calendars.save(db, ada, "Always", time_zone="UTC", lines=always, now=NEW_YEAR)
        mailboxes.change(db, ada, SUPPORT, calendar="Always", now=NEW_YEAR)
    began = datetime(2026, 3, 28, 23, 59, 59)
    assert told(open_house, [(began, began + timedelta(seconds=100_000))]) == [(100_000, 100_000)]


def test_a_correction_counts_for_the_past_and_a_version_does_not(open_house: House) -> None:
    began = datetime(2026, 3, 26, 6, 0)  # seven in the morning
    pair = [(began, began + timedelta(hours=4))]
    ada = agent(open_house.store, ADA)
    how = {"time_zone": "Europe/Stockholm", "now": NEW_YEAR}
    found = [told(open_house, pair)[0][0]]
    for more in (
        {"lines": ["07:00-24:00"] * 7, "since": date(2026, 12, 1)},
        {"lines": ["10:00-24:00"] * 7},
    ):
        with open_house.store.write() as db:
            calendars.save(db, ada, "Office", **how, **more)
        found.append(told(open_house, pair)[0][0])
    with open_house.store.write() as db:
        calendars.save(db, ada, "Desk", lines=["08:00-10:00"] * 7, **how)
        mailboxes.change(db, ada, SUPPORT, calendar="Desk", now=NEW_YEAR)
    found.append(told(open_house, pair)[0][0])
    with open_house.store.write() as db:
        calendars.save(db, ada, "Desk", lines=["07:00-10:00"] * 7, **how)
    found.append(told(open_house, pair)[0][0])

    # The first three by the version that held in March, whatever the later ones say.
    assert found == [3 * 3600, 3 * 3600, 3 * 3600, 2 * 3600, 3 * 3600]
