"""One's own account: name and signature, password, and where one is signed in."""

import streamlit as st

from inbox import clock, passwords, people, sessions
from inbox.agents import Agent
from inbox.errors import InboxError
from inbox.words import LANGUAGES, _, refused
from pages.parts import desk, devices, drawing, own_notifications, own_times, sheet, times
from pages.parts.escape import plain, quiet


def profile(viewer: Agent) -> None:
    with sheet.setting("profile", _("Profile")), st.form("profile", border=False):
        name = st.text_input(_("Name, as customers see it"), viewer.name, key="own_name")
        signature = st.text_area(
            _("Signature"),
            viewer.signature,
            key="own_signature",
            help=_("Stands below your replies. When empty, the mailbox's own signature does."),
        )
        if st.form_submit_button(_("Save")) and _did(people.set_profile, name, signature):
            st.toast(_("Saved."), icon=":material/check:")


def preferences(viewer: Agent) -> None:
    zones = ["", *people.time_zones()]
    with sheet.setting("preferences", _("Language and time")), st.form("preferences", border=False):
        spoken = st.selectbox(
            _("Language"),
            list(LANGUAGES),
            list(LANGUAGES).index(viewer.language) if viewer.language in LANGUAGES else 0,
            format_func=lambda code: _(LANGUAGES[code]),
            key="own_language",
        )
        zone = st.selectbox(
            _("Time zone"),
            zones,
            zones.index(viewer.time_zone) if viewer.time_zone in zones else 0,
            format_func=lambda name: name or _("As the browser has it"),
            key="own_zone",
        )
        if st.form_submit_button(_("Save")) and _did(people.set_preferences, spoken, zone):
            drawing.everything()


def password(viewer: Agent) -> None:
    about = _("A new password signs you out everywhere else.")
    with (
        sheet.setting("password", _("Password"), about),
        st.form("password", border=False, clear_on_submit=True),
    ):
        old = st.text_input(_("Password now"), type="password", autocomplete="current-password")
        new = st.text_input(_("New password"), type="password", autocomplete="new-password")
        if st.form_submit_button(_("Change password")):
            change_password(viewer, old, new)


def change_password(viewer: Agent, old: str, new: str) -> None:
    """Count the guess, check both passwords outside the writer lane, then store the new one."""
    house = desk.house()
    try:
        passwords.must_be_good(new, viewer.email)
        with house.store.write() as db:
            stored = sessions.guess(
                db, viewer.email, "account", settings=house.settings, now=clock.now()
            )
        was_right = passwords.check(old, stored)
        desk.attempt(
            people.change_password, was_right, passwords.hash(new), desk.session_digest() or ""
        )
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return
    st.success(_("Your password is changed. Every other browser was signed out."))


def own_sessions() -> None:
    where, now = times.zone(), clock.now()
    here = f" :green-badge[{plain(_('this browser'))}]"
    about = _("Browsers in which you are signed in. End those you do not know.")
    found = desk.look(sessions.of_agent, digest=desk.session_digest() or "", now=now)
    with (
        sheet.setting("sessions", _("Signed in"), about),
        st.container(key="rows_sessions", border=True),
    ):
        for session in found:
            since = times.said(session.created_at, now=now, where=where)
            browser = devices.said(session.device)
            with st.container(
                key=f"row_session_{session.id}", horizontal=True, vertical_alignment="center"
            ):
                st.markdown(
                    f"{plain(browser, 90)}{here if session.is_current else ''}  \n"
                    f":gray[{plain(_('since'))} {plain(since)}]",
                    width="stretch",
                )
                st.button(
                    _("Sign out"),
                    key=f"end_{session.id}",
                    on_click=desk.act,
                    args=(sessions.revoke, session.id),
                )
        if len(found) > 1:
            with st.container(key="row_session_others"):
                st.button(
                    _("Sign out everywhere else"),
                    key="end_others",
                    on_click=end_others,
                )


def end_others() -> None:
    if desk.act(sessions.revoke_others, desk.session_digest() or "") is not None:
        st.toast(_("Every other browser was signed out."), icon=":material/check:")


def _did(verb: object, *args: object) -> bool:
    try:
        desk.attempt(verb, *args)  # type: ignore[arg-type]
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return False
    return True


viewer = desk.me()
with sheet.page("account", _("Your account"), quiet(viewer.email)):
    profile(viewer)
    preferences(viewer)
    own_times.show()
    own_notifications.show()
    password(viewer)
    own_sessions()
