"""A mail cut into its parts, by offsets into its own bytes: nothing is copied or re-serialised,
and every limit holds while cutting, not after."""

import re
from dataclasses import dataclass, field

from ingest import decode

HEADER_BYTES = 256_000
PARTS = 500
DEPTH = 30
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|in-reply-to|references|reply-to|sender|received|"
    rb"return-path|delivered-to|mime-version|content-[a-z-]+|x-[!-9;-~]+)[ \t]*:",
    re.IGNORECASE,
)
_KNOWN_LINE = re.compile(rb"^" + _KNOWN.pattern, re.IGNORECASE | re.MULTILINE)
_NO_FIELD = re.compile(rb"^(?![!-9;-~]{1,100}[ \t]*:|[ \t\r\n])", re.MULTILINE)
_BOUNDARY = re.compile(
    rb'(?:^|[;\s])boundary[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|"?([^"]*))', re.I | re.S
)
_LIKELY = re.compile(rb"(?:\A|[\r\n])--([^\r\n]{1,200}?)[ \t]*\r?\n(?:content-[a-z-]{1,40}:)", re.I)
_SNIFFED = 20_000
_CODED = (b"base64", b"quoted-printable")
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*(.*)", re.S)


@dataclass(slots=True)
class Part:
    """One leaf or branch; `fields` are (lower-case name, unfolded bytes) in order.

    `around` is what a branch holds before its first delimiter.
    """

    fields: list[tuple[str, bytes]]
    body: bytes = b""
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)
    around: bytes = b""
    _content: bytes | None = None

    def first(self, name: str) -> bytes | None:
        return next((value for key, value in self.fields if key == name), None)

    def every(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]

    def content(self) -> bytes:
        """The body without its transfer encoding."""
        if self._content is None:
            self._content = decode.transfer(self.body, self.encoding.decode("ascii", "replace"))
        return self._content

    @property
    def encoding(self) -> bytes:
        return (self.first("content-transfer-encoding") or b"").split(b";")[0].strip().lower()


@dataclass(slots=True)
class _Cut:
    raw: bytes
    parts: int = 0


def split(raw: bytes) -> Part:
    """The mail as a tree of at most 500 parts and depth 30; what lies deeper is not looked at."""
    return _part(_Cut(raw), 0, len(raw), 0, "text/plain")


def fields(block: bytes) -> list[tuple[str, bytes]]:
    """Header fields of a block, unfolded; lines that are no field are passed over."""
    found: list[tuple[str, list[bytes]]] = []
    for line in _lines(block[:HEADER_BYTES]):
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line.strip())
        elif match := _FIELD.match(line):
            found.append((match[1].decode("ascii").lower(), [match[2].rstrip()]))
    return [(name, b" ".join(pieces)) for name, pieces in found]


def begins_head(raw: bytes) -> bool:
    """Whether a field that every mail has begins here."""
    return _KNOWN.match(raw[:200]) is not None


def _lines(block: bytes) -> list[bytes]:
    """A bare CR ends lines only where nothing else does; within a line it is a blank."""
    if b"\n" not in block:
        return block.split(b"\r")
    return [line.rstrip(b"\r").replace(b"\r", b" ") for line in block.split(b"\n")]


def _part(cut: _Cut, start: int, end: int, depth: int, default: str) -> Part:
    cut.parts += 1
    own, body = _headers(cut.raw, start, end)
    part = Part(fields=own, content_type=default)
    declared = part.first("content-type")
    if declared is not None:
        kind, part.parameters = decode.parameters(declared)
        part.content_type = kind if "/" in kind else default
    if part.content_type.startswith("multipart/") and depth < DEPTH:
        _divide(cut, part, body, end, depth)
    if not part.parts:
        part.body = cut.raw[body:end]
        if part.content_type.startswith("multipart/") and part.encoding in _CODED:
            _unwrap(cut, part, depth)
    return part


def _divide(cut: _Cut, part: Part, body: int, end: int, depth: int) -> None:
    inner = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    spans, around = _spans_of(cut.raw, body, end, part)
    part.around = around
    for span in spans:
        if cut.parts >= PARTS:
            break
        part.parts.append(_part(cut, *span, depth + 1, inner))


