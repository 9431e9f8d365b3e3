"""Load: how deep the queue was, what nobody had, and who carried how much of it."""

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from inbox import levels, summaries, workload
from inbox.insight import Asked
from inbox.words import _
from inbox.workload import NOBODY, Grid, Moment
from pages.parts import desk, figure, numbers, period, queue, sheet, tiles, times
from pages.parts.charts import axes, depth, handled, load, shift_ends
from pages.parts.escape import plain
from pages.parts.figure import NOTHING, Picked
from pages.parts.period import Chosen
from pages.parts.tiles import Tile

viewer = desk.me()
zone = times.zone()
# Of so many days each has a column of its own; of more, each week.
MOST_DAYS, MOST_SMALL = 31, 12


def local(found: pd.DataFrame, column: str) -> pd.DataFrame:
    """With `at`, the moment as the viewer's clock shows it."""
    moments = pd.to_datetime(found[column])
    return found.assign(utc=moments, at=summaries.local(moments, zone).dt.floor("min"))


def at(found: pd.DataFrame, at_iso: object) -> datetime:
    """The moment (naive UTC) of the row with this local time."""
    row = found.loc[found["at"].dt.strftime("%Y-%m-%dT%H:%M") == str(at_iso)].iloc[0]
    return pd.Timestamp(row["utc"]).to_pydatetime()


def queue_depth(asked: Asked, stood: pd.DataFrame) -> Picked:
    chart = depth.chart(stood, figure.dress(), width=figure.room())
    names = {"open": _("Open"), "waiting": _("Wait"), "unassigned": _("Unassigned")}
    for pressed in figure.show("depth", chart, rows(stood), metric="queue_depth"):
        moment = at(stood, pressed["at_iso"])
        kind = str(pressed["kind"])
        if kind == "waiting":
            found = desk.look(workload.waiting_then, asked, moment)
        else:
            who = NOBODY if kind == "unassigned" else None
            found = desk.look(workload.open_then, asked, Moment(at=moment, agent_id=who))
        return found, f"{names.get(kind, '')}, {dated(moment)}"
    return NOTHING


def ends_of_shifts(asked: Asked, ends: pd.DataFrame) -> Picked:
    chart = shift_ends.chart(ends, figure.dress(), width=figure.room())
    metric = "unassigned_at_shift_end"
    for pressed in figure.show("shift_ends", chart, rows(ends), metric=metric):
        moment = at(ends, pressed["at_iso"])
        closed = tuple(ends.loc[ends["utc"] == moment, "mailboxes"].iloc[0])
        then = Moment(at=moment, agent_id=NOBODY, stood_in=closed)
        found = desk.look(workload.open_then, asked, then)
        return found, _("Unassigned, {moment}").format(moment=dated(moment))
    return NOTHING


def ends(asked: Asked) -> pd.DataFrame:
    """One row for each moment at which any mailbox closed: two that close together are one."""
    told = desk.look(workload.shift_ends, asked)
    told["lain"] = told["mean_seconds"] * told["unassigned"]
    found = told.groupby("shift_ended_at", as_index=False).agg(
        unassigned=("unassigned", "sum"),
        lain=("lain", "sum"),
        longest_seconds=("longest_seconds", "max"),
        mailboxes=("mailbox_id", list),
    )
    found["mean_seconds"] = found["lain"] / found["unassigned"].where(found["unassigned"] > 0)
    return local(found, "shift_ended_at")


def by_day(asked: Asked, days: pd.DataFrame) -> Picked:
    team = days.loc[days["agent_id"].isna(), ["day", "handled"]]
    chart = handled.by_day(team, figure.dress(), width=figure.room())
    for pressed in figure.show("handled", chart, team, metric="agent_load"):
        day = date.fromisoformat(str(pressed["day_iso"]))
        found = desk.look(workload.handled_then, asked, first=day, last=day)
        return found, _("Handled on {day}").format(day=handled.said(pd.Timestamp(day)))
    return NOTHING


def carried(asked: Asked, changes: pd.DataFrame, grid: Grid) -> Picked:
    """What each colleague had open, from one moment to the next."""
    found = local(levels.by_colleague(changes, grid, names()), "at")
    if found.empty:
        return NOTHING
    said = load.finding(found)
    small = load.charts(found, figure.dress(), width=figure.room())
    most = dict(list(small.items())[:MOST_SMALL])
    for pressed in figure.several("load", said, most, rows(found), metric="agent_load"):
        who = str(pressed["agent"])
        moment = Moment(
            at=at(found, pressed["at_iso"]),
            agent_id=int(found.loc[found["agent"] == who, "agent_id"].iloc[0]),
        )
        told = desk.look(workload.open_then, asked, moment)
        return told, _("Open with {name}").format(name=f"{who}, {dated(moment.at)}")
    return NOTHING


