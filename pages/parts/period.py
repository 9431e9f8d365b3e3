"""Which numbers are asked for: period, mailbox, tag and clock, as they stand in the address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from inbox import clock, summaries
from inbox.insight import Asked
from inbox.words import _, mark
from pages.parts import desk, queue, times

DAYS = {7: mark("7 days"), 28: mark("4 weeks"), 91: mark("3 months"), 365: mark("A year")}
USUAL = 28
_CLOCKS = {"clock": mark("Clock"), "business": mark("Business time")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`before` is as long a time right before the period; it ends where that begins."""

    now: datetime
    asked: Asked
    before: Asked
    is_business: bool


def choose() -> Chosen:
    """The row of filters above the numbers."""
    with st.container(key="numbers_head", horizontal=True, vertical_alignment="bottom"):
        days = st.segmented_control(
            _("Period"),
            list(DAYS),
            default=USUAL,
            format_func=lambda one: _(DAYS[one]),
            key="days",
            bind="query-params",
            required=True,
        )
        kind = st.segmented_control(
            _("Counted by"),
            list(_CLOCKS),
            default="clock",
            format_func=lambda one: _(_CLOCKS[one]),
            key="by",
            bind="query-params",
            required=True,
        )
        signs = {sign.id: sign.name for sign in desk.signs()}
        box = st.selectbox(
            _("Mailbox"),
            [None, *signs],
            format_func=lambda one: _("All") if one is None else signs[one],
            key="in_mailbox",
            width=180,
        )
        tag = st.selectbox(
            _("Tag"),
            [None, *queue.choices().tags],
            format_func=lambda one: _("Any") if one is None else one,
            key="with_tag",
            width=180,
        )
    now = times.minute(clock.now())
    zone = times.zone()
    since, until = summaries.period(days or USUAL, zone, now=now)
    earlier, _end = summaries.period(2 * (days or USUAL), zone, now=now)
    return Chosen(
        now=now,
        # To the end of this minute: what came in it counts.
        asked=Asked(since=since, until=until + timedelta(minutes=1), mailbox_id=box, tag=tag),
        before=Asked(since=earlier, until=since, mailbox_id=box, tag=tag),
        is_business=kind == "business",
    )
