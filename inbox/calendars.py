"""When a mailbox is open: hours of a week, public holidays, and days of its own.

A calendar has versions. What a customer waited is counted by the version that held when the wait
began, so that new hours change no figure of the past; a correction changes the version itself. The
moments at which a version is open are kept as segments, from the oldest mail to two years ahead.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inbox import events, hours, people, public_holidays
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.events import SYSTEM
from inbox.hours import Span
from inbox.store import Session

LONGEST_NAME = 60
MOST_DAYS = 400
AHEAD = timedelta(days=730)
# Segments that end sooner than this are drawn anew, long before they are missed.
LEAST_AHEAD = timedelta(days=400)
FROM_THE_BEGINNING = datetime(1970, 1, 1)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\b[ :]*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one version of a calendar says; `hours` has a line for each weekday from Monday, `days`
    are those that are unlike their weekday (an empty line: closed), before all holidays."""

    calendar: str
    version: int
    valid_from: datetime
    time_zone: str
    hours: str
    country: str
    subdivision: str
    days: dict[date, str]
    drawn_from: datetime | None
    drawn_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    calendar: str
    version: int
    valid_from: datetime
    time_zone: str
    hours: str
    country: str
    subdivision: str
    days: str
    drawn_from: datetime | None
    drawn_until: datetime | None


def versions(db: Session, viewer: Agent) -> dict[str, list[Version]]:
    """Every calendar with its versions, oldest first."""
    viewer.must_run_the_house("mailboxes")
    return _versions(db)


def used_by(db: Session, viewer: Agent) -> dict[str, list[str]]:
    """The addresses of the mailboxes that follow each calendar."""
    viewer.must_run_the_house("mailboxes")
    found: dict[str, list[str]] = {}
    for calendar, address in db.rows("calendars.mailboxes_of"):
        found.setdefault(calendar, []).append(address)
    return found


def save(
    db: Session,
    agent: Agent,
    calendar: str,
    *,
    time_zone: str,
    lines: Sequence[str],
    country: str = "",
    subdivision: str = "",
    days: str = "",
    since: date | None = None,
    is_new: bool = False,
    now: datetime,
) -> int:
    """Write a calendar down and answer the version that it is now. A new name begins one that holds
    from the beginning. Otherwise `since` begins another version on that day, and without it the
    newest is corrected, for the past as well. `days` has a line for each day that is unlike its
    weekday: `2026-12-24 08:00-12:00`, or only the day when it is closed. Raises Invalid,
    also when `is_new` and there is one of this name."""
    agent.must_run_the_house("mailboxes")
    known = _versions(db).get(_name(calendar), [])
    if is_new and known:
        raise Invalid("calendar", "There is a calendar of this name already.")
    said = _checked(calendar, time_zone, lines, country, subdivision, days)
    valid_from = known[-1].valid_from if known else FROM_THE_BEGINNING
    number = known[-1].version if known else 0
    if known and since is None:
        db.change("calendars.correct", version=number, **said)
    else:
        if known and since is not None:
            valid_from = _begins(since, time_zone, after=known[-1].valid_from)
        number += 1
        db.run("calendars.add", version=number, valid_from=valid_from, now=now, **said)
    _draw(db, next(v for v in _versions(db)[said["calendar"]] if v.version == number), now)
    kind = "calendar_corrected" if known and since is None else "calendar_set"
    after = {"calendar": said["calendar"], "version": number}
    events.record(db, agent, kind, None, after=after, now=now)
    return number


def must_exist(db: Session, calendar: str | None) -> None:
    """Raises Invalid for a calendar that nobody has written."""
    if calendar is not None and calendar not in _versions(db):
        raise Invalid("calendar", "There is no calendar “{name}”.", name=calendar)


def late(db: Session, *, now: datetime) -> list[Version]:
    """The versions whose segments end too soon or begin after the oldest mail."""
    oldest = _oldest(db, now)
    every = (version for found in _versions(db).values() for version in found)
    return [version for version in every if not _reaches(version, oldest, now)]


