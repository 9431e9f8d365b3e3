"""Forwarding a mail: which of its files go along, then the new mail that carries it."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from inbox import forwarding
from inbox.conversations import Conversation
from inbox.messages import Attachment, Message
from inbox.words import _
from pages.parts import desk, dialogs, drawing, place, sizes
from pages.parts.escape import plain
from pages.parts.thread import Look


def ask(conversation_id: int, message_id: int) -> None:
    dialogs.ask("forward", conversation_id, message=message_id)


def show(found: Conversation, mails: Sequence[Message], look: Look) -> None:
    """The question about files, from when it is asked until it is answered or left."""
    about = dialogs.asked("forward", found.id)
    if about is None:
        return
    mail = next((m for m in mails if m.id == about["message"]), None)
    files = [] if mail is None else [f for f in mail.attachments if not f.is_inline]

    @st.dialog(_("Forward"), on_dismiss=dialogs.put_away)
    def choose() -> None:
        st.markdown(
            _("Your own words come above, this mail below. The customer goes on waiting for you.")
        )
        for file in files:
            _box(file, look)
        with st.container(horizontal=True):
            st.button(
                _("Write"),
                key="forward_write",
                type="primary",
                on_click=_begin,
                args=(found.id, about["message"], [file.id for file in files]),
            )
            st.button(_("Cancel"), key="forward_cancel", on_click=dialogs.put_away)

    choose()


def _box(file: Attachment, look: Look) -> None:
    may = look.opening.is_free(file)
    st.checkbox(
        f"{plain(file.filename)} ({sizes.said(file.size_bytes)})",
        value=may,
        key=f"forward{file.id}",
        disabled=not may,
    )


def _begin(conversation_id: int, message_id: int, offered: list[int]) -> None:
    chosen = [number for number in offered if st.session_state.get(f"forward{number}")]
    verb = partial(forwarding.begin, files=desk.house().files)
    draft = desk.act(verb, conversation_id, message_id, chosen)
    dialogs.forget()
    if draft is not None:
        place.open_conversation(draft.conversation_id)
    drawing.everything()
