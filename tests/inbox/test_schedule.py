"""When somebody is there: hand, absence, shift, hours, in this order; and the clocks' change."""

from datetime import datetime, timedelta

import pytest

from inbox import schedule
from inbox.hours import Span
from inbox.schedule import Schedule

# A Monday, 11:00 in Stockholm.
MONDAY = datetime(2026, 3, 2, 10, 0)
WEEKDAYS = "\n".join(["08:00-12:00 13:00-17:00"] * 5 + ["", ""])
pytestmark = pytest.mark.feature("OW13", "OW15", "OW16")


def known(**told: object) -> Schedule:
    about: dict[str, object] = {
        "agent_id": 1,
        "name": "Bo Ek",
        "stance": "auto",
        "stance_until": None,
        "hours": WEEKDAYS,
        "time_zone": "Europe/Stockholm",
    }
    return Schedule(**{**about, **told})  # type: ignore[arg-type]


def said(found: schedule.Presence) -> tuple[bool, str, datetime | None]:
    return found.is_here, found.why, found.until


@pytest.mark.parametrize(
    ("moment", "is_here", "until"),
    [
        (datetime(2026, 3, 2, 10, 0), True, datetime(2026, 3, 2, 11, 0)),
        (datetime(2026, 3, 2, 11, 0), False, datetime(2026, 3, 2, 12, 0)),
        (datetime(2026, 3, 2, 16, 0), False, datetime(2026, 3, 3, 7, 0)),
        (datetime(2026, 3, 6, 17, 0), False, datetime(2026, 3, 9, 7, 0)),
        # The clocks go forward in the night to Sunday the 29th: eight o'clock is 6:00 UTC then.
        (datetime(2026, 3, 27, 17, 0), False, datetime(2026, 3, 30, 6, 0)),
        (datetime(2026, 10, 23, 16, 0), False, datetime(2026, 10, 26, 7, 0)),
    ],
)
def test_working_hours_are_in_the_agents_zone(
    moment: datetime, is_here: bool, until: datetime
) -> None:
    assert said(schedule.at(known(), moment)) == (is_here, "hours", until)


def test_in_another_zone_it_is_night() -> None:
    assert not schedule.at(known(time_zone="America/Los_Angeles"), MONDAY).is_here


def test_without_hours_one_is_always_there() -> None:
    assert said(schedule.at(known(hours=""), MONDAY)) == (True, "hours", None)


def test_hours_without_a_day_name_no_moment() -> None:
    found = schedule.at(known(hours="\n" * 6 + "08:00-09:00", time_zone=""), MONDAY)
    assert said(found) == (False, "hours", datetime(2026, 3, 8, 8, 0))


def test_the_hand_goes_before_everything_until_its_time_is_over() -> None:
    until = MONDAY + timedelta(hours=1)
    off = known(stance="away", stance_until=until)
    assert said(schedule.at(off, MONDAY)) == (False, "hand", until)
    assert schedule.at(off, until).why == "hours"
    late = known(stance="here", absences=(Span(starts_at=MONDAY, ends_at=until),))
    assert said(schedule.at(late, MONDAY)) == (True, "hand", None)


def test_out_of_office_goes_before_hours_and_ends_where_the_last_one_ends() -> None:
    first = Span(starts_at=MONDAY, ends_at=MONDAY + timedelta(days=1))
    second = Span(starts_at=first.ends_at, ends_at=first.ends_at + timedelta(days=2))
    found = schedule.at(known(absences=(second, first)), MONDAY)
    assert said(found) == (False, "absence", second.ends_at)


def test_shifts_go_before_hours() -> None:
    night = Span(starts_at=MONDAY + timedelta(hours=10), ends_at=MONDAY + timedelta(hours=18))
    on_shift = known(shifts=(night,))
    assert said(schedule.at(on_shift, MONDAY)) == (False, "shift", night.starts_at)
    assert said(schedule.at(on_shift, night.starts_at)) == (True, "shift", night.ends_at)
    assert said(schedule.at(on_shift, night.ends_at)) == (False, "shift", None)
