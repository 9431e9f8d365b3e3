"""Unanswered: mail that nobody answered, and mail that was closed over, the oldest first."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from inbox import insight, unanswered
from inbox.insight import Behind
from inbox.words import _, mark, plural
from pages.parts import desk, figure, names, numbers, period, sheet, tiles, times
from pages.parts.charts import axes
from pages.parts.charts import unanswered as unanswered_chart
from pages.parts.escape import plain, quiet
from pages.parts.period import Chosen
from pages.parts.tiles import Tile

zone = times.zone()
METRIC = "unanswered"
SHOWN = 50
_STANDS = {
    "open": mark("open"),
    "closed": mark("closed without a word"),
    "last_word": mark("closed over the last mail"),
}


def split(chosen: Chosen) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is told of the period, and what was closed in the one before it; asked for at once."""
    both = replace(chosen.asked, since=chosen.before.since)
    found = desk.look(unanswered.listed, both, now=chosen.now)
    is_now = (found["since"] >= pd.Timestamp(chosen.asked.since)) | (found["kind"] == "open")
    return found.loc[is_now], found.loc[~is_now]


def top(found: pd.DataFrame, before: pd.DataFrame) -> None:
    """What is open is told whatever the period: the oldest matters most."""
    opened = found.loc[found["kind"] == "open"]
    oldest = axes.lasting(opened["seconds"].max()) if len(opened) else ""
    many = [
        Tile(
            _("Never answered, open"),
            axes.count(len(opened)),
            _("oldest {time}").format(time=oldest) if oldest else _("whatever the period"),
        )
    ]
    for kind in ("closed", "last_word"):
        earlier = _("{n} before").format(n=axes.count((before["kind"] == kind).sum()))
        count = axes.count((found["kind"] == kind).sum())
        many.append(Tile(_(unanswered_chart.KINDS[kind]), count, earlier))
    tiles.row(many)


def by_age(found: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The chart; answers the mails of the bar that was pressed, and which they are."""
    chart = unanswered_chart.chart(found, figure.dress(), width=figure.room())
    for pressed in figure.show("ages", chart, found, metric=METRIC):
        low, kind = int(pressed["from_seconds"]), str(pressed["kind"])
        inside = found.loc[(unanswered_chart.aged(found) == low) & (found["kind"] == kind)]
        return inside, f"{_(unanswered_chart.KINDS[kind])}, {_(unanswered_chart.AGES[low])}"
    return found, ""


def narrowed(found: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Of one kind, or all."""
    which = st.pills(
        _("Kind"),
        list(unanswered_chart.KINDS),
        format_func=lambda one: _(unanswered_chart.KINDS[one]),
        key="kind",
        label_visibility="collapsed",
    )
    if which is None:
        return found, _("All")
    return found.loc[found["kind"] == which], _(unanswered_chart.KINDS[which])


def listed(found: pd.DataFrame, about: str) -> None:
    count = plural("{n} conversation", "{n} conversations", len(found)).format(n=f"{len(found):,}")
    st.caption(plain(f"{about} · {count}"))
    shown = found.iloc[:SHOWN]
    if shown.empty:
        return
    known = {one.conversation_id: one for one in behind(shown)}
    head = (_("Unanswered for"), _("Conversation"), _("Customer"), _("How it stands"))
    rows = [
        (
            plain(axes.lasting(one["seconds"])),
            *words(known.get(one["conversation_id"])),
            plain(_(_STANDS[one["kind"]])),
        )
        for one in shown.to_dict("records")
    ]
    sheet.table("unanswered", head, rows)
    if len(found) > SHOWN:
        st.caption(_("The first {n} are shown; CSV holds them all.").format(n=SHOWN))


def behind(shown: pd.DataFrame) -> list[Behind]:
    return desk.look(insight.behind, shown["conversation_id"].tolist())


def words(one: Behind | None) -> tuple[str, ...]:
    if one is None:
        return (plain(_("(no subject)")), "")
    subject = plain(one.subject, 70) or _("(no subject)")
    who = names.shown(one.contact_name, one.contact_address)
    return (
        f"[{subject}](/?view=all&c={one.conversation_id})",
        quiet(who or _("the customer"), 60),
    )


about = _(
    "Customers who wrote and got no answer: the open ones however old, the closed ones by when "
    "they wrote. Among mails that were closed over there is many a “thank you”."
)
with numbers.page("unanswered", about):
    chosen = period.choose(has_clocks=False)
    found, before = split(chosen)
    top(found, before)
    pressed, said = by_age(found)
    sheet.section(_("The oldest first"))
    listed(*((pressed, said) if said else narrowed(found)))
