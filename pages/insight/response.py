"""Response time: how long a first answer takes, and who waits still."""

from typing import Any

import pandas as pd
import streamlit as st

from inbox import insight, summaries
from inbox.insight import Asked
from inbox.statistics import waits
from inbox.summaries import Told
from inbox.words import _, mark
from pages.parts import desk, figure, period, sheet, times
from pages.parts.charts import arrivals, axes, spread, still_waiting, trend
from pages.parts.escape import plain
from pages.parts.period import Chosen

viewer = desk.me()
zone = times.zone()
_TILES = {
    "answered": mark("Answered"),
    "waiting": mark("Wait now"),
    "closed_unanswered": mark("Closed without a word"),
}
COLUMNS = ["conversation_id", "mailbox_id", "began", "state", "seconds", "business_seconds"]


def counted(asked: Asked, chosen: Chosen) -> pd.DataFrame:
    """First waits that began in a period, counted as chosen."""
    found = desk.look(insight.first_waits, asked, now=chosen.now)
    return summaries.timed(found, is_business=chosen.is_business)


def tiles(found: Told, before: Told, waiting: pd.DataFrame) -> None:
    """Who waits now stands beside the rest, whatever the period: they are in no median."""
    share = found.n / max(1, found.n + found.waiting + found.unanswered)
    oldest = axes.lasting(waiting["seconds"].max()) if len(waiting) else ""
    with st.container(key="tiles", horizontal=True):
        tile(_("Median first response"), axes.lasting(found.p50), change(found.p50, before.p50))
        tile(_("90th percentile"), axes.lasting(found.p90), change(found.p90, before.p90))
        tile(
            _("Answered"),
            axes.count(found.n),
            _("{share} of all").format(share=axes.per_cent(share)),
        )
        tile(
            _("Wait now"),
            axes.count(len(waiting)),
            _("longest {time}").format(time=oldest) if oldest else "",
        )
        tile(_("Closed without a word"), axes.count(found.unanswered), "")


def opened(found: pd.DataFrame, waiting: pd.DataFrame) -> tuple[list[int], str]:
    """The conversations of the tile that was chosen to be opened."""
    which = st.pills(
        _("Show the conversations"),
        list(_TILES),
        format_func=lambda one: _(_TILES[one]),
        key="opened_tile",
        label_visibility="collapsed",
    )
    if which is None:
        return [], ""
    if which == "waiting":
        return ids(waiting), _(_TILES[which])
    return ids(found.loc[found["state"] == which]), _(_TILES[which])


def tile(name: str, value: str, about: str) -> None:
    st.metric(
        plain(name),
        plain(value),
        plain(about) or None,
        delta_color="off",
        delta_arrow="off",
        border=True,
        width="stretch",
        height="stretch",
    )


def change(now: float, before: float) -> str:
    if not before > 0 or not now >= 0:
        return ""
    return _("{time} before").format(time=axes.lasting(before))


def charts(chosen: Chosen, found: pd.DataFrame) -> tuple[list[int], str]:
    """The figures, and the conversations behind what was pressed in one of them."""
    dress, told = figure.dress(), summaries.answered(found)
    rows = found[COLUMNS]
    since, until = chosen.asked.since, chosen.asked.until
    weeks = summaries.weeks(found, zone, since=since, until=until)
    picked: tuple[list[int], str] = ([], "")
    marks = figure.show(
        "trend",
        trend.chart(weeks, dress, is_business=chosen.is_business),
        rows,
        metric="first_response",
    )
    if marks:
        week = pd.Timestamp(marks[0]["week"], unit="ms")
        local = summaries.local(told["began"], zone)
        inside = told.loc[(local >= week) & (local < week + pd.Timedelta(days=7))]
        picked = ids(inside), _("Week of {day}").format(day=f"{week:%Y-%m-%d}")
    left, right = st.columns(2, gap="medium")
    with left:
        marks = figure.show(
            "spread",
            spread.chart(
                told["seconds"],
                dress,
                waiting=summaries.told(found).waiting,
                is_business=chosen.is_business,
            ),
            rows,
            metric="first_response",
        )
        if marks:
            low, high = marks[0]["from_seconds"], marks[0]["to_seconds"]
            high = float("inf") if high is None else high
            inside = told.loc[(told["seconds"] >= low) & (told["seconds"] < high)]
            picked = ids(inside), _("Waits from {time} on").format(time=axes.lasting(low))
    with right:
        marks = figure.show(
            "curve",
            still_waiting.chart(
                waits.curve(found["seconds"], found["state"] == "answered"),
                dress,
                is_business=chosen.is_business,
            ),
            rows,
            metric="first_response",
        )
        if marks:
            least = float(marks[0]["seconds"])
            inside = found.loc[found["seconds"] >= least]
            picked = ids(inside), _("At least {time}").format(time=axes.lasting(least))
    marks = figure.show(
        "arrivals",
        arrivals.chart(summaries.hours(found, zone), dress, zone=str(zone), width=figure.room()),
        rows,
        metric="first_response",
        is_fixed=True,
    )
    if marks:
        weekday, hour = int(marks[0]["weekday"]), int(marks[0]["hour"])
        local = summaries.local(told["began"], zone)
        inside = told.loc[(local.dt.weekday == weekday) & (local.dt.hour == hour)]
        day = _(times.DAYS[weekday])
        picked = ids(inside), _("{day}, from {hour}:00").format(day=day, hour=f"{hour:02d}")
    return picked


def ids(found: pd.DataFrame) -> list[int]:
    """Whoever waited longest first."""
    return [int(one) for one in found.sort_values("seconds", ascending=False)["conversation_id"]]


def compared(found: pd.DataFrame) -> None:
    """By mailbox, and by colleague for who may compare them."""
    boxes = {sign.id: sign.name for sign in desk.signs()}
    by = [(_("By mailbox"), "mailbox_id", boxes), (_("By colleague"), "agent_id", team())]
    for title, column, names in by:
        rows = summaries.groups(found, column, names)
        if rows.empty:
            continue
        sheet.section(plain(title))
        head = ("", _("Answered"), _("Median"), _("90th percentile"))
        sheet.table(column, head, [line(row) for row in rows.to_dict("records")], numbers=3)
    st.caption(_("Grey: fewer than {n}, which says little.").format(n=summaries.FEW))


def team() -> dict[int, str]:
    return desk.remembered(("agents", "memberships"), insight.names)


def line(row: dict[Any, Any]) -> tuple[str, ...]:
    cells = (axes.count(row["n"]), axes.lasting(row["p50"]), axes.lasting(row["p90"]))
    is_few = row["n"] < summaries.FEW
    return (
        plain(row["name"], 60),
        *(f":gray[{plain(cell)}]" if is_few else plain(cell) for cell in cells),
    )


about = _(
    "From a customer's first message to the first answer of a person. Press any mark to see the "
    "conversations it stands for."
)
with sheet.page("response", _("Response time"), about, width=sheet.WIDE):
    chosen = period.choose()
    found, before = counted(chosen.asked, chosen), counted(chosen.before, chosen)
    asked = chosen.asked
    waiting = desk.look(insight.still_waiting, asked.mailbox_id, asked.tag, now=chosen.now)
    tiles(summaries.told(found), summaries.told(before), waiting)
    of_tile, of_chart = opened(found, waiting), charts(chosen, found)
    picked, words = of_chart if of_chart[0] else of_tile
    if picked:
        figure.behind(picked, about=words)
    compared(found)
