"""Mails that two people answered, as a list of cases, each of which opens."""

from dataclasses import fields
from datetime import datetime, tzinfo
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from inbox import insight
from inbox.insight import Behind
from inbox.words import _, mark
from pages.parts import beside, desk, names, sheet, times
from pages.parts.beside import Pair
from pages.parts.charts import axes
from pages.parts.escape import plain, quiet

SHOWN = 20
WHICH = {
    "different_answers": mark("Different answers"),
    "overlapping": mark("Overlapping"),
    "same_answer_twice": mark("Same answer twice"),
    "is_collision": mark("Within an hour"),
    "is_outside": mark("One sent from another program"),
    "is_stale": mark("The customer had written again"),
    "is_intended": mark("Both were meant"),
}


def _narrowed(found: pd.DataFrame) -> pd.DataFrame:
    """The pairs of one kind, or of all."""
    counts = {name: int(_of(found, name).sum()) for name in WHICH}
    which = st.pills(
        _("Kind"),
        list(WHICH),
        format_func=lambda one: f"{_(WHICH[one])} · {counts[one]:,}",
        key="kind",
        label_visibility="collapsed",
    )
    return found if which is None else found.loc[_of(found, which)]


def _of(found: pd.DataFrame, which: str) -> "pd.Series[bool]":
    return found[which] if which.startswith("is_") else found["kind"] == which


def show(found: pd.DataFrame, pressed: list[int], *, now: datetime, where: tzinfo) -> None:
    """The pairs, newest first; those of the conversation that was pressed are open, and alone."""
    sheet.section(_("Cases"))
    own = found.loc[found["conversation_id"].isin(pressed)] if pressed else _narrowed(found)
    if own.empty:
        st.markdown(_("No such pair in this period."))
        return
    opened = st.query_params.get("case", "")
    top = own.iloc[:SHOWN]
    # A link may lead to one that is further down than is shown.
    led_to = own["second_message_id"].astype(str) == opened
    listed = pd.concat([own.loc[led_to & ~own.index.isin(top.index)], top])
    about = {one.conversation_id: one for one in _behind(listed)}
    with st.container(key="rows_cases", border=True):
        for row in listed.to_dict("records"):
            number = str(row["second_message_id"])
            is_open = bool(pressed) or number == opened
            with st.container(key=f"row_case_{number}"):
                with _line(number):
                    title = _title(about.get(row["conversation_id"]))
                    st.markdown(f"{title}  \n{_told(row, now, where)}", width="stretch")
                    if not pressed:
                        _opener(number, is_open)
                if is_open:
                    known = {one.name: row[one.name] for one in fields(Pair)}
                    beside.show(Pair(**known))
    if len(own) > SHOWN:
        st.caption(_("The first {n} are shown; CSV holds them all.").format(n=SHOWN))


def _behind(listed: pd.DataFrame) -> list[Behind]:
    return desk.look(insight.behind, listed["conversation_id"].drop_duplicates().tolist())


def _line(number: str) -> DeltaGenerator:
    return st.container(key=f"line_case_{number}", horizontal=True, vertical_alignment="center")


def _opener(number: str, is_open: bool) -> None:
    st.button(
        _("Close") if is_open else _("Side by side"),
        key=f"case_{number}",
        on_click=_turn,
        args=("" if is_open else number,),
    )


def _turn(number: str) -> None:
    """Open one of them, or none; it stands in the address."""
    if number:
        st.query_params["case"] = number
    else:
        st.query_params.pop("case", None)


def _title(about: Behind | None) -> str:
    if about is None:
        return plain(_("(no subject)"))
    who = names.shown(about.contact_name, about.contact_address) or _("the customer")
    return f"**{plain(about.subject, 80) or _('(no subject)')}** {quiet(who, 60)}"


def _told(row: dict[Any, Any], now: datetime, where: tzinfo) -> str:
    """Who answered when, and who so much later; what kind of pair it is."""
    when = times.said(row["first_at"].to_pydatetime(), now=now, where=where)
    later = _("{time} later").format(time=axes.lasting(row["gap_seconds"]))
    flags = [
        plain(_(WHICH[name]))
        for name in (row["kind"], "is_outside", "is_stale", "is_intended")
        if not name.startswith("is_") or row[name]
    ]
    who = f"{plain(row['first_name'], 40)} {plain(when)}, {plain(row['second_name'], 40)}"
    said = f"{who} {plain(later)} · {' · '.join(flags)}"
    return f":gray[{said}]" if row["is_intended"] else said
