"""What was replied to or closed: by the team each day, and by each colleague."""

import json
from typing import Any

import altair as alt
import pandas as pd

from inbox.levels import Shared
from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import Finding, Look
from pages.parts.times import MONTHS

HEIGHT = 170
ROW, BELOW = 30, 40


def said(day: pd.Timestamp) -> str:
    return f"{day.day} {_(MONTHS[day.month - 1])}"


def of_days(days: pd.DataFrame) -> Finding:
    subtitle = _(
        "Conversations that somebody answered or closed, by the day where the mailbox is · "
        "n = {n} on {days} days"
    ).format(n=axes.count(days["handled"].sum()), days=axes.count(len(days)))
    if days.empty:
        return Finding(_("Nothing was handled in this period"), subtitle)
    best = days.sort_values(["handled", "day"]).iloc[-1]
    title = _("On half of the days the team handled {half} or more, and {most} on {day}")
    return Finding(
        title.format(
            half=axes.count(days["handled"].median()),
            most=axes.count(best["handled"]),
            day=said(best["day"]),
        ),
        subtitle,
    )


def by_day(days: pd.DataFrame, dress: Look, *, width: int | None = None) -> Any:
    """`days`: day (local midnight) and handled. A click chooses `day_iso`."""
    told = days.assign(day_iso=pd.to_datetime(days["day"]).dt.strftime("%Y-%m-%d"))
    told["said"] = [said(day) for day in days["day"]]
    first = days["day"].min() if len(days) else pd.Timestamp(2026, 1, 1)
    last = days["day"].max() if len(days) else first
    side = pd.Timedelta(hours=12)
    inside = max(120, (width or look.USUAL_WIDTH) - 70)
    wide = min(44.0, max(1.0, 0.7 * inside / max(1, (last - first).days + 1)))
    chosen = alt.selection_point(fields=["day_iso"], name="chosen")
    drawn = (
        alt.Chart(told)
        .mark_bar(width=wide, color=dress.now, cornerRadiusEnd=2)
        .encode(
            x=axes.days("day", first - side, last + side, width=width),
            y=alt.Y("handled:Q", title=None, axis=alt.Axis(tickCount=4, format="d")),
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.4)),
            tooltip=[
                alt.Tooltip("said:N", title=_("Day")),
                alt.Tooltip("handled:Q", title=_("Handled")),
            ],
        )
        .add_params(chosen)
    )
    return look.dressed(drawn, dress, of_days(days), width=width, height=HEIGHT)


def fair(shared: Shared | None, name: str, *, n: int, is_weekly: bool) -> Finding:
    """`name` is who `shared` is about. A small difference, or perhaps chance, is no finding."""
    kind = _("by week") if is_weekly else _("by day")
    subtitle = _(
        "Conversations that each colleague answered or closed, {kind} · stronger: more · n = {n}"
    ).format(kind=kind, n=axes.count(n))
    if shared is None:
        return Finding(_("What each colleague handled"), subtitle)
    places = {
        "name": name,
        "share": axes.per_cent(shared.share.value),
        "fair": axes.per_cent(shared.fair),
    }
    if not shared.is_much:
        title = _("Nobody had much more than a fair share, {fair} of what was handled")
    else:
        title = _("{name} had {share} of what was handled; a fair share is {fair}")
    return Finding(title.format(**places), subtitle)


def by_colleague(
    cells: pd.DataFrame,
    dress: Look,
    found: Finding,
    *,
    is_weekly: bool = False,
    width: int | None = None,
) -> Any:
    """`cells`: agent_id, agent, begins (the day, or the Monday), handled (at least one row);
    whoever comes first is on top. A click chooses `agent_id` and `begins_iso`."""
    told = cells.assign(
        begins_iso=pd.to_datetime(cells["begins"]).dt.strftime("%Y-%m-%d"),
        said=[said(day) for day in cells["begins"]],
    )
    step = "7D" if is_weekly else "D"
    every = pd.date_range(told["begins"].min(), told["begins"].max(), freq=step)
    columns = list(every.strftime("%Y-%m-%d"))
    names = {day: said(at) for day, at in zip(columns, every, strict=True)}
    some = columns[:: max(1, len(columns) // (4 if look.is_narrow(width) else 8))]
    labels = alt.Axis(
        values=some,
        labelExpr=f"{json.dumps(names, ensure_ascii=False)}[datum.value]",
        labelAngle=0,
        labelOverlap=True,
    )
    chosen = alt.selection_point(fields=["agent_id", "begins_iso"], name="chosen")
    order = list(dict.fromkeys(told["agent"]))
    drawn = (
        alt.Chart(told)
        .mark_rect(cornerRadius=2, stroke=dress.paper, strokeWidth=1.5)
        .encode(
            x=alt.X("begins_iso:O", title=None, scale=alt.Scale(domain=columns), axis=labels),
            y=alt.Y("agent:N", title=None, sort=order, axis=alt.Axis(labelLimit=140)),
            color=alt.Color(
                "handled:Q",
                scale=alt.Scale(range=list(dress.ramp), domainMin=0),
                legend=None,
            ),
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.35)),
            tooltip=[
                alt.Tooltip("agent:N", title=_("Colleague")),
                alt.Tooltip("said:N", title=_("From")),
                alt.Tooltip("handled:Q", title=_("Handled")),
            ],
        )
        .add_params(chosen)
    )
    return look.dressed(drawn, dress, found, width=width, height=ROW * max(1, len(order)))
