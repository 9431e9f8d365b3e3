"""Which files a browser may show by itself: told by their first bytes, never by name or label."""

from functools import lru_cache
from pathlib import Path

from inbox import picture_kinds

PDF = "application/pdf"
BEGINNING = 16


def kind_of(path: Path) -> str | None:
    """One of four kinds of picture, or PDF; None for all else, and for a file that is gone."""
    try:
        with path.open("rb") as file:
            begins = file.read(BEGINNING)
    except FileNotFoundError:
        return None
    return PDF if begins.startswith(b"%PDF-") else picture_kinds.kind_of(begins)


@lru_cache(maxsize=2_000)
def known_kind_of(path: Path) -> str | None:
    """The same, looked up once: files lie under the digest of their bytes and never change."""
    return kind_of(path)
