"""Splitting a conversation at one of its messages, and finding what was split off."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from inbox import splitting
from inbox.errors import InboxError, NotFound
from inbox.messages import Message
from inbox.words import _, refused
from pages.parts import desk, drawing, place
from pages.parts.desk import Undo
from pages.parts.escape import plain

WAYS = {"split_here": False, "split_alone": True}


def press(conversation_id: int, way: str, message_id: int) -> None:
    """Do it, open what is new, and offer the way back; for callbacks."""
    verb = partial(splitting.split, alone=WAYS[way])
    try:
        number = desk.do(
            verb,
            conversation_id,
            message_id,
            back=_back,
        )
    except InboxError as refusal:
        st.toast(plain(refused(refusal)), icon=":material/info:")
    else:
        place.open_conversation(number)
    drawing.again(*place.PANES)


def _back(number: int) -> Undo:
    words = _("Split off to #{number}").format(number=number)
    return Undo(words, splitting.unsplit, (number,))


def elsewhere(message_id: int | None, mails: Sequence[Message]) -> int | None:
    """The conversation a link to a message leads to, where it is not in the one that it names."""
    if message_id is None or any(mail.id == message_id for mail in mails):
        return None
    try:
        return desk.look(splitting.place_of, message_id)
    except NotFound:
        return None
