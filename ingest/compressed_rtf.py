"""Rich text as Outlook keeps it: unpacked after MS-OXRTFCP, and its words without the rest."""

import re
import struct

_PRELOADED = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
LARGEST = 10_000_000
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.I,
)
_UNSEEN = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"),
    *(b"headerl", b"headerr", b"footerl", b"footerr", b"fldinst", b"themedata", b"datastore"),
}
_SIGNS = {
    b"par": "\n",
    b"line": "\n",
    b"tab": "\t",
    b"cell": " ",
    b"row": "\n",
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}
_TOKENS = 2_000_000
_DEEPEST = 500


def unpack(data: bytes) -> bytes:
    """The RTF of a PidTagRtfCompressed value; nothing when it is none (MS-OXRTFCP 2.1, 3.1)."""
    if len(data) < 16:
        return b""
    _, size, kind = struct.unpack_from("<II4s", data)
    if kind == b"MELA":
        return data[16 : 16 + min(size, LARGEST)]
    return _inflated(data, min(size, LARGEST)) if kind == b"LZFu" else b""


def _inflated(data: bytes, size: int) -> bytes:
    window = bytearray(_PRELOADED.ljust(4096, b" "))
    write, at = len(_PRELOADED), 16
    out = bytearray()
    while at < len(data) and len(out) < size:
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data) or len(out) >= size:
                break
            if not control >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                if at + 2 > len(data):
                    return bytes(out)
                both = data[at] << 8 | data[at + 1]
                at += 2
                read = both >> 4
                if read == write % 4096:
                    return bytes(out[:size])
                piece = _run(window, read, write, (both & 15) + 2)
            for byte in piece:
                window[write % 4096] = byte
                write += 1
            out += piece
    return bytes(out[:size])


def _run(window: bytearray, read: int, write: int, length: int) -> bytes:
    """A reference into the window, which may run into what it writes itself."""
    out = bytearray()
    for step in range(length):
        at = (read + step) % 4096
        ahead = (at - write) % 4096
        out.append(out[ahead] if ahead < len(out) else window[at])
    return bytes(out)


def words(rtf: bytes, codepage: str = "cp1252") -> str:
    """The words of an RTF text, a paragraph a line; of encapsulated HTML (MS-OXRTFEX) as well."""
    out: list[str] = []
    raw = bytearray()
    groups: list[tuple[bool, int]] = []
    is_hidden, skip, width = False, 0, 1

    def flush() -> None:
        if raw:
            out.append(raw.decode(codepage, "replace"))
            raw.clear()

    for count, token in enumerate(_TOKEN.finditer(rtf)):
        if count > _TOKENS:
            break
        word, number, coded, sign, brace, plain = token.groups()
        if brace == b"{":
            if len(groups) < _DEEPEST:
                groups.append((is_hidden, width))
        elif brace == b"}":
            is_hidden, width = groups.pop() if groups else (False, 1)
        elif word in _UNSEEN or sign == b"*":
            is_hidden = True
        elif is_hidden:
            continue
        elif word == b"uc":
            width = min(int(number or 1), 10)
        elif word == b"u" and number:
            flush()
            out.append(_letter(int(number)))
            skip = width
        elif word in _SIGNS:
            flush()
            out.append(_SIGNS[word])
        elif coded or plain or sign:
            piece = bytes.fromhex(coded.decode()) if coded else _sign(sign) if sign else plain
            raw += piece[skip:]
            skip = max(0, skip - len(piece))
    flush()
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def _letter(number: int) -> str:
    return chr(number % 65536)


def _sign(sign: bytes) -> bytes:
    return {b"~": b" ", b"_": b"-", b"-": b"", b"\n": b"\n", b"\r": b"\n"}.get(sign, sign)
