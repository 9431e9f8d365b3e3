"""Calendars: when mailboxes are open, so that waits can be counted in business time."""

import streamlit as st

from inbox import calendars, clock, people, public_holidays, search
from inbox.calendars import Version
from inbox.errors import InboxError, Invalid
from inbox.words import _, language, refused
from pages.parts import desk, form, sheet, times, week
from pages.parts.escape import plain, quiet

viewer = desk.me()
form.must_be_let_in(viewer.is_admin)
SHOWN_HOLIDAYS = 6
WEEK = "\n".join(["08:00-17:00"] * 5 + ["", ""])


def head() -> None:
    with st.container(key="sheethead", horizontal=True, vertical_alignment="center"):
        st.title(_("Calendars"), width="stretch", anchor=False)
        is_new = st.session_state.get("calendar_chosen") == ""
        st.button(
            _("Close") if is_new else _("New calendar"),
            key="calendar_new",
            type="secondary" if is_new else "primary",
            on_click=open_,
            args=(None if is_new else "",),
        )


def open_(name: str | None) -> None:
    st.session_state["calendar_chosen"] = name


def row(number: int, name: str, versions: list[Version], addresses: list[str]) -> None:
    is_open = st.session_state.get("calendar_chosen") == name
    newest = versions[-1]
    with (
        st.container(key=f"row_calendar_{number}"),
        st.container(key=f"line_calendar_{number}", horizontal=True, vertical_alignment="center"),
    ):
        country = public_holidays.named(language()).get(newest.country, "")
        part = part_name(newest.country, newest.subdivision)
        place = " · ".join(filter(None, (newest.time_zone, country, part)))
        st.markdown(
            f"**{plain(name)}** {quiet(week.said(newest.hours))}  \n"
            f"{quiet(' · '.join((place, ', '.join(addresses) or _('no mailbox follows it'))))}",
            width="stretch",
        )
        st.button(
            _("Close") if is_open else _("Change"),
            key=f"calendar_change_{number}",
            on_click=open_,
            args=(None if is_open else name,),
        )


def part_name(country: str, part: str) -> str:
    return public_holidays.parts_named(country).get(part, part) if part else ""


def fields(name: str, versions: list[Version]) -> None:
    """The form of one calendar, or of a new one."""
    newest = versions[-1] if versions else None
    called = public_holidays.named(language())
    zones = people.time_zones()
    countries = ["", *sorted(called, key=lambda code: search.fold(called[code]))]
    parts = public_holidays.countries().get(newest.country, ()) if newest else ()
    zone = newest.time_zone if newest else str(times.zone())
    with st.form("calendar", border=False):
        typed = name or st.text_input(_("Name"), key="calendar_name")
        zone = st.selectbox(
            _("Time zone"), zones, zones.index(zone) if zone in zones else 0, key="calendar_zone"
        )
        st.markdown(f"**{_('Open')}**")
        st.caption(_("Like 08:00-12:00, 13:00-17:00; 24:00 is midnight. Empty is closed."))
        lines = week.typed("calendar_hours", newest.hours if newest else WEEK, "closed")
        with st.container(horizontal=True):
            country = st.selectbox(
                _("Public holidays of"),
                countries,
                countries.index(newest.country) if newest else 0,
                format_func=lambda code: plain(called[code]) if code else _("no country"),
                key="calendar_country",
            )
            part = st.selectbox(
                _("and its part"),
                ["", *parts],
                ["", *parts].index(newest.subdivision) if newest else 0,
                format_func=lambda code: (
                    plain(part_name(newest.country if newest else "", code))
                    if code
                    else _("the whole country")
                ),
                key="calendar_part",
                disabled=not parts,
            )
        days = st.text_area(
            _("Other days, one a line"),
            "\n".join(f"{day} {line}".strip() for day, line in newest.days.items())
            if newest
            else "",
            placeholder="2026-12-24 08:00-12:00\n2026-12-27",
            help=_("A day alone is closed. They go before holidays and weekdays."),
            key="calendar_days",
        )
        since = None
        if newest:
            since = st.date_input(
                _("New hours hold from"),
                None,
                help=_(
                    "Waits that began before that day stay as they were counted. Left empty, this "
                    "corrects the hours of today, for the past as well."
                ),
                key="calendar_since",
            )
        if st.form_submit_button(_("Save"), type="primary"):
            save(typed, versions, zone, lines, country, part, days, since)
    if newest and newest.country:
        coming(newest)


def save(name: str, versions: list[Version], zone: str, *rest: object) -> None:
    lines, country, part, days, since = rest
    is_new_country = not versions or country != versions[-1].country
    try:
        desk.attempt(
            calendars.save,
            name,
            time_zone=zone,
            lines=lines,
            country=country,
            subdivision="" if is_new_country else part,
            days=days,
            since=since,
            is_new=not versions,
        )
    except InboxError as refusal:
        field = refusal.field if isinstance(refusal, Invalid) else ""
        st.error(plain(": ".join(filter(None, (week.named(field), refused(refusal))))))
        return
    open_(" ".join(name.split()))
    st.toast(_("Saved."), icon=":material/check:")
    st.rerun()


def coming(version: Version) -> None:
    """The holidays ahead, so that one sees whether the country is the right one."""
    today = clock.now().date()
    found = public_holidays.of(
        version.country, version.subdivision, (today.year, today.year + 1), language()
    )
    ahead = [f"{day} {name}" for day, name in found.items() if day >= today][:SHOWN_HOLIDAYS]
    st.markdown(f"{_('Next holidays')}: {quiet(' · '.join(ahead))}")


known = desk.look(calendars.versions)
followers = desk.look(calendars.used_by)
with sheet.page("calendars"):
    head()
    st.caption(
        _(
            "A mailbox that follows a calendar has its waits counted in business time too: what is "
            "closed counts nothing. Choose it under Mailboxes."
        )
    )
    chosen = st.session_state.get("calendar_chosen")
    if chosen == "" or (chosen is not None and chosen not in known):
        with st.container(border=True, key="calendar_open"):
            fields("", [])
    if known:
        with st.container(key="rows_calendars", border=True):
            for number, (one, its) in enumerate(known.items()):
                row(number, one, its, followers.get(one, []))
                if one == chosen:
                    with st.container(key="open_calendar"):
                        fields(one, its)
