"""What was searched for when the open conversation was opened, to be marked in its stream."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from inbox import search_hits
from inbox.messages import Message
from inbox.search_hits import InStream
from pages.parts import place

_KEY = "hits"


def forget() -> None:
    """A conversation is opened from the list: what is searched for now counts."""
    st.session_state.pop(_KEY, None)


def of(conversation_id: int, mails: Sequence[Message], now: datetime) -> InStream | None:
    """What to mark. Whoever goes on typing in the search reads on undisturbed."""
    opened, words = st.session_state.get(_KEY, (None, ""))
    if opened != conversation_id:
        words = place.words()
        st.session_state[_KEY] = (conversation_id, words)
    if not words.strip():
        return None
    return search_hits.in_stream(mails, replace(place.asked().filters, words=words), now=now)
