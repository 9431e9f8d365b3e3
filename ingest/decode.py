"""Strangers' bytes as clean text: declared charset if it holds, else the likeliest one.

Nothing here raises, whatever the bytes.
"""

import binascii
import codecs
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import charset_normalizer

GUESS_BYTES = 20_000
SHORTEST_GUESS = 64
_ALIASES = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "x-unknown": "",
    "unknown-8bit": "",
    "default": "",
    "binary": "",
    "idna": "",
    "punycode": "",
    "unicode_escape": "",
    "unicode-escape": "",
    "raw_unicode_escape": "",
    "raw-unicode-escape": "",
    "undefined": "",
}
_ASCII_IS_NOT_PLAIN = {"utf-7", "hz", "utf-16", "utf-32", "iso2022_jp", "iso2022_kr"}
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ENCODED = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")


def text(data: bytes, charset: str | None = None) -> str:
    """Decode a body or a header fragment; NUL and other controls are gone from the answer."""
    return clean(_decoded(data, charset))


def clean(found: str) -> str:
    """Without NUL, lone surrogates and control characters; line ends are \\n."""
    found = found.replace("\r\n", "\n").replace("\r", "\n")
    return _UNREADABLE.sub("", found) if _UNREADABLE.search(found) else found


def header(value: bytes) -> str:
    """A header field as one line of text, RFC 2047 words decoded, white space collapsed."""
    if b"=?" not in value:
        return " ".join(text(value).split())
    pieces: list[str] = []
    held: tuple[str, bytes] = ("", b"")
    end = 0
    for word in _ENCODED.finditer(value):
        between = value[end : word.start()]
        charset = word[1].decode("ascii", "replace").split("*")[0].lower()
        if between.strip() or charset != held[0]:
            pieces.append(_decoded(held[1], held[0]))
            pieces.append(_decoded(between, None) if between.strip() or not held[0] else "")
            held = (charset, b"")
        held = (charset, held[1] + _word(word[2], word[3]))
        end = word.end()
    pieces += [_decoded(held[1], held[0]), _decoded(value[end:], None)]
    return " ".join(clean("".join(pieces)).split())


def date(value: bytes) -> datetime | None:
    """A Date field as naive UTC; None when it names no moment between 1970 and 2200."""
    try:
        when = parsedate_to_datetime(value.decode("ascii", "replace"))
        when = when.astimezone(UTC) if when.tzinfo else when
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.replace(tzinfo=None) if 1970 <= when.year <= 2200 else None


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """(`text/plain`, {name: value}) of a Content-Type or Content-Disposition field (RFC 2231)."""
    first, *rest = _split_parameters(value)
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for part in rest:
        name, _, given = part.partition(b"=")
        key = name.strip().lower().decode("ascii", "replace")
        content = _unquoted(given.strip())
        base, star, number = key.partition("*")
        if not star:
            plain.setdefault(base, header(content))
        else:
            is_coded = key.endswith("*")
            digits = number.rstrip("*")
            order = int(digits) if digits.isdecimal() and len(digits) < 4 else 0
            pieces.setdefault(base, {})[order] = (content, is_coded)
    for base, found in pieces.items():
        plain[base] = _joined(found)
    return first.strip().lower().decode("ascii", "replace"), plain


def transfer(data: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding; what is broken is decoded as far as it goes."""
    if encoding == "base64":
        return _base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        return _uuencoded(data)
    return data


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """Python's name for a declared charset, "" when there is none."""
    name = charset.strip().strip("'\"").lower()
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return found.name if found._is_text_encoding else ""


def _decoded(data: bytes, charset: str | None) -> str:
    declared = _codec(charset) if charset else ""
    if data.isascii() and declared not in _ASCII_IS_NOT_PLAIN:
        return data.decode("ascii")
    for name in (declared, "utf-8"):
        if name:
            try:
                return data.decode(name)
            except ValueError:
                continue
    if declared in {"", "utf-8"}:
        return _mended(data) or _guessed(data)
    return data.decode(declared, "replace")


def _mended(data: bytes) -> str:
    """UTF-8 with a few broken places; "" when it is more likely something else."""
    found = data.decode("utf-8", "replace")
    whole = sum(not c.isascii() for c in found)
    return found if found.count("\ufffd") * 3 < whole else ""


def _guessed(data: bytes) -> str:
    if len(data) >= SHORTEST_GUESS:
        best = charset_normalizer.from_bytes(data[:GUESS_BYTES]).best()
        if best is not None:
            return data.decode(best.encoding, "replace")
    return data.decode("cp1252", "replace")


def _word(kind: bytes, content: bytes) -> bytes:
    if kind in b"bB":
        return _base64(content)
    return binascii.a2b_qp(content, header=True)


def _base64(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _uuencoded(data: bytes) -> bytes:
    out = bytearray()
    for line in data.splitlines():
        if line.startswith((b"begin ", b"end")):
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)


def _split_parameters(value: bytes) -> list[bytes]:
    """Split at semicolons outside quotes, in one pass."""
    if b'"' not in value:
        return value.split(b";")
    parts, start, is_quoted, skip = [], 0, False, False
    for at, byte in enumerate(value):
        if skip:
            skip = False
        elif byte == 0x5C and is_quoted:
            skip = True
        elif byte == 0x22:
            is_quoted = not is_quoted
        elif byte == 0x3B and not is_quoted:
            parts.append(value[start:at])
            start = at + 1
    return [*parts, value[start:]]


def _unquoted(value: bytes) -> bytes:
    if value[:1] == b'"':
        value = value[1:-1] if value[-1:] == b'"' and len(value) > 1 else value[1:]
        return re.sub(rb"\\(.)", rb"\1", value)
    return value


def _joined(pieces: dict[int, tuple[bytes, bool]]) -> str:
    """RFC 2231: continuations in order; the first coded piece names the charset."""
    charset, data = "", b""
    for order, (content, is_coded) in sorted(pieces.items()):
        if not is_coded:
            data += content
        elif order == min(pieces) and content.count(b"'") >= 2:
            name, _, coded = content.split(b"'", 2)
            charset = name.decode("ascii", "replace")
            data += unquote_to_bytes(coded)
        else:
            data += unquote_to_bytes(content)
    return " ".join(text(data, charset or None).split())
