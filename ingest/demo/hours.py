"""When people write and when they work, in the firm's own time zone."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")
OPENS, CLOSES = 8, 17
# How many of a day's mails come in each hour of the local clock, from 0 to 23.
_TIDE = (1, 0, 0, 0, 0, 1, 2, 5, 9, 12, 12, 9, 7, 9, 10, 9, 7, 5, 4, 4, 5, 5, 4, 2)
WEEKDAY_MAILS, WEEKEND_MAILS = 14, 5


def arrivals(chance: Random, *, first: datetime, until: datetime) -> list[datetime]:
    """When new mails came between two instants (naive UTC), busy by day and quiet by night."""
    day = _local(first).date()
    found = []
    while day <= _local(until).date():
        usual = WEEKEND_MAILS if day.weekday() >= 5 else WEEKDAY_MAILS
        for _ in range(max(1, round(chance.gauss(usual, usual / 6)))):
            (hour,) = chance.choices(range(24), weights=_TIDE)
            found.append(_utc(datetime.combine(day, time(hour, chance.randrange(60)))))
        day += timedelta(days=1)
    return sorted(at for at in found if first <= at < until)


def at_work(after: datetime, minutes: float) -> datetime:
    """The instant when so many working minutes have passed since `after` (naive UTC)."""
    now = _local(after)
    left = timedelta(minutes=minutes)
    while True:
        opens = now.replace(hour=OPENS, minute=0, second=0)
        closes = now.replace(hour=CLOSES, minute=0, second=0)
        begins = max(now, opens)
        if now.weekday() < 5 and begins + left < closes:
            return _utc((begins + left).replace(tzinfo=None))
        if now.weekday() < 5 and begins < closes:
            left -= closes - begins
        now = opens + timedelta(days=1)


def _local(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(ZONE)


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)
