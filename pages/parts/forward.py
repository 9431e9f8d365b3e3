"""Forwarding: which mails of a conversation and which of their files, then the mail that carries
them."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from inbox import forwarding
from inbox.conversations import Conversation
from inbox.messages import Attachment, Message
from inbox.words import _
from pages.parts import desk, dialogs, drawing, names, place, sizes, times
from pages.parts.escape import plain, quiet
from pages.parts.thread import Look

MOST = 30
_LINE = 90


def ask(conversation_id: int, message_id: int) -> None:
    dialogs.ask("forward", conversation_id, message=message_id)


def show(found: Conversation, mails: Sequence[Message], look: Look) -> None:
    """The question which mails and files, from when it is asked until it is answered or left."""
    about = dialogs.asked("forward", found.id)
    if about is None:
        return
    offered = _offered(mails, about["message"])

    @st.dialog(_("Forward"), on_dismiss=dialogs.put_away)
    def choose() -> None:
        st.markdown(
            _("Your own words come above, this mail below. The customer goes on waiting for you.")
            if len(offered) == 1
            else _("Your own words come above, the mails below. The customer goes on waiting.")
        )
        with st.container(key="forward_mails", height="content"):
            for mail in offered:
                _mail(mail, look, is_alone=len(offered) == 1, is_asked=mail.id == about["message"])
        with st.container(horizontal=True):
            st.button(
                _("Write"),
                key="forward_write",
                type="primary",
                on_click=_begin,
                args=(found.id, offered),
                disabled=not _chosen(offered),
            )
            st.button(_("Cancel"), key="forward_cancel", on_click=dialogs.put_away)

    choose()


def _offered(mails: Sequence[Message], asked: int) -> list[Message]:
    """The newest first; the one that was asked for in any case."""
    able = [m for m in mails if m.direction != "note" and not m.is_hidden]
    newest = able[-MOST:]
    return [*reversed(newest), *(m for m in able[:-MOST] if m.id == asked)]


def _mail(mail: Message, look: Look, *, is_alone: bool, is_asked: bool) -> None:
    who = names.shown(mail.from_name, mail.from_address) or _("Unknown sender")
    when = times.said(mail.sent_at, now=look.now, where=look.where)
    if not is_alone:
        text = " ".join((mail.reply_text or mail.body_text).split())
        label = f"**{plain(who)}** {quiet(when)}  \n{quiet(text, _LINE)}"
        st.checkbox(label, value=is_asked, key=_mail_key(mail))
    if is_alone or st.session_state.get(_mail_key(mail)):
        with st.container(key=f"forward_files_{mail.id}"):
            for file in _files(mail):
                _box(file, look)


def _files(mail: Message) -> list[Attachment]:
    return [file for file in mail.attachments if not file.is_inline]


def _mail_key(mail: Message) -> str:
    return f"forward_mail_{mail.id}"


def _chosen(offered: Sequence[Message]) -> list[Message]:
    """The only one that there is needs no box."""
    if len(offered) == 1:
        return list(offered)
    return [mail for mail in offered if st.session_state.get(_mail_key(mail))]


def _box(file: Attachment, look: Look) -> None:
    may = look.opening.is_free(file)
    st.checkbox(
        f"{plain(file.filename)} ({sizes.said(file.size_bytes)})",
        value=may,
        key=f"forward{file.id}",
        disabled=not may,
    )


def _begin(conversation_id: int, offered: Sequence[Message]) -> None:
    mails = _chosen(offered)
    files = [file.id for mail in mails for file in _files(mail)]
    chosen = [number for number in files if st.session_state.get(f"forward{number}")]
    verb = partial(forwarding.begin, files=desk.house().files)
    draft = desk.act(verb, conversation_id, [mail.id for mail in mails], chosen)
    dialogs.forget()
    if draft is not None:
        place.open_conversation(draft.conversation_id)
    drawing.everything()
