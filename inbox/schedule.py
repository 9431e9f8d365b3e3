"""When somebody is there: by hand, by dates out of office, by shifts, by working hours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from inbox.errors import Invalid

Stance = Literal["auto", "here", "away"]
Why = Literal["hand", "absence", "shift", "hours"]
WEEKDAYS = 7
LOOK_AHEAD = timedelta(days=8)
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Naive UTC, its end not in it."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What is known of one agent's times. `hours` has a line for each weekday from Monday, in
    `time_zone`; empty for somebody who is always there. `shifts` are those of a week around now."""

    agent_id: int
    name: str
    stance: Stance
    stance_until: datetime | None
    hours: str
    time_zone: str
    absences: tuple[Span, ...] = ()
    shifts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Whether an agent takes new work now; `until` is when that changes, as far as it is known."""

    agent_id: int
    name: str
    is_here: bool
    why: Why
    until: datetime | None


def at(known: Schedule, now: datetime) -> Presence:
    """By hand goes before dates out of office, these before shifts, these before working hours."""
    if known.stance != "auto" and (known.stance_until is None or now < known.stance_until):
        return _present(known, known.stance == "here", "hand", known.stance_until)
    away = next((span for span in known.absences if span.holds(now)), None)
    if away is not None:
        return _present(known, False, "absence", _last_end(known.absences, away))
    if known.shifts:
        return _within(known, known.shifts, "shift", now)
    if not known.hours.strip():
        return _present(known, True, "hours", None)
    return _within(known, tuple(_working(known, now)), "hours", now)


def checked_hours(lines: list[str]) -> str:
    """Seven lines as they are kept. Raises Invalid, naming the weekday's field (`hours_0` is
    Monday), for what is no time, ends before it begins or overlaps."""
    return "\n".join(_checked_day(day, line) for day, line in enumerate(lines))


def _checked_day(day: int, line: str) -> str:
    spans = list(_spans(line))
    rest = _SPAN.sub("", line).strip(" ,;\t")
    is_sound = not rest and all(start < end for start, end in spans)
    in_order = all(one[1] <= two[0] for one, two in pairwise(spans))
    if not is_sound or not in_order:
        raise Invalid(f"hours_{day}", "Write hours like 08:00-12:00, 13:00-17:00, in their order.")
    return " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)


def _spans(line: str) -> Iterator[tuple[time, time]]:
    for found in _SPAN.findall(line):
        first, second, third, fourth = (int(part) for part in found)
        if max(first, third) > 23 or max(second, fourth) > 59:
            yield time.max, time.min
        else:
            yield time(first, second), time(third, fourth)


def _working(known: Schedule, now: datetime) -> Iterator[Span]:
    """The working hours from yesterday on, as moments."""
    zone = ZoneInfo(known.time_zone or "UTC")
    lines = known.hours.split("\n")
    today = now.replace(tzinfo=UTC).astimezone(zone).date()
    for ahead in range(-1, LOOK_AHEAD.days):
        day = today + timedelta(days=ahead)
        line = lines[day.weekday()] if day.weekday() < len(lines) else ""
        for start, end in _spans(line):
            yield Span(
                starts_at=_utc(datetime.combine(day, start, zone)),
                ends_at=_utc(datetime.combine(day, end, zone)),
            )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _within(known: Schedule, spans: tuple[Span, ...], why: Why, now: datetime) -> Presence:
    here = next((span for span in spans if span.holds(now)), None)
    if here is not None:
        return _present(known, True, why, _last_end(spans, here))
    coming = [span.starts_at for span in spans if span.starts_at > now]
    return _present(known, False, why, min(coming, default=None))


def _last_end(spans: tuple[Span, ...], first: Span) -> datetime:
    """The end of what follows without a gap."""
    end = first.ends_at
    for span in sorted(spans, key=lambda one: one.starts_at):
        if span.starts_at <= end < span.ends_at:
            end = span.ends_at
    return end


def _present(known: Schedule, is_here: bool, why: Why, until: datetime | None) -> Presence:
    return Presence(agent_id=known.agent_id, name=known.name, is_here=is_here, why=why, until=until)
