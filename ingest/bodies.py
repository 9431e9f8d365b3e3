"""Which parts of a mail are its text and which are attachments.

The text is a row of stretches, each in the versions the mail gives of it: what stands beside each
other in a `multipart/mixed` is read one after the other, what stands in an `alternative` once.
"""

import re
from dataclasses import dataclass, field
from html import escape

from ingest import calendars, decode, html_text, inline, names, plain_text, sealed, tnef
from ingest.calendars import Said
from ingest.inline import Attached
from ingest.mime import Part

ATTACHMENTS = 200
LONGEST_TEXT = 1_000_000
LONGEST_HTML = 5_000_000
STUB = 300
_META = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_ASKS_FOR_HTML = re.compile(r"\bx?html\b", re.IGNORECASE)
_MULTIPART_NOTICE = re.compile(r"\bMIME\b|multi-?part", re.IGNORECASE)
_TEXTS = {"text/plain", "text/html", "text/enriched", "text/richtext", "text"}
_CALENDARS = {"text/calendar", "application/ics"}
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
_SAME_AGAIN = {"text/x-amp-html", "text/watch-html"}


@dataclass(slots=True)
class Words:
    """One stretch of the mail's text; a version it does not have is ""."""

    text: str = ""
    html: str = ""


@dataclass(slots=True)
class Bodies:
    """`text` and `html` are the mail's own words (`html` "" without any), `sayings` what its
    calendars say. `held` are the contents of the parts that are no text, as they came, and
    `bare` the words as they came: both find the same mail again, however it is shown."""

    text: str = ""
    html: str = ""
    sayings: list[Said] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    held: list[bytes] = field(default_factory=list)
    bare: str = ""
    left_out: int = 0
    protection: str = ""


@dataclass(slots=True)
class _Finding:
    bodies: Bodies = field(default_factory=Bodies)
    plain: list[str] = field(default_factory=list)
    unpacked: list[Words] = field(default_factory=list)
    loose: list[Part] = field(default_factory=list)
    has_words: bool = False


def collect(whole: Part) -> Bodies:
    """Texts and attachments in the order of the mail; at most 200 attachments are kept."""
    found = _Finding()
    words = _read(whole, found)
    bodies = found.bodies
    if not any(_is_said(one) for one in words):
        words = found.unpacked or _fallback(whole, found)
    bodies.text = "\n\n".join(said for one in words if (said := _plainly(one)))
    if any(one.html for one in words):
        bodies.html = "\n".join(one.html or as_html(one.text) for one in words)[:LONGEST_HTML]
    bodies.bare = "\n\n".join(found.plain).strip() or bodies.html
    bodies.attached = inline.placed(bodies.attached, bodies.html)
    return bodies


def as_html(text: str) -> str:
    """Plain words as a paragraph of a page."""
    return f"<p>{escape(text)}</p>".replace("\n", "<br>\n") if text.strip() else ""


def _is_said(one: Words) -> bool:
    return bool(one.text.strip() or one.html.strip())


def _plainly(one: Words) -> str:
    """The text version, unless it only says that one should read the other."""
    text = one.text.strip("\n").rstrip()
    is_stub = len(text) <= STUB and _ASKS_FOR_HTML.search(text)
    if one.html and (is_stub or not text.strip()):
        page = html_text.render(one.html).text
        return page if not text.strip() or len(page) > len(text) else text
    return text.strip()


def _read(part: Part, found: _Finding) -> list[Words]:
    kind = sealed.kind_of(part)
    if kind and found.bodies.protection != "encrypted":
        found.bodies.protection = kind
    if kind == "encrypted":
        for leaf in part.parts or [part]:
            _attach(leaf, _name(leaf)[0], found)
        return [Words(text=sealed.ENCRYPTED)]
    if not part.parts:
        return _leaf(part, found)
    if part.content_type == "multipart/alternative":
        inner = [one for one in part.parts if one.content_type not in _SAME_AGAIN]
        found.bodies.held += [one.content() for one in part.parts if one not in inner]
        return _one_of([_read(one, found) for one in inner or part.parts])
    return [words for inner in part.parts for words in _read(inner, found)]


def _one_of(versions: list[list[Words]]) -> list[Words]:
    """Of versions of the same: the first as text that has words, the last as a page."""
    texts = ["\n\n".join(w.text.strip() for w in one if w.text.strip()) for one in versions]
    pages = [
        "\n".join(w.html or as_html(w.text) for w in one)
        for one in versions
        if any(w.html for w in one)
    ]
    return [Words(text=next((t for t in texts if t), ""), html=pages[-1] if pages else "")]


def _name(part: Part) -> tuple[str, str]:
    """(the name of the part as it came, its disposition)."""
    disposition, given = decode.parameters(part.first("content-disposition") or b"")
    return given.get("filename") or part.parameters.get("name") or "", disposition


def _leaf(part: Part, found: _Finding) -> list[Words]:
    name, disposition = _name(part)
    kind = part.content_type
    if kind.startswith("multipart/"):
        is_end = re.fullmatch(rb"--[^\r\n]{1,200}--", part.body.strip())
        return [] if is_end else _text(part, "text/plain", found)
    is_inline = disposition == "inline" and not found.has_words
    if kind in _TEXTS and disposition != "attachment" and (not name or is_inline):
        return _text(part, kind, found)
    return _file(part, name, found)


