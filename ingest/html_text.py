"""HTML mail as plain text, with the places where quoted history stands.

Nothing is sanitised here: the HTML itself is made safe when it is shown.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

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
    size: int = 0

    def write(self, piece: str) -> None:
        self.everything.append(piece)
        self.size += len(piece)
        self.own.write(piece)


def render(html: str, *, keep_quotes: bool = False) -> Rendered:
    """Text of the page; with `keep_quotes` (a forward) nothing counts as history."""
    html = html[:LONGEST]
    if html.count("<") > MANY_TAGS and _depth(html) > DEEPEST:
        crude = tidy(_TAG.sub(" ", html))
        return Rendered(text=crude, own=crude)
    root = LexborHTMLParser(html).body
    page = _Page()
    if root is not None:
        _walk(root, page, keep_quotes)
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
    return "\n".join(kept).strip()[:LONGEST_TEXT]


def _walk(root: LexborNode, page: _Page, keep_quotes: bool) -> None:
    """Depth first without recursion: a hostile page may be as deep as it likes."""
    stack: list[tuple[LexborNode, str, bool]] = []
    node: LexborNode | None = root
    while node is not None and page.size < LONGEST_TEXT:
        tag = node.tag or ""
        is_quote = False
        if tag == "-text":
            _write_text(node, page, any(name == "pre" for _, name, _ in stack[-3:]))
        elif tag not in _UNSEEN:
            is_quote = not keep_quotes and page.own.enter(node, tag)
            _open(tag, page)
            if node.child is not None:
                stack.append((node, tag, is_quote))
                node = node.child
                continue
            if is_quote:
                page.own.leave()
        node = _next(node, stack, page)


def _next(
    node: LexborNode, stack: list[tuple[LexborNode, str, bool]], page: _Page
) -> LexborNode | None:
    found = node.next
    while found is None and stack:
        parent, tag, was_quote = stack.pop()
        if tag in _BLOCKS:
            page.write("\n\n" if tag == "p" else "\n")
        elif tag in {"td", "th"}:
            page.write(" ")
        if was_quote:
            page.own.leave()
        if not stack:
            return None
        found = parent.next
    return found


def _open(tag: str, page: _Page) -> None:
    if tag == "br":
        page.write("\n")
    elif tag == "li":
        page.write("\n- ")
    elif tag in _BLOCKS and page.everything and not page.everything[-1].endswith("\n"):
        page.write("\n")


def _write_text(node: LexborNode, page: _Page, is_preformatted: bool) -> None:
    found = node.text_content or ""
    if is_preformatted:
        page.write(found)
    elif words := found.split():
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
