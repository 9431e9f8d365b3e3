"""Now: what is open, who waits and for how long, and who has how much; drawn anew as it changes."""

from typing import Any

import pandas as pd
import streamlit as st

from inbox import availability, clock, present
from inbox.words import _
from pages.parts import desk, drawing, figure, numbers, period, queue, tiles, times
from pages.parts.charts import ages, axes, hands
from pages.parts.charts.hands import NOBODY
from pages.parts.escape import plain
from pages.parts.figure import NOTHING, Picked
from pages.parts.tiles import Tile

COLUMNS = ["conversation_id", "mailbox_id", "is_asleep", "seconds", "stands_seconds"]


def by(found: pd.DataFrame, column: str) -> pd.DataFrame:
    return found.sort_values(column, ascending=False)


def said(seconds: "pd.Series[float]") -> str:
    return axes.lasting(seconds.max()) if len(seconds) else "–"


def counted(found: pd.DataFrame, mailbox_id: int | None) -> dict[str, Tile]:
    """What the six tiles say of what is open."""
    waiting = by(found.loc[found["seconds"].notna()], "seconds")
    idle = found.loc[(found["agent_id"] == NOBODY) & ~found["is_asleep"]]
    idle = by(idle, "stands_seconds")
    asleep = int(found["is_asleep"].sum())
    half = waiting["seconds"].median()
    half_of = _("half of them {time} or longer").format(time=axes.lasting(half))
    share = axes.per_cent(len(idle) / max(1, len(found)))
    many = {
        "waiting": Tile(
            _("Wait now"),
            axes.count(len(waiting)),
            half_of if len(waiting) > 1 else "",
            figure.ids(waiting),
        ),
        "longest": Tile(
            _("Longest wait"), said(waiting["seconds"]), mailbox(waiting), figure.ids(waiting)[:1]
        ),
        "unassigned": Tile(
            _("Unassigned"),
            axes.count(len(idle)),
            _("{share} of what is open").format(share=share) if len(idle) else "",
            figure.ids(idle),
        ),
        "oldest": Tile(
            _("Oldest unassigned"),
            said(idle["stands_seconds"]),
            mailbox(idle),
            figure.ids(idle)[:1],
        ),
        "open": Tile(
            _("Open"),
            axes.count(len(found)),
            _("{n} of them snoozed").format(n=axes.count(asleep)) if asleep else "",
            figure.ids(by(found, "stands_seconds")),
        ),
    }
    if desk.remembered(("target_versions",), present.promises, mailbox_id):
        many["late"] = late(found, mailbox_id)
    return many


def mailbox(found: pd.DataFrame) -> str:
    """Where the first of them is, when there is more than one mailbox to be in."""
    signs = {sign.id: sign.name for sign in desk.signs()}
    return signs.get(int(found["mailbox_id"].iloc[0]), "") if len(found) and len(signs) > 1 else ""


def late(found: pd.DataFrame, mailbox_id: int | None) -> Tile:
    """Asked every half minute, as time alone makes late; what has ended meanwhile is left out."""
    minute = times.minute(clock.now())
    told = desk.remembered(("target_versions",), present.late, mailbox_id, now=minute)
    told = told.merge(found[["conversation_id", "seconds"]], on="conversation_id")
    told = told.loc[told["seconds"].notna() | (told["kind"] == "resolution")]
    worst = told.drop_duplicates("conversation_id")
    breached = worst.loc[worst["state"] == "breached"]
    at_risk = axes.count(len(worst) - len(breached))
    soon = _("{n} more soon will be").format(n=at_risk)
    return Tile(_("Over target"), axes.count(len(breached)), soon, figure.ids(worst))


def charts(found: pd.DataFrame, mailbox_id: int | None) -> Picked:
    left, right = st.columns(2, gap="medium")
    with left:
        by_age = of_ages(found)
    with right:
        by_hand = of_hands(found, mailbox_id)
    return figure.latest(by_age, by_hand)


