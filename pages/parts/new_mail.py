"""A new mail: begun with a key, written in the pane of the conversation that it will be."""

import streamlit as st

from inbox import drafts, new_mail
from inbox.conversations import Conversation
from inbox.errors import InboxError
from inbox.mailboxes import Sign
from inbox.new_mail import Unsent
from inbox.words import _, refused
from pages.parts import answer, desk, drawing, place, times
from pages.parts.escape import plain
from pages.parts.thread import Look

LONGEST_GLIMPSE = 80


def button() -> None:
    """Begins one, where the agent may write at all."""
    if senders():
        st.button(
            "",
            key="new_mail",
            icon=":material/edit_square:",
            help=_("New mail (C)"),
            on_click=begin,
        )


def senders() -> list[Sign]:
    """The mailboxes the agent may write from."""
    viewer = desk.me()
    return [sign for sign in desk.signs() if viewer.may("reply", sign.id)]


def begin() -> None:
    """From the mailbox one is in, else from the first one may write from."""
    able = [sign.id for sign in senders()]
    here = place.mailbox_id()
    try:
        draft = desk.attempt(new_mail.begin, here if here in able else able[0])
    except InboxError as refusal:
        st.toast(plain(refused(refusal)), icon=":material/info:")
        return
    place.open_conversation(draft.conversation_id)
    drawing.again(*place.PANES)


def show(found: Conversation, look: Look) -> None:
    """The pane: what else was begun, and the composer."""
    own = desk.look(drafts.all_of, found.id, found.family) if found.has_drafts else []
    with st.container(key="convhead", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Back"), key="back", icon=":material/arrow_back:", on_click=_back, type="tertiary"
        )
        with st.container(key="headwords", width="stretch"):
            st.markdown(f"**{_('New mail')}**")
    with st.container(key="shown", height="stretch"):
        with st.container(key="convfoot"):
            answer.show(found, (), (), (), own, look, senders())
        _others(found, look)


def _others(found: Conversation, look: Look) -> None:
    others = [one for one in desk.look(new_mail.unsent) if one.conversation_id not in found.family]
    if not others:
        return
    with st.container(key="unsent", gap=None):
        st.caption(_("Begun and not sent"))
        for one in others:
            when = times.said(one.updated_at, now=look.now, where=look.where)
            st.button(
                f"{plain(_glimpse(one))} · {when}",
                key=f"unsent{one.conversation_id}",
                on_click=_open,
                args=(one.conversation_id,),
                type="tertiary",
            )


def _glimpse(one: Unsent) -> str:
    said = one.subject or " ".join(one.body.split())
    people = ", ".join(p.name or p.address for p in one.recipients.to)
    return ": ".join(filter(None, (people, said)))[:LONGEST_GLIMPSE]


def _open(conversation_id: int) -> None:
    place.open_conversation(conversation_id)
    drawing.again(*place.PANES)


def _back() -> None:
    place.leave()
    drawing.again(*place.PANES)
