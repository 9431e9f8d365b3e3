"""How deep the queue was: what was open, what nobody had of it, and who waited."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import Finding, Look

HEIGHT = 240
ROOM = 96
KINDS = ("open", "waiting", "unassigned")


def finding(depth: pd.DataFrame) -> Finding:
    subtitle = _(
        "Open conversations, snoozed or not, customers who wait, and what nobody has, at n = {n} "
        "moments, from the diary"
    ).format(n=axes.count(len(depth)))
    if depth.empty:
        return Finding(_("Nothing was open in this period"), subtitle)
    title = _("{now} are open now; in this period it was {half} half of the time, {most} at most")
    return Finding(
        title.format(
            now=axes.count(depth["open"].iloc[-1]),
            half=_("{n} or more").format(n=axes.count(depth["open"].median())),
            most=axes.count(depth["open"].max()),
        ),
        subtitle,
    )


def chart(depth: pd.DataFrame, dress: Look, *, width: int | None = None) -> Any:
    """`depth`: at (local), open, waiting, unassigned. A click chooses `kind` and `at_iso`."""
    names = {"open": _("Open"), "waiting": _("Wait"), "unassigned": _("Unassigned")}
    tall = depth.melt("at", list(KINDS), var_name="kind", value_name="n")
    tall["name"] = tall["kind"].map(names)
    tall["at_iso"] = pd.to_datetime(tall["at"]).dt.strftime("%Y-%m-%dT%H:%M")
    first = depth["at"].min() if len(depth) else pd.Timestamp(2026, 1, 1)
    last = max(depth["at"].max() if len(depth) else first, first + pd.Timedelta(hours=1))
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(KINDS), range=[dress.before, dress.now, dress.purple]),
        legend=None,
    )
    x = axes.days("at", first, last, room=look.room(width, ROOM), width=width)
    top = max(1, int(tall["n"].max()) if len(tall) else 1) * 1.08
    y = alt.Y(
        "n:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(tickCount=4, format="d"),
    )
    base = alt.Chart(tall).encode(x=x, y=y, color=colour)
    chosen = alt.selection_point(fields=["kind", "at_iso"], name="chosen", nearest=True)
    tips = [
        alt.Tooltip("name:N", title=_("What")),
        alt.Tooltip("at:T", title=_("At"), format="%Y-%m-%d %H:%M"),
        alt.Tooltip("n:Q", title=_("Conversations")),
    ]
    drawn = [
        base.mark_line(strokeWidth=2, interpolate="step-after"),
        base.mark_point(filled=True, size=40)
        .encode(
            tooltip=tips,
            opacity=alt.condition(chosen, alt.value(1), alt.value(0), empty=False),
        )
        .add_params(chosen),
        *_ends(tall, dress, top),
    ]
    return look.dressed(alt.layer(*drawn), dress, finding(depth), width=width, height=HEIGHT)


def _ends(tall: pd.DataFrame, dress: Look, top: float) -> list[Any]:
    """What each line is, at its end, apart from each other however near the lines are."""
    ends = tall.groupby("kind").tail(1).sort_values("n").reset_index(drop=True)
    places: list[float] = []
    least = top * 0.075
    for n in ends["n"]:
        places.append(max(float(n), places[-1] + least) if places else float(n))
    ends["place"] = places
    ends["text"] = [
        f"{axes.count(n)} {name}" for n, name in zip(ends["n"], ends["name"], strict=True)
    ]
    words = alt.Chart(ends).encode(x="at:T", y="place:Q", text="text:N")
    inks = {"open": dress.before_ink, "waiting": dress.now, "unassigned": dress.ink}
    how: dict[str, Any] = {"align": "left", "dx": 8, "fontSize": 12, "fontWeight": 600}
    return [
        look.haloed(words.transform_filter(alt.datum.kind == kind), dress, color=ink, **how)
        for kind, ink in inks.items()
    ]
