"""How many breaches of the target a month still allows, day by day."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import Drawn, Finding, Look
from pages.parts.charts.once import drawn_once
from pages.parts.times import MONTHS

HEIGHT = 200
ROOM = 0.02


def left(days: pd.DataFrame, allowed: int) -> pd.DataFrame:
    """`days` with what is left at each day's end."""
    told = days.sort_values("day")
    return told.assign(
        left=allowed - told["breaches"].cumsum(), day_iso=told["day"].dt.strftime("%Y-%m-%d")
    )


def finding(days: pd.DataFrame, allowed: int, *, goal: float, about: str, n: int) -> Finding:
    """`goal` is the share that is to be in time, of `about` what; `n` were due so far."""
    subtitle = _("Goal: {goal} · {about} · dashes: spent evenly · n = {n} so far").format(
        goal=axes.per_cent(goal), about=about, n=axes.count(n)
    )
    told = left(days, allowed)
    if told.empty:
        return Finding(_("Nothing was due this month yet"), subtitle)
    rest = int(told["left"].iloc[-1])
    if rest >= 0:
        title = _("{left} of {allowed} allowed breaches left this month")
        return Finding(title.format(left=rest, allowed=allowed), subtitle)
    over = told.loc[told["left"] < 0, "day"].iloc[0]
    title = _("The {allowed} breaches this month allows were used up on {day} {month}")
    return Finding(
        title.format(allowed=allowed, day=over.day, month=_(MONTHS[over.month - 1])), subtitle
    )


@drawn_once
def chart(
    days: pd.DataFrame,
    dress: Look,
    *,
    allowed: int,
    month: pd.Timestamp,
    goal: float,
    about: str,
    n: int,
    width: int | None = None,
) -> Drawn:
    """`days`: day (local), breaches; every day so far. A click chooses `day_iso`."""
    told = left(days, allowed)
    first, last = month.replace(day=1), month + pd.offsets.MonthEnd(0)
    even = pd.DataFrame({"day": [first, last], "left": [allowed, 0]})
    rest = int(told["left"].iloc[-1]) if len(told) else allowed
    colour = dress.good if rest >= 0 else dress.breach
    x = axes.days("day", first, last, room=ROOM, width=width)
    y = alt.Y(
        "left:Q",
        title=None,
        scale=alt.Scale(domain=[min(0, rest) * 1.1, allowed * 1.08], nice=False),
        axis=alt.Axis(tickCount=5, format="d"),
    )
    chosen = alt.selection_point(fields=["day_iso"], name="chosen", nearest=True)
    base = alt.Chart(told).encode(x=x)
    step: dict[str, Any] = {"interpolate": "step-after"}
    drawn = [
        base.mark_area(color=colour, opacity=0.15, **step).encode(y=y),
        alt.Chart(even)
        .mark_line(color=dress.quiet, strokeDash=[4, 4], strokeWidth=1.2)
        .encode(x=x, y=y),
        base.mark_line(color=colour, strokeWidth=2.4, **step).encode(y=y),
        base.mark_point(filled=True, color=colour, size=40)
        .encode(
            y=y,
            opacity=alt.condition(chosen, alt.value(1), alt.value(0), empty=False),
            tooltip=[
                alt.Tooltip("day:T", title=_("Day"), format="%Y-%m-%d"),
                alt.Tooltip("breaches:Q", title=_("Breaches")),
                alt.Tooltip("left:Q", title=_("Left")),
            ],
        )
        .add_params(chosen),
        look.haloed(
            alt.Chart(told.tail(1)).encode(x=x, y=y, text="left:Q"),
            dress,
            align="left",
            dx=8,
            fontSize=13,
            fontWeight=600,
            color=colour,
        ),
    ]
    found = finding(days, allowed, goal=goal, about=about, n=n)
    return look.dressed(alt.layer(*drawn), dress, found, width=width, height=HEIGHT)
