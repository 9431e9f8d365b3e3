"""Stopped answers: what the guard kept from leaving, and what became of it."""

from collections import Counter
from datetime import datetime

import streamlit as st

from inbox import clock, stops
from inbox.stops import FATES, Fate, Stop
from inbox.words import _, mark, plural
from pages.parts import desk, names, sheet, times
from pages.parts.escape import plain, quiet

viewer = desk.me()
now, where = clock.now(), times.zone()
PERIODS = {7: mark("7 days"), 30: mark("30 days"), 365: mark("A year")}
_FATES: dict[Fate, str] = {
    "sent_anyway": mark("Sent anyway"),
    "edited": mark("Edited and sent"),
    "sent": mark("Sent after a look"),
    "discarded": mark("Discarded"),
    "noted": mark("Left as a note"),
    "draft": mark("Still a draft"),
}
_COLOURS: dict[Fate, str] = {"sent_anyway": "orange", "draft": "blue"}


def newer(stop: Stop) -> str:
    """What was in its way."""
    who = stop.newer_name or _("A colleague")
    if stop.newer_kind is None:
        said = _("An answer from another mail program")
    elif stop.newer_kind == "received":
        customer = names.shown(stop.contact_name, stop.contact_address)
        said = _("New mail of {name}").format(name=customer or _("the customer"))
    elif stop.newer_kind == "noted":
        said = _("A note of {name}").format(name=who)
    else:
        said = _("An answer of {name}").format(name=who)
    more = stop.newer_count - 1
    return said if not more else f"{said} {_('and {n} more').format(n=more)}"


def row(stop: Stop) -> tuple[str, ...]:
    subject = plain(stop.subject, 70) or _("(no subject)")
    held = f" {quiet(_('held back on its way'))}" if stop.is_held_back else ""
    return (
        plain(times.said(stop.stopped_at, now=now, where=where)),
        plain(_("You") if stop.agent_id == viewer.id else stop.agent_name, 40),
        f"[{subject}](/?c={stop.conversation_id}){held}",
        plain(newer(stop), 90),
        f":{_COLOURS.get(stop.fate, 'gray')}[{plain(_(_FATES[stop.fate]))}]",
    )


def sums(found: list[Stop]) -> None:
    """“4 answers were stopped: 2 edited and sent, 1 discarded, 1 still a draft.”"""
    told = Counter(stop.fate for stop in found)
    parts = [f"**{told[fate]:,}** {plain(_(_FATES[fate]).lower())}" for fate in FATES if told[fate]]
    many = plural("{n} answer was stopped", "{n} answers were stopped", len(found))
    st.markdown(f"{many.format(n=len(found))}: {', '.join(parts)}.")


def period() -> datetime:
    days = st.segmented_control(
        _("Period"),
        list(PERIODS),
        default=7,
        format_func=lambda days: _(PERIODS[days]),
        key="stopped_days",
        label_visibility="collapsed",
    )
    return stops.since(days or 7, now=now)


about = _(
    "Send stops when a colleague has answered, a note was left or the customer has written while "
    "you were writing. No text was lost: it is a draft until you decide."
)
with sheet.page("stopped", _("Stopped answers"), about):
    found = desk.look(stops.listed, since=period())
    if found:
        head = (_("When"), _("Who"), _("Conversation"), _("What was newer"), _("What became of it"))
        sums(found)
        sheet.table("stopped", head, [row(stop) for stop in found])
    else:
        st.markdown(_("Nothing was stopped: nobody has answered over somebody else."))
    if len(found) == stops.MOST:
        st.caption(_("These are the newest {n}.").format(n=stops.MOST))
