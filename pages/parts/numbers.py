"""What Insight's pages have in common: which there are, the strip that leads from one to the
others, and their head."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from inbox import turns
from inbox.words import _, mark
from pages.parts import desk, sheet
from pages.parts.escape import plain

FOLDER = Path(__file__).parents[1] / "insight"
# What the address says of the numbers asked for goes along from page to page.
SHARED = ("days", "to", "by", "mailbox", "tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page of Insight; `is_of_admins` for what only those may see who run the house."""

    title: str
    address: str
    is_of_admins: bool = False


LEAVES = {
    name: leaf
    for name, leaf in {
        "now": Leaf(title=mark("Now"), address="now"),
        "response": Leaf(title=mark("Response time"), address="response-time"),
        "resolution": Leaf(title=mark("Resolution"), address="resolution"),
        "load": Leaf(title=mark("Load"), address="load"),
        "duplicates": Leaf(title=mark("Duplicate replies"), address="duplicate-replies"),
        "targets": Leaf(title=mark("Targets"), address="targets"),
        "unanswered": Leaf(title=mark("Unanswered"), address="unanswered"),
        "replay": Leaf(title=mark("Time travel"), address="time-travel"),
        "pilot": Leaf(title=mark("Pilot"), address="pilot"),
        "boards": Leaf(title=mark("Boards"), address="boards"),
        "sql": Leaf(title=mark("SQL"), address="sql", is_of_admins=True),
    }.items()
    if (FOLDER / f"{name}.py").exists()
}
FIRST = next(iter(LEAVES))


def offered() -> list[str]:
    """The pages that the viewer's roles open."""
    is_admin = desk.me().is_admin
    return [name for name, leaf in LEAVES.items() if is_admin or not leaf.is_of_admins]


@contextmanager
def page(name: str, about: str = "") -> Iterator[None]:
    """One of these pages: the strip, its title, and `about`, ready for Markdown."""
    with sheet.page(name, width=sheet.WIDE):
        strip()
        st.title(_(LEAVES[name].title), anchor=False)
        if about:
            st.markdown(about)
        turns.catch_up(desk.house().store)
        yield


def strip() -> None:
    """One line of links, which scrolls where it is wider than the screen."""
    asked = {name: st.query_params[name] for name in SHARED if name in st.query_params}
    with st.container(key="leaves", horizontal=True, gap="small"):
        for name in offered():
            file = FOLDER / f"{name}.py"
            st.page_link(
                file,
                label=plain(_(LEAVES[name].title)),
                query_params=asked,
            )
