"""First response week by week: the median, the middle half and the 90th percentile."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.statistics.estimates import Estimate
from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import FONT, Drawn, Finding, Look
from pages.parts.charts.once import drawn_once

HEIGHT = 250
ROOM = 84


def finding(weeks: pd.DataFrame, ratio: Estimate | None, *, is_business: bool) -> Finding:
    """`ratio` is the pilot's median wait by that of before; what its interval leaves open is not
    claimed."""
    subtitle = _(
        "{kind} per week: median, middle half (band), 90th percentile (dashes), log scale · n = {n}"
    ).format(
        kind=_("First response in business time") if is_business else _("First response"),
        n=axes.count(weeks["n"].sum()),
    )
    if not weeks["n"].sum():
        return Finding(_("No first response in this period"), subtitle)
    if ratio is None:
        last = weeks.loc[weeks["n"] > 0].iloc[-1]
        title = _("Last week half of the first responses took at most {time}")
        return Finding(title.format(time=axes.lasting(last["p50"])), subtitle)
    if ratio.spans(1):
        return Finding(_("No clear change of first response since the pilot began"), subtitle)
    title = (
        _("First response takes {change} less time since the pilot began")
        if ratio.value < 1
        else _("First response takes {change} more time since the pilot began")
    )
    return Finding(title.format(change=axes.per_cent(abs(1 - ratio.value))), subtitle)


@drawn_once
def chart(
    weeks: pd.DataFrame,
    dress: Look,
    *,
    pilot_start: pd.Timestamp | None = None,
    target: float | None = None,
    ratio: Estimate | None = None,
    is_business: bool = False,
    width: int | None = None,
) -> Drawn:
    """`weeks`: week (its Monday, local), n, p25, p50, p75, p90 in seconds; a click chooses
    `week_iso`: a moment would come back in the zone of the browser.

    The lines break where the pilot starts; weeks without a response are gaps.
    """
    told = weeks.sort_values("week")
    seen = told.loc[told["n"] > 0].copy()
    begins = pilot_start if pilot_start is not None else pd.Timestamp.max
    seen["phase"] = ["pilot" if week >= begins else "before" for week in seen["week"]]
    gaps = seen["week"].diff() > pd.Timedelta(days=8)
    seen["piece"] = [f"{one}{two}" for one, two in zip(seen["phase"], gaps.cumsum(), strict=True)]
    seen["week_iso"] = seen["week"].dt.strftime("%Y-%m-%d")
    for name in ("p50", "p90"):
        seen[f"{name}_said"] = [axes.lasting(value) for value in seen[name]]
    drawn = [
        *_lines(seen, dress, width),
        *([] if target is None else _target(target, seen, dress)),
        *([] if pilot_start is None else [starts(pilot_start, dress)]),
        *_ends(seen, dress),
    ]
    found = finding(weeks, ratio, is_business=is_business)
    return look.dressed(alt.layer(*drawn), dress, found, width=width, height=HEIGHT)


def _lines(seen: pd.DataFrame, dress: Look, width: int | None) -> list[Any]:
    values = [*seen["p25"], *seen["p90"]]
    first = seen["week"].min() if len(seen) else pd.Timestamp(2026, 1, 1)
    last = seen["week"].max() if len(seen) else first + pd.Timedelta(days=7)
    last = max(last, first + pd.Timedelta(days=7))
    x = axes.days("week", first, last, room=look.room(width, ROOM), width=width)
    base = alt.Chart(seen).encode(x=x, detail="piece:N")
    chosen = alt.selection_point(fields=["week_iso"], name="chosen", on="click", nearest=True)
    tips = [
        alt.Tooltip("week:T", title=_("Week of"), format="%Y-%m-%d"),
        alt.Tooltip("p50_said:N", title=_("Median")),
        alt.Tooltip("p90_said:N", title=_("90th percentile")),
        alt.Tooltip("n:Q", title=_("Conversations")),
    ]
    smooth: dict[str, Any] = {"interpolate": "monotone"}
    return [
        base.mark_area(color=dress.now, opacity=0.14, **smooth).encode(
            y=axes.log_time(values, "p25", width=width), y2="p75:Q"
        ),
        base.mark_line(
            color=dress.now, strokeWidth=1.5, strokeDash=[4, 3], opacity=0.65, **smooth
        ).encode(y=axes.log_time(values, "p90", width=width)),
        base.mark_line(color=dress.now, strokeWidth=2.5, **smooth).encode(
            y=axes.log_time(values, "p50", width=width)
        ),
        base.mark_circle(color=dress.now, opacity=1)
        .encode(
            y=axes.log_time(values, "p50", width=width),
            size=alt.condition(chosen, alt.value(46), alt.value(20), empty=True),
            tooltip=tips,
        )
        .add_params(chosen),
    ]


def _target(target: float, seen: pd.DataFrame, dress: Look) -> list[Any]:
    ends = {"first": [seen["week"].min()], "last": [seen["week"].max()]}
    line = alt.Chart(pd.DataFrame({"seconds": [target], **ends}))
    words = _("target {time}").format(time=axes.lasting(target))
    return [
        line.mark_rule(color=dress.breach, strokeWidth=1.2, strokeDash=[2, 2]).encode(
            y="seconds:Q", x="first:T", x2="last:T"
        ),
        line.mark_text(
            align="left", dx=4, dy=-7, color=dress.breach, font=FONT, fontSize=11, text=words
        ).encode(y="seconds:Q", x=alt.value(0)),
    ]


def starts(at: pd.Timestamp, dress: Look, field: str = "week") -> Any:
    """The line at which the pilot starts, with its words."""
    line = alt.Chart(pd.DataFrame({field: [at]})).encode(x=f"{field}:T")
    words: dict[str, Any] = {"font": FONT, "fontSize": 11, "fontWeight": 600, "color": dress.ink}
    return line.mark_rule(color=dress.ink, strokeWidth=1) + line.mark_text(
        align="left", dx=6, text=_("pilot starts"), **words
    ).encode(y=alt.value(7))


def _ends(seen: pd.DataFrame, dress: Look) -> list[Any]:
    end = alt.Chart(seen.tail(1)).encode(x="week:T")
    words: dict[str, Any] = {"align": "left", "dx": 9, "color": dress.now}
    median, p90 = end.encode(y="p50:Q"), end.encode(y="p90:Q")
    return [
        look.haloed(
            median.encode(text="p50_said:N"), dress, fontSize=12, fontWeight=600, dy=-1, **words
        ),
        look.haloed(median, dress, fontSize=11, dy=13, text=_("median"), **words),
        look.haloed(p90, dress, fontSize=11, text=_("90th percentile"), **words),
    ]
