"""Setting up one mailbox: name, signature, addresses, servers, password, calendar, rest."""

import json

import streamlit as st

from inbox import calendars, mailboxes, people
from inbox.agents import Agent
from inbox.errors import InboxError
from inbox.mailbox_settings import POLL_SECONDS, SaveSent
from inbox.mailboxes import Mailbox
from inbox.words import _, mark, refused
from ingest import connect
from pages.parts import desk, form, mailbox_words, sheet
from pages.parts.escape import plain

_SAVE_SENT: dict[SaveSent, str] = {
    "auto": mark("Unless the provider does it by itself"),
    "always": mark("Always"),
    "never": mark("Never"),
}
_HABITS: list[SaveSent] = list(_SAVE_SENT)


def show(mailbox: Mailbox, viewer: Agent) -> None:
    """Everything this viewer may set: a manager the manners, an admin the rest too."""
    _manners(mailbox)
    _members(mailbox, viewer)
    if viewer.may("configure", mailbox.id):
        mailbox_words.show(mailbox)
    if viewer.is_admin:
        _addresses(mailbox)
        _servers(mailbox)
        _password(mailbox)
        _calendar(mailbox)
        _rest(mailbox)


def _manners(mailbox: Mailbox) -> None:
    about = _("What customers and colleagues see.")
    with (
        sheet.setting("manners", plain(mailbox.name), about),
        st.form(f"manners_{mailbox.id}", border=False),
    ):
        name = st.text_input(_("Name"), mailbox.name, key=f"name_{mailbox.id}", max_chars=80)
        signature = st.text_area(
            _("Signature"),
            mailbox.signature,
            key=f"signature_{mailbox.id}",
            help=_("Stands below every reply, unless the agent has one of their own."),
        )
        if st.form_submit_button(_("Save"), key=f"save_manners_{mailbox.id}") and form.did(
            mailboxes.rename, mailbox.id, name
        ):
            form.saved(mailboxes.set_signature, mailbox.id, signature)


def _members(mailbox: Mailbox, viewer: Agent) -> None:
    roles = [
        f"**{plain(person.name)}** {plain(member.role)}"
        for person in desk.look(people.everyone)
        if person.is_active
        for member in person.memberships
        if member.mailbox_id == mailbox.id
    ]
    may_give = viewer.is_admin or viewer.may("configure", mailbox.id)
    about = _("Roles are given on the page People.") if may_give else ""
    with sheet.setting("members", _("Members"), about):
        st.markdown(" · ".join(roles) or _("nobody yet"))


def _addresses(mailbox: Mailbox) -> None:
    about = _("Mail to them arrives here, and is never answered to ourselves.")
    with (
        sheet.setting("aliases", _("Other addresses"), about),
        st.form(f"aliases_{mailbox.id}", border=False),
    ):
        typed = st.text_area(
            _("Other addresses of this mailbox, one a line"),
            "\n".join(json.loads(mailbox.aliases)),
            key=f"aliases_text_{mailbox.id}",
        )
        if st.form_submit_button(_("Save addresses"), key=f"save_aliases_{mailbox.id}"):
            form.saved(mailboxes.set_aliases, mailbox.id, typed.splitlines())


def _servers(mailbox: Mailbox) -> None:
    about = _("Where mail is fetched, sent and filed.")
    with (
        sheet.setting("servers", _("Servers"), about),
        st.form(f"servers_{mailbox.id}", border=False),
    ):
        key = str(mailbox.id)
        incoming = st.text_input(_("Incoming server"), mailbox.imap_url or "", key=f"imap_{key}")
        outgoing = st.text_input(_("Outgoing server"), mailbox.smtp_url or "", key=f"smtp_{key}")
        folders = st.text_area(
            _("Folders read besides INBOX and Sent, one a line"),
            "\n".join(json.loads(mailbox.folders)),
            key=f"folders_{key}",
        )
        sent = st.text_input(
            _("Folder for sent mail"),
            mailbox.sent_folder or "",
            placeholder=_("found by itself"),
            key=f"sent_{key}",
        )
        save_sent = st.selectbox(
            _("File sent mail there"),
            _HABITS,
            index=_HABITS.index(mailbox.save_sent),
            format_func=lambda s: _(_SAVE_SENT[s]),
            key=f"save_sent_{key}",
        )
        seconds = st.number_input(
            _("Look for new mail every … seconds"),
            POLL_SECONDS.start,
            POLL_SECONDS.stop - 1,
            mailbox.poll_seconds,
            key=f"poll_{key}",
        )
        if mailbox.token_command:
            st.caption(_("Signs in with the token command set on the command line."))
        if st.form_submit_button(_("Save servers"), key=f"save_servers_{key}"):
            _save_servers(mailbox, incoming, outgoing, folders, sent, save_sent, int(seconds))


def _save_servers(
    mailbox: Mailbox,
    incoming: str,
    outgoing: str,
    folders: str,
    sent: str,
    save_sent: SaveSent,
    seconds: int,
) -> None:
    settings = desk.house().settings
    try:
        imap_url = connect.url(incoming, settings) if incoming.strip() else None
        smtp_url = connect.url(outgoing, settings) if outgoing.strip() else None
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return
    form.saved(
        mailboxes.change,
        mailbox.id,
        imap_url=imap_url,
        smtp_url=smtp_url,
        folders=[line.strip() for line in folders.splitlines() if line.strip()],
        sent_folder=sent.strip() or None,
        save_sent=save_sent,
        poll_seconds=seconds,
    )


def _password(mailbox: Mailbox) -> None:
    about = _("Stored encrypted, and shown to nobody.")
    with (
        sheet.setting("secret", _("Password"), about),
        st.form(f"secret_{mailbox.id}", border=False, clear_on_submit=True),
    ):
        secret = st.text_input(
            _("New password"),
            type="password",
            key=f"secret_text_{mailbox.id}",
            autocomplete="off",
        )
        if st.form_submit_button(_("Change password"), key=f"save_secret_{mailbox.id}"):
            form.saved(mailboxes.set_secret, mailbox.id, secret, keys=desk.house().keys)


def _calendar(mailbox: Mailbox) -> None:
    about = _("When it is open, to count waits in business time.")
    names = [None, *desk.look(calendars.versions)]
    with (
        sheet.setting("calendar", _("Calendar"), about),
        st.form(f"calendar_{mailbox.id}", border=False),
    ):
        chosen = st.selectbox(
            _("Calendar"),
            names,
            names.index(mailbox.calendar),
            format_func=lambda name: plain(name) if name else _("none"),
            key=f"calendar_of_{mailbox.id}",
        )
        if st.form_submit_button(_("Save calendar"), key=f"save_calendar_{mailbox.id}"):
            form.saved(mailboxes.change, mailbox.id, calendar=chosen)


def _rest(mailbox: Mailbox) -> None:
    about = _("At rest nothing is fetched or sent, and all its mail stays readable.")
    with sheet.setting("rest", _("Rest"), about):
        if not mailbox.is_active:
            if st.button(_("Take up again"), key=f"reactivate_{mailbox.id}"):
                form.saved(mailboxes.reactivate, mailbox.id)
            return
        warning = _(
            "Delad will no longer fetch or send for {address}. Everything that is here stays "
            "readable, nothing changes on the mail server, and you can take it up again."
        ).format(address=plain(mailbox.address))
        if form.confirmed(f"rest_{mailbox.id}", _("Put to rest"), warning):
            form.saved(mailboxes.deactivate, mailbox.id)
