"""Calendars: who writes them, what is refused, how far they reach."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from inbox import calendars, mailboxes, public_holidays
from inbox.errors import Invalid, NotAllowed
from inbox.house import House
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, SUPPORT

WEEK = ["8:00-17:00"] * 5 + ["", ""]


def save(home: House, name: str = "Office", who: int = ADA, **told: Any) -> int:
    about: dict[str, Any] = {"time_zone": "Europe/Stockholm", "lines": WEEK, "now": NOON, **told}
    with home.store.write() as db:
        return calendars.save(db, agent(home.store, who), name, **about)


def known(home: House) -> dict[str, list[calendars.Version]]:
    with home.store.read() as db:
        return calendars.versions(db, agent(home.store, ADA))


def kinds(home: House) -> list[str]:
    with home.store.export() as cursor:
        return [
            k for (k,) in cursor.execute("select kind from events order by event_id").fetchall()
        ]


def segments(home: House) -> list[tuple[int, datetime, datetime, float]]:
    with home.store.export() as cursor:
        return cursor.execute(
            "select version, starts_at, ends_at, seconds_before from open_segments "
            "order by version, starts_at"
        ).fetchall()


def test_a_calendar_is_written_gets_versions_and_is_corrected(home: House) -> None:
    assert save(home) == 1
    assert save(home, since=date(2026, 6, 1), country="SE") == 2
    assert save(home, lines=["9:00-15:00"] * 7, days="2026-12-24\n2026-12-31: 9:00-12:00") == 2

    first, second = known(home)["Office"]
    assert (first.version, first.valid_from) == (1, calendars.FROM_THE_BEGINNING)
    assert (second.version, second.valid_from) == (2, datetime(2026, 5, 31, 22, 0))
    assert second.hours.split("\n")[6] == "09:00-15:00"
    assert second.days == {date(2026, 12, 24): "", date(2026, 12, 31): "09:00-12:00"}
    assert kinds(home) == ["calendar_set", "calendar_set", "calendar_corrected"]


def test_segments_add_up_and_reach_two_years_ahead(home: House) -> None:
    save(home)
    found = segments(home)
    total = 0.0
    for _, starts_at, ends_at, before in found:
        assert before == total
        total += (ends_at - starts_at).total_seconds()
    assert found[0][1] <= NOON
    assert found[-1][2] > NOON + timedelta(days=720)
    assert total == pytest.approx(9 * 3600 * len(found))


def test_what_is_open_over_midnight_is_one_segment(home: House) -> None:
    save(home, lines=["00:00-24:00"] * 7)
    ((_, starts_at, ends_at, before),) = segments(home)
    assert before == 0
    assert starts_at < NOON < NOON + timedelta(days=720) < ends_at


def test_each_night_what_ends_too_soon_or_begins_too_late_is_drawn_anew(home: House) -> None:
    save(home)
    assert draw(home, NOON + timedelta(days=200)) == 0
    assert draw(home, NOON + timedelta(days=340)) == 1
    assert segments(home)[-1][2] > NOON + timedelta(days=1060)
    with home.store.export() as cursor:
        cursor.execute("update messages set sent_at = timestamp '2019-03-04 12:00:00'").fetchall()
    assert draw(home, NOON + timedelta(days=340)) == 1
    assert segments(home)[0][1] == datetime(2019, 3, 4, 7, 0)
    assert draw(home, NOON + timedelta(days=340)) == 0


def draw(home: House, now: datetime) -> int:
    with home.store.write() as db:
        return calendars.draw_ahead(db, now=now)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": " "}, "calendar"),
        ({"name": "x" * 61}, "calendar"),
        ({"name": "a\u202eb"}, "calendar"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"lines": [""] * 7}, "hours"),
        ({"lines": ["8:00-17:00"]}, "hours"),
        ({"lines": ["17:00-8:00", *[""] * 6]}, "hours_0"),
        ({"country": "XX"}, "country"),
        ({"country": "SE", "subdivision": "BY"}, "country"),
        ({"country": "date"}, "country"),
        ({"days": "2026-02-30"}, "days"),
        ({"days": "Christmas"}, "days"),
        ({"days": "2026-12-24 from nine"}, "days"),
        ({"days": "\n".join(f"2026-01-{n % 28 + 1:02d}" for n in range(5)) + "x"}, "days"),
    ],
)
def test_what_cannot_be_used_names_its_field_and_changes_nothing(
    home: House, told: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        save(home, **told)
    assert refusal.value.field == field
    assert known(home) == {}


def test_a_version_begins_after_the_one_before(home: House) -> None:
    save(home)
    save(home, since=date(2026, 6, 1))
    for since in (date(2026, 6, 1), date(2026, 5, 1)):
        with pytest.raises(Invalid) as refusal:
            save(home, since=since)
        assert refusal.value.field == "since"
    assert len(known(home)["Office"]) == 2


def test_only_who_runs_the_house_writes_calendars(home: House) -> None:
    with pytest.raises(NotAllowed):
        save(home, who=BO)
    assert known(home) == {}


def test_a_mailbox_follows_only_what_is_there(home: House) -> None:
    ada = agent(home.store, ADA)
    with home.store.write() as db, pytest.raises(Invalid) as refusal:
        mailboxes.change(db, ada, SUPPORT, calendar="Office", now=NOON)
    assert refusal.value.field == "calendar"
    save(home)
    with home.store.write() as db:
        mailboxes.change(db, ada, SUPPORT, calendar="Office", now=NOON)
    with home.store.read() as db:
        assert calendars.used_by(db, ada) == {"Office": ["support@example.com"]}


def test_holidays_are_those_of_the_country_and_its_part() -> None:
    good_friday, epiphany = date(2026, 4, 3), date(2026, 1, 6)
    assert good_friday in public_holidays.of("SE", "", (2026,))
    assert date(2026, 12, 24) in public_holidays.of("SE", "", (2026,))
    assert epiphany not in public_holidays.of("DE", "BE", (2026,))
    assert epiphany in public_holidays.of("DE", "BY", (2026,))
    assert public_holidays.of("", "", (2026,)) == {}
