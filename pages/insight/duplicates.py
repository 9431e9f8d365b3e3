"""Duplicate replies: who was answered twice, how often, and what both said."""

import pandas as pd
import streamlit as st

from inbox import duplicates, stops, summaries
from inbox.duplicates import Answered
from inbox.insight import Asked
from inbox.statistics import shares
from inbox.words import _, plural
from pages.parts import (
    cases,
    desk,
    drawing,
    figure,
    numbers,
    period,
    sheet,
    stopped_rows,
    tiles,
    times,
    undo,
)
from pages.parts.charts import axes
from pages.parts.charts import duplicates as timeline
from pages.parts.escape import plain
from pages.parts.period import Chosen
from pages.parts.tiles import Tile

viewer = desk.me()
zone = times.zone()
SHOWN = 20
METRIC = "duplicate_replies"
# No names: what one colleague did is not for everybody to count.
COLUMNS = [
    *("conversation_id", "mailbox_id", "turn_no", "customer_message_id", "first_message_id"),
    *("second_message_id", "began", "first_at", "at", "gap_seconds", "kind", "is_collision"),
    *("is_outside", "is_stale", "is_intended", "is_answered"),
]


def split(chosen: Chosen) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pairs of the period, and of the one before it, asked for at once."""
    asked = chosen.asked
    both = Asked(
        since=chosen.before.since,
        until=asked.until,
        mailbox_id=asked.mailbox_id,
        tag=asked.tag,
    )
    found = desk.look(duplicates.pairs, both)
    is_now = found["began"] >= pd.Timestamp(asked.since)
    return found.loc[is_now], found.loc[~is_now]


def top(found: pd.DataFrame, hits: int, hits_before: int, told: Answered) -> None:
    """The rate stands with its interval and its like of before, never alone."""
    rate = shares.wilson(hits, told.turns)
    before = timeline.per_100(hits_before, told.turns_before)
    sure = _("between {low} and {high}").format(
        low=f"{100 * rate.low:.1f}", high=f"{100 * rate.high:.1f}"
    )
    earlier = _("{n} before").format(n=before)
    rated = f"{sure} · {earlier}" if told.turns else ""
    of = _("of {n} answered turns").format(n=axes.count(told.turns))
    meant = int(found["is_intended"].sum())
    missed = _("{n} before").format(n=axes.count(told.near_misses_before))
    tiles.row(
        [
            Tile(_("Per 100 answered turns"), timeline.per_100(hits, told.turns), rated),
            Tile(_("Answered twice"), axes.count(hits), of),
            Tile(_("Both were meant"), axes.count(meant), _("in the count, not in the rate")),
            Tile(_("Stopped in time"), axes.count(told.near_misses), missed),
        ]
    )
    with st.container(key="under_rate", horizontal=True, gap="small"):
        figure.definition("rate", "duplicate_rate")


def over_time(found: pd.DataFrame, hits: int, hits_before: int, told: Answered) -> list[int]:
    """The chart; answers which conversation was pressed in it."""
    shown = found.assign(
        at=summaries.local(found["at"], zone),
        who=found["first_name"] + ", " + found["second_name"],
    )
    said = timeline.compared(len(found), (hits, told.turns), (hits_before, told.turns_before))
    chart = timeline.chart(shown, figure.dress(), turns=told.turns, found=said, width=figure.room())
    pressed = figure.show("timeline", chart, found[COLUMNS], metric=METRIC)
    return [int(one["conversation_id"]) for one in pressed]


def near_misses(asked: Asked, count: int) -> None:
    """Duplicates that did not happen."""
    sheet.section(_("Stopped in time"))
    if not count:
        st.markdown(_("No answer was stopped in this period."))
        return
    said = plural(
        "{n} answer was stopped, as a colleague or the customer was faster.",
        "{n} answers were stopped, as a colleague or the customer was faster.",
        count,
    )
    st.caption(plain(said.format(n=f"{count:,}")))
    found = desk.look(
        stops.listed,
        since=asked.since,
        until=asked.until,
        mailbox_id=asked.mailbox_id,
        tag=asked.tag,
    )
    stopped_rows.show(found[:SHOWN], viewer, now=chosen.now, where=zone)
    if count > SHOWN:
        st.caption(_("These are the newest {n}.").format(n=SHOWN))


about = _(
    "Two people answered the same mail, the second within a day. Press a dot or a case to read "
    "both answers side by side."
)
with numbers.page("duplicates", about):
    with st.container(key="undo"):
        undo.offer((drawing.WHOLE,))
    chosen = period.choose(has_clocks=False)
    pairs, earlier = split(chosen)
    answered = desk.look(duplicates.answered, chosen.asked, chosen.before)
    hits, hits_before = duplicates.doubled(pairs), duplicates.doubled(earlier)
    top(pairs, hits, hits_before, answered)
    pressed = over_time(pairs, hits, hits_before, answered)
    cases.show(pairs, pressed, now=chosen.now, where=zone)
    near_misses(chosen.asked, answered.near_misses)
