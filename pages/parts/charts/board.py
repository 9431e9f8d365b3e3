"""A board's chart: bars, lines or a heat map, of whatever columns its file names."""

import math
from typing import Any

import altair as alt
import pandas as pd

from inbox.boards import Chart
from inbox.words import plural
from pages.parts.charts import axes, look
from pages.parts.charts.look import FONT, Look

HEIGHT = 240
ROW = 26
MOST_BARS = 60
SECONDS = "_seconds"


def subtitle(found: pd.DataFrame) -> str:
    """Of how many rows it is drawn."""
    return plural("n = {n} row", "n = {n} rows", len(found)).format(n=axes.count(len(found)))


def said(value: Any, column: str) -> str:
    """A number as people say it; what counts seconds by its name is a time."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return "–" if pd.isna(value) else str(value)
    if column.endswith(SECONDS):
        return axes.lasting(float(value))
    return axes.count(value) if float(value).is_integer() else f"{value:,.1f}"


def drawn(found: pd.DataFrame, how: Chart, dress: Look, *, width: int | None = None) -> Any:
    """`found` without lists. A click chooses the fields `x` and, where there is one, `colour`."""
    frame, is_dated = _plain(found, how)
    fields = [name for name in (how.x, how.colour) if name and how.kind != "heat"]
    if how.kind == "heat":
        fields = [how.x, how.y]
    chosen = alt.selection_point(fields=[_key(name) for name in fields], name="chosen")
    make = {"bar": _columns if is_dated else _bars, "line": _line, "heat": _heat}[how.kind]
    chart, height = make(frame, how, dress, chosen)
    return look.dressed(chart, dress, None, width=width, height=height)


def inside(found: pd.DataFrame, pressed: dict[str, Any], how: Chart) -> pd.DataFrame:
    """The rows behind a mark that was pressed."""
    keys, _is_dated = _plain(found, how)
    rows = pd.Series(True, index=found.index)
    for name, value in pressed.items():
        if name in keys:
            rows &= keys[name].astype(str) == str(value)
    return found.loc[rows]


def _key(name: str) -> str:
    """What is pressed is told by words, whatever the column holds."""
    return f"key_{name}"


def _plain(found: pd.DataFrame, how: Chart) -> tuple[pd.DataFrame, bool]:
    """The named columns alone, days as moments, and each as words for the selection."""
    names = [name for name in dict.fromkeys((how.x, how.y, how.colour)) if name]
    frame = found[names].copy()
    for name in names:
        frame[_key(name)] = frame[name].astype(str)
    is_dated = how.kind != "heat" and _is_dated(frame[how.x])
    if is_dated:
        frame[how.x] = pd.to_datetime(frame[how.x])
    value = how.colour if how.kind == "heat" else how.y
    frame[value] = pd.to_numeric(frame[value], errors="coerce")
    frame["words"] = [said(one, value) for one in frame[value]]
    return frame, is_dated


def _is_dated(column: "pd.Series[Any]") -> bool:
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    first = next((one for one in column if one is not None), None)
    return hasattr(first, "isoformat") and hasattr(first, "toordinal")


def _coloured(how: Chart, frame: pd.DataFrame, dress: Look) -> Any:
    if not how.colour:
        return alt.value(dress.now)
    ramp = [dress.now, dress.teal, dress.purple, dress.good, dress.before, dress.bars]
    order = list(dict.fromkeys(frame[how.colour].astype(str)))
    return alt.Color(
        f"{_key(how.colour)}:N",
        title=None,
        sort=order,
        scale=alt.Scale(domain=order, range=[ramp[n % len(ramp)] for n in range(len(order))]),
        legend=alt.Legend(columns=3, labelLimit=180),
    )


def _hints(how: Chart) -> list[Any]:
    value = how.colour if how.kind == "heat" else how.y
    names = [name for name in (how.x, how.y, how.colour) if name and name != value]
    hints = [alt.Tooltip(f"{_key(name)}:N", title=name) for name in names]
    return [*hints, alt.Tooltip("words:N", title=value)]


def _bars(frame: pd.DataFrame, how: Chart, dress: Look, chosen: Any) -> tuple[Any, int]:
    """Names at the left, as the question orders them."""
    frame = frame.head(MOST_BARS)
    order = list(dict.fromkeys(frame[_key(how.x)]))
    top = float(frame.groupby(_key(how.x))[how.y].sum().max() or 1) * 1.15
    base = alt.Chart(frame).encode(
        y=alt.Y(f"{_key(how.x)}:N", sort=order, title=None, axis=alt.Axis(labelLimit=180)),
        x=alt.X(f"{how.y}:Q", axis=None, stack="zero", scale=alt.Scale(domain=[0, top])),
    )
    bars = (
        base.mark_bar(cornerRadiusEnd=3, height={"band": 0.78})
        .encode(
            color=_coloured(how, frame, dress),
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.4)),
            tooltip=_hints(how),
        )
        .add_params(chosen)
    )
    totals = frame.groupby(_key(how.x), as_index=False)[how.y].sum()
    totals["words"] = [said(float(one), how.y) for one in totals[how.y]]
    words = (
        alt.Chart(totals)
        .mark_text(align="left", dx=5, font=FONT, fontSize=11, color=dress.quiet)
        .encode(y=alt.Y(f"{_key(how.x)}:N", sort=order, title=None), x=f"{how.y}:Q", text="words:N")
    )
    return alt.layer(bars, words), max(60, ROW * len(order))


def _columns(frame: pd.DataFrame, how: Chart, dress: Look, chosen: Any) -> tuple[Any, int]:
    """Standing bars, one for each day or week that was answered."""
    bars = (
        alt.Chart(frame)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=_days(frame, how.x),
            y=_amount(how),
            color=_coloured(how, frame, dress),
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.4)),
            tooltip=_hints(how),
        )
        .add_params(chosen)
    )
    return bars, HEIGHT


def _line(frame: pd.DataFrame, how: Chart, dress: Look, chosen: Any) -> tuple[Any, int]:
    is_dated = pd.api.types.is_datetime64_any_dtype(frame[how.x])
    order = list(dict.fromkeys(frame[_key(how.x)]))
    x = _days(frame, how.x) if is_dated else alt.X(f"{_key(how.x)}:N", sort=order, title=None)
    base = alt.Chart(frame).encode(x=x, y=_amount(how), color=_coloured(how, frame, dress))
    points = (
        base.mark_point(filled=True, size=70)
        .encode(
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.4)),
            tooltip=_hints(how),
        )
        .add_params(chosen)
    )
    return alt.layer(base.mark_line(strokeWidth=2), points), HEIGHT


def _heat(frame: pd.DataFrame, how: Chart, dress: Look, chosen: Any) -> tuple[Any, int]:
    rows = list(dict.fromkeys(frame[_key(how.y)]))
    columns = list(dict.fromkeys(frame[_key(how.x)]))
    chart = (
        alt.Chart(frame)
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X(f"{_key(how.x)}:N", sort=columns, title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y(f"{_key(how.y)}:N", sort=rows, title=None, axis=alt.Axis(labelLimit=160)),
            color=alt.Color(
                f"{how.colour}:Q", scale=alt.Scale(range=list(dress.ramp)), legend=None
            ),
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.4)),
            tooltip=_hints(how),
        )
        .add_params(chosen)
    )
    return chart, max(80, ROW * len(rows))


def _days(frame: pd.DataFrame, name: str) -> alt.X:
    first, last = frame[name].min(), frame[name].max()
    return axes.days(name, first, last + pd.Timedelta(days=1))


def _amount(how: Chart) -> alt.Y:
    axis = alt.Axis(tickCount=5, tickMinStep=1, format=",.0f")
    if how.y.endswith(SECONDS):
        axis = alt.Axis(values=list(axes.TICKS), labelExpr=axes.named(axes.TICKS))
    return alt.Y(f"{how.y}:Q", title=None, axis=axis)
