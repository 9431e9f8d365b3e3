"""How a mailbox is doing, in words."""

from datetime import datetime

import streamlit as st

from inbox.health import MISSED_POLLS, MailboxHealth
from inbox.words import _
from pages.parts import desk, times
from pages.parts.escape import plain


def is_reading(health: MailboxHealth) -> bool:
    """Whether mail is still streaming in, so that the page should look again soon."""
    return health.is_active and health.has_server and not health.error and _is_behind(health)


def sentence(health: MailboxHealth, *, now: datetime) -> tuple[str, str]:
    """A colour of Streamlit's and one sentence, ready for Markdown."""
    if not health.is_active:
        return "gray", _("At rest. Nothing is fetched or sent; its mail stays readable.")
    if not health.has_server:
        return "gray", _("Holds imported mail only. It has no mail server.")
    if health.error:
        since = _said(health.last_poll_at or health.created_at, now)
        text = _("Not read since {since}. {why}").format(since=since, why=plain(health.error))
        return "red", text
    if health.last_poll_at is None:
        return "blue", _("Waiting for the first look at its mail server.")
    return _looked_at(health, health.last_poll_at, now)


def _looked_at(health: MailboxHealth, last: datetime, now: datetime) -> tuple[str, str]:
    if _is_late(health, last, now):
        return "red", _("Not read since {since}.").format(since=_said(last, now))
    if _is_behind(health):
        return "blue", _("Reading: {stored} of {all} mails are here.").format(
            stored=f"{health.stored:,}", all=f"{health.on_server:,}"
        )
    return "green", _read(health, now)


def dot(health: MailboxHealth, *, now: datetime) -> str:
    """The state as one dot, ready for Markdown."""
    return f":{sentence(health, now=now)[0]}[●]"


def quiet_sentence(health: MailboxHealth, *, now: datetime) -> str:
    """The sentence, coloured only where somebody should look."""
    colour, text = sentence(health, now=now)
    return f":{colour if colour in ('red', 'blue') else 'gray'}[{text}]"


def progress(health: MailboxHealth) -> None:
    """A bar while the first import runs."""
    if is_reading(health) and health.on_server:
        st.progress(min(1.0, health.stored / health.on_server))


def _read(health: MailboxHealth, now: datetime) -> str:
    assert health.last_poll_at
    ago = times.lasting((now - health.last_poll_at).total_seconds())
    if health.last_mail_at is None:
        return _("Read {ago} ago. No mail yet.").format(ago=ago)
    last = _said(health.last_mail_at, now)
    return _("Read {ago} ago. Last mail {last}.").format(ago=ago, last=last)


def _is_late(health: MailboxHealth, last: datetime, now: datetime) -> bool:
    """As the alarm counts: three polls were due, and the time that one may wait in IDLE."""
    settings = desk.house().settings
    patience = settings.idle_renew_seconds if settings.idle else 0
    return (now - last).total_seconds() > MISSED_POLLS * health.poll_seconds + patience


def _is_behind(health: MailboxHealth) -> bool:
    if health.last_poll_at is None:
        return True
    return health.import_since is None and health.stored < health.on_server


def _said(moment: datetime, now: datetime) -> str:
    return plain(times.said(moment, now=now, where=times.zone()))
