"""Blocking whoever a conversation is with, and letting them write again."""

import streamlit as st

from inbox import blocking
from inbox.conversations import Conversation
from inbox.words import _
from pages.parts import desk, dialogs
from pages.parts.desk import Undo
from pages.parts.escape import plain


def is_blocked(found: Conversation) -> bool:
    """Asked once until somebody is blocked or unblocked."""
    known = desk.remembered(("blocked_senders",), blocking.addresses, found.mailbox_id)
    return found.contact_address.lower() in known


def ask(conversation_id: int) -> None:
    dialogs.ask("block", conversation_id)


def show(found: Conversation) -> None:
    if dialogs.asked("block", found.id) is None:
        return

    @st.dialog(_("Block sender"), on_dismiss=dialogs.put_away)
    def choose() -> None:
        said = _(
            "From now on, mail from {address} to {mailbox} is filed as spam. Nothing is deleted, "
            "and you can unblock the sender at any time."
        )
        st.markdown(
            said.format(
                address=f"**{plain(found.contact_address)}**", mailbox=plain(found.mailbox_name)
            )
        )
        if found.spam_at is None:
            st.checkbox(_("This conversation is spam too"), value=True, key="block_spam")
        st.button(_("Block sender"), key="block", type="primary", on_click=_block, args=(found,))

    choose()


def _block(found: Conversation) -> None:
    as_spam = found.spam_at is None and bool(st.session_state.get("block_spam"))
    back = Undo(_("Blocked"), blocking.unblock, (found.id, as_spam))
    dialogs.done(blocking.block, found.id, as_spam, back=back)


def unblock(found: Conversation) -> None:
    """Let them write again; what was spam with them is none any more."""
    was_spam = found.spam_at is not None
    back = Undo(_("Unblocked"), blocking.block, (found.id, was_spam))
    dialogs.done(blocking.unblock, found.id, was_spam, back=back)
