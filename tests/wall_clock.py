"""Open minutes found by looking at a clock on the wall each minute: slow, hard to get wrong."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def walked(
    week: str,
    zone: ZoneInfo,
    first: date,
    last: date,
    other: Mapping[date, str] | None = None,
) -> set[datetime]:
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
        line = (other or {}).get(wall.date(), days[wall.weekday()])
        for span in line.split():
            start, end = span.split("-")
            if start <= at < end:
                found.add(moment)
    return found