def fairly(asked: Asked, days: pd.DataFrame) -> Picked:
    """What each colleague handled, by day or by week, and whether somebody did more than a part."""
    known = levels.distinct(names())
    told = levels.handled(days)
    is_weekly = (asked.until - asked.since).days > MOST_DAYS
    theirs = days.loc[days["agent_id"].isin(known)].copy()
    if theirs.empty:
        return NOTHING
    theirs["begins"] = pd.to_datetime(theirs["day"])
    if is_weekly:
        theirs["begins"] -= pd.to_timedelta(theirs["begins"].dt.weekday, unit="D")
    cells = theirs.groupby(["agent_id", "begins"], as_index=False)["handled"].sum()
    order = {number: place for place, number in enumerate(told["agent_id"])}
    cells = cells.assign(agent=cells["agent_id"].map(known), place=cells["agent_id"].map(order))
    cells = cells.sort_values(["place", "begins"], ignore_index=True)
    shared = levels.shared(told)
    who = known.get(shared.agent_id, _("Somebody else")) if shared else ""
    said = handled.fair(shared, who, n=int(told["handled"].sum()), is_weekly=is_weekly)
    chart = handled.by_colleague(
        cells, figure.dress(), said, is_weekly=is_weekly, width=figure.room()
    )
    taken = cells[["agent_id", "agent", "begins", "handled"]]
    for pressed in figure.show("fair", chart, taken, metric="agent_load"):
        first = date.fromisoformat(str(pressed["begins_iso"]))
        last = first + timedelta(days=6 if is_weekly else 0)
        agent_id = int(pressed["agent_id"])
        found = desk.look(workload.handled_then, asked, agent_id, first=first, last=last)
        day = handled.said(pd.Timestamp(first))
        return found, _("Handled by {name}, {day}").format(name=known[agent_id], day=day)
    return NOTHING


def compared(asked: Asked, days: pd.DataFrame, *, is_business: bool) -> None:
    """A row for each colleague: what they handled, and how much they had open."""
    known = levels.distinct(names())
    told = levels.handled(days).set_index("agent_id")
    loads = desk.look(workload.loads, asked, is_business=is_business).set_index("agent_id")
    order = [*told.index, *(one for one in loads.index if one not in told.index)]
    lines = [line(known[one], told, loads, one) for one in order if one in known]
    if not lines:
        return
    sheet.section(_("By colleague"))
    head = ("", _("Handled"), _("Open, mean"), _("90th percentile"))
    sheet.table("carried", head, lines, numbers=3)
    kind = _("in open hours") if is_business else _("at any hour")
    said = _("Open conversations weighed by how long, {kind}, from each colleague's first on.")
    st.caption(plain(said.format(kind=kind)))


def line(name: str, told: pd.DataFrame, loads: pd.DataFrame, one: Any) -> tuple[str, ...]:
    count, mean, p90 = "0", "–", "–"
    if one in told.index:
        share = axes.per_cent(told.loc[one, "share"])
        count = f"{axes.count(told.loc[one, 'handled'])} · {share}"
    if one in loads.index:
        mean, p90 = axes.mean(loads.loc[one, "mean"]), axes.count(loads.loc[one, "p90"])
    return (plain(name, 60), plain(count), plain(mean), plain(p90))


def top(stood: pd.DataFrame, days: pd.DataFrame, closed: pd.DataFrame) -> None:
    team = days.loc[days["agent_id"].isna(), "handled"]
    now = stood.iloc[-1] if len(stood) else {"open": 0, "unassigned": 0}
    tiles.row(
        [
            Tile(_("Open"), axes.count(now["open"]), middle(stood, "open")),
            Tile(_("Unassigned"), axes.count(now["unassigned"]), middle(stood, "unassigned")),
            Tile(_("At shift end"), *at_ends(closed)),
            Tile(
                _("Handled"),
                axes.count(team.sum()),
                _("on {n} days").format(n=axes.count(len(team))) if len(team) else "",
            ),
        ]
    )


def middle(stood: pd.DataFrame, column: str) -> str:
    if stood.empty:
        return ""
    places = {"half": axes.count(stood[column].median()), "most": axes.count(stood[column].max())}
    return _("median {half}, at most {most}").format(**places)


def at_ends(closed: pd.DataFrame) -> tuple[str, str]:
    """How much nobody had, on average, and the worst of it."""
    if closed.empty:
        return "–", ""
    worst = _("mean; at worst {n}").format(n=axes.count(closed["unassigned"].max()))
    return axes.mean(closed["unassigned"].mean()), worst


def rows(found: pd.DataFrame) -> pd.DataFrame:
    """To take along: without what only the chart needs."""
    return found.drop(columns=["utc", "lain", "mailboxes"], errors="ignore")


def dated(moment: datetime) -> str:
    return times.dated(moment, where=zone)


def names() -> dict[int, str]:
    """Of whoever works here or has had something here: who left has done their part."""
    return {number: name for number, name, _works in queue.choices().assignees}


def head() -> tuple[Chosen, bool]:
    """What is asked for; and whether colleagues are left out, by choice or by right."""
    chosen = period.choose()
    box = chosen.asked.mailbox_id
    if not any(viewer.may("compare", m) for m in viewer.readable if box in (None, m)):
        return chosen, True
    return chosen, period.switch("team", _("The team only, no colleague by name"))


about = _("How much there was to do, how much of it nobody had, and how it was shared.")
with numbers.page("load", about):
    chosen, is_team = head()
    asked = chosen.asked
    grid = levels.grid(asked)
    changes = desk.look(workload.depth, asked, grid, is_team=is_team)
    stood = local(levels.depth(changes, grid), "at")
    days = desk.look(workload.handled, asked, is_team=is_team)
    closed = ends(asked)
    top(stood, days, closed)
    picks = [queue_depth(asked, stood), ends_of_shifts(asked, closed), by_day(asked, days)]
    if not is_team:
        picks += [carried(asked, changes, grid), fairly(asked, days)]
    figure.behind(figure.latest(*picks))
    if not is_team:
        compared(asked, days, is_business=chosen.is_business)
