"""How many replies a matter takes."""

from typing import Any

import altair as alt
import pandas as pd

from inbox.statistics.estimates import Estimate
from inbox.words import _
from pages.parts.charts import axes, look
from pages.parts.charts.look import FONT, Finding, Look

HEIGHT = 280


def finding(touches: pd.DataFrame, one_touch: Estimate, n: int) -> Finding:
    """`one_touch` is the share that needed one reply and stayed closed, of `n` a week old."""
    subtitle = _("Replies to the customer in each resolved conversation · n = {n}").format(
        n=axes.count(touches["n"].sum())
    )
    if not touches["n"].sum():
        return Finding(_("Nothing was resolved in this period"), subtitle)
    if not n:
        return Finding(_("How many replies a matter takes"), subtitle)
    title = _("{share} were resolved with one reply, and stayed so")
    return Finding(title.format(share=axes.per_cent(one_touch.value)), subtitle)


def chart(
    touches: pd.DataFrame,
    dress: Look,
    *,
    one_touch: Estimate,
    n: int,
    width: int | None = None,
) -> Any:
    """`touches`: replies, n; a click chooses `replies`."""
    most = int(touches["replies"].max())
    told = touches.assign(
        name=[f"{one}+" if one == most else f"{one}" for one in touches["replies"]],
        said=[axes.count(one) if one else "" for one in touches["n"]],
    )
    chosen = alt.selection_point(fields=["replies"], name="chosen")
    x = alt.X("name:N", title=_("replies"), sort=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("n:Q", title=None, axis=alt.Axis(tickCount=4, format="d", tickMinStep=1))
    base = alt.Chart(told).encode(x=x, y=y)
    drawn = [
        base.mark_bar(color=dress.now, cornerRadiusEnd=3)
        .encode(
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.45)),
            tooltip=[
                alt.Tooltip("name:N", title=_("Replies")),
                alt.Tooltip("n:Q", title=_("Conversations")),
            ],
        )
        .add_params(chosen),
        base.mark_text(dy=-8, font=FONT, fontSize=12, color=dress.ink).encode(text="said:N"),
    ]
    found = finding(touches, one_touch, n)
    return look.dressed(alt.layer(*drawn), dress, found, width=width, height=HEIGHT)
