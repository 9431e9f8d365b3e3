"""Targets: within how long customers were to be answered, whether they were, and what is due."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from inbox import kept, promises, summaries
from inbox.kept import Kept
from inbox.promises import Pressing, Version
from inbox.targets import KINDS, Kind
from inbox.words import _, mark
from pages.parts import desk, due, figure, numbers, period, promised, sheet, tiles, times
from pages.parts.charts import axes, budget
from pages.parts.charts import kept as weekly
from pages.parts.charts.look import Look
from pages.parts.escape import plain
from pages.parts.figure import NOTHING, Picked
from pages.parts.period import Chosen
from pages.parts.tiles import Tile

viewer = desk.me()
zone = times.zone()
METRIC = "targets"
GOALS = (80, 90, 95, 99)
USUAL_GOAL = 90
FEWEST_ALLOWED = 2
_TILES = {
    "breached": mark("Late"),
    "met": mark("In time"),
    "closed_without_reply": mark("Closed without a reply"),
}


def aim() -> tuple[Kind, float]:
    """Which promise is looked at, and what share of them is to be kept."""
    kinds: list[Kind] = list(KINDS)
    period.read("kind", kinds, kinds[0])
    period.read("goal", GOALS, USUAL_GOAL)
    with st.container(key="numbers_aim", horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            _("Target"),
            kinds,
            format_func=lambda one: _(promised.KIND_NAMES[one]),
            key="period_kind",
            required=True,
        )
        goal = st.segmented_control(
            _("To be in time"),
            GOALS,
            format_func=lambda one: axes.per_cent(one / 100),
            key="period_goal",
            required=True,
        )
    kind, goal = kind or kinds[0], goal or USUAL_GOAL
    period.keep({"kind": (kind, kinds[0]), "goal": (goal, USUAL_GOAL)})
    return kind, goal / 100


def counted(chosen: Chosen) -> pd.DataFrame:
    """All that began from the earliest day on that anything here looks back to."""
    today = here(chosen)
    monthly = kept.edges(pd.DatetimeIndex([today.replace(day=1)]), zone)[0]
    lately = chosen.now - timedelta(days=kept.LOOKED_BACK)
    since = min(chosen.before.since, monthly, lately)
    days = kept.days(since, chosen.now, zone)
    edges = kept.edges(days, zone)
    return kept.dated(desk.look(promises.told, chosen.since(edges[0]), edges, now=chosen.now), days)


def here(chosen: Chosen) -> pd.Timestamp:
    """Today, where the viewer is."""
    return kept.days(chosen.now, chosen.now, zone)[0]


def inside(told: pd.DataFrame, chosen: Chosen) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of the period, and of the one before."""
    today = here(chosen)
    first = kept.days(chosen.asked.since, chosen.asked.since, zone)[0]
    earlier = kept.days(chosen.before.since, chosen.before.since, zone)[0]
    return (
        kept.between(told, first, today),
        kept.between(told, earlier, first - timedelta(days=1)),
    )


def top(found: pd.DataFrame, before: pd.DataFrame, pressing: list[Pressing]) -> None:
    late, at_risk = (pressing[0].late, pressing[0].at_risk) if pressing else (0, 0)
    many = []
    for kind in KINDS:
        one, two = (kept.of(rows.loc[rows["kind"] == kind]) for rows in (found, before))
        many.append(Tile(_(promised.KIND_NAMES[kind]), share(one), spanned(one, two)))
    many.append(Tile(_("At risk now"), axes.count(at_risk), _("less than a quarter left")))
    many.append(Tile(_("Late, still open"), axes.count(late), ""))
    tiles.row(many)


def share(one: Kept) -> str:
    return axes.per_cent(one.share.value) if one.n else "–"


def spanned(one: Kept, before: Kept) -> str:
    """The interval and of how many; what it was before, where that says anything."""
    if not one.n:
        return _("nothing due")
    said = _("{low}–{high} · n = {n}").format(
        low=axes.per_cent(one.share.low), high=axes.per_cent(one.share.high), n=axes.count(one.n)
    )
    if before.n < summaries.FEW:
        return said
    return said + _(" · before {share}").format(share=share(before))


