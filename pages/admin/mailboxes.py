"""Mailboxes: which there are, how they do, and how they are set up."""

import streamlit as st

from inbox import clock, health, mailboxes
from inbox.health import MailboxHealth
from inbox.mailboxes import Mailbox
from inbox.words import _, plural
from pages.parts import connect_wizard, desk, form, mailbox_setup, mailbox_state, sheet
from pages.parts.escape import plain, quiet

LOOK_AGAIN_SECONDS = 2
viewer = desk.me()
form.must_be_let_in(viewer.is_admin or any(viewer.may("configure", m) for m in viewer.readable))


def head() -> None:
    with st.container(key="sheethead", horizontal=True, vertical_alignment="center"):
        st.title(_("Mailboxes"), width="stretch", anchor=False)
        if viewer.is_admin and not connect_wizard.is_open():
            st.button(
                _("Connect a mailbox"),
                key="connect_begin",
                type="primary",
                on_click=connect_wizard.begin,
            )


def row(mailbox: Mailbox, found: MailboxHealth) -> None:
    now = clock.now()
    is_open = st.session_state.get("set_up") == mailbox.id
    with st.container(key=f"row_mailbox_{mailbox.id}"):
        with st.container(
            key=f"line_mailbox_{mailbox.id}", horizontal=True, vertical_alignment="center"
        ):
            st.markdown(
                f"{mailbox_state.dot(found, now=now)} **{plain(mailbox.name)}**  "
                f"{quiet(mailbox.address)}  \n{mailbox_state.quiet_sentence(found, now=now)}"
                f"{unreadable(found.unreadable)}",
                width="stretch",
            )
            if st.button(_("Close") if is_open else _("Set up"), key=f"set_up_{mailbox.id}"):
                st.session_state["set_up"] = None if is_open else mailbox.id
                st.rerun()
        mailbox_state.progress(found)


def unreadable(count: int) -> str:
    if not count:
        return ""
    said = plural(
        "{n} mail could not be read. It is kept whole; see Health.",
        "{n} mails could not be read. They are kept whole; see Health.",
        count,
    )
    return f"  \n:orange[{plain(said.format(n=count))}]"


def states() -> dict[int, MailboxHealth]:
    return {found.id: found for found in desk.look(health.of_mailboxes)}


def rows(some: list[Mailbox]) -> None:
    found = states()
    with st.container(key="rows_mailboxes", border=True):
        for mailbox in some:
            row(mailbox, found[mailbox.id])
    if watched and not any(mailbox_state.is_reading(found[m.id]) for m in some):
        st.rerun()


listed = desk.look(mailboxes.configurable)
watched = any(mailbox_state.is_reading(found) for found in states().values())
with sheet.page("mailboxes"):
    head()
    if connect_wizard.is_open() and viewer.is_admin:
        connect_wizard.show()
    if listed:
        st.fragment(rows, run_every=LOOK_AGAIN_SECONDS if watched else None)(listed)
    elif not connect_wizard.is_open():
        st.info(_("No mailbox yet. Connect one with its address and password."))
    chosen = next((m for m in listed if m.id == st.session_state.get("set_up")), None)
    if chosen:
        with st.container(border=True, key="setting_up"):
            mailbox_setup.show(chosen, viewer)
    if viewer.is_admin:
        st.caption(
            _(
                "Mail from files (mbox, Maildir, folders of .eml) is imported on the command line: "
                "`python -m inbox import --mailbox ADDRESS PATH`"
            )
        )
