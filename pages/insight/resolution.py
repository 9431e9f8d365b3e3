"""Resolution: how long matters take, whether they stay closed, and how many replies they need."""

import math

import pandas as pd
import streamlit as st

from inbox import resolutions, summaries
from inbox.statistics import quantiles, waits
from inbox.statistics.estimates import Estimate
from inbox.words import _, mark
from pages.parts import desk, figure, numbers, period, sheet, tiles
from pages.parts.charts import axes, look, still_waiting, touches
from pages.parts.charts.look import Finding, Look
from pages.parts.escape import plain
from pages.parts.figure import NOTHING, Picked
from pages.parts.period import Chosen
from pages.parts.tiles import Tile

DAY = 86_400
# The curve is read after a day, and drawn for six, of which every tick is a whole one.
READ_AT, DRAWN = DAY, 6 * DAY
_TILES = {
    "open": mark("Open"),
    "closed_without_reply": mark("Closed without a reply"),
    "reopened": mark("Opened again"),
    "one_touch": mark("One reply"),
}


def top(begun: pd.DataFrame, closed: pd.DataFrame) -> None:
    """Medians of the curves: what is open counts as longer than it has lasted."""
    first, final = resolutions.first(begun), resolutions.final(begun)
    replies = quantiles.spread(resolutions.resolved(closed)["replies"].to_numpy(float))
    n = _("n = {n}").format(n=axes.count(len(begun)))
    tiles.row(
        [
            Tile(_("Half closed within"), lasting(waits.median(first)), n),
            Tile(_("Half closed for good within"), lasting(waits.median(final)), n),
            Tile(_("Opened again in 7 days"), *told(*resolutions.reopened(closed))),
            Tile(_("Resolved with one reply"), *told(*resolutions.one_touch(closed))),
            Tile(
                _("Replies, half at most"),
                f"{replies.p50:g}" if replies.n else "–",
                _("90th percentile {p90} · n = {n}").format(
                    p90=f"{replies.p90:g}", n=axes.count(replies.n)
                )
                if replies.n
                else "",
            ),
        ]
    )


def lasting(seconds: float) -> str:
    """Where more than half are open, a median is not known yet."""
    return axes.lasting(seconds) if math.isfinite(seconds) else _("not yet")


def told(share: Estimate, n: int) -> tuple[str, str]:
    if not n:
        return "–", _("no close is a week old")
    said = _("{low}–{high} · n = {n}")
    span = said.format(
        low=axes.per_cent(share.low), high=axes.per_cent(share.high), n=axes.count(n)
    )
    return axes.per_cent(share.value), span


def opened(begun: pd.DataFrame, closed: pd.DataFrame) -> Picked:
    """The conversations behind a tile."""
    resolved = resolutions.resolved(closed)
    rows = {
        "open": begun.loc[begun["is_open"].astype(bool)],
        "closed_without_reply": begun.loc[begun["outcome"] == "closed_without_reply"],
        "reopened": closed.loc[closed["is_reopened"].astype(bool)],
        "one_touch": resolved.loc[resolved["is_one_touch"]],
    }
    words = {one: f"{_(name)}: {axes.count(len(rows[one]))}" for one, name in _TILES.items()}
    which = tiles.choose("opened_resolution", words)
    return (ids(rows[which]), _(_TILES[which])) if which else NOTHING


def ids(rows: pd.DataFrame) -> list[int]:
    return [int(one) for one in rows["conversation_id"].drop_duplicates()]


def by_patience(chosen: Chosen, begun: pd.DataFrame, dress: Look) -> Picked:
    """First and final resolution as curves, in which what is open counts."""
    first, final = resolutions.first(begun), resolutions.final(begun)
    chart = still_waiting.chart(
        first,
        dress,
        before=final if final.n else None,
        promised=READ_AT,
        until=DRAWN,
        names={"now": _("first"), "before": _("final")},
        said=finding(first, is_business=chosen.is_business),
    )
    for pressed in figure.show("resolved", chart, begun, metric="resolution"):
        least = float(pressed["seconds"])
        column = "first_seconds" if pressed["period"] == "now" else "last_seconds"
        inside = begun.loc[begun[column] >= least].sort_values(column, ascending=False)
        return ids(inside), _("At least {time}").format(time=axes.lasting(least))
    return NOTHING


def finding(first: waits.Curve, *, is_business: bool) -> Finding:
    subtitle = _(
        "Share not resolved (Kaplan–Meier, 95% band) by {kind} · what is open is counted, not "
        "dropped · n = {n}"
    ).format(
        kind=_("business hours") if is_business else _("hours on the clock"), n=axes.count(first.n)
    )
    if not first.n:
        return look.Finding(_("Nothing began in this period"), subtitle)
    still = waits.still_after(first, READ_AT)
    title = _("After {time}, {share} are not closed yet")
    places = {"time": axes.lasting(READ_AT), "share": axes.per_cent(still.value)}
    return look.Finding(title.format(**places), subtitle)


def by_replies(closed: pd.DataFrame, dress: Look) -> Picked:
    share, n = resolutions.one_touch(closed)
    chart = touches.chart(resolutions.touches(closed), dress, one_touch=share, n=n)
    resolved = resolutions.resolved(closed)
    for pressed in figure.show("touches", chart, resolved, metric="touches"):
        many = int(pressed["replies"])
        inside = resolved.loc[resolved["replies"].clip(upper=resolutions.MOST_REPLIES) == many]
        return ids(inside), _("Replies: {n}").format(n=many)
    return NOTHING


def compared(begun: pd.DataFrame, closed: pd.DataFrame) -> None:
    """By mailbox."""
    rows = []
    for sign in desk.signs():
        mine, done = (rows.loc[rows["mailbox_id"] == sign.id] for rows in (begun, closed))
        if mine.empty:
            continue
        share, n = resolutions.reopened(done)
        cells = (
            axes.count(len(mine)),
            lasting(waits.median(resolutions.first(mine))),
            axes.per_cent(share.value) if n else "–",
        )
        is_few = len(mine) < summaries.FEW
        rows.append(
            (
                plain(sign.name, 60),
                *(f":gray[{plain(cell)}]" if is_few else plain(cell) for cell in cells),
            )
        )
    if rows:
        sheet.section(_("By mailbox"))
        head = ("", _("Begun"), _("Half closed within"), _("Opened again"))
        sheet.table("fit_resolution", head, rows, numbers=3)


about = _(
    "From the beginning of a conversation to its first close, and to its last. A close without a "
    "reply resolves nothing. Press any mark to see the conversations it stands for."
)
with numbers.page("resolution", about):
    chosen = period.choose()
    found = desk.look(resolutions.begun, chosen.asked, now=chosen.now)
    begun = resolutions.timed(found, is_business=chosen.is_business)
    closed = desk.look(resolutions.closed, chosen.asked, now=chosen.now)
    top(begun, closed)
    of_tile, dress = opened(begun, closed), figure.dress()
    left, right = st.columns(2, gap="medium")
    with left:
        of_curve = by_patience(chosen, begun, dress)
    with right:
        of_bar = by_replies(closed, dress)
    figure.behind(figure.latest(of_tile, of_curve, of_bar))
    compared(begun, closed)
    st.caption(
        _(
            "Times are of what began in the period; reopens and replies of what was closed in it. "
            "A close counts as kept or not once it is a week old."
        )
    )
