"""Inviting people and handing over one-time links."""

from urllib.parse import urlsplit

import streamlit as st

from inbox import clock, house_mail, invitations, notices
from inbox.errors import InboxError
from inbox.invitations import Kind
from inbox.notices import Notice
from inbox.words import _, refused
from pages.parts import desk
from pages.parts.escape import plain

_KEY = "new_link"


def show() -> None:
    """The form; the link it makes is shown once, above it."""
    with (
        st.container(key="invite", border=True),
        st.form("invite_form", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input(_("Name"), key="invite_name", max_chars=100)
        email = st.text_input(_("E-mail address"), key="invite_email")
        pressed = st.form_submit_button(_("Invite"), type="primary", key="invite_go")
    if pressed:
        _invite(name, email)


def fresh_link() -> None:
    """The link just made, this once; it is stored nowhere in readable form."""
    found = st.session_state.pop(_KEY, None)
    if found is None:
        return
    words, link = found
    st.success(plain(words))
    st.code(link, language=None, wrap_lines=True)
    st.caption(_("It works once. It is not shown again, but a new one can be made."))


def renew(agent_id: int, name: str, *, has_joined: bool) -> None:
    """Make a new link for someone who lost the first, or the password."""
    settings = desk.house().settings
    kind: Kind = "reset" if has_joined else "invitation"
    token = desk.act(invitations.renew, agent_id)
    if token is not None:
        words = _("Hand this link to {name}; it lets them choose a password.").format(name=name)
        st.session_state[_KEY] = (words, notices.link(settings, kind, token, base=_base()))


def _invite(name: str, email: str) -> None:
    settings = desk.house().settings
    try:
        token = desk.attempt(invitations.invite, email, name, hours=settings.invitation_hours)
    except InboxError as refusal:
        st.error(plain(refused(refusal)))
        return
    mailed = notices.link(settings, "invitation", token)
    was_mailed = _mail(notices.invitation(settings, name.strip(), email.strip(), mailed))
    link = notices.link(settings, "invitation", token, base=_base())
    if was_mailed:
        words = _("{name} is invited by mail. You can hand over this link as well.")
    else:
        words = _("{name} is invited. No mailbox here can send mail, so hand over this link.")
    st.session_state[_KEY] = (words.format(name=name.strip()), link)
    st.rerun()


def _mail(notice: Notice) -> bool:
    house = desk.house()
    try:
        with house.store.write() as db:
            house_mail.queue_system(
                db,
                None,
                notice.address,
                notice.subject,
                notice.text,
                raw=house.raw,
                now=clock.now(),
            )
    except InboxError:
        return False
    return True


def _base() -> str:
    """Where this page was asked for, by the admin to whom the link is shown."""
    asked = urlsplit(st.context.url or "")
    return f"{asked.scheme}://{asked.netloc}" if asked.netloc else ""
