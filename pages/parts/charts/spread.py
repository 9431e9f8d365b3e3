"""How the waits of a period are spread: bars between the times that people say."""

import altair as alt
import numpy as np
import pandas as pd

from inbox.statistics import quantiles
from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import FONT, Drawn, Finding, Look
from pages.parts.charts.once import drawn_once


def finding(seconds: "pd.Series[float]", *, waiting: int, is_business: bool) -> Finding:
    """`waiting` are those who wait still, and are in no bar."""
    subtitle = _("{kind}, in bars from one time to the next · n = {n}, and {waiting} wait still")
    subtitle = subtitle.format(
        kind=_("First response in business time") if is_business else _("First response"),
        n=axes.count(len(seconds)),
        waiting=axes.count(waiting),
    )
    if seconds.empty:
        return Finding(_("No first response in this period"), subtitle)
    found = quantiles.spread(seconds.to_numpy(float))
    title = _("Half were answered within {median}, nine of ten within {p90}")
    return Finding(
        title.format(median=axes.lasting(found.p50), p90=axes.lasting(found.p90)), subtitle
    )


def bars(seconds: "pd.Series[float]") -> pd.DataFrame:
    """from_seconds, to_seconds (less than it), n and the bar's words, from the first to the last
    that holds any."""
    edges = [0, *axes.TICKS, float("inf")]
    counts = np.histogram(seconds, bins=np.array(edges))[0]
    frame = pd.DataFrame({"from_seconds": edges[:-1], "to_seconds": edges[1:], "n": counts})
    held = frame.index[frame["n"] > 0]
    frame = frame.loc[held.min() : held.max()] if len(held) else frame.iloc[:0]
    frame = frame.assign(share=frame["n"] / max(1, frame["n"].sum()))
    frame["name"] = [
        _said(one, two) for one, two in zip(frame["from_seconds"], frame["to_seconds"], strict=True)
    ]
    return frame


def _said(one: float, two: float) -> str:
    if one == 0:
        return _("under {time}").format(time=axes.lasting(two))
    if not np.isfinite(two):
        return _("over {time}").format(time=axes.lasting(one))
    return f"{axes.lasting(one)} – {axes.lasting(two)}"


@drawn_once
def chart(
    seconds: "pd.Series[float]",
    dress: Look,
    *,
    target: float | None = None,
    waiting: int = 0,
    is_business: bool = False,
    width: int | None = None,
) -> Drawn:
    """`seconds` of every answered first wait; a click chooses `from_seconds` and `to_seconds`.
    Bars beyond the target are red: it was broken there."""
    frame = bars(seconds)
    is_late = frame["from_seconds"] >= target if target is not None else False
    frame = frame.assign(is_late=is_late, text=[axes.per_cent(share) for share in frame["share"]])
    chosen = alt.selection_point(fields=["from_seconds", "to_seconds"], name="chosen")
    y = alt.Y("name:N", sort=list(frame["name"]), title=None, axis=alt.Axis(labelLimit=160))
    top = float(frame["n"].max() if len(frame) else 1) * 1.12
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, top]))
    base = alt.Chart(frame).encode(y=y, x=x)
    drawn = [
        base.mark_bar(cornerRadiusEnd=3, height={"band": 0.78})
        .encode(
            color=alt.condition(alt.datum.is_late, alt.value(dress.breach), alt.value(dress.now)),
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.4)),
            tooltip=[
                alt.Tooltip("name:N", title=_("First response")),
                alt.Tooltip("n:Q", title=_("Conversations")),
                alt.Tooltip("text:N", title=_("Share")),
            ],
        )
        .add_params(chosen),
        base.mark_text(align="left", dx=5, font=FONT, fontSize=11, color=dress.quiet).encode(
            text="text:N"
        ),
    ]
    found = finding(seconds, waiting=waiting, is_business=is_business)
    height = max(40, 22 * len(frame) - 30)
    return look.dressed(alt.layer(*drawn), dress, found, width=width, height=height)
