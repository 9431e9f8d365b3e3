"""Moving a conversation to another mailbox: which one, and what that means."""

import streamlit as st

from inbox import moving
from inbox.conversations import Conversation
from inbox.words import _
from pages.parts import desk, dialogs
from pages.parts.escape import plain


def ask(conversation_id: int) -> None:
    dialogs.ask("move", conversation_id)


def show(found: Conversation) -> None:
    if dialogs.asked("move", found.id) is None:
        return

    @st.dialog(_("Move to another mailbox"), on_dismiss=dialogs.put_away)
    def choose() -> None:
        said = _(
            "The whole conversation goes there, and answers leave from there. Whoever reads only "
            "{mailbox} sees it no longer; what the customer still writes to {address} follows it."
        )
        st.markdown(
            said.format(mailbox=plain(found.mailbox_name), address=plain(found.mailbox_address))
        )
        for sign in moving.targets(desk.me(), found.mailbox_id):
            st.button(
                f"{plain(sign.name)} :gray[{plain(sign.address)}]",
                key=f"move_to_{sign.id}",
                width="stretch",
                on_click=dialogs.done,
                args=(moving.move, found.id, sign.id),
            )
        if found.assignee_name:
            kept = _("{name} keeps it only if they answer mail there.")
            st.caption(kept.format(name=plain(found.assignee_name)))
        if found.tags:
            st.caption(_("Tags stay as far as that mailbox has them too."))

    choose()
