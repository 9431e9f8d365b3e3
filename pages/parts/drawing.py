"""What is still to be drawn.

News from /live interrupts a run wherever it is, and the run that follows draws only what the news
is about. So whoever asks for a redraw notes it here until it is done, and every redraw, the one
after news as well, makes up for what an interrupted one left undone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

WHOLE = "whole"
_KEY = "still_to_draw"


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
    yield
    st.session_state[_KEY] = _owed() - {name}


def _owed() -> set[str]:
    found: set[str] = st.session_state.get(_KEY, set())
    return found