def draw_ahead(db: Session, *, now: datetime) -> int:
    """Draw those anew; answer how many they were. For the house itself, each night."""
    found = late(db, now=now)
    for version in found:
        _draw(db, version, now)
    if found:
        events.record(db, SYSTEM, "calendars_drawn", None, after={"count": len(found)}, now=now)
    return len(found)


def spans(version: Version, first: date, last: date) -> list[Span]:
    """When it is open on these days of its time zone, in order, joined where there is no gap."""
    years = tuple(range(first.year, last.year + 1))
    closed = dict.fromkeys(public_holidays.of(version.country, version.subdivision, years), "")
    zone = ZoneInfo(version.time_zone)
    found: list[Span] = []
    for span in hours.open_spans(version.hours, zone, first, last, closed | version.days):
        joins = bool(found) and found[-1].ends_at == span.starts_at
        starts_at = found.pop().starts_at if joins else span.starts_at
        found.append(Span(starts_at=starts_at, ends_at=span.ends_at))
    return found


def _reaches(version: Version, oldest: datetime, now: datetime) -> bool:
    if version.drawn_from is None or version.drawn_until is None:
        return False
    return version.drawn_from <= oldest and version.drawn_until >= now + LEAST_AHEAD


def _draw(db: Session, version: Version, now: datetime) -> None:
    first, last = _oldest(db, now) - timedelta(days=2), now + AHEAD
    found = spans(version, first.date(), last.date())
    before, total = [], 0.0
    for span in found:
        before.append(total)
        total += (span.ends_at - span.starts_at).total_seconds()
    which = {"calendar": version.calendar, "version": version.version}
    db.change("calendars.forget_segments", **which)
    db.run(
        "calendars.add_segments",
        starts=[span.starts_at for span in found],
        ends=[span.ends_at for span in found],
        before=before,
        **which,
    )
    db.change("calendars.drawn", first=first, last=last, **which)


def _oldest(db: Session, now: datetime) -> datetime:
    oldest: datetime | None = db.value("calendars.oldest_mail")
    return min(oldest or now, now)


def _versions(db: Session) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for row in db.all("calendars.versions", _Row):
        days = {date.fromisoformat(day): line for day, line in json.loads(row.days).items()}
        found.setdefault(row.calendar, []).append(
            Version(
                calendar=row.calendar,
                version=row.version,
                valid_from=row.valid_from,
                time_zone=row.time_zone,
                hours=row.hours,
                country=row.country,
                subdivision=row.subdivision,
                days=days,
                drawn_from=row.drawn_from,
                drawn_until=row.drawn_until,
            )
        )
    return found


def _checked(
    calendar: str,
    time_zone: str,
    lines: Sequence[str],
    country: str,
    subdivision: str,
    days: str,
) -> dict[str, str]:
    if time_zone not in people.time_zones():
        raise Invalid("time_zone", "There is no such time zone.")
    public_holidays.of(country, subdivision, (2026,))
    week = hours.checked(lines)
    if not week.strip():
        raise Invalid("hours", "Say when it is open, on one day at least.")
    return {
        "calendar": _name(calendar),
        "time_zone": time_zone,
        "hours": week,
        "country": country,
        "subdivision": subdivision,
        "days": json.dumps(_own_days(days)),
    }


def _own_days(typed: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(filter(None, map(str.strip, typed.splitlines())), 1):
        told = _DAY.fullmatch(line)
        if not told or not _is_day(told[1]):
            raise Invalid(
                "days", "Line {number}: write it like 2026-12-24 08:00-12:00.", number=number
            )
        found[told[1]] = hours.checked_day(told[2], "days")
    if len(found) > MOST_DAYS:
        raise Invalid("days", "A calendar has at most {most} days of its own.", most=MOST_DAYS)
    return found


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _name(calendar: str) -> str:
    name = " ".join(calendar.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            "calendar", "A name has 1 to {most} characters that can be read.", most=LONGEST_NAME
        )
    return name


def _begins(since: date, time_zone: str, *, after: datetime) -> datetime:
    midnight = datetime.combine(since, time(), ZoneInfo(time_zone))
    begins = midnight.astimezone(UTC).replace(tzinfo=None)
    if begins <= after:
        raise Invalid("since", "Choose a day after the one from which the newest version holds.")
    return begins
