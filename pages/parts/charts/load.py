"""What each colleague has open, beside the team's mean: one small chart for each."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import FONT, Finding, Look

HEIGHT = 104
HEAVY = 1.5
# On fewer days the diary knows too little of somebody's load.
FEWEST_DAYS = 5


def finding(load: pd.DataFrame) -> Finding:
    days = load["at"].dt.normalize().nunique()
    subtitle = _(
        "Open conversations assigned, from the diary · dashes: the team's mean · amber: above it · "
        "number: now · n = {n} colleagues, {days} days"
    ).format(n=load["agent"].nunique(), days=days)
    means = load.groupby("agent")["open"].mean()
    if len(means) < 2 or days < FEWEST_DAYS or not means.mean():
        return Finding(_("What each colleague has open"), subtitle)
    most, times = means.idxmax(), means.max() / means.mean()
    if times < HEAVY:
        return Finding(_("Nobody has half as much again as the team's mean"), subtitle)
    title = _("{name} has {times} times the team's mean open").format(
        name=most, times=f"{times:.1f}"
    )
    return Finding(title, subtitle)


def charts(load: pd.DataFrame, dress: Look, *, width: int | None = None) -> dict[str, Any]:
    """{agent: chart}, whoever has most first. `load`: agent, at (local), open; one row for each
    agent at each of the same moments. A click chooses `agent` and `at_iso`.

    Small charts that stretch cannot be facets of one, so the page lays them in columns; the
    finding stands above them all.
    """
    told = load.sort_values("at").copy()
    told["mean"] = told.groupby("at")["open"].transform("mean")
    told["above"] = told[["open", "mean"]].max(axis=1)
    told["at_iso"] = told["at"].dt.strftime("%Y-%m-%dT%H:%M")
    top = float(told["above"].max()) if len(told) else 1.0
    order = told.groupby("agent")["open"].mean().sort_values(ascending=False).index
    return {
        str(agent): look.dressed(
            _small(told.loc[told["agent"] == agent], str(agent), max(1.0, top), dress),
            dress,
            None,
            width=width,
            height=HEIGHT,
        )
        for agent in order
    }


def _small(one: pd.DataFrame, agent: str, top: float, dress: Look) -> Any:
    x = axes.days("at", one["at"].min(), one["at"].max(), width=look.NARROW - 1)
    base = alt.Chart(one).encode(x=x)
    y = alt.Y(
        "open:Q",
        title=None,
        scale=alt.Scale(domain=[0, top * 1.3], nice=False),
        axis=alt.Axis(tickCount=3, format="d"),
    )
    chosen = alt.selection_point(fields=["agent", "at_iso"], name="chosen", nearest=True)
    step: dict[str, Any] = {"interpolate": "step-after"}
    tips = [
        alt.Tooltip("agent:N", title=_("Colleague")),
        alt.Tooltip("at:T", title=_("At"), format="%Y-%m-%d %H:%M"),
        alt.Tooltip("open:Q", title=_("Open")),
        alt.Tooltip("mean:Q", title=_("Team's mean"), format=".1f"),
    ]
    now = alt.Chart(one.tail(1))
    words: dict[str, Any] = {"font": FONT, "color": dress.ink, "fontWeight": 600}
    return alt.layer(
        base.mark_area(color=dress.now, opacity=0.16, **step).encode(y=y),
        base.mark_area(color=dress.above, opacity=0.38, **step).encode(y="mean:Q", y2="above:Q"),
        base.mark_line(color=dress.now, strokeWidth=1.8, **step).encode(y=y),
        base.mark_line(color=dress.quiet, strokeWidth=1, strokeDash=[3, 3]).encode(y="mean:Q"),
        base.mark_point(filled=True, size=36, color=dress.now)
        .encode(
            y=y,
            tooltip=tips,
            opacity=alt.condition(chosen, alt.value(1), alt.value(0), empty=False),
        )
        .add_params(chosen),
        now.mark_text(align="right", baseline="top", fontSize=13, dx=-2, **words).encode(
            x=alt.value("width"), y=alt.value(0), text="open:Q"
        ),
        title=alt.Title(agent, fontSize=12, offset=4),
    )
