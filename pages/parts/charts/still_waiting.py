"""The share that still waits for a first answer, before and in the pilot, with its bands."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from inbox.statistics import waits
from inbox.statistics.estimates import minus
from inbox.statistics.waits import Curve
from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import FONT, Drawn, Finding, Look
from pages.parts.charts.once import drawn_once

HEIGHT = 280
ROOM = 62
# Of a curve, as many corners as anybody can see.
CORNERS = 400


def finding(now: Curve, before: Curve | None, promised: float, *, is_business: bool) -> Finding:
    n = axes.count(now.n)
    if before is not None:
        n = _("{before} before, {now} since").format(before=axes.count(before.n), now=n)
    subtitle = _(
        "Share still unanswered (Kaplan–Meier, 95% band) by {kind} · who still waits is counted, "
        "not dropped · n = {n}"
    ).format(kind=_("business hours") if is_business else _("hours on the clock"), n=n)
    if not now.n:
        return Finding(_("Nobody has written in this period"), subtitle)
    one = waits.still_after(now, promised)
    places = {"time": axes.lasting(promised), "now": axes.per_cent(one.value)}
    if before is None or not before.n:
        title = _("After {time}, {now} still wait for a first answer")
        return Finding(title.format(**places), subtitle)
    two = waits.still_after(before, promised)
    if minus(one, two).spans(0):
        title = _("After {time}, no clear difference in how many still wait")
    else:
        title = _("After {time}, {now} still wait for a first answer; it was {before}")
    return Finding(title.format(**places, before=axes.per_cent(two.value)), subtitle)


@drawn_once
def chart(
    now: Curve,
    dress: Look,
    *,
    before: Curve | None = None,
    promised: float = 4 * axes.HOUR,
    until: float = 24 * axes.HOUR,
    is_business: bool = False,
    names: Mapping[str, str] | None = None,
    said: Finding | None = None,
    width: int | None = None,
) -> Drawn:
    """A click chooses `period` and `seconds`: those who waited at least so long. With `names` and
    `said` the two curves are of something else than before and in the pilot."""
    names = names or {"before": _("Before"), "now": _("Pilot")}
    found = [("now", now)] if before is None else [("before", before), ("now", now)]
    parts: list[pd.DataFrame] = [_steps(curve, period, until) for period, curve in found]
    steps = pd.concat(parts)
    steps["said"] = [axes.lasting(seconds) for seconds in steps["seconds"]]
    steps["name"] = [names[period] for period in steps["period"]]
    colour = alt.Color(
        "period:N",
        scale=alt.Scale(domain=["before", "now"], range=[dress.before, dress.now]),
        legend=None,
    )
    drawn = [
        *_curves(steps, colour, until, width),
        alt.Chart(pd.DataFrame({"seconds": [promised]}))
        .mark_rule(color=dress.quiet, strokeDash=[2, 2])
        .encode(x="seconds:Q"),
        *_after(found, promised, colour, dress),
        *([] if before is None else [_names(steps, dress)]),
    ]
    said = said or finding(now, before, promised, is_business=is_business)
    return look.dressed(alt.layer(*drawn), dress, said, width=width, height=HEIGHT)


def _steps(found: Curve, period: str, until: float) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"seconds": found.seconds, "still": found.still, "low": found.low, "high": found.high}
    )
    frame = frame.loc[frame["seconds"] <= until]
    frame = frame.iloc[:: max(1, len(frame) // CORNERS)]
    # The curve goes on, level, as far as it is known.
    last = frame.tail(1).assign(seconds=min(until, max(found.known_until, found.seconds[-1])))
    return pd.concat([frame, last]).assign(period=period)


def _curves(steps: pd.DataFrame, colour: alt.Color, until: float, width: int | None) -> list[Any]:
    ticks = [until * part / (4 if look.is_narrow(width) else 6) for part in range(7)]
    ticks = [tick for tick in ticks if tick <= until]
    words = axes.hours if until <= 2 * axes.DAY else axes.lasting
    x = alt.X(
        "seconds:Q",
        title=None,
        scale=alt.Scale(domain=[0, until * (1 + look.room(width, ROOM))], nice=False),
        axis=alt.Axis(values=ticks, labelExpr=axes.named(ticks, words), labelFlush=False),
    )
    shares = [0, 0.25, 0.5, 0.75, 1]
    named = {str(share): axes.per_cent(share) for share in shares}
    y = alt.Axis(values=shares, labelExpr=f"{named}[toString(datum.value)]")
    chosen = alt.selection_point(fields=["period", "seconds"], name="chosen", nearest=True)
    base = alt.Chart(steps).encode(x=x, color=colour)
    step: dict[str, Any] = {"interpolate": "step-after"}
    tips = [
        alt.Tooltip("name:N", title=_("Period")),
        alt.Tooltip("said:N", title=_("after")),
        alt.Tooltip("still:Q", title=_("still waiting"), format=".0%"),
        alt.Tooltip("low:Q", title=_("at least"), format=".0%"),
        alt.Tooltip("high:Q", title=_("at most"), format=".0%"),
    ]
    return [
        base.mark_area(opacity=0.18, **step).encode(
            y=alt.Y("low:Q", title=None, axis=y, scale=alt.Scale(domain=[0, 1])), y2="high:Q"
        ),
        base.mark_line(strokeWidth=2.4, **step).encode(y="still:Q"),
        base.mark_point(filled=True, size=30)
        .encode(
            y="still:Q",
            tooltip=tips,
            opacity=alt.condition(chosen, alt.value(1), alt.value(0), empty=False),
        )
        .add_params(chosen),
    ]


def _after(
    found: list[tuple[str, Curve]], promised: float, colour: alt.Color, dress: Look
) -> list[Any]:
    shares = {period: waits.still_after(curve, promised).value for period, curve in found}
    lower = min(shares, key=lambda period: shares[period])
    points = pd.DataFrame(
        [
            {"period": period, "seconds": promised, "still": share, "text": axes.per_cent(share)}
            for period, share in shares.items()
        ]
    )
    dots = alt.Chart(points).encode(x="seconds:Q", y="still:Q", color=colour)
    texts = alt.Chart(points).encode(
        x="seconds:Q", y="still:Q", text="text:N", color=_written(dress)
    )
    is_lower = alt.datum.period == lower
    words: dict[str, Any] = {"font": FONT, "fontSize": 13, "fontWeight": 700}
    return [
        dots.mark_point(filled=True, size=70, stroke=dress.paper, strokeWidth=1.5, opacity=1),
        texts.mark_text(align="left", dx=9, dy=-9, **words).transform_filter(
            ~is_lower if len(found) > 1 else is_lower
        ),
        texts.mark_text(align="right", dx=-7, dy=14, **words).transform_filter(
            is_lower if len(found) > 1 else ~is_lower
        ),
    ]


def _written(dress: Look) -> Any:
    """Grey words are darker than a grey line."""
    is_before = alt.datum.period == "before"
    return alt.condition(is_before, alt.value(dress.before_ink), alt.value(dress.now))


def _names(steps: pd.DataFrame, dress: Look) -> Any:
    """At the ends, apart from each other however near the curves are."""
    ends = steps.groupby("period").tail(1).sort_values("still").reset_index(drop=True)
    apart = len(ends) > 1 and ends["still"].iloc[1] - ends["still"].iloc[0] < 0.07
    if apart:
        lower = max(0.02, ends["still"].mean() - 0.035)
        ends["still"] = [lower, lower + 0.07]
    return (
        alt.Chart(ends)
        .mark_text(align="left", dx=6, font=FONT, fontSize=12, fontWeight=600)
        .encode(x="seconds:Q", y="still:Q", text="name:N", color=_written(dress))
    )
