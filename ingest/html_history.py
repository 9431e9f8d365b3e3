"""Where quoted history begins in an HTML mail, by the marks that mail programs leave.

One element is looked at, and a few below it; who walks the page decides what becomes of it.
"""

import re
from enum import Enum, auto

from selectolax.lexbor import LexborNode

_WHOLE = {"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix"}
_WHOLE |= {"protonmail_quote", "zmail_extra", "tutanota_quote", "gmail_extra"}
_ENDINGS = {"appendonsend", "divrplyfwdmsg", "mail-editor-reference-message-container"}
_ENDINGS |= {"reply-intro", "ms-outlook-mobile-reference-message"}
_OUTLOOK_LINE = re.compile(
    r"border:\s*none;\s*border-top:\s*solid\s+#[0-9a-f]{6}\s+1\.0pt", re.IGNORECASE
)
_FORWARD = re.compile(r"-{5,}\s*\w+")


class Mark(Enum):
    """`WHOLE`: the element is history; `END`: all that follows is; `NONE`: neither."""

    NONE = auto()
    WHOLE = auto()
    END = auto()


def mark(node: LexborNode, tag: str) -> Mark:
    """What this element is; Outlook's marks end the own text for good."""
    if tag not in {"div", "blockquote", "span", "hr", "p"}:
        return Mark.NONE
    given = node.attributes
    if not given:
        return Mark.NONE
    marks = set((given.get("class") or "").lower().split())
    marks.add((given.get("id") or "").lower())
    if marks & _ENDINGS or _OUTLOOK_LINE.search(given.get("style") or ""):
        return Mark.END
    is_history = bool(marks & _WHOLE) or (tag == "blockquote" and given.get("type") == "cite")
    return Mark.WHOLE if is_history and not _is_forward(node) else Mark.NONE


def _is_forward(node: LexborNode) -> bool:
    """Gmail marks what is forwarded like a quote, and begins it with a dashed line."""
    inner: LexborNode | None = node
    for _ in range(4):
        if inner is None:
            return False
        if inner.tag == "-text" and (inner.text_content or "").strip():
            return bool(_FORWARD.match((inner.text_content or "").strip()))
        inner = inner.child or inner.next
    return False