def _file(part: Part, name: str, found: _Finding) -> list[Words]:
    """A part that is kept as a file; some of them have words to tell all the same."""
    kind = part.content_type
    if kind == "message/external-body":
        return [Words(text=_elsewhere(part))]
    if kind in _TNEF or name.lower() == "winmail.dat":
        return _winmail(part, name, found)
    if not name and kind in (*_TEXTS, "application/octet-stream"):
        found.loose.append(part)
    _attach(part, name, found)
    if kind in sealed.PKCS7 and (inner := sealed.inside(part)) is not None:
        return _read(inner, found) if not sealed.kind_of(inner) else []
    if kind in _CALENDARS or name.lower().endswith(".ics"):
        _say(decode.text(part.content(), part.parameters.get("charset")), found)
    return [Words(text=_piece(part))] if kind == "message/partial" else []


def _text(part: Part, kind: str, found: _Finding) -> list[Words]:
    if kind == "text/html":
        content = part.content()
        charset = part.parameters.get("charset") or _declared_inside(content)
        words = Words(html=decode.text(content, charset)[:LONGEST_HTML])
    else:
        words = Words(text=_plain(part, kind, found))
    found.has_words = found.has_words or _is_said(words)
    return [words]


def _plain(part: Part, kind: str, found: _Finding) -> str:
    whole = decode.text(part.content(), part.parameters.get("charset"))
    whole, files = plain_text.without_files(whole)
    text = whole[:LONGEST_TEXT]
    if kind == "text/enriched":
        text = plain_text.enriched(text)
    elif kind == "text/richtext":
        text = plain_text.richtext(text)
    elif part.parameters.get("format", "").lower() == "flowed":
        delsp = part.parameters.get("delsp", "").lower() == "yes"
        text = plain_text.unflowed(text, delsp=delsp)
    found.plain.append(text)
    for name, content in files:
        found.bodies.held.append(content)
        _keep(name, names.kind(name), content, "", found)
    text, protection = sealed.disarmed(text)
    found.bodies.protection = found.bodies.protection or protection
    return text


def _fallback(whole: Part, found: _Finding) -> list[Words]:
    """For a mail without words: a nameless part that is text after all, or what stands before
    the first delimiter, where no mail program looks."""
    bodies = found.bodies
    if len(bodies.attached) == 1 and len(found.loose) == 1:
        part = found.loose[0]
        content = part.content()
        if b"\0" not in content and _is_text(content, part):
            bodies.attached = []
            kind = part.content_type if part.content_type in _TEXTS else "text/plain"
            return _text(part, kind, found)
    around = decode.text(whole.around).strip()
    is_notice = len(around) <= STUB and _MULTIPART_NOTICE.search(around)
    return [Words(text="" if is_notice else around[:LONGEST_TEXT])]


def _is_text(content: bytes, part: Part) -> bool:
    if part.content_type in _TEXTS:
        return True
    try:
        return content.decode().isprintable() or not re.search(rb"[\x01-\x08\x0e-\x1f]", content)
    except ValueError:
        return False


def _winmail(part: Part, name: str, found: _Finding) -> list[Words]:
    opened = tnef.read(part.content())
    if opened is None:
        _attach(part, name, found)
        return []
    found.bodies.held.append(part.content())
    for one in opened.files:
        kind = one.content_type if "/" in one.content_type else names.kind(one.name)
        _keep(one.name, kind, one.content, one.content_id, found)
    text, html = opened.text[:LONGEST_TEXT], opened.html[:LONGEST_HTML]
    found.unpacked.append(Words(text=text, html=html))
    return []


def _say(text: str, found: _Finding) -> None:
    said = calendars.read(text)
    if said and all(said.lines != other.lines for other in found.bodies.sayings):
        found.bodies.sayings.append(said)


def _piece(part: Part) -> str:
    number, total = (part.parameters.get(name, "?")[:5] for name in ("number", "total"))
    return (
        f"This is piece {number} of {total} of a mail that was sent in pieces. "
        "Only all of them together can be read."
    )


def _elsewhere(part: Part) -> str:
    given = part.parameters
    pieces = (given.get(name, "") for name in ("site", "directory", "name"))
    place = "".join(given.get("url", "").split()) or "/".join(p for p in pieces if p)
    return f"A file of this mail lies elsewhere: {place or given.get('access-type', '?')}"[:2000]


def _attach(part: Part, name: str, found: _Finding) -> None:
    content = part.content()
    found.bodies.held.append(content)
    cid = decode.header(part.first("content-id") or b"").strip("<> ")[:200]
    kind = part.content_type
    if name and "/" not in (part.first("content-type") or b"").decode("ascii", "replace"):
        kind = names.kind(name)
    _keep(name, kind, content, cid, found)


def _keep(name: str, kind: str, content: bytes, cid: str, found: _Finding) -> None:
    bodies = found.bodies
    if len(bodies.attached) >= ATTACHMENTS:
        bodies.left_out += 1
        return
    number = len(bodies.attached) + 1
    bodies.attached.append(
        Attached(
            filename=names.of(name, kind, content) or names.made_up(kind, number),
            content_type=kind[:100],
            content=content,
            content_id=cid or None,
            is_inline=False,
        )
    )


def _declared_inside(html: bytes) -> str | None:
    found = _META.search(html[:2000])
    return found[1].decode("ascii") if found else None
