"""Where quoted history and signatures begin in an HTML mail, by the marks of mail programs.

One element is looked at, and a few below it; who walks the page decides what becomes of it.
"""

import re
from enum import Enum, auto

from selectolax.lexbor import LexborNode

from ingest import separators

_TAGS = {"div", "blockquote", "span", "hr", "p", "pre", "table", "td"}
# Apple, Thunderbird, Yahoo, Tuta, Roundcube, Freshdesk, GMX, Outlook for Mac, Zimbra, HubSpot.
_WHOLE = {"moz-cite-prefix", "moz-email-headers-table", "gmail_attr", "tutanota_quote"}
_WHOLE |= {"reply-intro", "freshdesk_quote", "quoted-content", "olk_src_body_section"}
_WHOLE |= {"mac_outlook_attribution_blockquote", "__quoted_text__", "__headers__", "hs_reply"}
_CONTAINERS = {"gmail_quote", "gmail_quote_container", "protonmail_quote", "zmail_extra"}
_CONTAINERS |= {"messagereplysection"}
_ENDINGS = {"appendonsend", "divrplyfwdmsg", "mail-editor-reference-message-container"}
_ENDINGS |= {"ms-outlook-mobile-reference-message", "zwchr", "__divider__", "stopspelling"}
_ENDINGS |= {"outlookmessageheader"}
_SIGNATURES = {"gmail_signature", "gmail_signature_prefix", "signature", "moz-signature"}
_SIGNATURES |= {"applemailsignature", "ms-outlook-mobile-signature", "protonmail_signature_block"}
_SIGNATURES |= {"composer_signature", "messagesignaturesection", "mac_outlook_signature"}
_SIGNATURES |= {"_rc_sig", "tutanota_signature", "zmail_signature"}
_OUTLOOK_LINE = re.compile(r"border-top:\s*(?:solid|1(?:\.0)?pt|#[0-9a-f]{6})\s", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:(?:x_)+|m_-?\d{1,25})")
_NAMING = ("class", "id", "name", "data-marker")
_CHILDREN = 50


class Mark(Enum):
    """What an element is.

    `WHOLE` is history; `OPEN` holds history with a person's answers between and below, all above
    its first quote is history; with `END` all that follows is; `INDENT` is history if an
    attribution stands above it. With `FORWARD` nothing in the page counts as history.
    """

    NONE = auto()
    WHOLE = auto()
    OPEN = auto()
    END = auto()
    INDENT = auto()
    SIGNATURE = auto()
    FORWARD = auto()


def mark(node: LexborNode, tag: str) -> Mark:
    """What this element is, by its own names and, for some, by what it begins with."""
    if tag not in _TAGS:
        return Mark.NONE
    given = node.attributes
    if not given:
        return Mark.INDENT if tag == "blockquote" else Mark.NONE
    names = _names(given)
    if not names.isdisjoint(_ENDINGS) or any(name.startswith("divrpf") for name in names):
        return Mark.END
    style = given.get("style") or ""
    if "border" in style.lower() and _OUTLOOK_LINE.search(style):
        return Mark.END if separators.begins_header(first_words(node)) else Mark.NONE
    if names & _SIGNATURES or any(name.endswith("_rc_sig") for name in names):
        return Mark.SIGNATURE
    found = _quote(node, tag, given, names)
    is_forward = found is not Mark.NONE and separators.is_forward_mark(first_words(node))
    return Mark.FORWARD if is_forward else found


def _names(given: dict[str, str | None]) -> set[str]:
    """Classes, id, name and data-marker, without what programs put before those they quote."""
    said = [value for key in _NAMING if (value := given.get(key))]
    if not said:
        return set()
    names = " ".join(said).lower().split()
    return {_NUMBERED.sub("", name) if name[1:2] == "_" else name for name in names}


def _quote(node: LexborNode, tag: str, given: dict[str, str | None], names: set[str]) -> Mark:
    is_quote = tag == "blockquote" and (given.get("type") or "").lower() == "cite"
    is_named = bool(names & _WHOLE) or any(name.find("yahoo_quoted") >= 0 for name in names)
    if is_quote or is_named or (tag == "div" and (given.get("name") or "") == "quote"):
        return Mark.WHOLE
    if names & _CONTAINERS:
        return Mark.OPEN if tag != "blockquote" and _holds_quote(node) else Mark.WHOLE
    return Mark.INDENT if tag == "blockquote" else Mark.NONE


def _holds_quote(node: LexborNode) -> bool:
    inner = node.child
    for _ in range(_CHILDREN):
        if inner is None:
            return False
        if inner.tag == "blockquote":
            return True
        inner = inner.next
    return False


def first_words(node: LexborNode) -> str:
    """The first text inside the element, looked for among its first few descendants."""
    todo = [node.child]
    for _ in range(_CHILDREN):
        inner = todo.pop() if todo else None
        if inner is None:
            return ""
        if inner.tag == "-text" and (found := (inner.text_content or "").strip()):
            return separators.plain(" ".join(found[: separators.LOOK].split()))
        todo += [one for one in (inner.next, inner.child) if one is not None]
    return ""
