"""Axes with ticks that people say, and numbers as they say them."""

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from inbox import durations
from inbox.words import _
from pages.parts.charts.look import is_narrow
from pages.parts.times import MONTHS

MINUTE, HOUR, DAY = 60, 3600, 86_400
lasting = durations.lasting
STEPS = (1, 2, 4, 7, 14, 28, 56, 112, 364, 3640)
TICKS = (
    *(15, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR),
    *(16 * HOUR, DAY, 2 * DAY, 4 * DAY, 8 * DAY, 16 * DAY, 32 * DAY),
)


def per_cent(share: float) -> str:
    """“17%”; one place more below one per cent."""
    shown = f"{100 * share:.1f}" if 0 < abs(share) < 0.01 else f"{100 * share:.0f}"
    return _("{n}%").format(n=shown)


def count(number: float) -> str:
    """“1,234” with a narrow space, which reads the same in every language."""
    return f"{number:,.0f}".replace(",", "\u202f")


def mean(number: float) -> str:
    """“2.4”; of a hundred and more no part of one."""
    return f"{number:.1f}" if number < 100 else count(number)


def log_time(values: Sequence[float], field: str, *, width: int | None = None, **how: Any) -> alt.Y:
    """A logarithmic axis of seconds that holds all values, between two ticks of its own."""
    found = [max(1.0, value) for value in values if math.isfinite(value)] or [MINUTE, HOUR]
    low = max((tick for tick in TICKS if tick <= min(found)), default=1)
    high = min((tick for tick in TICKS if tick >= max(found)), default=max(found))
    if low == high:
        high = low * 2
    ticks = [tick for tick in TICKS if low <= tick <= high]
    return alt.Y(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(type="log", domain=[low, high], nice=False, clamp=True),
        axis=alt.Axis(
            values=ticks[:: 2 if is_narrow(width) and len(ticks) > 6 else 1], labelExpr=named(ticks)
        ),
        **how,
    )


def hours(seconds: float) -> str:
    """“24 h”, where all are told in hours."""
    return _("{h} h").format(h=f"{seconds / HOUR:g}")


def named(ticks: Sequence[float], said: Callable[[float], str] = lasting) -> str:
    """Vega's expression for the words of these seconds."""
    words = {f"{tick:.0f}": said(tick) for tick in ticks}
    return f"{json.dumps(words, ensure_ascii=False)}[format(datum.value, '.0f')]"


def days(
    field: str,
    first: pd.Timestamp,
    last: pd.Timestamp,
    *,
    room: float = 0.0,
    width: int | None = None,
) -> alt.X:
    """An axis of local days: “9 Aug”. `room` is left behind the last, as a part of the whole."""
    names = json.dumps([_(month) for month in MONTHS], ensure_ascii=False)
    end = last + (last - first) * room
    return alt.X(
        f"{field}:T",
        title=None,
        scale=alt.Scale(domain=[_moment(first), _moment(end)], nice=False),
        axis=alt.Axis(
            labelExpr=f"date(datum.value) + ' ' + {names}[month(datum.value)]",
            values=[_moment(day) for day in _ticks(first, last, 4 if is_narrow(width) else 8)],
            labelOverlap=True,
            labelFlush=False,
        ),
    )


def _ticks(first: pd.Timestamp, last: pd.Timestamp, most: int) -> list[pd.Timestamp]:
    """So many days at most, from the first on, whole weeks apart where they are many."""
    begin = first.ceil("D")
    lasts = max(0, (last - begin).days)
    step = next(step for step in STEPS if lasts // step < most or step == STEPS[-1])
    return list(pd.date_range(begin, last, freq=f"{step}D"))


def _moment(at: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=at.year, month=at.month, date=at.day, hours=at.hour, minutes=at.minute)
