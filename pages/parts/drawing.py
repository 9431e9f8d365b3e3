"""What is still to be drawn.

News from /live interrupts a run wherever it is, and the run that follows draws only what the news
is about. So whoever asks for a redraw notes it here until it is done, and every redraw, the one
after news as well, makes up for what an interrupted one left undone.

What is drawn shows the diary up to a line. Of one's own act news comes too, when its answer stands
on the screen already: what shows that line is not drawn again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from pages.parts import desk

WHOLE = "whole"
_KEY = "still_to_draw"
_SHOWS = "shows_diary_until"


def again(*panes: str) -> NoReturn:
    """Draw these fragments anew, and what is owed besides; for callbacks, and ends them."""
    owed = _owed() | set(panes)
    st.session_state[_KEY] = owed
    if WHOLE in owed:
        st.rerun()
    st.rerun(sorted(owed))


def everything() -> NoReturn:
    """Draw the whole page anew; for callbacks, and ends them. An open dialog goes away only so."""
    again(WHOLE)


@contextmanager
def page() -> Iterator[None]:
    """Around the whole page: until it has been drawn to its end it counts as owed."""
    st.session_state[_KEY] = {WHOLE}
    yield
    st.session_state[_KEY] = set()


@contextmanager
def pane(name: str) -> Iterator[None]:
    """Around the body of a fragment with this key."""
    # Before the first question: what is committed from here on may be seen, and may not.
    shows = desk.house().store.head.event_id
    yield
    st.session_state[_KEY] = _owed() - {name}
    st.session_state.setdefault(_SHOWS, {})[name] = shows


def after_news(panes: tuple[str, ...], event_id: int | None) -> None:
    """Draw those of the panes that do not show this line of the diary yet (all of them when it is
    None), and what is owed; for callbacks, which go on only when there is nothing of either."""
    shows: dict[str, int] = st.session_state.get(_SHOWS, {})
    behind = [p for p in panes if event_id is None or shows.get(p, -1) < event_id]
    if behind or _owed():
        again(*behind)


def _owed() -> set[str]:
    found: set[str] = st.session_state.get(_KEY, set())
    return found
