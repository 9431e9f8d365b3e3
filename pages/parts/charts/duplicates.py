"""Customer messages that two people answered, each a dot: when, and how long apart."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.statistics import shares
from inbox.statistics.estimates import Estimate
from inbox.words import _, each, mark
from pages.parts.charts import axes, look, trend
from pages.parts.charts.look import Drawn, Finding, Look
from pages.parts.charts.once import drawn_once

HEIGHT, LEGEND = 230, 20
KINDS = {
    "same_answer_twice": mark("Same answer twice"),
    "overlapping": mark("Overlapping"),
    "different_answers": mark("Different answers"),
}
MEANT = mark("Both were meant")
OUTSIDE = {False: mark("Both sent here"), True: mark("One sent from another program")}


def finding(pairs: pd.DataFrame, turns: int, before: int | None, ratio: Estimate | None) -> Finding:
    """`turns` were answered, `before` of them before the pilot; `ratio` is the rate since by the
    rate before, and what its interval leaves open is not claimed."""
    subtitle = _(
        "Each dot: two people answered one customer message; height: the time between the two · "
        "n = {n} in {turns} answered turns"
    ).format(n=axes.count(len(pairs)), turns=axes.count(turns))
    if pairs.empty:
        return Finding(_("Nobody was answered twice"), subtitle)
    if ratio is None or before is None:
        rate = 100 * len(pairs) / turns if turns else float("nan")
        title = _("{rate} duplicates per 100 answered turns").format(rate=f"{rate:.1f}")
        return Finding(title, subtitle)
    if ratio.spans(1):
        return Finding(_("No clear change of duplicates since the pilot began"), subtitle)
    change = axes.per_cent(abs(1 - ratio.value))
    title = (
        _("{change} fewer duplicates per answered turn since the pilot began")
        if ratio.value < 1
        else _("{change} more duplicates per answered turn since the pilot began")
    )
    return Finding(title.format(change=change), subtitle)


def compared(pairs: int, now: tuple[int, int], before: tuple[int, int]) -> Finding:
    """Of a period: how many of how many answered turns were answered twice, then and in the period
    before it. That there are fewer or more is said when the interval of the difference says so."""
    subtitle = _(
        "Each dot: two people answered one customer message; height: the time between the two · "
        "n = {n}, in {hits} of {turns} answered turns"
    ).format(n=axes.count(pairs), hits=axes.count(now[0]), turns=axes.count(now[1]))
    if not pairs:
        return Finding(_("Nobody was answered twice"), subtitle)
    if not now[0]:
        return Finding(_("Nobody was answered twice without being meant to"), subtitle)
    title, change = _("{rate} duplicates per 100 answered turns"), shares.difference(*now, *before)
    if not change.spans(0):
        title = (
            _("Fewer duplicates: {rate} per 100 answered turns, {before} before")
            if change.value < 0
            else _("More duplicates: {rate} per 100 answered turns, {before} before")
        )
    return Finding(title.format(rate=per_100(*now), before=per_100(*before)), subtitle)


def per_100(hits: int, turns: int) -> str:
    return f"{100 * hits / turns:.1f}" if turns else "–"


@drawn_once
def chart(
    pairs: pd.DataFrame,
    dress: Look,
    *,
    turns: int,
    pilot_start: pd.Timestamp | None = None,
    turns_before: int | None = None,
    ratio: Estimate | None = None,
    found: Finding | None = None,
    width: int | None = None,
) -> Drawn:
    """`pairs`: conversation_id, at (local, of the second), gap_seconds, kind, is_outside, who, and
    `is_intended` where that is told. A click chooses `conversation_id`. What was `found` stands
    above it, or else how the pilot compares."""
    kinds, where = each(KINDS), each(OUTSIDE)
    meant = pairs["is_intended"] if "is_intended" in pairs else [False] * len(pairs)
    told = pairs.assign(
        shown_kind=[
            _(MEANT) if is_meant else kinds[kind]
            for kind, is_meant in zip(pairs["kind"], meant, strict=True)
        ],
        shown_where=[where[bool(one)] for one in pairs["is_outside"]],
        said=[axes.lasting(gap) for gap in pairs["gap_seconds"]],
    )
    first = pairs["at"].min() if len(pairs) else pd.Timestamp(2026, 1, 1)
    last = pairs["at"].max() if len(pairs) else first
    if pilot_start is not None:
        first, last = min(first, pilot_start), max(last, pilot_start)
    last = max(last, first + pd.Timedelta(days=7))
    drawn = [
        *([] if pilot_start is None else [trend.starts(pilot_start, dress, "at")]),
        _dots(told, dress, (first - pd.Timedelta(hours=12), last), width),
    ]
    found = found or finding(pairs, turns, turns_before, ratio)
    height = HEIGHT + LEGEND * (5 if look.is_narrow(width) else 1)
    return look.dressed(alt.layer(*drawn), dress, found, width=width, height=height)


def _dots(
    told: pd.DataFrame, dress: Look, ends: tuple[pd.Timestamp, pd.Timestamp], width: int | None
) -> Any:
    chosen = alt.selection_point(fields=["conversation_id"], name="chosen")
    where = each(OUTSIDE)
    colours = dict(zip(each(KINDS).values(), (dress.now, dress.teal, dress.purple), strict=True))
    if (told["shown_kind"] == _(MEANT)).any():
        colours[_(MEANT)] = dress.before
    legend = alt.Legend(
        title=None,
        orient="top",
        direction="vertical" if look.is_narrow(width) else "horizontal",
        labelLimit=240,
    )
    shapes = alt.Legend(**{**legend.to_dict(), "symbolFillColor": dress.quiet})
    return (
        alt.Chart(told)
        .mark_point(size=90, filled=True, stroke=dress.paper, strokeWidth=1.2)
        .encode(
            x=axes.days("at", *ends, room=0.03, width=width),
            y=axes.log_time([15, 3600, *told["gap_seconds"]], "gap_seconds", width=width),
            color=alt.Color(
                "shown_kind:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=legend,
            ),
            shape=alt.Shape(
                "shown_where:N",
                scale=alt.Scale(domain=list(where.values()), range=["circle", "diamond"]),
                legend=shapes,
            ),
            opacity=alt.condition(chosen, alt.value(0.95), alt.value(0.25)),
            tooltip=[
                alt.Tooltip("conversation_id:Q", title=_("Conversation"), format="d"),
                alt.Tooltip("who:N", title=_("Who")),
                alt.Tooltip("shown_kind:N", title=_("Kind")),
                alt.Tooltip("said:N", title=_("apart")),
                alt.Tooltip("at:T", title=_("At"), format="%Y-%m-%d %H:%M"),
            ],
        )
        .add_params(chosen)
    )
