"""HTML mail as plain text, with the places where quoted history stands.

Nothing is sanitised here: the HTML itself is made safe when it is shown.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest import html_layout
from ingest.html_layout import Layout
from ingest.html_own import Own

LONGEST = 2_000_000
MANY_TAGS = 20_000
DEEPEST = 1_000
LONGEST_TEXT = 1_000_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_VOID = {"br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "source"}
_UNSEEN = {"style", "script", "head", "title", "template", "noscript", "-comment", "object"}
_BLOCKS = {
    *("p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "section", "article"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "header", "footer", "address", "dd", "dt", "form"),
}
_LAID_OUT = {"ul", "ol", "li", "tr"}


@dataclass(slots=True)
class Rendered:
    """`text` is everything, `own` what stands outside marked history and signatures.

    Both are the same when nothing is marked, and in a forward.
    """

    text: str
    own: str
    is_forward: bool = False


@dataclass(slots=True)
class _Page:
    everything: list[str] = field(default_factory=list)
    own: Own = field(default_factory=Own)
    layout: Layout = field(default_factory=Layout)
    size: int = 0

    def write(self, piece: str) -> None:
        self.everything.append(piece)
        self.size += len(piece)
        self.own.write(piece)


@lru_cache(maxsize=1)
def render(html: str) -> Rendered:
    """Text of the page. Its whole text and its own words are asked for one after the other."""
    html = html[:LONGEST]
    if html.count("<") > MANY_TAGS and _depth(html) > DEEPEST:
        crude = tidy(_TAG.sub(" ", html))
        return Rendered(text=crude, own=crude)
    root = LexborHTMLParser(html).body
    page = _Page(layout=html_layout.begin(html))
    if root is not None:
        _walk(root, page)
    everything = tidy("".join(page.everything))
    has_history = page.own.has_mark and not page.own.is_forward
    own = tidy("".join(page.own.pieces)) if has_history else everything
    return Rendered(text=everything, own=own, is_forward=page.own.is_forward)


def tidy(text: str) -> str:
    """Trailing blanks and runs of empty lines away."""
    lines = [line.strip() for line in text.replace("\xa0", " ").split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return html_layout.as_lines("\n".join(kept)).strip("\n")[:LONGEST_TEXT]


def _walk(root: LexborNode, page: _Page) -> None:
    """Depth first without recursion: a hostile page may be as deep as it likes."""
    stack: list[tuple[LexborNode, str, bool]] = []
    node: LexborNode | None = root
    while node is not None and page.size < LONGEST_TEXT:
        tag = node.tag or ""
        is_quote = False
        if tag == "-text":
            _write_text(node, page, any(name == "pre" for _, name, _ in stack[-3:]))
        elif tag not in _UNSEEN and not (page.layout.may_hide and html_layout.is_hidden(node)):
            is_quote = page.own.enter(node, tag)
            _open(node, tag, page)
            if node.child is not None:
                stack.append((node, tag, is_quote))
                node = node.child
                continue
            _close(tag, page)
            if is_quote:
                page.own.leave()
        node = _next(node, stack, page)


def _next(
    node: LexborNode, stack: list[tuple[LexborNode, str, bool]], page: _Page
) -> LexborNode | None:
    found = node.next
    while found is None and stack:
        parent, tag, was_quote = stack.pop()
        _close(tag, page)
        if was_quote:
            page.own.leave()
        if not stack:
            return None
        found = parent.next
    return found


def _open(node: LexborNode, tag: str, page: _Page) -> None:
    layout, last = page.layout, page.everything[-1] if page.everything else "\n"
    if tag == "br":
        page.write(" " if layout.is_in_row else "\n")
    elif tag in _BLOCKS - _LAID_OUT and not layout.is_in_row:
        if last.strip(" ") and not last.endswith("\n") and last != layout.marker:
            page.write("\n")
        if tag in html_layout.HEADINGS:
            page.write("\n")
    piece = html_layout.open_(node, tag, layout, page.everything)
    if piece:
        _write_bar(page)
        line, _, marker = piece.rpartition("\n")
        for part in (line + "\n" if "\n" in piece else "", marker):
            if part:
                page.write(part)


def _close(tag: str, page: _Page) -> None:
    piece = html_layout.close(tag, page.layout, page.everything)
    if piece:
        page.write(piece)
    if page.layout.is_in_row:
        if tag in _BLOCKS:
            page.write(" ")
    elif tag in _BLOCKS - {"ul", "ol", "li"}:
        page.write("\n\n" if tag == "p" or tag in html_layout.HEADINGS else "\n")


def _write_bar(page: _Page) -> None:
    if page.layout.is_bar_due:
        page.layout.is_bar_due = False
        page.write(html_layout.BAR)


def _write_text(node: LexborNode, page: _Page, is_preformatted: bool) -> None:
    found = node.text_content or ""
    if is_preformatted:
        page.write(html_layout.kept_blanks(found))
    elif words := found.split():
        _write_bar(page)
        lead = " " if found[0].isspace() else ""
        page.write(lead + " ".join(words) + (" " if found[-1].isspace() else ""))
    elif found and page.everything and not page.everything[-1].endswith(("\n", " ")):
        page.write(" ")


def _depth(html: str) -> int:
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        if tag[1]:
            depth = max(0, depth - 1)
        elif tag[2].lower() not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
