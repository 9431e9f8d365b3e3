"""Numbers beside each other, and the choice of the one whose conversations are to be seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from inbox.words import _
from pages.parts.escape import plain


@dataclass(frozen=True, slots=True)
class Tile:
    """`ids` are the conversations it is made of; `about` stands small below the number."""

    name: str
    value: str
    about: str
    ids: Sequence[int] = ()


def row(tiles: Iterable[Tile]) -> None:
    """The tiles alone."""
    with st.container(key="tiles", horizontal=True):
        for tile in tiles:
            st.metric(
                plain(tile.name),
                plain(tile.value),
                plain(tile.about) or None,
                delta_color="off",
                delta_arrow="off",
                border=True,
                width="stretch",
                height="stretch",
            )


def show(key: str, tiles: Mapping[str, Tile]) -> tuple[list[int], str]:
    """The tiles, by names that do not change with their words; answers the conversations of the
    one that was chosen to be opened, and what they are."""
    row(tiles.values())
    which = choose(key, {one: tile.name for one, tile in tiles.items()})
    if which is None:
        return [], ""
    return list(tiles[which].ids), tiles[which].name


def choose(key: str, words: Mapping[str, str]) -> str | None:
    """Which number's conversations are to be seen; `words` are shown for each."""
    which: str | None = st.pills(
        _("Show the conversations"),
        list(words),
        format_func=lambda one: plain(words[one]),
        key=key,
        label_visibility="collapsed",
    )
    return which if which in words else None