def opened(chosen: Chosen, found: pd.DataFrame, kind: Kind) -> Picked:
    """How the promises of one kind ended, each number with its conversations."""
    counts = found.groupby("state")["n"].sum()
    words = {one: f"{_(name)}: {axes.count(counts.get(one, 0))}" for one, name in _TILES.items()}
    which = tiles.choose("opened_promise", words)
    said = _(
        "Closed without a reply is neither in time nor late. Not counted yet, as their time is not "
        "up: {n}."
    )
    st.caption(plain(said.format(n=axes.count(kept.of(found).open))))
    if which is None:
        return NOTHING
    ids = desk.look(promises.behind, chosen.asked, kind, [which], now=chosen.now)
    return ids, _(_TILES[which])


def by_week(
    chosen: Chosen, found: pd.DataFrame, kind: Kind, goal: float, what: str, dress: Look
) -> Picked:
    weeks, whole = kept.weeks(found), kept.of(found)
    chart = weekly.chart(weeks, dress, share=whole.share, goal=goal, about=what)
    for pressed in figure.show("kept", chart, weeks, metric=METRIC):
        monday = pd.Timestamp(pressed["week_iso"])
        begins, ends = kept.edges(pd.DatetimeIndex([monday, monday + timedelta(days=7)]), zone)
        asked = chosen.within(begins, ends)
        ids = desk.look(promises.behind, asked, kind, ["breached", "met"], now=chosen.now)
        return ids, _("Week of {day}, the late first").format(day=pressed["week_iso"])
    return NOTHING


def by_day(
    chosen: Chosen, told: pd.DataFrame, kind: Kind, goal: float, what: str, dress: Look
) -> Picked:
    """What the month still allows."""
    found = kept.budget(told, goal, here(chosen))
    if found.allowed < FEWEST_ALLOWED:
        few = _("Too few are due this month for a budget of breaches: {n} expected.")
        st.caption(plain(few.format(n=axes.count(found.expected))))
        return NOTHING
    chart = budget.chart(
        found.days,
        dress,
        allowed=found.allowed,
        month=found.month,
        goal=goal,
        about=what,
        n=found.n,
    )
    for pressed in figure.show("budget", chart, found.days, metric=METRIC):
        day = pd.Timestamp(pressed["day_iso"])
        month, begins, ends = kept.edges(
            pd.DatetimeIndex([found.month, day, day + timedelta(days=1)]), zone
        )
        ids = desk.look(
            promises.behind,
            chosen.since(month),
            kind,
            ["breached"],
            due=(begins, ends),
            now=chosen.now,
        )
        return ids, _("Late on {day}").format(day=pressed["day_iso"])
    said = _("Allowed is what the goal leaves of {n}, as many as the last four weeks let expect.")
    st.caption(plain(said.format(n=axes.count(found.expected))))
    return NOTHING


def compared(found: pd.DataFrame) -> None:
    boxes = {sign.id: sign.name for sign in desk.signs()}
    rows = kept.groups(found, boxes)
    if len(rows) < 2:
        return
    sheet.section(_("By mailbox"))
    head = ("", _("Due"), _("In time"), _("95% interval"))
    lines = [
        (
            plain(name, 60),
            plain(axes.count(one.n)),
            plain(share(one)),
            plain(f"{axes.per_cent(one.share.low)}–{axes.per_cent(one.share.high)}"),
        )
        for name, one in rows
    ]
    sheet.table("fit_kept_by_mailbox", head, lines, numbers=3)


def figures(chosen: Chosen, versions: list[Version]) -> None:
    """All that is counted, where anything was ever promised."""
    told = counted(chosen)
    found, before = inside(told, chosen)
    pressing = desk.look(
        promises.pressing, chosen.asked.mailbox_id, chosen.asked.tag, now=chosen.now
    )
    top(found, before, pressing)
    kind, goal = aim()
    mine, all_of_it = (rows.loc[rows["kind"] == kind] for rows in (found, told))
    what = promised.about(versions, kind, chosen.asked.mailbox_id)
    picks = [opened(chosen, mine, kind)]
    dress = figure.dress()
    left, right = st.columns(2, gap="medium")
    with left:
        picks.append(by_week(chosen, mine, kind, goal, what, dress))
    with right:
        picks.append(by_day(chosen, all_of_it, kind, goal, what, dress))
    figure.behind(figure.latest(*picks))
    due.show(pressing, now=chosen.now)
    compared(mine)


about = _(
    "Within how long a customer is to be answered, and how often that was kept. What began under "
    "one target is measured by it for good."
)
with numbers.page("targets", about):
    versions = desk.remembered(("target_versions", "memberships"), promises.versions)
    chosen = period.choose(has_clocks=False)
    if any(one.seconds for one in versions):
        figures(chosen, versions)
    promised.show(versions, chosen.asked.mailbox_id, now=chosen.now)
