"""Stopped answers: what the guard kept from leaving, and what became of it."""

from collections import Counter
from datetime import datetime

import streamlit as st

from inbox import clock, stops
from inbox.stops import FATES, Stop
from inbox.words import _, mark, plural
from pages.parts import desk, sheet, stopped_rows, times
from pages.parts.escape import plain

viewer = desk.me()
now, where = clock.now(), times.zone()
PERIODS = {7: mark("7 days"), 30: mark("30 days"), 365: mark("A year")}


def sums(found: list[Stop]) -> None:
    """“4 answers were stopped: 2 edited and sent, 1 discarded, 1 still a draft.”"""
    told = Counter(stop.fate for stop in found)
    parts = [
        f"**{told[fate]:,}** {plain(_(stopped_rows.FATES[fate]).lower())}"
        for fate in FATES
        if told[fate]
    ]
    many = plural("{n} answer was stopped", "{n} answers were stopped", len(found))
    st.markdown(f"{many.format(n=len(found))}: {', '.join(parts)}.")


def period() -> datetime:
    days = st.segmented_control(
        _("Period"),
        list(PERIODS),
        default=7,
        format_func=lambda days: _(PERIODS[days]),
        key="stopped_days",
        label_visibility="collapsed",
    )
    return stops.since(days or 7, now=now)


about = _(
    "Send stops when a colleague has answered, a note was left or the customer has written while "
    "you were writing. No text was lost: it is a draft until you decide."
)
with sheet.page("stopped", _("Stopped answers"), about):
    found = desk.look(stops.listed, since=period())
    if found:
        sums(found)
        stopped_rows.show(found, viewer, now=now, where=where)
    else:
        st.markdown(_("Nothing was stopped: nobody has answered over somebody else."))
    if len(found) == stops.MOST:
        st.caption(_("These are the newest {n}.").format(n=stops.MOST))
