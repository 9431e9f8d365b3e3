"""Bars below each other, each with its name before it and its number behind it."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from pages.parts.charts import look
from pages.parts.charts.look import FONT, Finding, Look

ROW = 26


def chart(
    frame: pd.DataFrame,
    dress: Look,
    said: Finding,
    *,
    fields: Sequence[str],
    tips: Sequence[tuple[str, str]],
    width: int | None = None,
) -> Any:
    """`frame`: name, n, text (what stands behind the bar), `fields` by which a click names the
    bar, and perhaps `part`, the part of n that is drawn strongly. `tips`: column and its title."""
    is_parted = "part" in frame
    chosen = alt.selection_point(fields=list(fields), name="chosen")
    top = max(1.0, float(frame["n"].max() if len(frame) else 1)) * 1.3
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=list(frame["name"]), title=None, axis=alt.Axis(labelLimit=190)),
        x=alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, top])),
        tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in tips],
        opacity=alt.condition(chosen, alt.value(1), alt.value(0.4)),
    )
    shape: dict[str, Any] = {"cornerRadiusEnd": 3, "height": {"band": 0.74}}
    whole = base.mark_bar(color=dress.bars if is_parted else dress.now, **shape)
    drawn = [
        whole.add_params(chosen),
        *(
            [base.mark_bar(color=dress.now, **shape).encode(x=alt.X("part:Q", axis=None))]
            if is_parted
            else []
        ),
        base.mark_text(align="left", dx=6, font=FONT, fontSize=11.5, color=dress.quiet).encode(
            text="text:N"
        ),
    ]
    height = max(30, ROW * len(frame) - 30)
    return look.dressed(alt.layer(*drawn), dress, said, width=width, height=height)
