"""Mails that nobody answered, by how old they are."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.words import _, each, mark
from pages.parts.charts import axes, look
from pages.parts.charts.look import Finding, Look

BAR, LEGEND = 30, 44
KINDS = {
    "open": mark("Never answered, open"),
    "closed": mark("Never answered, closed"),
    "last_word": mark("Closed over the last mail"),
}
# From so many seconds on.
AGES = {
    0: mark("under a day"),
    axes.DAY: mark("1 to 3 days"),
    3 * axes.DAY: mark("3 to 7 days"),
    7 * axes.DAY: mark("1 to 4 weeks"),
    28 * axes.DAY: mark("1 to 3 months"),
    91 * axes.DAY: mark("older"),
}


def aged(found: pd.DataFrame) -> "pd.Series[int]":
    """From how many seconds on each one's age reaches, of AGES."""
    edges = [*AGES, float("inf")]
    return pd.cut(found["seconds"].clip(0), edges, right=False, labels=list(AGES)).astype(int)


def finding(found: pd.DataFrame) -> Finding:
    subtitle = _("By age, since the first mail that nobody answered · n = {n}")
    said = subtitle.format(n=axes.count(len(found)))
    never = found.loc[found["kind"] != "last_word"]
    if found.empty:
        return Finding(_("Every customer got an answer"), said)
    if never.empty:
        return Finding(_("Every customer got an answer once; some wrote the last word"), said)
    oldest = axes.lasting(never["seconds"].max())
    title = _("{n} customers never got an answer, the oldest for {time}")
    return Finding(title.format(n=axes.count(len(never)), time=oldest), said)


def chart(found: pd.DataFrame, dress: Look, *, width: int | None = None) -> Any:
    """`found`: kind, seconds. A click chooses `from_seconds` and `kind`."""
    ages, kinds = each(AGES), each(KINDS)
    told = found.assign(from_seconds=aged(found))
    bars = told.groupby(["from_seconds", "kind"]).size().rename("n").reset_index()
    bars["age"] = [ages[one] for one in bars["from_seconds"]]
    bars["shown_kind"] = [kinds[one] for one in bars["kind"]]
    bars["place"] = [list(KINDS).index(one) for one in bars["kind"]]
    chosen = alt.selection_point(fields=["from_seconds", "kind"], name="chosen")
    drawn = (
        alt.Chart(bars)
        .mark_bar(cornerRadius=2, stroke=dress.paper, strokeWidth=1)
        .encode(
            x=alt.X("n:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d", tickCount=6)),
            y=alt.Y("age:N", title=None, sort=None, scale=alt.Scale(domain=list(ages.values()))),
            color=alt.Color(
                "shown_kind:N",
                scale=alt.Scale(
                    domain=list(kinds.values()), range=[dress.now, dress.purple, dress.before]
                ),
                legend=alt.Legend(
                    title=None,
                    orient="top",
                    direction="vertical" if look.is_narrow(width) else "horizontal",
                    labelLimit=240,
                ),
            ),
            order="place:O",
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.3)),
            tooltip=[
                alt.Tooltip("age:N", title=_("Age")),
                alt.Tooltip("shown_kind:N", title=_("Kind")),
                alt.Tooltip("n:Q", title=_("Conversations"), format="d"),
            ],
        )
        .add_params(chosen)
    )
    height = BAR * len(AGES) + LEGEND
    return look.dressed(drawn, dress, finding(found), width=width, height=height)
