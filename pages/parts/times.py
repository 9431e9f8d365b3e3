"""Moments as people say them, in the zone of whoever looks."""

import threading
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from inbox.words import _, mark, plural

MONTHS = (
    mark("Jan"),
    mark("Feb"),
    mark("Mar"),
    mark("Apr"),
    mark("May"),
    mark("Jun"),
    mark("Jul"),
    mark("Aug"),
    mark("Sep"),
    mark("Oct"),
    mark("Nov"),
    mark("Dec"),
)

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class _Chosen(threading.local):
    """Streamlit runs each session in threads of its own."""

    zone: str = ""


_chosen = _Chosen()


def live_in(zone: str) -> None:
    """From now on this thread's moments are told in this zone; empty for the browser's."""
    _chosen.zone = zone


def zone() -> tzinfo:
    """The zone the agent chose, else the browser's; UTC when it does not tell, or nonsense."""
    try:
        return ZoneInfo(_chosen.zone or st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def said(moment: datetime, *, now: datetime, where: tzinfo) -> str:
    """“16:40”, “yesterday 16:40”, “3 Mar 16:40” or “3 Mar 2025”; both times naive UTC."""
    local, today = _local(moment, where), _local(now, where)
    clock = f"{local:%H:%M}"
    days = (today.date() - local.date()).days
    if days == 0:
        return clock
    if days == 1:
        return _("yesterday {clock}").format(clock=clock)
    day = f"{local.day} {_(MONTHS[local.month - 1])}"
    return f"{day} {clock}" if local.year == today.year else f"{day} {local.year}"


def short(moment: datetime, *, now: datetime, where: tzinfo) -> str:
    """For a narrow column: “16:40”, “yesterday”, “3 Mar” or “3 Mar 2025”."""
    whole = said(moment, now=now, where=where)
    local, today = _local(moment, where), _local(now, where)
    if (today.date() - local.date()).days == 1:
        return _("yesterday")
    return whole if local.date() == today.date() else whole.removesuffix(f" {local:%H:%M}")


def coming(moment: datetime, *, now: datetime, where: tzinfo) -> str:
    """A moment that is still to come: “16:40”, “tomorrow 08:00”, “Mon 9 Mar 08:00”."""
    local, today = _local(moment, where), _local(now, where)
    clock = f"{local:%H:%M}"
    days = (local.date() - today.date()).days
    if days == 0:
        return clock
    if days == 1:
        return _("tomorrow {clock}").format(clock=clock)
    return dated(moment, where=where)


def dated(moment: datetime, *, where: tzinfo) -> str:
    """“Mon 9 Mar 08:00”, whenever it is read."""
    local = _local(moment, where)
    day = f"{_(DAYS[local.weekday()])} {local.day} {_(MONTHS[local.month - 1])}"
    return f"{day} {local:%H:%M}"


def minute(now: datetime) -> datetime:
    """The minute it is: a question that is asked with it can be remembered."""
    return now.replace(second=0, microsecond=0)


def waiting(since: datetime, now: datetime) -> str:
    """How long, in one part: “12 min”, “3 h”, “5 days”."""
    seconds = (now - since).total_seconds()
    return lasting(seconds if seconds < 3600 else seconds // 3600 * 3600)


def exact(moment: datetime, *, where: tzinfo) -> str:
    """Everything, for the line that shows on hover."""
    return f"{_local(moment, where):%Y-%m-%d %H:%M:%S %Z}"


def lasting(seconds: float) -> str:
    """“just now”, “12 min”, “1 h 13 min”, “3 days”."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return _("under a minute")
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)
    return plural("{n} day", "{n} days", hours // 24).format(n=hours // 24)


def _local(moment: datetime, where: tzinfo) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(where)
