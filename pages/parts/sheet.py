"""What the pages beside the inbox are made of: a compact head, sections, and tables of facts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from pages.parts.escape import plain

WIDTH = 860
# For charts beside each other.
WIDE = 1080


@contextmanager
def page(key: str, title: str = "", about: str = "", width: int = WIDTH) -> Iterator[None]:
    """One column of calm width below a title; `about` is ready for Markdown."""
    with st.container(key="sheet", width=width), st.container(key=key):
        if title:
            st.title(title, anchor=False)
        if about:
            st.markdown(about)
        yield


def section(title: str) -> None:
    st.subheader(title, anchor=False)


@contextmanager
def setting(key: str, title: str, about: str = "") -> Iterator[None]:
    """A part of a form: what it is at the left, its fields at the right; below on a phone."""
    with st.container(key=f"setting_{key}"):
        left, right = st.columns((2, 5), gap="large")
        with left:
            section(title)
            if about:
                st.caption(about)
        with right:
            yield


def table(
    key: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0
) -> None:
    """A quiet table of cells that are ready for Markdown; the last `numbers` columns stand at
    the right. A `head` without words is not shown."""
    words = len(head) - numbers
    lines = [_line(head), _line([":---"] * words + ["---:"] * numbers), *map(_line, rows)]
    with st.container(key=f"table_{key}"):
        st.markdown("\n".join(lines))


def facts(key: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Names at the left, what is so at the right."""
    table(f"facts_{key}", ("", ""), [(f":gray[{plain(n)}]", plain(text)) for n, text in pairs])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
