"""Response time: how long a first answer takes, and who waits still."""

from typing import Any

import pandas as pd
import streamlit as st

from inbox import insight, summaries
from inbox.insight import Asked
from inbox.statistics import waits
from inbox.summaries import Told
from inbox.words import _, mark
from pages.parts import desk, figure, numbers, period, sheet, tiles, times
from pages.parts.charts import arrivals, axes, spread, still_waiting, trend
from pages.parts.charts.look import Look
from pages.parts.escape import plain
from pages.parts.figure import NOTHING, Picked
from pages.parts.filter_bar import CHANNEL_NAMES
from pages.parts.period import Chosen
from pages.parts.tiles import Tile

viewer = desk.me()
zone = times.zone()
_TILES = {
    "answered": mark("Answered"),
    "waiting": mark("Wait now"),
    "closed_unanswered": mark("Closed without a word"),
}
METRIC = "first_response"
MOST_ROWS = 25
COLUMNS = ["conversation_id", "mailbox_id", "began", "state", "seconds", "business_seconds"]


def counted(asked: Asked, chosen: Chosen) -> pd.DataFrame:
    """First waits that began in a period, counted as chosen."""
    found = desk.look(insight.first_waits, asked, now=chosen.now)
    return summaries.timed(found, is_business=chosen.is_business)


def top(found: Told, before: Told, waiting: pd.DataFrame) -> None:
    """Who waits now stands beside the rest, whatever the period: they are in no median."""
    share = found.n / max(1, found.n + found.waiting + found.unanswered)
    oldest = axes.lasting(waiting["seconds"].max()) if len(waiting) else ""
    tiles.row(
        [
            Tile(
                _("Median first response"), axes.lasting(found.p50), change(found.p50, before.p50)
            ),
            Tile(_("90th percentile"), axes.lasting(found.p90), change(found.p90, before.p90)),
            Tile(
                _("Answered"),
                axes.count(found.n),
                _("{share} of all").format(share=axes.per_cent(share)),
            ),
            Tile(
                _("Wait now"),
                axes.count(len(waiting)),
                _("longest {time}").format(time=oldest) if oldest else "",
            ),
            Tile(_("Closed without a word"), axes.count(found.unanswered), ""),
        ]
    )


def opened(found: pd.DataFrame, waiting: pd.DataFrame) -> Picked:
    """The conversations of the tile that was chosen to be opened."""
    which = tiles.choose("opened_tile", {one: _(name) for one, name in _TILES.items()})
    if which is None:
        return NOTHING
    if which == "waiting":
        return figure.longest(waiting), _(_TILES[which])
    return figure.longest(found.loc[found["state"] == which]), _(_TILES[which])


def change(now: float, before: float) -> str:
    if not before > 0 or not now >= 0:
        return ""
    return _("{time} before").format(time=axes.lasting(before))


def charts(chosen: Chosen, found: pd.DataFrame) -> Picked:
    """The figures, and the conversations behind what was pressed in the last of them."""
    dress, rows = figure.dress(), found[COLUMNS]
    picks = [by_week(chosen, found, dress, rows)]
    left, right = st.columns(2, gap="medium")
    with left:
        picks.append(by_length(chosen, found, dress, rows))
    with right:
        picks.append(by_patience(chosen, found, dress, rows))
    picks.append(by_hour(found, dress, rows))
    return figure.latest(*picks)


def by_week(chosen: Chosen, found: pd.DataFrame, dress: Look, rows: pd.DataFrame) -> Picked:
    since, until = chosen.asked.since, chosen.asked.until
    weeks = summaries.weeks(found, zone, since=since, until=until)
    chart = trend.chart(weeks, dress, is_business=chosen.is_business)
    for pressed in figure.show("trend", chart, rows, metric=METRIC):
        monday = str(pressed["week_iso"])
        inside = summaries.of_week(found, zone, monday)
        return figure.longest(inside), _("Week of {day}").format(day=monday)
    return NOTHING


def by_length(chosen: Chosen, found: pd.DataFrame, dress: Look, rows: pd.DataFrame) -> Picked:
    seconds, waiting = summaries.answered(found)["seconds"], summaries.told(found).waiting
    chart = spread.chart(seconds, dress, waiting=waiting, is_business=chosen.is_business)
    for pressed in figure.show("spread", chart, rows, metric=METRIC):
        low, high = pressed["from_seconds"], pressed["to_seconds"]
        inside = summaries.between(found, low, high)
        return figure.longest(inside), _("Waits from {time} on").format(time=axes.lasting(low))
    return NOTHING


def by_patience(chosen: Chosen, found: pd.DataFrame, dress: Look, rows: pd.DataFrame) -> Picked:
    curve = waits.curve(found["seconds"], found["state"] == "answered")
    chart = still_waiting.chart(curve, dress, is_business=chosen.is_business)
    for pressed in figure.show("curve", chart, rows, metric=METRIC):
        least = float(pressed["seconds"])
        inside = found.loc[found["seconds"] >= least]
        return figure.longest(inside), _("At least {time}").format(time=axes.lasting(least))
    return NOTHING


def by_hour(found: pd.DataFrame, dress: Look, rows: pd.DataFrame) -> Picked:
    cells = summaries.hours(found, zone)
    chart = arrivals.chart(cells, dress, zone=str(zone), width=figure.room())
    for pressed in figure.show("arrivals", chart, rows, metric=METRIC):
        weekday, hour = int(pressed["weekday"]), int(pressed["hour"])
        inside = summaries.of_hour(found, zone, weekday, hour)
        said = _("{day}, from {hour}:00")
        return figure.longest(inside), said.format(day=_(times.DAYS[weekday]), hour=f"{hour:02d}")
    return NOTHING


def compared(found: pd.DataFrame) -> None:
    """By mailbox, by tag, by how mail came where that differs, and by colleague for who may compare
    them."""
    boxes = {sign.id: sign.name for sign in desk.signs()}
    tagged = summaries.tagged(found)
    ways = {way: _(name) for way, name in CHANNEL_NAMES.items()}
    came = found if found["channel"].nunique() > 1 else found.iloc[:0]
    for title, rows, column, names in (
        (_("By mailbox"), found, "mailbox_id", boxes),
        (_("By tag"), tagged, "tag", {tag: tag for tag in tagged["tag"].unique()}),
        (_("By how it came"), came, "channel", ways),
        (_("By colleague"), found, "agent_id", team()),
    ):
        grouped(title, column, summaries.groups(rows, column, names))
    few = _("Grey: fewer than {n}, which says little.").format(n=summaries.FEW)
    both = _("What has two tags is counted for both.") if len(tagged) else ""
    st.caption(plain(f"{few} {both}".strip()))


def grouped(title: str, column: str, rows: pd.DataFrame) -> None:
    if rows.empty:
        return
    sheet.section(plain(title))
    head = ("", _("Answered"), _("Median"), _("90th percentile"))
    lines = [line(row) for row in rows.head(MOST_ROWS).to_dict("records")]
    sheet.table(f"fit_{column}", head, lines, numbers=3)


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
with numbers.page("response", about):
    chosen = period.choose()
    found, before = counted(chosen.asked, chosen), counted(chosen.before, chosen)
    asked = chosen.asked
    waiting = desk.look(insight.still_waiting, asked.mailbox_id, asked.tag, now=chosen.now)
    top(summaries.told(found), summaries.told(before), waiting)
    figure.behind(figure.latest(opened(found, waiting), charts(chosen, found)))
    compared(found)