def _unwrap(cut: _Cut, part: Part, depth: int) -> None:
    """RFC 2045 forbids to encode a multipart; some relays do. Decoded once, then cut."""
    if depth < DEPTH and part.parameters.get("boundary") and part.body:
        wrapped = _Cut(part.content(), cut.parts)
        _divide(wrapped, part, 0, len(wrapped.raw), depth + 1)
        cut.parts = wrapped.parts


def _headers(raw: bytes, start: int, end: int) -> tuple[list[tuple[str, bytes]], int]:
    """(fields, where the body begins). The header ends at an empty line or, where that is missing,
    at the first line that is no field, if no field follows it."""
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return [], start + (1 if raw[start : start + 1] == b"\n" else 2)
    if raw.find(b"\n", start, min(end, start + HEADER_BYTES)) < 0:
        blank = raw.find(b"\r\r", start, end)
        stop, body = (blank, blank + 2) if blank >= 0 else (end, end)
    else:
        found_blank = _END_OF_HEADERS.search(raw, start, end)
        stop, body = found_blank.span() if found_blank else (end, end)
    stop = min(stop, start + HEADER_BYTES)
    if begun := _text_begins(raw[start:stop]):
        stop = body = start + begun
    found = fields(raw[start:stop])
    return found, body if found else start


def _text_begins(head: bytes) -> int:
    """Where the text begins in a head that no blank line ends, or 0: at the first line that is no
    field, unless a field follows that only a head has."""
    if not begins_head(head):
        return 0
    first = _NO_FIELD.search(head)
    if first is None:
        return 0
    last = first.start()
    for known in _KNOWN_LINE.finditer(head, last):
        last = known.end()
    begun = _NO_FIELD.search(head, last)
    return begun.start() if begun else 0


def _spans_of(raw: bytes, start: int, end: int, part: Part) -> tuple[list[tuple[int, int]], bytes]:
    """The parts' places and what stands around them, by the declared boundary if it holds, else
    by the first line that looks like one."""
    for boundary in _boundaries(part):
        spans = _spans(raw, start, end, boundary)
        if spans:
            return spans, raw[start : spans[0][0]].rpartition(b"--" + boundary)[0]
        if raw.find(b"--" + boundary + b"--", start, end) >= 0:
            return [], b""
    if likely := _LIKELY.search(raw, start, min(end, start + _SNIFFED)):
        spans = _spans(raw, start, end, likely[1])
        return spans, raw[start : likely.start()]
    return [], b""


def _boundaries(part: Part) -> list[bytes]:
    """The boundary to the letter: nothing in it is decoded, no blank inside it collapsed."""
    given = _BOUNDARY.search(part.first("content-type") or b"")
    found: list[bytes] = []
    if given and given[1] is not None:
        found.append(re.sub(rb"\\(.)", rb"\1", given[1]).rstrip(b" \t"))
    elif given:
        open_ended = given[2].strip()
        found += [open_ended.split(b";")[0].strip(), open_ended]
    if decoded := part.parameters.get("boundary", ""):
        found.append(decoded.encode("utf-8", "replace"))
    found += [one.strip(b"'") for one in found if one[:1] == b"'"]
    return [one for one in dict.fromkeys(found) if one]


def _spans(raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
    """Where each part between delimiter lines lies; a missing last delimiter ends at the end."""
    line = re.compile(rb"--" + re.escape(boundary) + rb"(--)?[ \t]{0,100}(?=[\r\n]|\Z)")
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for mark in line.finditer(raw, start, end):
        if mark.start() > start and raw[mark.start() - 1] not in b"\r\n":
            continue
        if opened is not None:
            spans.append((opened, _before_line_end(raw, opened, mark.start())))
            opened = None
        if mark[1] or len(spans) >= PARTS:
            break
        opened = _after_line_end(raw, mark.end(), end)
    if opened is not None and opened < end:
        spans.append((opened, end))
    return spans


def _before_line_end(raw: bytes, start: int, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046)."""
    if raw[at - 2 : at] == b"\r\n":
        at -= 2
    elif raw[at - 1 : at] in (b"\n", b"\r"):
        at -= 1
    return max(start, at)


def _after_line_end(raw: bytes, at: int, end: int) -> int:
    if raw[at : at + 2] == b"\r\n":
        return min(at + 2, end)
    return min(at + 1, end)
