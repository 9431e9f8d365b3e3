"""How every chart looks, light and dark, and the dress it is put into at its end."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

FONT = '"Source Sans", "Source Sans Pro", Inter, system-ui, sans-serif'
# Each part of a chart would be checked when it is made: a third of what a page of charts costs.
disable_debug_mode()
# More rows than these would be refused; how many a chart may hold is its own affair.
alt.data_transformers.disable_max_rows()
# What a chart is laid out for when the page lets it fill its column.
USUAL_WIDTH = 720
NARROW = 480
PADDING = {"left": 4, "right": 8, "top": 4, "bottom": 4}
_TITLE, _SUBTITLE, _AXIS = 15, 12, 30
# Of its size, how wide a letter is on average.
_LETTER = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Red is for what was broken, amber for what is above the mean, grey for before."""

    paper: str
    ink: str
    quiet: str
    grid: str
    before: str
    before_ink: str
    now: str
    breach: str
    above: str
    good: str
    purple: str
    teal: str
    bars: str
    ramp: tuple[str, ...]


LIGHT = Look(
    paper="#ffffff",
    ink="#1f2430",
    quiet="#6b7280",
    grid="#eceef2",
    before="#9aa1ad",
    before_ink="#6b7280",
    now="#2f6fde",
    breach="#d64545",
    above="#e0962b",
    good="#2f9e6e",
    purple="#a05cc9",
    teal="#3aa7b8",
    bars="#c5cbd6",
    ramp=("#e4ecfb", "#c6d8f7", "#9cbef2", "#5f95e6", "#2f6fde", "#1c4aa3", "#122f6b"),
)
DARK = Look(
    paper="#14171d",
    ink="#e6e8ee",
    quiet="#a2a9b8",
    grid="#262b34",
    before="#7d8594",
    before_ink="#a2a9b8",
    now="#6a9df5",
    breach="#ff7b72",
    above="#e6ae55",
    good="#5cc795",
    purple="#c08be0",
    teal="#5fc3d2",
    bars="#3a414e",
    ramp=("#1b2740", "#213661", "#284a8c", "#3565bd", "#4f86e6", "#86b0f7", "#c9dcfd"),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished chart in Vega-Lite's words."""

    text: str

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found

    def to_json(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Finding:
    """What a chart shows, in one sentence, and below it what is drawn, of how many."""

    title: str
    subtitle: str


def is_narrow(width: int | None) -> bool:
    return width is not None and width < NARROW


def room(width: int | None, pixels: int) -> float:
    """What part of its width a chart needs to the right of the last point for so many pixels."""
    inside = max(120, (width or USUAL_WIDTH) - 70)
    return pixels / max(40, inside - pixels)


def haloed(marks: alt.Chart, look: Look, **how: Any) -> Any:
    """A text that can be read on top of a line."""
    halo: dict[str, Any] = {"stroke": look.paper, "strokeWidth": 4, "strokeJoin": "round"}
    words: dict[str, Any] = {"font": FONT, **how}
    return marks.mark_text(**{**words, **halo}) + marks.mark_text(**words)


def dressed(
    chart: Any, look: Look, finding: Finding | None, *, width: int | None, height: int
) -> Drawn:
    """The chart as it goes to a page: `width` of all of it in pixels, None to fill a column that is
    not narrow (a title is broken into lines here, or cut off on a phone); `height` of what is
    drawn, without axis and title."""
    spec = chart.to_dict(validate=False)
    if finding is not None:
        whole = width or USUAL_WIDTH
        title, subtitle = _lines(finding.title, whole, 15), _lines(finding.subtitle, whole, 12)
        spec["title"] = {"text": title, "subtitle": subtitle}
        spec["usermeta"] = {"said": [finding.title, finding.subtitle]}
        height += 19 * len(title) + 16 * len(subtitle) + 19
    dress = {
        "config": _config(look),
        "padding": PADDING,
        "width": "container" if width is None else width,
        "height": height + _AXIS,
        "autosize": {"type": "fit", "contains": "padding"},
    }
    # A board's own rows may hold days, which JSON does not know.
    return Drawn(json.dumps({**spec, **dress}, default=str))


def together(charts: Sequence[Any], *, columns: int, width: int) -> dict[str, Any]:
    """Charts that the page lays beside each other, as one, to be taken along as a picture."""
    found: dict[str, Any] = {"concat": [], "columns": columns, "datasets": {}}
    for number, chart in enumerate(charts):
        # Names hold within one chart, and would be twice in one of many.
        spec = json.loads(json.dumps(chart.to_dict()).replace('"chosen"', f'"chosen_{number}"'))
        found["datasets"] |= spec.pop("datasets", {})
        found |= {name: spec.pop(name) for name in ("$schema", "config") if name in spec}
        for name in ("autosize", "padding"):
            spec.pop(name, None)
        found["concat"].append({**spec, "width": width})
    return found


def _lines(text: str, width: int, size: int) -> list[str]:
    """Vega breaks no lines."""
    whole = text.replace(" = ", "\u00a0=\u00a0")
    lines = textwrap.wrap(whole, max(20, int((width - 12) / (size * _LETTER)))) or [""]
    return [line.strip("· ") for line in lines]


def _config(look: Look) -> Mapping[str, Any]:
    words: dict[str, Any] = {"labelFont": FONT, "titleFont": FONT, "labelColor": look.quiet}
    axis = {
        **words,
        "titleColor": look.quiet,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domain": False,
        "ticks": False,
        "gridColor": look.grid,
        "labelPadding": 6,
    }
    return {
        "background": look.paper,
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False},
        "title": {
            "font": FONT,
            "fontSize": _TITLE,
            "fontWeight": 600,
            "color": look.ink,
            "anchor": "start",
            "lineHeight": 19,
            "subtitleFont": FONT,
            "subtitleColor": look.quiet,
            "subtitleFontSize": _SUBTITLE,
            "subtitleLineHeight": 16,
            "subtitlePadding": 5,
            "offset": 14,
        },
        "legend": {
            **words,
            "labelColor": look.ink,
            "titleColor": look.quiet,
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "orient": "top",
            "offset": 4,
        },
    }
