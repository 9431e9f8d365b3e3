"""Pilot: whether it helped, by the rule that was set before it began."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from inbox import clock, judging, pilot_mail, pilots, summaries
from inbox.pilot import Verdict
from inbox.pilot_mail import Told
from inbox.pilot_plans import Pilot
from inbox.words import _, mark
from pages.parts import (
    desk,
    figure,
    numbers,
    pilot_charts,
    pilot_form,
    pilot_paper,
    pilot_rows,
    pilot_words,
    sheet,
    tiles,
    verdict,
)
from pages.parts.charts import axes
from pages.parts.escape import plain, quiet
from pages.parts.figure import NOTHING, Picked

viewer = desk.me()
COLUMNS = ["conversation_id", "mailbox_id", "began", "is_pilot", "is_answered", "seconds"]
_OPENED = {
    "doubled_before": mark("Duplicates before"),
    "doubled": mark("Duplicates in the pilot"),
    "unanswered_before": mark("Without an answer, before"),
    "unanswered": mark("Without an answer, in the pilot"),
    "elsewhere": mark("Sent from elsewhere"),
}
KEPT = ("derived", "intended_pairs", "pilot_versions", "calendar_versions", "mailboxes")
_COLOURS = {"keep": "green", "promising": "blue", "worse": "red"}


def chosen(known: list[Pilot]) -> Pilot:
    """Which pilot, as the address says: the newest without a word."""
    if len(known) == 1:
        return known[0]
    ids = [one.id for one in known]
    told = st.query_params.get("pilot", "")
    if st.session_state.get("told_pilot") != told:
        st.session_state["told_pilot"] = told
        st.session_state["pilot_chosen"] = int(told) if told in map(str, ids) else ids[0]
    called = {one.id: pilot_words.called(one, names()) for one in known}
    wanted = st.selectbox(
        _("Pilot"), ids, format_func=lambda one: plain(called[one]), key="pilot_chosen"
    )
    if wanted != ids[0] or told:
        st.query_params["pilot"] = st.session_state["told_pilot"] = str(wanted)
    return next(one for one in known if one.id == wanted)


def names() -> dict[int, str]:
    return {sign.id: sign.name for sign in desk.signs()}


def hour(now: datetime) -> datetime:
    """A verdict is as of the last full hour: within it nothing has to be reckoned again."""
    return now.replace(minute=0, second=0, microsecond=0)


def read(one: Pilot, now: datetime) -> Told:
    """Kept for all who may read the pilot, one answer a pilot: its table of waits is large, and
    nothing in it is newer than the last full hour."""
    return desk.house().memory.answer(
        lambda db: pilot_mail.told(db, viewer, one, now=hour(now)), "pilot", one, tables=KEPT
    )


def head(one: Pilot, found: Verdict, now: datetime) -> None:
    """The verdict in words, and how final it is."""
    with st.container(key="pilot_verdict", border=True):
        if one.state(now) in {"planned", "withdrawn"}:
            st.markdown(f"### {plain(pilot_words.standing(one, now=now))}")
        else:
            colour = _COLOURS.get(found.kind, "gray")
            title, _sep, rest = verdict.said(found, one.plan.rule).partition(" · ")
            st.markdown(f"### :{colour}[{plain(title)}]")
            more = (
                rest,
                pilot_words.standing(one, now=now),
                pilot_words.enough(found, one, now=now),
            )
            st.markdown("  \n".join(plain(line) for line in more if line))
        lines = (
            pilot_words.rule(one.plan),
            pilot_words.was_set(one),
            pilot_words.periods(one.plan),
        )
        st.markdown("  \n".join(quiet(line) for line in lines))


def compared(one: Pilot, found: Verdict, told: Told) -> None:
    rows = pilot_rows.rows(found, told, one.plan.rule)
    cells = [
        (f"**{plain(row.name)}**", plain(row.before), plain(row.pilot), plain(row.change))
        for row in rows
    ]
    sheet.table("pilot", [plain(word) for word in pilot_rows.head()], cells, numbers=3)


def opened(told: Told) -> Picked:
    """The conversations behind a figure of the table."""
    waits = told.waits.loc[~told.waits["is_answered"].astype(bool)]
    is_pilot = waits["is_pilot"].astype(bool)
    found = {
        "doubled_before": told.doubled[0],
        "doubled": told.doubled[1],
        "unanswered_before": figure.longest(waits.loc[~is_pilot]),
        "unanswered": figure.longest(waits.loc[is_pilot]),
        "elsewhere": told.elsewhere,
    }
    which = tiles.choose("opened_pilot", {one: _(name) for one, name in _OPENED.items()})
    return (found[which], _(_OPENED[which])) if which else NOTHING


def charts(one: Pilot, found: Verdict, told: Told) -> Picked:
    dress, rows = figure.dress(), told.waits[COLUMNS]
    left, right = st.columns(2, gap="medium")
    with left:
        picks = [by_week(one, found, told, rows)]
    with right:
        chart = pilot_charts.by_patience(one, told, dress)
        picks.append(by_patience(told, figure.show("curve", chart, rows, metric="first_response")))
    return figure.latest(*picks)


def by_week(one: Pilot, found: Verdict, told: Told, rows: pd.DataFrame) -> Picked:
    chart = pilot_charts.by_week(one, told, found, figure.dress())
    for pressed in figure.show("trend", chart, rows, metric="first_response"):
        monday = str(pressed["week_iso"])
        zone = ZoneInfo(one.plan.time_zone)
        inside = summaries.of_week(pilot_charts.named(told), zone, monday)
        return figure.longest(inside), _("Week of {day}").format(day=monday)
    return NOTHING


def by_patience(told: Told, pressed: figure.Chosen) -> Picked:
    for mark_ in pressed:
        least, is_pilot = float(mark_["seconds"]), mark_["period"] == "now"
        waits = told.waits
        inside = waits.loc[(waits["seconds"] >= least) & (waits["is_pilot"] == is_pilot)]
        said = _("In the pilot, at least {time}") if is_pilot else _("Before, at least {time}")
        return figure.longest(inside), said.format(time=axes.lasting(least))
    return NOTHING


def differed(found: Verdict) -> None:
    """What else may explain it, the large ones marked."""
    sheet.section(_("What else was different"))
    st.caption(_("Marked: large enough to explain the verdict by itself."))
    lines = [
        f"- :orange[**{plain(verdict.confounder(one))}**]"
        if one.is_large
        else f"- {plain(verdict.confounder(one))}"
        for one in found.confounders
    ]
    st.markdown("\n".join(lines))


def show(one: Pilot, others: list[Pilot], now: datetime) -> None:
    told = read(one, now)
    found = judging.verdict(one.plan.rule, told.before, told.pilot)
    head(one, found, now)
    pilot_paper.downloads(one, others, told, found, now=now)
    compared(one, found, told)
    figure.behind(figure.latest(opened(told), charts(one, found, told)))
    differed(found)
    sheet.section(_("What the numbers cannot tell"))
    said = pilot_words.caveats(told, one, others, now=now)
    st.markdown("\n".join(f"- {plain(line)}" for line in said))


about = _(
    "Before is the mail that was here already, the pilot what came since its first day. Both are "
    "told by what mail alone shows, and judged by a rule that was set before."
)
with numbers.page("pilot", about):
    now, known = clock.now(), desk.remembered(("pilot_versions", "agents"), pilots.of_viewer)
    if known:
        one = chosen(known)
        its = set(one.plan.mailboxes)
        show(one, [p for p in known if p.id != one.id and its & set(p.plan.mailboxes)], now)
        pilot_form.around(viewer, one, now)
    else:
        st.info(
            _("No pilot yet. Set its rule before it begins, so that nobody can choose it later.")
        )
    pilot_form.plan(viewer, known, now)
