"""The one component that listens for what happens elsewhere."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from inbox.words import each, language
from pages.parts.component import register
from pages.parts.head import PRESENCE

_component = register("live", scripts=("presence_marks",))


def listen(
    conversation_id: int | None, on_changed: Callable[[], None], *, every_seconds: float = 0.0
) -> None:
    """Mount once per page. `on_changed` reads `changed()` and redraws what it concerns, and is
    called no more often than that, for what costs more than a list."""
    _component(
        key="live",
        data={
            "conversation": conversation_id,
            "every": 1000 * every_seconds,
            "language": language(),
            "words": each(PRESENCE),
        },
        on_changed_change=on_changed,
        height=1,
    )


def changed() -> set[int]:
    """The conversations the last push was about."""
    news = _news()
    return {int(c) for c in news.get("conversations", []) if isinstance(c, int | float)}


def is_everything() -> bool:
    """Whether the last push said that the agent may read other mailboxes than before."""
    return _news().get("all") is True


def _news() -> dict[str, Any]:
    return (st.session_state.get("live") or {}).get("changed") or {}
