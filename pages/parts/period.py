"""Which numbers are asked for: period, mailbox, tag and clock, as they stand in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

import streamlit as st

from inbox import clock, summaries
from inbox.insight import Asked
from inbox.words import _, mark
from pages.parts import desk, queue, times
from pages.parts.escape import plain

DAYS = {7: mark("7 days"), 28: mark("4 weeks"), 91: mark("3 months"), 365: mark("A year")}
USUAL = 28
EARLIEST = date(1990, 1, 1)
_CLOCKS = {"clock": mark("Clock"), "business": mark("Business time")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`before` is as long a time right before the period; it ends where that begins."""

    now: datetime
    asked: Asked
    before: Asked
    is_business: bool

    def since(self, moment: datetime) -> Asked:
        """The same, from a moment until now."""
        return replace(self.asked, since=moment)

    def within(self, begins: datetime, ends: datetime) -> Asked:
        """A part of the period."""
        asked = self.asked
        return replace(asked, since=max(asked.since, begins), until=min(asked.until, ends))


def choose(*, has_clocks: bool = True) -> Chosen:
    """The row of filters above the numbers; without the choice of a clock where each number has its
    own."""
    read("days", list(DAYS), USUAL)
    read("by", list(_CLOCKS), "clock")
    with st.container(key="numbers_head", horizontal=True, vertical_alignment="bottom"):
        days = st.segmented_control(
            _("Period"),
            list(DAYS),
            format_func=lambda one: _(DAYS[one]),
            key="period_days",
            required=True,
        )
        by = _clock() if has_clocks else st.query_params.get("by", "clock")
        mailbox_id, tag = where()
    keep({"days": (days, USUAL), "by": (by, "clock")})
    now, zone, days = times.minute(clock.now()), times.zone(), days or USUAL
    last = _last(zone, now)
    # To the end of this minute: what came in it counts.
    until = now + timedelta(minutes=1) if last is None else summaries.day_after(last, zone)
    inside = now if last is None else until - timedelta(minutes=1)
    since, _now = summaries.period(days, zone, now=inside)
    earlier, _now = summaries.period(2 * days, zone, now=inside)
    asked = Asked(since=since, until=until, mailbox_id=mailbox_id, tag=tag)
    return Chosen(
        now=now,
        asked=asked,
        before=replace(asked, since=earlier, until=since),
        is_business=by == "business",
    )


def _last(zone: tzinfo, now: datetime) -> date | None:
    """The local day with which the period ends, where the address names one that is over; a press
    goes back to now."""
    try:
        last = date.fromisoformat(st.query_params.get("to", ""))
    except ValueError:
        return None
    if not EARLIEST <= last < now.replace(tzinfo=UTC).astimezone(zone).date():
        return None
    said = _("Up to {day}").format(day=last.isoformat())
    st.button(
        plain(said), key="period_to", icon=":material/close:", help=_("Up to now"), on_click=_to_now
    )
    return last


def _to_now() -> None:
    st.query_params.pop("to", None)


def _clock() -> str | None:
    return st.segmented_control(
        _("Counted by"),
        list(_CLOCKS),
        format_func=lambda one: _(_CLOCKS[one]),
        key="period_by",
        required=True,
    )


def where() -> tuple[int | None, str | None]:
    """Two fields: which mailbox, and which tag; None for all."""
    boxes = {0: _("All"), **{sign.id: sign.name for sign in desk.signs()}}
    tags = ["", *queue.choices().tags]
    read("mailbox", list(boxes), 0)
    read("tag", tags, "")
    box = st.selectbox(
        _("Mailbox"),
        list(boxes),
        format_func=lambda one: plain(boxes[one]),
        key="period_mailbox",
        width=180,
    )
    tag = st.selectbox(
        _("Tag"),
        tags,
        format_func=lambda one: plain(one or _("Any")),
        key="period_tag",
        width=180,
    )
    keep({"mailbox": (box, 0), "tag": (tag, "")})
    return box or None, tag or None


def switch(name: str, title: str) -> bool:
    """A switch that stands in the address while it is on."""
    read(name, [0, 1], 0)
    key = f"period_{name}"
    # The address knows numbers, a switch yes and no.
    st.session_state[key] = bool(st.session_state.get(key))
    is_on = st.toggle(plain(title), key=key)
    keep({name: (int(is_on), 0)})
    return is_on


def read(name: str, options: Sequence[int | str], usual: int | str) -> None:
    """Choose what the address says, when it says something else than before: a link, a reload, a
    step back. Nonsense is the usual. Streamlit's own way would put the words of the viewer's
    language into the address."""
    told = st.query_params.get(name, str(usual))
    if st.session_state.get(f"told_{name}") != told:
        st.session_state[f"told_{name}"] = told
        found = next((one for one in options if str(one) == told), usual)
        st.session_state[f"period_{name}"] = found


def keep(chosen: dict[str, tuple[int | str | None, int | str]]) -> None:
    """Write into the address what is not as usual."""
    for name, (value, usual) in chosen.items():
        if str(value) == st.query_params.get(name, str(usual)):
            continue
        st.session_state[f"told_{name}"] = str(value)
        if value == usual:
            del st.query_params[name]
        else:
            st.query_params[name] = str(value)
