"""Which parts of a mail are its text and which are attachments."""

import re
from dataclasses import dataclass, field

from ingest import decode
from ingest.mime import Part

ATTACHMENTS = 200
LONGEST_TEXT = 1_000_000
LONGEST_HTML = 5_000_000
LONGEST_NAME = 180
_META = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_ENDINGS = {
    "message/rfc822": "eml",
    "message/global": "eml",
    "text/calendar": "ics",
    "text/plain": "txt",
    "text/html": "html",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """`filename` is display text alone."""

    filename: str
    content_type: str
    content: bytes
    content_id: str | None
    is_inline: bool


@dataclass(slots=True)
class Bodies:
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    left_out: int = 0


def collect(whole: Part) -> Bodies:
    """Texts and attachments in the order of the mail; at most 200 attachments are kept."""
    found = Bodies()
    todo = [whole]
    while todo:
        part = todo.pop(0)
        if part.parts:
            todo = part.parts + todo
        else:
            _sort(part, found)
    html = "\n".join(found.htmls)
    found.attached = [_placed(one, html) for one in found.attached]
    return found


def _sort(part: Part, found: Bodies) -> None:
    disposition, given = decode.parameters(part.first("content-disposition") or b"")
    name = given.get("filename") or part.parameters.get("name") or ""
    kind = part.content_type
    is_text = kind in {"text/plain", "text/html", "text/enriched", "text"}
    is_body = is_text and disposition != "attachment" and (not name or disposition == "inline")
    if kind.startswith("multipart/"):
        is_body, kind = True, "text/plain"
    if not is_body:
        _attach(part, name, disposition, found)
    elif kind == "text/html":
        content = part.content()
        charset = part.parameters.get("charset") or _declared_inside(content)
        found.htmls.append(decode.text(content, charset)[:LONGEST_HTML])
    else:
        text = decode.text(part.content(), part.parameters.get("charset"))[:LONGEST_TEXT]
        found.texts.append(_unflowed(text) if _is_flowed(part) else text)


def _attach(part: Part, name: str, disposition: str, found: Bodies) -> None:
    if len(found.attached) >= ATTACHMENTS:
        found.left_out += 1
        return
    cid = decode.header(part.first("content-id") or b"").strip("<> ")[:200]
    content = part.content()
    found.attached.append(
        Attached(
            filename=_safe_name(name) or _made_up(part.content_type, len(found.attached) + 1),
            content_type=part.content_type[:100],
            content=content,
            content_id=cid or None,
            is_inline=disposition == "inline" or bool(cid),
        )
    )


def _placed(one: Attached, html: str) -> Attached:
    """Inline only if the text shows it: others must stay visible as attachments."""
    is_shown = bool(one.content_id) and f"cid:{one.content_id}" in html
    if is_shown == one.is_inline:
        return one
    return Attached(
        filename=one.filename,
        content_type=one.content_type,
        content=one.content,
        content_id=one.content_id,
        is_inline=is_shown,
    )


def _safe_name(name: str) -> str:
    last = re.split(r"[/\\]", decode.clean(name))[-1]
    shown = "".join(c for c in last if c.isprintable()).strip(" .")
    if len(shown) > LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        keep = LONGEST_NAME - len(ending) - 1
        shown = f"{stem[:keep]}.{ending}" if dot and keep > 0 else shown[:LONGEST_NAME]
    return shown


def _made_up(content_type: str, number: int) -> str:
    return f"attachment-{number}.{_ENDINGS.get(content_type, 'bin')}"


def _declared_inside(html: bytes) -> str | None:
    found = _META.search(html[:2000])
    return found[1].decode("ascii") if found else None


def _is_flowed(part: Part) -> bool:
    return part.parameters.get("format", "").lower() == "flowed"


def _unflowed(text: str) -> str:
    """RFC 3676: lines that end in a blank go on; stuffed blanks are taken away."""
    out: list[str] = []
    is_open = False
    for line in text.split("\n"):
        plain = line[1:] if line.startswith(" ") else line
        is_quote = plain.startswith(">")
        if is_open and out and not is_quote and plain != "-- ":
            out[-1] += plain
        else:
            out.append(plain)
        is_open = plain.endswith(" ") and plain != "-- " and not is_quote
    return "\n".join(out)
