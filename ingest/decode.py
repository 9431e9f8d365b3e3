"""Strangers' bytes as clean text: declared charset if it holds, else the likeliest one.

Nothing here raises, whatever the bytes.
"""

import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from ingest.charsets import decoded

_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]+")
_ENCODED = re.compile(rb"=\?([^?=\s\x80-\xff]{1,60})\?([bBqQ])\?")
_BLANKS_AT_BREAK = re.compile(rb"=[ \t]{1,80}(\r?\n)")
_PADDED = re.compile(rb"={1,2}(?!=)")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\r\n]")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{20,}={0,2}(?:\r?\n|\Z)")
_FOOTER = re.compile(rb"\r?\n(?:[_*-]{4,}|-- ?)\r?\n")
_NO_BASE64_LETTER = re.compile(rb"[^A-Za-z0-9+/]")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")


def text(data: bytes, charset: str | None = None) -> str:
    """Decode a body or a header fragment; NUL and other controls are gone from the answer."""
    return clean(decoded(data, charset).removeprefix("\ufeff"))


def clean(found: str) -> str:
    """Without NUL, lone surrogates and control characters; line ends are \\n."""
    found = found.replace("\r\n", "\n").replace("\r", "\n")
    return _UNREADABLE.sub("", found) if _UNREADABLE.search(found) else found


def header(value: bytes, charset: str = "") -> str:
    """A header field as one line of text: RFC 2047 words decoded, white space collapsed, nothing
    left that turns or hides letters on the screen. `charset` is a likely one for bare 8-bit."""
    if b"=?" not in value:
        return _one_line(decoded(value, charset or None))
    found = _words(value, charset)
    if _ENCODED.search(again := found.encode("utf-8", "replace")):
        found = _words(again, "utf-8")
    return _one_line(found)


def _one_line(found: str) -> str:
    found = " ".join(clean(found).split())
    return found if found.isascii() else _UNSEEN.sub("", found)


def _words(value: bytes, bare: str) -> str:
    """Neighbours in one charset are decoded as one: writers cut between the bytes of a letter."""
    pieces: list[str] = []
    held, data = "", b""
    for charset, content in _pieces(value):
        if charset and charset == held:
            data += content
            continue
        pieces.append(decoded(data, held or bare or None))
        held, data = charset, content
    return "".join([*pieces, decoded(data, held or bare or None)])


def _pieces(value: bytes) -> Iterator[tuple[str, bytes]]:
    """(charset, bytes) of each encoded word and ("", bytes) of what stands between, without the
    blanks between two words. A word that never ends goes on to the next one, or to the end."""
    end, is_after_word = 0, False
    begin = _ENCODED.search(value)
    while begin:
        between = value[end : begin.start()]
        if between.strip() or not is_after_word:
            yield "", between
        following = _ENCODED.search(value, begin.end())
        limit = following.start() if following else len(value)
        stop = value.find(b"?=", begin.end(), limit)
        is_ended = stop >= 0
        content = value[begin.end() : stop if is_ended else limit]
        yield begin[1].decode().split("*")[0].lower(), _word(begin[2], content)
        end, is_after_word, begin = (stop + 2 if is_ended else limit), True, following
    yield "", value[end:]


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
    name = re.sub(r"[^a-z0-9]", "", re.split(r"[(;]", encoding, maxsplit=1)[0])
    if name == "base64":
        return data if _is_prose(data) else _base64(data)
    if name == "quotedprintable":
        return binascii.a2b_qp(_BLANKS_AT_BREAK.sub(rb"=\1", data))
    if name in {"xuuencode", "uuencode", "uue", "xuue"}:
        return _uuencoded(data)
    return data


def _word(kind: bytes, content: bytes) -> bytes:
    if kind in b"bB":
        return _base64(content)
    return binascii.a2b_qp(content, header=True)


def _base64(data: bytes) -> bytes:
    """Piece by piece when each has padding of its own; a list's footer below is left."""
    pieces = _PADDED.split(_FOOTER.split(data, maxsplit=1)[0])
    return b"".join(_base64_piece(piece) for piece in pieces)


def _base64_piece(data: bytes) -> bytes:
    kept = _NO_BASE64_LETTER.sub(b"", data)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _is_prose(data: bytes) -> bool:
    """Whether it was never encoded, whatever is declared: one sign in 20 is none of base64."""
    data = data.strip()[:2000]
    return not _BASE64_LINE.match(data) and len(_NO_BASE64.findall(data)) * 20 > len(data)


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
