"""The line on every page that says what must not be missed."""

import streamlit as st

from inbox import clock, health, leases, rescued
from inbox.health import Alarm
from inbox.words import _, plural
from pages.parts import desk, drawing, times
from pages.parts.escape import plain

LONGEST_STORY = 1_000
_TABLES = ("folders", "job_runs", "outbox", "mailboxes", "settings")


@st.fragment(key="alarms", run_every="60s")
def show() -> None:
    """One line an alarm; nothing when all is well. Looks again each minute: that nothing comes
    in any more is told by nobody."""
    viewer, house = desk.me(), desk.house()
    with drawing.pane("alarms"), st.container(key="alarms"):
        found = house.memory.answer(
            lambda db: health.alarms(db, viewer, house.settings, now=clock.now()),
            *("alarms", viewer),
            tables=_TABLES,
        )
        for alarm in [*health.stalled(house.beats, viewer), *found]:
            st.error(words(alarm), icon=":material/warning:")
            if alarm.kind == "rescued":
                st.button(_("I have read this"), on_click=desk.act, args=(rescued.seen,))
        lapsed()


def lapsed() -> None:
    """Which of one's own claims went back to the team, until one says that one has seen it."""
    found = desk.remembered(("lapsed_claims",), leases.told)
    if not found:
        return
    told = ", ".join(
        f"[{plain(claim.subject, 60) or _('(no subject)')}](/?c={claim.conversation_id})"
        for claim in found
    )
    with st.container(key="lapsed", horizontal=True, vertical_alignment="center"):
        st.info(
            _("Back with the team, as the customer waits and nothing happened: {those}").format(
                those=told
            ),
            icon=":material/undo:",
        )
        st.button(_("Seen"), key="lapsed_seen", on_click=_saw, args=(found[0].id,))


def _saw(newest: int) -> None:
    desk.act(leases.seen, newest)
    drawing.again("alarms")


def words(alarm: Alarm) -> str:
    """What happened and what to do, ready for Markdown."""
    if alarm.kind == "not_polled":
        return _("{name} was not read since {since}. New mail there is not shown.").format(
            name=plain(alarm.name), since=_said(alarm)
        )
    if alarm.kind == "undelivered":
        return plural(
            "{n} mail was not delivered, since {since}. Open its conversation to see why.",
            "{n} mails were not delivered, the first since {since}. Open them to see why.",
            alarm.count,
        ).format(n=alarm.count, since=_said(alarm))
    if alarm.kind == "no_backup":
        if alarm.since is None:
            return _("There is no back-up yet. The page Health makes one.")
        return _("The last back-up is from {since}. The page Health makes one.").format(
            since=_said(alarm)
        )
    return plain(alarm.name, LONGEST_STORY) if alarm.kind == "rescued" else _of_the_machine(alarm)


def _of_the_machine(alarm: Alarm) -> str:
    if alarm.kind == "stalled":
        return _(
            "A part of Delad hangs ({name}) and is being started again. If this stays, restart "
            "Delad."
        ).format(name=plain(alarm.name))
    if alarm.kind == "damaged":
        return _(
            "The database is damaged. No mail is lost. Restart Delad: it rescues the database by "
            "itself, and says then what it could not bring back."
        )
    return _("The disk is nearly full. Mail can soon no longer be stored; make room.")


def _said(alarm: Alarm) -> str:
    if alarm.since is None:
        return ""
    return plain(times.said(alarm.since, now=clock.now(), where=times.zone()))
