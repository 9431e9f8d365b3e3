"""What share of promises was kept, week by week, with its interval."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.statistics.estimates import Estimate
from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import FONT, Finding, Look

HEIGHT = 200
ROOM = 56


def finding(share: Estimate, n: int, *, goal: float, about: str) -> Finding:
    """`share` is that of the whole period; what its interval leaves open is not claimed."""
    subtitle = _("{about} · share in time per week, 95% band, dashes: the goal · n = {n}").format(
        about=about, n=axes.count(n)
    )
    if not n:
        return Finding(_("Nothing was due in this period"), subtitle)
    if share.low > goal:
        title = _("{share} were in time: above the goal of {goal}")
    elif share.high < goal:
        title = _("{share} were in time: below the goal of {goal}")
    else:
        title = _("{share} were in time: no clear difference from the goal of {goal}")
    places = {"share": axes.per_cent(share.value), "goal": axes.per_cent(goal)}
    return Finding(title.format(**places), subtitle)


def chart(
    weeks: pd.DataFrame,
    dress: Look,
    *,
    share: Estimate,
    goal: float,
    about: str,
    width: int | None = None,
) -> Any:
    """`weeks`: week (its Monday, local), n, met, share, low, high; a click chooses `week_iso`."""
    told = weeks.sort_values("week")
    told = told.assign(
        week_iso=told["week"].dt.strftime("%Y-%m-%d"),
        said=[axes.per_cent(value) for value in told["share"]],
        span=[
            f"{axes.per_cent(low)} – {axes.per_cent(high)}"
            for low, high in zip(told["low"], told["high"], strict=True)
        ],
    )
    first = told["week"].min() if len(told) else pd.Timestamp(2026, 1, 1)
    last = told["week"].max() if len(told) else first
    last = max(last, first + pd.Timedelta(days=7))
    x = axes.days("week", first, last, room=look.room(width, ROOM), width=width)
    drawn = [
        *_line(told, x, dress),
        *_goal(goal, first, last, dress),
        look.haloed(
            alt.Chart(told.tail(1)).encode(x=x, y="share:Q", text="said:N"),
            dress,
            align="left",
            dx=9,
            fontSize=13,
            fontWeight=600,
            color=dress.now,
        ),
    ]
    found = finding(share, int(weeks["n"].sum()), goal=goal, about=about)
    return look.dressed(alt.layer(*drawn), dress, found, width=width, height=HEIGHT)


def _line(told: pd.DataFrame, x: alt.X, dress: Look) -> list[Any]:
    shares = [0, 0.25, 0.5, 0.75, 1]
    words = {str(share): axes.per_cent(share) for share in shares}
    axis = alt.Axis(values=shares, labelExpr=f"{words}[toString(datum.value)]")
    scale = alt.Scale(domain=[0, 1])
    chosen = alt.selection_point(fields=["week_iso"], name="chosen", on="click", nearest=True)
    base = alt.Chart(told).encode(x=x)
    tips = [
        alt.Tooltip("week:T", title=_("Week of"), format="%Y-%m-%d"),
        alt.Tooltip("said:N", title=_("In time")),
        alt.Tooltip("span:N", title=_("95% interval")),
        alt.Tooltip("n:Q", title=_("Due")),
    ]
    return [
        base.mark_area(color=dress.now, opacity=0.14).encode(
            y=alt.Y("low:Q", title=None, axis=axis, scale=scale), y2="high:Q"
        ),
        base.mark_line(color=dress.now, strokeWidth=2.4).encode(y=alt.Y("share:Q", scale=scale)),
        base.mark_circle(color=dress.now, opacity=1)
        .encode(
            y="share:Q",
            size=alt.condition(chosen, alt.value(60), alt.value(28), empty=True),
            tooltip=tips,
        )
        .add_params(chosen),
    ]


def _goal(goal: float, first: pd.Timestamp, last: pd.Timestamp, dress: Look) -> list[Any]:
    ends = {"share": [goal], "first": [first], "last": [last]}
    line = alt.Chart(pd.DataFrame(ends))
    words: dict[str, Any] = {"font": FONT, "fontSize": 11, "color": dress.quiet}
    said = _("goal {share}").format(share=axes.per_cent(goal))
    return [
        line.mark_rule(color=dress.quiet, strokeWidth=1.2, strokeDash=[4, 4]).encode(
            y="share:Q", x="first:T", x2="last:T"
        ),
        line.mark_text(align="left", dx=4, dy=12, text=said, **words).encode(
            y="share:Q", x=alt.value(0)
        ),
    ]
