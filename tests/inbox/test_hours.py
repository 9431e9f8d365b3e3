"""Hours of a week against a clock on the wall that is looked at every minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import hours
from inbox.errors import Invalid

pytestmark = pytest.mark.feature("OW15", "OW16")
MINUTE = timedelta(minutes=1)
# With their changes of the clock: at 2, 1, 3:45 and midnight, by an hour and by half an hour.
ZONES = (
    "Europe/Stockholm",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "America/Asuncion",
    "Asia/Kathmandu",
    "UTC",
)
CHANGES = (
    date(2023, 3, 25), date(2023, 10, 28), date(2024, 3, 9), date(2024, 11, 2), date(2024, 4, 5),
    date(2024, 10, 4), date(2024, 3, 23), date(2024, 9, 27), date(2024, 2, 28), date(2024, 12, 30),
)  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A day's line with up to three spans."""
    marks = draw(st.lists(st.integers(0, 96), min_size=0, max_size=6, unique=True).map(sorted))
    spans = zip(marks[::2], marks[1::2], strict=False)
    return ", ".join(
        f"{a // 4:02d}:{a % 4 * 15:02d}-{b // 4:02d}:{b % 4 * 15:02d}" for a, b in spans
    )


def walked(week: str, zone: ZoneInfo, first: date, last: date) -> set[datetime]:
    """Every minute of these days at which the clock on the wall stands within its day's line."""
    begins = datetime.combine(first, datetime.min.time()) - timedelta(days=2)
    days = week.split("\n")
    found = set()
    for number in range(((last - first).days + 5) * 24 * 60):
        moment = begins + number * MINUTE
        wall = moment.replace(tzinfo=UTC).astimezone(zone)
        if not first <= wall.date() <= last:
            continue
        at = f"{wall:%H:%M}"
        for span in days[wall.weekday()].split():
            start, end = span.split("-")
            if start <= at < end:
                found.add(moment)
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(lines(), min_size=7, max_size=7),
    st.sampled_from(ZONES),
    st.sampled_from(CHANGES),
)
def test_every_minute_is_open_that_the_clock_on_the_wall_says(
    typed: list[str], named: str, first: date
) -> None:
    zone, last = ZoneInfo(named), first + timedelta(days=3)
    week = hours.checked(typed)
    spans = list(hours.open_spans(week, zone, first, last))

    counted = [
        span.starts_at + n * MINUTE
        for span in spans
        for n in range(int((span.ends_at - span.starts_at) / MINUTE))
    ]
    assert len(counted) == len(set(counted))
    assert counted == sorted(counted)
    assert set(counted) == walked(week, zone, first, last)


def test_the_night_to_summer_time_is_an_hour_short_and_that_to_winter_an_hour_long() -> None:
    zone, always = ZoneInfo("Europe/Stockholm"), "\n".join(["00:00-24:00"] * 7)
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)

    def length(day: date) -> float:
        found = hours.open_spans(always, zone, day, day)
        return sum((span.ends_at - span.starts_at).total_seconds() for span in found) / 3600

    assert [length(spring), length(autumn), length(date(2026, 6, 1))] == [23, 25, 24]


def test_a_day_with_hours_of_its_own_goes_before_its_weekday() -> None:
    zone, week = ZoneInfo("UTC"), hours.checked(["08:00-16:00"] * 7)
    eve, christmas = date(2026, 12, 24), date(2026, 12, 25)
    found = hours.open_spans(
        week, zone, eve, date(2026, 12, 26), {eve: "08:00-12:00", christmas: ""}
    )
    assert [(span.starts_at.day, span.ends_at.hour) for span in found] == [(24, 12), (26, 16)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("8:00-17:00", "08:00-17:00"),
        ("0:00-24:00", "00:00-24:00"),
        (" 08.00 – 12.00 ; 13:00-17:00", "08:00-12:00 13:00-17:00"),
    ],
)
def test_hours_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert hours.checked([typed, *[""] * 6]) == kept + "\n" * 6


@pytest.mark.parametrize(
    "typed",
    [
        "nine to five",
        "17:00-08:00",
        "08:00-08:00",
        "24:00-25:00",
        "22:00-24:01",
        "08:00-09:60",
        "08:60-10:00",
        "08:00-12:00, 11:00-13:00",
        "8-9",
    ],
)
def test_what_is_no_time_names_its_day(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hours.checked(["", typed, *[""] * 5])
    assert refusal.value.field == "hours_1"
