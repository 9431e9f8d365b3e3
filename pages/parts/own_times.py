"""One's own times on the account page: the switch, working hours, dates out of office."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from inbox import availability, clock
from inbox.availability import Absence
from inbox.errors import InboxError
from inbox.schedule import Presence, Schedule, Stance
from inbox.words import _, mark, refused
from pages.parts import desk, drawing, form, sheet, times, week
from pages.parts.escape import plain

STANCES: dict[Stance, str] = {
    "auto": mark("As my hours and dates say"),
    "here": mark("Available"),
    "away": mark("Away: no new work"),
}
_STANCES: list[Stance] = list(STANCES)


def show() -> None:
    known, now_is = desk.look(availability.own, now=clock.now())
    about = _("While you are away nobody can give you new work; what you have stays yours.")
    with sheet.setting("availability", _("Availability"), about):
        _switch(known, now_is)
        _hours(known)
        _absences(desk.look(availability.absences, now=clock.now()))


def said(found: Presence) -> str:
    """“Available until 17:00”, “Away until tomorrow 08:00”."""
    state = _("Available") if found.is_here else _("Away")
    if found.until is None:
        return state
    until = times.coming(found.until, now=clock.now(), where=times.zone())
    return _("{state} until {until}").format(state=state, until=until)


def _switch(known: Schedule, now_is: Presence) -> None:
    st.session_state["own_stance"] = known.stance if now_is.why == "hand" else "auto"
    st.radio(
        _("Now"),
        _STANCES,
        format_func=lambda stance: _(STANCES[stance]),
        key="own_stance",
        on_change=_switched,
    )
    st.caption(plain(said(now_is)))


def _switched() -> None:
    desk.act(availability.switch, st.session_state["own_stance"])
    drawing.everything()


def _hours(known: Schedule) -> None:
    wrong: tuple[str, str] | None = None
    with st.form("own_hours", border=False):
        st.markdown(f"**{_('Working hours')}**")
        st.caption(_("Like 08:00-12:00, 13:00-17:00. Empty is a day off; all empty is always."))
        typed = week.typed("own_hours", known.hours, "off")
        if st.form_submit_button(_("Save hours")):
            wrong = _refused(availability.set_hours, typed)
    if wrong:
        st.error(plain(f"{week.named(wrong[0])}: {wrong[1]}"))


def _refused(verb: Callable[..., object], *args: object) -> tuple[str, str] | None:
    """What a refusal says, and of which field; None when it was done."""
    try:
        desk.attempt(verb, *args)
    except InboxError as refusal:
        return str(getattr(refusal, "field", "")), refused(refusal)
    st.toast(_("Saved."), icon=":material/check:")
    return None


def _absences(found: list[Absence]) -> None:
    st.markdown(f"**{_('Out of office')}**")
    where = times.zone()
    for absence in found:
        last = absence.ends_at - timedelta(minutes=1)
        days = " – ".join(
            times.exact(moment, where=where)[:10] for moment in (absence.starts_at, last)
        )
        with st.container(
            key=f"row_absence_{absence.id}", horizontal=True, vertical_alignment="center"
        ):
            back = _("open conversations go back to the team") if absence.gives_back else ""
            st.markdown(f"{plain(days)} :gray[{plain(back)}]", width="stretch")
            st.button(
                _("Call off"),
                key=f"call_off_{absence.id}",
                on_click=desk.act,
                args=(availability.cancel_absence, absence.id),
            )
    with st.form("own_absence", border=False):
        today = clock.now().replace(tzinfo=UTC).astimezone(where).date()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            first = st.date_input(_("First day"), today, key="own_first_day")
            final = st.date_input(_("Last day"), today, key="own_last_day")
        gives_back = st.checkbox(
            _("What I have open then goes back to the team"), key="own_gives_back"
        )
        if st.form_submit_button(_("Be out of office")):
            form.saved(
                availability.add_absence,
                _midnight(first),
                _midnight(final + timedelta(days=1)),
                gives_back=gives_back,
            )


def _midnight(day: date) -> datetime:
    local = datetime.combine(day, time(), times.zone())
    return local.astimezone(UTC).replace(tzinfo=None)