def of_ages(found: pd.DataFrame) -> Picked:
    waiting = by(found.loc[found["seconds"].notna()], "seconds")
    chart = ages.chart(waiting["seconds"], figure.dress(), width=figure.room())
    for pressed in figure.show("ages", chart, waiting[COLUMNS], metric="still_waiting"):
        low, high = pressed["from_seconds"], pressed["to_seconds"]
        inside = waiting["seconds"] >= low
        if high is not None:
            inside &= waiting["seconds"] < high
        said_of = _("Waiting for {time} or longer").format(time=axes.lasting(low))
        return figure.ids(waiting.loc[inside]), said_of
    return NOTHING


def of_hands(found: pd.DataFrame, mailbox_id: int | None) -> Picked:
    told = team(found, mailbox_id)
    chart = hands.chart(told, figure.dress(), width=figure.room())
    rows = found[[*COLUMNS, "agent_id"]]
    for pressed in figure.show("hands", chart, rows, metric="open_now"):
        agent_id = int(pressed["agent_id"])
        theirs = by(found.loc[found["agent_id"] == agent_id], "seconds")
        name = told.loc[told["agent_id"] == agent_id, "who"]
        return figure.ids(theirs), _("Open with {name}").format(name=next(iter(name), ""))
    return NOTHING


def team(found: pd.DataFrame, mailbox_id: int | None) -> pd.DataFrame:
    """agent_id, who, name, n and waiting: nobody first, then whoever has most. Who is here stands
    there with nothing, too: they could take some."""
    minute = times.minute(clock.now())
    tables = ("agents", "absences", "shifts", "memberships")
    here = desk.remembered(tables, availability.of_teams, mailbox_id, now=minute)
    names = {number: name for number, name, _works in queue.choices().assignees}
    names |= {one.agent_id: one.name for one in here}
    is_here = {one.agent_id: one.is_here for one in here}
    n = found.groupby("agent_id")["conversation_id"].size()
    waiting = found.groupby("agent_id")["seconds"].count()
    present_ids = {number for number, on in is_here.items() if on}
    lines: list[dict[str, Any]] = []
    for number in sorted({*n.index, *present_ids} - {NOBODY}, key=lambda one: -n.get(one, 0)):
        who = names.get(number, _("Somebody else"))
        lines.append({"agent_id": number, "who": who, "name": labelled(who, is_here.get(number))})
    nobody = {"agent_id": NOBODY, "who": _("Nobody"), "name": _("Nobody")}
    frame = pd.DataFrame([nobody, *lines] if n.get(NOBODY, 0) else lines or [nobody])
    frame["n"] = [int(n.get(one, 0)) for one in frame["agent_id"]]
    frame["waiting"] = [int(waiting.get(one, 0)) for one in frame["agent_id"]]
    # Namesakes would be one bar.
    twice = frame.groupby("name").cumcount()
    frame["name"] = frame["name"] + [f" ({1 + more})" if more else "" for more in twice]
    return frame


def labelled(who: str, is_here: bool | None) -> str:
    """“Bo Ek · away”; who works here no longer is as much away as anybody."""
    return who if is_here else _("{name} · away").format(name=who)


@st.fragment(key="now")
def picture(mailbox_id: int | None, tag: str | None) -> None:
    with drawing.pane("now"):
        now = clock.now()
        found = desk.look(present.queue, mailbox_id, tag, now=now)
        of_tile = tiles.show("opened_now", counted(found, mailbox_id))
        figure.behind(figure.latest(of_tile, charts(found, mailbox_id)))
        moment = times.said(now, now=now, where=times.zone())
        st.caption(plain(_("As of {time}; drawn anew when something happens.").format(time=moment)))


about = _("The picture of this moment. Press a bar to see the conversations it stands for.")
with numbers.page("now", about):
    with st.container(key="numbers_head", horizontal=True, vertical_alignment="bottom"):
        chosen = period.where()
    picture(*chosen)
