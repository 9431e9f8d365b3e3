"""Which files of a mail are shown in its text."""

import re
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import unquote

from inbox import picture_kinds

_CID = re.compile(r"cid:([^\"'\s>)]{1,200})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """`filename` is display text alone."""

    filename: str
    content_type: str
    content: bytes
    content_id: str | None
    is_inline: bool


def placed(attached: list[Attached], html: str) -> list[Attached]:
    """Inline only what the page shows: a picture of a kind browsers know, the first of its id.
    All others stay visible as attachments. The id is spelled as the page spells it."""
    if not any(one.content_id for one in attached):
        return attached
    spelled: dict[str, str] = {}
    for cid in _CID.findall(html):
        spelled.setdefault(unquote(unescape(cid)), unescape(cid))
        spelled[unescape(cid)] = unescape(cid)
    found: list[Attached] = []
    taken: set[str] = set()
    for one in attached:
        cid = one.content_id or ""
        shown = spelled.get(cid) if picture_kinds.kind_of(one.content) else None
        if cid in taken:
            found.append(replace(one, content_id=None))
        elif shown:
            taken.add(cid)
            found.append(replace(one, content_id=shown, is_inline=True))
        else:
            found.append(one)
    return found
