"""Hours of a week, as people write them, and the moments they are in a time zone.

A day's line is “08:00-12:00, 13:00-17:00”; 24:00 is its end. Somebody works, or a mailbox is open,
while the clock on the wall says so: the hour that comes twice in autumn counts twice, and the one
that spring leaves out counts nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from inbox.errors import Invalid

WEEKDAYS = 7
MINUTES = 24 * 60
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")
_MINUTE = timedelta(minutes=1)

# From and until, in minutes after midnight.
Minutes = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Naive UTC, its end not in it."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


def checked(lines: Sequence[str]) -> str:
    """Seven lines, from Monday, as they are kept. Raises Invalid, naming the weekday's field
    (`hours_0` is Monday), for what is no time, ends before it begins or overlaps."""
    if len(lines) != WEEKDAYS:
        raise Invalid("hours", "There are seven days in a week.")
    return "\n".join(checked_day(line, f"hours_{day}") for day, line in enumerate(lines))


def checked_day(line: str, field: str) -> str:
    """One line as it is kept. Raises Invalid, naming `field`."""
    spans = _spans(line)
    rest = _SPAN.sub("", line).strip(" ,;\t")
    is_sound = not rest and all(start < end <= MINUTES for start, end in spans)
    if not is_sound or not all(one[1] <= two[0] for one, two in pairwise(spans)):
        raise Invalid(field, "Write hours like 08:00-12:00, 13:00-17:00, in their order.")
    return " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)


def open_spans(
    week: str,
    zone: ZoneInfo,
    first: date,
    last: date,
    other: Mapping[date, str] | None = None,
) -> Iterator[Span]:
    """The moments of these days, in their order; `other` are days with hours of their own, an
    empty line for a day off. `week` and the lines are as `checked` keeps them."""
    lines = week.split("\n")
    day = first
    while day <= last:
        usual = lines[day.weekday()] if day.weekday() < len(lines) else ""
        line = (other or {}).get(day, usual)
        if line:
            yield from _moments(day, _spans(line), zone)
        day += timedelta(days=1)


def _moments(day: date, spans: Sequence[Minutes], zone: ZoneInfo) -> Iterator[Span]:
    """A day whose clock is changed falls into two parts, each with an offset of its own."""
    begins, ends = _utc(day, zone), _utc(day + timedelta(days=1), zone)
    before, after = _offset(begins, zone), _offset(ends - _MINUTE, zone)
    parts = [(begins, ends, before)]
    if before != after:
        changes = _change(begins, ends, zone)
        parts = [(begins, changes, before), (changes, ends, after)]
    midnight = datetime.combine(day, time())
    for from_, until, offset in parts:
        for start, end in spans:
            starts_at = max(from_, midnight + start * _MINUTE - offset)
            ends_at = min(until, midnight + end * _MINUTE - offset)
            if starts_at < ends_at:
                yield Span(starts_at=starts_at, ends_at=ends_at)


def _change(begins: datetime, ends: datetime, zone: ZoneInfo) -> datetime:
    """The minute from which the day's second offset counts."""
    before, low, high = _offset(begins, zone), 0, int((ends - begins) / _MINUTE)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(begins + middle * _MINUTE, zone) == before:
            low = middle
        else:
            high = middle
    return begins + high * _MINUTE


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()


def _utc(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of the day."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)


def _spans(line: str) -> list[Minutes]:
    found = [tuple(int(part) for part in parts) for parts in _SPAN.findall(line)]
    # What is no time is longer than a day, and refused for that.
    return [
        (hour * 60 + minute, until * 60 + end if max(minute, end) < 60 else MINUTES + 1)
        for hour, minute, until, end in found
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
