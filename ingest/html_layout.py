"""Lists, tables, links and what is hidden: how a page's shape becomes lines of text."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

BLANK, BAR = "\x01", "\x02"
"""Stand for a blank that begins a line and stays, and for the bar between two cells."""

LONGEST_LINK = 2_000
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_MAY_HIDE = re.compile(r"display\s*:\s*none|mso-hide|\shidden\b", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>]+", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:https?://(?:www\.)?|www\.|mailto:|tel:)", re.IGNORECASE)
_BAR = re.compile(rf"[ {BLANK}]*{BAR}[ {BLANK}]*")
_PLAIN_BLOCKS = {"p", "div"}
_LAYOUT = {
    *("table", "ul", "ol", "dl", "hr", "br", "pre", "blockquote", "center", "form", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "article", "address"),
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_CELLS = 60


@dataclass(slots=True)
class Layout:
    """Where in lists, rows and links the walk through the page is."""

    may_hide: bool = False
    lists: list[int] = field(default_factory=list)
    rows: list[bool] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    is_bar_due: bool = False
    marker: str = ""

    @property
    def is_in_row(self) -> bool:
        return bool(self.rows) and self.rows[-1]


def begin(html: str) -> Layout:
    return Layout(may_hide=bool(_MAY_HIDE.search(html)))


def is_hidden(node: LexborNode) -> bool:
    """What a reader does not see: the words a list of mails shows as a preview, above all."""
    given = node.attributes
    return "hidden" in given or bool(_HIDDEN.search(given.get("style") or ""))


def open_(node: LexborNode, tag: str, layout: Layout, written: list[str]) -> str:
    """What stands before the contents of this element."""
    if tag == "img":
        return " ".join((node.attributes.get("alt") or "").split())
    if tag == "a":
        href = (node.attributes.get("href") or "").strip()[:LONGEST_LINK]
        layout.links.append((href if _LINK.fullmatch(href) else "", len(written)))
    elif tag in ("ul", "ol"):
        start = node.attributes.get("start") or "1" if tag == "ol" else ""
        layout.lists.append((int(start) if start.isdecimal() else 1) if tag == "ol" else -1)
        if len(layout.lists) > 1:
            return _new_line(written, layout)
    elif tag == "li":
        return _new_line(written, layout) + _marker(layout)
    elif tag == "tr":
        line = _new_line(written, layout)
        layout.rows.append(_is_data(node))
        layout.is_bar_due = False
        return line
    elif tag in ("td", "th"):
        if not layout.is_in_row:
            return _new_line(written, layout)
        layout.is_bar_due = bool(written) and not written[-1].endswith("\n")
    return ""


def close(tag: str, layout: Layout, written: list[str]) -> str:
    """What stands after the contents of this element."""
    if tag == "a" and layout.links:
        href, start = layout.links.pop()
        return _address(href, "".join(written[start : start + 100]))
    if tag in ("ul", "ol") and layout.lists:
        layout.lists.pop()
        return "\n" if not layout.lists else ""
    if tag == "li":
        return _new_line(written, layout)
    if tag == "tr" and layout.rows:
        layout.rows.pop()
        layout.is_bar_due = False
    return ""


def as_lines(text: str) -> str:
    """The stand-ins as what they stand for, once blanks at both ends of lines are gone."""
    if BAR in text:
        text = _BAR.sub(" | ", text)
    return text.replace(BLANK, " ") if BLANK in text else text


def kept_blanks(text: str) -> str:
    """Preformatted text, whose lines keep the blanks they begin with."""
    return re.sub(r"(?m)^[ \t]+", lambda found: BLANK * len(found[0].expandtabs(4)), text)


def _new_line(written: list[str], layout: Layout) -> str:
    if not written or written[-1].endswith("\n") or layout.is_in_row:
        return ""
    return "" if layout.marker and written[-1] == layout.marker else "\n"


def _marker(layout: Layout) -> str:
    indent = BLANK * 2 * (min(len(layout.lists), 10) - 1)
    number = layout.lists[-1] if layout.lists else -1
    if number >= 0:
        layout.lists[-1] += 1
    layout.marker = f"{indent}{number}. " if number >= 0 else f"{indent}- "
    return layout.marker


def _is_data(row: LexborNode) -> bool:
    """Whether the cells of a row belong on one line. A table that only holds a page in shape has
    blocks in its cells, or says so."""
    if _is_presentation(row):
        return False
    cell, cells = row.child, 0
    while cell is not None and cells < _CELLS:
        if cell.tag in ("td", "th"):
            cells += 1
            if not _is_of_words(cell):
                return False
        cell = cell.next
    return cells > 1


def _is_of_words(cell: LexborNode) -> bool:
    inner, blocks = cell.child, 0
    while inner is not None:
        blocks += inner.tag in _PLAIN_BLOCKS
        if inner.tag in _LAYOUT or blocks > 1:
            return False
        inner = inner.next
    return True


def _is_presentation(row: LexborNode) -> bool:
    outer = row.parent
    while outer is not None and outer.tag in ("tbody", "thead", "tfoot"):
        outer = outer.parent
    return outer is not None and outer.attributes.get("role") in ("presentation", "none")


def _address(href: str, label: str) -> str:
    """The link behind a label, unless the label is the link."""
    shown = " ".join(label.split())
    if not href or not shown or _bare(shown) == _bare(href):
        return ""
    if label[-1:].isspace():
        return f"<{href}>{label[-1]}"
    return f" <{href}>"


def _bare(link: str) -> str:
    return _SCHEME.sub("", link).rstrip("/").casefold()
