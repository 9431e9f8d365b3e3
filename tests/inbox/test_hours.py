"""Hours of a week against a clock on the wall that is looked at every minute."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import hours
from inbox.errors import Invalid
from tests.wall_clock import MINUTE, walked

pytestmark = pytest.mark.feature("OW15", "OW16")
# Days at which clocks change: at 2, 1, 3:45 and midnight, by an hour and by half an hour.
CHANGES = [
    ("Europe/Stockholm", date(2023, 3, 26)),
    ("Europe/Stockholm", date(2023, 10, 29)),
    ("Europe/London", date(2024, 3, 31)),
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("Pacific/Chatham", date(2024, 9, 29)),
    ("America/Asuncion", date(2024, 3, 23)),
    ("Africa/Cairo", date(2024, 4, 26)),
    ("Asia/Kathmandu", date(2024, 2, 28)),
]


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A day's line with up to three spans."""
    marks = draw(st.lists(st.integers(0, 96), min_size=0, max_size=6, unique=True).map(sorted))
    spans = zip(marks[::2], marks[1::2], strict=False)
    return ", ".join(
        f"{a // 4:02d}:{a % 4 * 15:02d}-{b // 4:02d}:{b % 4 * 15:02d}" for a, b in spans
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(lines(), min_size=7, max_size=7),
    st.sampled_from(CHANGES),
    st.integers(0, 2),
)
def test_every_minute_is_open_that_the_clock_on_the_wall_says(
    typed: list[str], change: tuple[str, date], before: int
) -> None:
    zone, first = ZoneInfo(change[0]), change[1] - timedelta(days=before)
    last = first + timedelta(days=2)
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
