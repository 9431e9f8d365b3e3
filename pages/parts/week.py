"""A week of hours to be typed, and to be read in one line."""

from collections.abc import Sequence

import streamlit as st

from inbox.words import _, each, mark

DAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
_EMPTY = {"off": mark("off"), "closed": mark("closed")}
_SHORT = dict(
    enumerate(
        (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
    )
)


def typed(key: str, hours: str, empty: str) -> list[str]:
    """Seven lines, each the day and the field beside it, filled with `hours` as they are kept;
    `empty` is what a day without hours is, off or closed."""
    lines = hours.split("\n") if hours else [""] * len(DAYS)
    return [
        _day(
            f"{key}_{n}",
            day,
            lines[n].replace(" ", ", ") if n < len(lines) else "",
            empty if any(lines) else None,
        )
        for n, day in enumerate(DAYS)
    ]


def named(field: str) -> str:
    """The weekday of a refused field like `hours_0`; empty for another field."""
    day = field.removeprefix("hours_")
    return _(DAYS[int(day)]) if day.isdigit() else ""


def said(hours: str) -> str:
    """“Mon–Fri 08:00-17:00, Sat 10:00-14:00”: neighbours with the same hours together."""
    lines, short = hours.split("\n"), each(_SHORT)
    runs: list[tuple[int, int]] = []
    for day, line in enumerate(lines):
        if runs and line and lines[runs[-1][0]] == line and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day)
        elif line:
            runs.append((day, day))
    return ", ".join(f"{_run(short, run)} {lines[run[0]].replace(' ', ' + ')}" for run in runs)


def _run(short: dict[int, str], run: Sequence[int]) -> str:
    first, last = run
    return short[first] if first == last else f"{short[first]}–{short[last]}"


def _day(key: str, day: str, hours: str, empty: str | None) -> str:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.markdown(_(day), width=84)
        return st.text_input(
            _(day),
            hours,
            key=key,
            label_visibility="collapsed",
            placeholder=_(_EMPTY[empty]) if empty else "",
            width="stretch",
        )
