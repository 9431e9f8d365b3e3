"""Mailboxes: which there are, how they do, and how they are set up."""

import streamlit as st

from inbox import clock, health, mailboxes
from inbox.health import MailboxHealth
from inbox.mailboxes import Mailbox
from pages.parts import connect_wizard, desk, form, mailbox_setup, mailbox_state
from pages.parts.escape import plain
from pages.parts.words import _

LOOK_AGAIN_SECONDS = 2
viewer = desk.me()
form.must_be_let_in(viewer.is_admin or any(viewer.may("configure", m) for m in viewer.readable))


def head() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(_("Mailboxes"), width="stretch")
        if viewer.is_admin and not connect_wizard.is_open():
            st.button(
                _("Connect a mailbox"),
                key="connect_begin",
                type="primary",
                on_click=connect_wizard.begin,
            )


def row(mailbox: Mailbox, found: MailboxHealth) -> None:
    colour, text = mailbox_state.sentence(found, now=clock.now())
    is_open = st.session_state.get("set_up") == mailbox.id
    with st.container(border=True, key=f"mailbox_{mailbox.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{plain(mailbox.name)}**  {plain(mailbox.address)}  \n:{colour}[{text}]",
                width="stretch",
            )
            if st.button(_("Close") if is_open else _("Set up"), key=f"set_up_{mailbox.id}"):
                st.session_state["set_up"] = None if is_open else mailbox.id
                st.rerun()
        mailbox_state.progress(found)
        if found.unreadable:
            st.caption(
                _("{n} mails could not be read. They are kept whole; see Health.").format(
                    n=found.unreadable
                )
            )


def states() -> dict[int, MailboxHealth]:
    return {found.id: found for found in desk.look(health.of_mailboxes)}


def rows(some: list[Mailbox]) -> None:
    found = states()
    for mailbox in some:
        row(mailbox, found[mailbox.id])
    if watched and not any(mailbox_state.is_reading(found[m.id]) for m in some):
        st.rerun()


listed = desk.look(mailboxes.configurable)
watched = any(mailbox_state.is_reading(found) for found in states().values())
with st.container(key="mailboxes", width=760):
    head()
    if connect_wizard.is_open() and viewer.is_admin:
        connect_wizard.show()
    if not listed and not connect_wizard.is_open():
        st.info(_("No mailbox yet. Connect one with its address and password."))
    chosen = next((m for m in listed if m.id == st.session_state.get("set_up")), None)
    st.fragment(rows, run_every=LOOK_AGAIN_SECONDS if watched else None)(listed)
    if chosen:
        with st.container(border=True, key="setting_up"):
            st.subheader(plain(chosen.name))
            mailbox_setup.show(chosen, viewer)
    if viewer.is_admin:
        st.caption(
            _(
                "Mail from files (mbox, Maildir, folders of .eml) is imported on the command line: "
                "`python -m inbox import --mailbox ADDRESS PATH`"
            )
        )
