"""When somebody is there: by hand, by dates out of office, by shifts, by working hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from inbox import hours
from inbox.hours import Span

Stance = Literal["auto", "here", "away"]
Why = Literal["hand", "absence", "shift", "hours"]
LOOK_AHEAD = timedelta(days=7)


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


def _working(known: Schedule, now: datetime) -> Iterator[Span]:
    """The working hours from yesterday on, as moments."""
    zone = ZoneInfo(known.time_zone or "UTC")
    today = now.replace(tzinfo=UTC).astimezone(zone).date()
    return hours.open_spans(known.hours, zone, today - timedelta(days=1), today + LOOK_AHEAD)


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
