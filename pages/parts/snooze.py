"""Until when a conversation sleeps: the moments offered, or a day and time of one's own."""

from datetime import UTC, datetime, time, timedelta, tzinfo

import streamlit as st

from inbox import snoozing
from inbox.conversations import Conversation
from inbox.snoozing import When
from inbox.words import _, mark
from pages.parts import dialogs, times
from pages.parts.desk import Undo
from pages.parts.thread import Look

_SAYS: dict[When, str] = {
    "3 hours": mark("In three hours"),
    "tomorrow": mark("Tomorrow morning"),
    "monday": mark("On Monday"),
    "next week": mark("In a week"),
}


def ask(conversation_id: int) -> None:
    dialogs.ask("snooze", conversation_id)


def offered(now: datetime, where: tzinfo) -> dict[When, str]:
    """The moments that differ, in words."""
    moments = snoozing.moments(now, where)
    if moments["monday"] == moments["next week"]:
        del moments["monday"]
    return {name: _(_SAYS[name]) for name in moments}


def show(found: Conversation, look: Look) -> None:
    if dialogs.asked("snooze", found.id) is None:
        return

    @st.dialog(_("Snooze"), on_dismiss=dialogs.put_away)
    def choose() -> None:
        if found.snoozed_until is not None:
            _asleep(found, look)
        st.checkbox(
            _("Sleep on when the customer only says thanks"),
            value=found.snooze_stays,
            key="snooze_stays",
            help=_("Any other mail of the customer wakes it at once."),
        )
        moments = snoozing.moments(look.now, look.where)
        with st.container(key="snooze_moments", gap="xsmall"):
            for name in offered(look.now, look.where):
                moment = moments[name]
                when = times.dated(moment, where=look.where)
                st.button(
                    f"{_(_SAYS[name])} :gray[{when}]",
                    key=f"snooze_{name.replace(' ', '_')}",
                    width="stretch",
                    on_click=_until,
                    args=(found, look, moment),
                )
        _own_moment(found, look)

    choose()


def _asleep(found: Conversation, look: Look) -> None:
    assert found.snoozed_until is not None
    when = times.coming(found.snoozed_until, now=look.now, where=look.where)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("It sleeps until {when}.").format(when=when), width="stretch")
        st.button(_("Wake it now"), key="wake", type="primary", on_click=wake, args=(found,))


def _own_moment(found: Conversation, look: Look) -> None:
    today = look.now.replace(tzinfo=UTC).astimezone(look.where).date()
    tomorrow = today + timedelta(days=1)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        day = st.date_input(_("Day"), value=tomorrow, min_value=today, key="snooze_day")
        clock = st.time_input(_("Time"), value=time(17), step=900, key="snooze_time")
        if isinstance(day, tuple):
            return
        midnight = datetime.combine(day, time())
        moment = snoozing.in_zone(midnight, clock or time(8), look.where)
        st.button(
            _("Snooze"),
            key="snooze_own",
            on_click=_until,
            args=(found, look, moment),
            disabled=moment <= look.now,
        )


def _until(found: Conversation, look: Look, moment: datetime) -> None:
    when = times.coming(moment, now=look.now, where=look.where)
    words = _("Snoozed until {when}").format(when=when)
    back = (
        Undo(words, snoozing.wake, (found.id,))
        if found.snoozed_until is None
        else Undo(words, snoozing.snooze, (found.id, found.snoozed_until, found.snooze_stays))
    )
    stays = bool(st.session_state.get("snooze_stays"))
    dialogs.done(snoozing.snooze, found.id, moment, stays, back=back)


def wake(found: Conversation) -> None:
    """Have it back, with the way to let it sleep on."""
    back = Undo(_("Woken"), snoozing.snooze, (found.id, found.snoozed_until, found.snooze_stays))
    dialogs.done(snoozing.wake, found.id, back=back)
