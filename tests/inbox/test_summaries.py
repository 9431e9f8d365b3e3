"""First waits by week and hour, against what a person counts on a calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from inbox import summaries

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NAN = float("nan")


def waits(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """(began in UTC, state, seconds); each its own conversation, of two colleagues in turn."""
    return pd.DataFrame(
        {
            "conversation_id": range(1, len(rows) + 1),
            "agent_id": [1.0 if n % 2 == 0 else 2.0 for n in range(len(rows))],
            "began": pd.to_datetime([began for began, _state, _seconds in rows]),
            "state": [state for _began, state, _seconds in rows],
            "seconds": [seconds for _began, _state, seconds in rows],
            "business_seconds": [NAN if n == 0 else 60.0 for n in range(len(rows))],
        }
    )


def test_those_who_wait_are_in_no_median_and_are_told() -> None:
    found = summaries.told(
        waits(
            ("2026-11-02 08:00", "answered", 100),
            ("2026-11-02 09:00", "answered", 300),
            ("2026-11-02 10:00", "waiting", 9_000),
            ("2026-11-02 11:00", "closed_unanswered", 50),
        )
    )

    assert (found.n, found.p50, found.waiting, found.unanswered) == (2, 200, 1, 1)


def test_nobody_answered_is_no_number_and_no_error() -> None:
    found = summaries.told(waits(("2026-11-02 08:00", "waiting", 1)))

    assert found.n == 0
    assert found.p50 != found.p50


def test_a_week_begins_on_the_local_monday_and_empty_ones_are_there() -> None:
    found = summaries.weeks(
        # 23:30 on Sunday in UTC is Monday in Stockholm.
        waits(
            ("2026-11-01 23:30", "answered", 10),
            ("2026-11-01 22:30", "answered", 20),
            ("2026-11-19 12:00", "answered", 30),
            ("2026-11-19 12:00", "waiting", 999),
        ),
        STOCKHOLM,
        since=datetime(2026, 10, 26),
        until=datetime(2026, 11, 20),
    )

    assert [f"{day:%m-%d}" for day in found["week"]] == ["10-26", "11-02", "11-09", "11-16"]
    assert list(found["n"]) == [1, 1, 0, 1]
    assert list(found["p50"].fillna(-1)) == [20, 10, -1, 30]


def test_hours_are_those_of_the_wall_clock_on_both_sides_of_a_change() -> None:
    found = summaries.hours(
        # The clock goes back on 25 October 2026: 07:00 UTC is 9, then 8 o'clock.
        waits(
            ("2026-10-24 07:00", "answered", 10),
            ("2026-10-26 07:00", "answered", 20),
            ("2026-10-26 07:59", "answered", 40),
        ),
        STOCKHOLM,
    )

    assert found.to_dict("list") == {
        "weekday": [0, 5],
        "hour": [8, 9],
        "n": [2, 1],
        "seconds": [30, 10],
    }


def test_a_mark_holds_those_that_were_counted_in_it() -> None:
    found = waits(
        ("2026-10-18 22:30", "answered", 10),
        ("2026-10-24 07:00", "answered", 60),
        ("2026-10-26 07:59", "answered", 4_000),
        ("2026-10-26 07:30", "waiting", 60),
    )
    since, until = datetime(2026, 10, 1), datetime(2026, 10, 31)
    for row in summaries.weeks(found, STOCKHOLM, since=since, until=until).itertuples():
        inside = summaries.of_week(found, STOCKHOLM, f"{row.week:%Y-%m-%d}")
        assert len(inside) == row.n
    for row in summaries.hours(found, STOCKHOLM).itertuples():
        assert len(summaries.of_hour(found, STOCKHOLM, row.weekday, row.hour)) == row.n

    assert list(summaries.of_week(found, STOCKHOLM, "2026-10-19")["seconds"]) == [10, 60]
    assert list(summaries.between(found, 60, 3_600)["seconds"]) == [60]
    assert list(summaries.between(found, 60, None)["seconds"]) == [60, 4_000]


def test_business_time_leaves_out_what_has_none() -> None:
    found = summaries.timed(
        waits(("2026-11-02 08:00", "answered", 100), ("2026-11-02 09:00", "answered", 300)),
        is_business=True,
    )

    assert list(found["seconds"]) == [60]


def test_groups_are_named_and_the_slowest_stands_first() -> None:
    found = summaries.groups(
        waits(
            ("2026-11-02 08:00", "answered", 10),
            ("2026-11-02 08:00", "answered", 500),
            ("2026-11-02 08:00", "answered", 30),
            ("2026-11-02 08:00", "waiting", 30),
        ),
        "agent_id",
        {1: "Ada", 2: "Bo"},
    )

    assert list(found["name"]) == ["Bo", "Ada"]
    assert list(found["n"]) == [1, 2]
    assert list(found["waiting"]) == [1, 0]
    assert summaries.groups(found.iloc[:0].assign(agent_id=[]), "agent_id", {}).empty


def test_two_of_one_name_stay_two() -> None:
    found = summaries.groups(
        waits(("2026-11-02 08:00", "answered", 10), ("2026-11-02 08:00", "answered", 500)),
        "agent_id",
        {1: "Kim", 2: "Kim"},
    )

    assert list(found["p50"]) == [500, 10]


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-30 12:00", "2026-11-23 23:00"),
        # A day of 25 hours lies in between.
        ("2026-10-28 12:00", "2026-10-21 22:00"),
        # After midnight in Stockholm, before it in UTC.
        ("2026-11-29 23:30", "2026-11-23 23:00"),
    ],
)
def test_a_period_begins_at_a_local_midnight(now: str, begins: str) -> None:
    moment = datetime.fromisoformat(now)

    assert summaries.period(7, STOCKHOLM, now=moment) == (datetime.fromisoformat(begins), moment)
