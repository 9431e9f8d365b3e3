"""What nobody had whenever the day's work, or a part of it, was over."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import Finding, Look
from pages.parts.times import DAYS, MONTHS

HEIGHT = 180


def finding(ends: pd.DataFrame) -> Finding:
    n = axes.count(len(ends))
    if ends.empty:
        subtitle = _(
            "Open conversations without a colleague at each end of a mailbox's open hours · n = {n}"
        )
        return Finding(_("No mailbox has closed in this period"), subtitle.format(n=n))
    subtitle = _(
        "Open conversations without a colleague at each end of a mailbox's open hours · dashes: "
        "the mean · amber: above it · the oldest had lain for {oldest} · n = {n}"
    ).format(n=n, oldest=axes.lasting(ends["longest_seconds"].max()))
    if not ends["unassigned"].sum():
        return Finding(_("At the end of every shift, somebody had everything"), subtitle)
    worst = ends.sort_values(["unassigned", "at"]).iloc[-1]
    title = _("When a shift ends, {mean} have nobody on average; at worst {worst}, on {day}")
    return Finding(
        title.format(
            mean=axes.mean(ends["unassigned"].mean()),
            worst=axes.count(worst["unassigned"]),
            day=day(worst["at"]),
        ),
        subtitle,
    )


def day(at: pd.Timestamp) -> str:
    """“Tue 3 Nov 17:00”."""
    return f"{_(DAYS[at.weekday()])} {at.day} {_(MONTHS[at.month - 1])} {at:%H:%M}"


def chart(ends: pd.DataFrame, dress: Look, *, width: int | None = None) -> Any:
    """`ends`: at (local), unassigned, mean_seconds and longest_seconds, no two at one moment. A
    click chooses `at_iso`."""
    mean = float(ends["unassigned"].mean()) if len(ends) else 0.0
    told = ends.assign(
        at_iso=pd.to_datetime(ends["at"]).dt.strftime("%Y-%m-%dT%H:%M"),
        said=[day(at) for at in ends["at"]],
        age=[axes.lasting(seconds) for seconds in ends["mean_seconds"]],
        oldest=[axes.lasting(seconds) for seconds in ends["longest_seconds"]],
        is_above=ends["unassigned"] > mean,
    )
    first = ends["at"].min() if len(ends) else pd.Timestamp(2026, 1, 1)
    last = ends["at"].max() if len(ends) else first
    side = pd.Timedelta(hours=12)
    x = axes.days("at", first - side, last + side, width=width)
    inside = max(120, (width or look.USUAL_WIDTH) - 70)
    # Noon and evening lie close together: no bar reaches over its neighbour.
    gaps = pd.Series(ends["at"]).sort_values().diff().dropna()
    nearest = gaps.min() / (last - first + 2 * side) if len(gaps) else 1.0
    wide = min(14.0, max(1.0, 0.8 * inside * nearest))
    chosen = alt.selection_point(fields=["at_iso"], name="chosen")
    y = alt.Y("unassigned:Q", title=None, axis=alt.Axis(tickCount=4, format="d"))
    tips = [
        alt.Tooltip("said:N", title=_("Shift end")),
        alt.Tooltip("unassigned:Q", title=_("Unassigned")),
        alt.Tooltip("age:N", title=_("Mean age")),
        alt.Tooltip("oldest:N", title=_("Oldest")),
    ]
    drawn = [
        alt.Chart(told)
        .mark_bar(width=wide, cornerRadiusEnd=2)
        .encode(
            x=x,
            y=y,
            color=alt.condition(alt.datum.is_above, alt.value(dress.above), alt.value(dress.now)),
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.4)),
            tooltip=tips,
        )
        .add_params(chosen),
        *(
            [
                alt.Chart(pd.DataFrame({"mean": [mean]}))
                .mark_rule(color=dress.quiet, strokeDash=[4, 3])
                .encode(y="mean:Q")
            ]
            if len(ends)
            else []
        ),
    ]
    return look.dressed(alt.layer(*drawn), dress, finding(ends), width=width, height=HEIGHT)
