"""When mail comes in, by hour and weekday, and how long it waits then."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import Drawn, Finding, Look
from pages.parts.charts.once import drawn_once
from pages.parts.times import DAYS

HEIGHT, BELOW = 240, 50
FEW = 3
# Of so many mails an hour may be called the one that waits longest.
ENOUGH = 20


def finding(cells: pd.DataFrame, zone: str) -> Finding:
    subtitle = _(
        "Median first response by the hour in which it came in ({zone}) · bars: mails an hour · "
        "faded: fewer than {few} · dot: none · n = {n}"
    ).format(zone=zone, few=FEW, n=axes.count(cells["n"].sum()))
    hours = _hours(cells)
    hours = hours.loc[hours["n"] >= ENOUGH]
    if len(hours) < 2:
        return Finding(_("When mail comes in, and how long it waits"), subtitle)
    worst, longest = max(hours["seconds"].items(), key=lambda one: float(one[1]))
    hour = int(str(worst))
    title = _("What comes in from {hour}:00 to {next}:00 waits longest: {time}").format(
        hour=f"{hour:02d}",
        next=f"{(hour + 1) % 24:02d}",
        time=axes.lasting(float(longest)),
    )
    return Finding(title, subtitle)


def _hours(cells: pd.DataFrame) -> pd.DataFrame:
    """Of each hour: n, and the median of its days' medians, each weighed by its mails."""
    rows = {}
    for hour, found in cells.loc[cells["n"] > 0].groupby("hour"):
        ordered = found.sort_values("seconds")
        is_half = 2 * ordered["n"].cumsum() >= ordered["n"].sum()
        rows[hour] = {"n": ordered["n"].sum(), "seconds": ordered.loc[is_half, "seconds"].iloc[0]}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n", "seconds"])


@drawn_once
def chart(cells: pd.DataFrame, dress: Look, *, zone: str, width: int | None = None) -> Drawn:
    """`cells`: weekday (0 is Monday), hour (0 to 23), n, seconds (median); those that lack are
    empty. A click chooses `weekday` and `hour`."""
    every = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"])
    told = cells.set_index(["weekday", "hour"]).reindex(every).reset_index()
    told["n"] = told["n"].fillna(0).astype(int)
    told["day"] = [_(DAYS[weekday]) for weekday in told["weekday"]]
    told["said"] = [
        axes.lasting(s) if n else "–" for s, n in zip(told["seconds"], told["n"], strict=True)
    ]
    whole = alt.layer(_cells(told, dress, width), _bars(told, dress)).resolve_scale(y="independent")
    height = HEIGHT + (BELOW if look.is_narrow(width) else 0)
    return look.dressed(whole, dress, finding(cells, zone), width=width, height=height)


def _bars(told: pd.DataFrame, dress: Look) -> Any:
    """In the first of eight rows, so that all is one view: two above each other do not stretch."""
    sums = told.groupby("hour", as_index=False)["n"].sum()
    most = max(1.0, float(sums["n"].max()))
    return (
        alt.Chart(sums)
        .mark_bar(color=dress.bars, cornerRadiusEnd=2, width={"band": 0.88})
        .encode(
            x="hour:O",
            y=alt.Y("n:Q", axis=None, scale=alt.Scale(domain=[-7.3 * most, most], nice=False)),
            tooltip=[alt.Tooltip("hour:O", title=_("Hour")), alt.Tooltip("n:Q", title=_("Mails"))],
        )
    )


def _cells(told: pd.DataFrame, dress: Look, width: int | None) -> Any:
    every = 6 if look.is_narrow(width) else 3
    x = alt.X(
        "hour:O",
        title=None,
        axis=alt.Axis(
            values=list(range(0, 24, every)),
            labelExpr="(datum.value < 10 ? '0' : '') + datum.value + ':00'",
            labelAngle=0,
            labelOverlap=False,
        ),
    )
    y = alt.Y("day:N", title=None, scale=alt.Scale(domain=["", *[_(day) for day in DAYS]]))
    chosen = alt.selection_point(fields=["weekday", "hour"], name="chosen")
    seen = told.loc[told["n"] > 0]
    squares = (
        alt.Chart(seen)
        .mark_rect(cornerRadius=3, stroke=dress.paper, strokeWidth=1 if every > 3 else 2)
        .encode(
            x=x,
            y=y,
            color=_colour(seen, dress, width),
            opacity=alt.condition(chosen & (alt.datum.n >= FEW), alt.value(1), alt.value(0.3)),
            tooltip=[
                alt.Tooltip("day:N", title=_("Day")),
                alt.Tooltip("hour:O", title=_("Hour")),
                alt.Tooltip("n:Q", title=_("Mails")),
                alt.Tooltip("said:N", title=_("Median")),
            ],
        )
        .add_params(chosen)
    )
    dots = (
        alt.Chart(told.loc[told["n"] == 0])
        .mark_circle(size=8, color=dress.bars, opacity=1)
        .encode(x=x, y=y)
    )
    return squares + dots


def _colour(seen: pd.DataFrame, dress: Look, width: int | None) -> alt.Color:
    """From the tick below the tenth to that above nine tenths: one odd cell blanches none."""
    firm = seen.loc[seen["n"] >= FEW, "seconds"]
    firm = seen["seconds"] if firm.empty else firm
    low, high = (firm.quantile(0.1), firm.quantile(0.9)) if len(firm) else (60.0, 3600.0)
    low = max((tick for tick in axes.TICKS if tick <= low), default=axes.TICKS[0])
    high = min((tick for tick in axes.TICKS if tick >= high), default=axes.TICKS[-1])
    high = max(high, 4 * low)
    ticks = [tick for tick in axes.TICKS if low <= tick <= high]
    is_small = look.is_narrow(width)
    return alt.Color(
        "seconds:Q",
        scale=alt.Scale(type="log", range=list(dress.ramp), domain=[low, high], clamp=True),
        legend=alt.Legend(
            orient="bottom" if is_small else "right",
            direction="horizontal" if is_small else "vertical",
            title=_("median"),
            gradientLength=200 if is_small else 140,
            gradientThickness=10,
            values=[low, ticks[len(ticks) // 2], high] if is_small else ticks,
            labelExpr=axes.named(ticks),
        ),
    )
