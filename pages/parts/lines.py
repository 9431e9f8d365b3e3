"""Lines broken by the widths of their letters, for what is drawn and not laid out by a browser."""

import unicodedata
from collections.abc import Iterator

LONGEST = 400
# Widths of letters as parts of the size, as Liberation Sans and Arial have them.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 0.23),
    **dict.fromkeys(" .,:;!/\\[]ftI\u00a0\u202f·", 0.29),
    **dict.fromkeys("()r-`{}", 0.34),
    **dict.fromkeys('*"', 0.39),
    **dict.fromkeys("cksvxyzJ", 0.51),
    **dict.fromkeys("+−×<>=~", 0.6),
    **dict.fromkeys("FTZL", 0.62),
    **dict.fromkeys("ABEKPSVXY&", 0.68),
    **dict.fromkeys("CDHNRUw", 0.73),
    **dict.fromkeys("GOQ", 0.79),
    **dict.fromkeys("mM", 0.84),
    **dict.fromkeys("W%@", 0.95),
}
_USUAL = 0.57
_BOLD = 1.08


def broken(words: str, width: float, *, is_bold: bool = False) -> Iterator[str]:
    """Lines of at most so many times the size of their letters; a word that is longer is cut."""
    line = ""
    for word in _seen(words).split(" "):
        longer = f"{line} {word}" if line else word
        if long(longer, is_bold=is_bold) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while long(line, is_bold=is_bold) > width and len(line) > 1:
            fits = range(len(line) - 1, 1, -1)
            n = next((n for n in fits if long(line[:n], is_bold=is_bold) <= width), 1)
            yield line[:n]
            line = line[n:]
    yield line


def _seen(words: str) -> str:
    """Without what is not seen and could turn a line around."""
    kept = "".join(
        " " if c.isspace() and c not in "\u00a0\u202f" else c
        for c in words[:LONGEST]
        if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return " ".join(filter(None, kept.split(" ")))


def long(words: str, *, is_bold: bool) -> float:
    found = sum(
        1.05 if unicodedata.east_asian_width(c) in "WF" else _WIDTHS.get(c, _USUAL) for c in words
    )
    return found * (_BOLD if is_bold else 1.0)
