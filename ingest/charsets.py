"""Which charset strangers' bytes are in: the declared one where it can be believed.

Nothing here raises, whatever the bytes and names.
"""

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

from ingest import guess

_NAMES = {
    **dict.fromkeys(("ascii", "us-ascii", "ansi_x3.4-1968", "iso-8859-1", "ansi"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "cp936"), "gb18030"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr", "euckr"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "cp932"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e"), "iso-8859-8"),
    "iso-8859-9": "cp1254",
    "mac-roman": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "utf8mb3": "utf-8",
    "unicode": "",
    **dict.fromkeys(("idna", "punycode", "undefined"), ""),
    **dict.fromkeys(("unicode_escape", "unicode-escape"), ""),
    **dict.fromkeys(("raw_unicode_escape", "raw-unicode-escape"), ""),
}
_CODE_PAGE = re.compile(r"(?:x-)?(?:windows|win|cp|ibm|dos)[-_]?(\d{3,5})")
_ISO = re.compile(r"(?:x-)?(?:iso[-_]?8859|latin(?=-?1\b))[-_]?(\d{1,2}(?:-[ie])?)(?:[-_:]\d{4})?")
_ASCII_IS_NOT_PLAIN = {"utf-7", "hz", "utf-16", "utf-32", "iso2022_jp", "iso2022_kr"}
_NEVER_ASCII = {"utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
_NOT_PLAIN = _ASCII_IS_NOT_PLAIN | _NEVER_ASCII
_MANY_BYTES = {"gb18030", "big5", "big5hkscs", "cp932", "cp949", "cp950", "euc_jp", "johab"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JIS_SHIFT = re.compile(rb"\x1b(\$[@B]|\([BJI])")


def decoded(data: bytes, declared: str | None = None) -> str:
    """The bytes as text; `declared` gives way where they are plainly something else."""
    codec = codec_of(declared) if declared else ""
    if codec in _NEVER_ASCII:
        codec = _wide(data, codec)
    if codec not in _NOT_PLAIN and data.isascii():
        return data.decode("ascii")
    for name in _candidates(data, codec):
        try:
            return data.decode(name)
        except ValueError:
            continue
    if codec == "iso2022_jp":
        return _japanese(data)
    if codec in {"", "utf-8"}:
        return _mended(data) or data.decode(guess.charset(data), "replace")
    return data.decode(codec, "replace")


def _wide(data: bytes, codec: str) -> str:
    """What is declared UTF-16 and holds no NUL is something else; without a mark the order of
    the bytes shows where the NULs stand."""
    if b"\x00" not in data:
        return ""
    return "utf-16-be" if codec == "utf-16" and data[:1] == b"\x00" else codec


@lru_cache(maxsize=256)
def codec_of(charset: str) -> str:
    """Python's name for a declared charset, "" when nobody knows it."""
    for name in _spelt(charset.lower()):
        try:
            found = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if found._is_text_encoding:
            return found.name
    return ""


def _spelt(charset: str) -> Iterator[str]:
    """The names a declaration may mean: “ISO-8859-1/utf-8”, “"utf-8; "” and “cp-850” mean some."""
    for word in re.findall(r"[a-z0-9][a-z0-9_.:+-]*", charset[:100])[:4]:
        name = word.rstrip("-_.:")
        if name not in _NAMES:
            name = _plainly(name)
        if name := _NAMES.get(name, name):
            yield name


def _plainly(name: str) -> str:
    if found := _CODE_PAGE.fullmatch(name):
        return f"cp{found[1]}"
    if found := _ISO.fullmatch(name):
        return f"iso-8859-{found[1]}"
    return name.removeprefix("x-")


def _candidates(data: bytes, codec: str) -> tuple[str, ...]:
    """The declared charset and UTF-8, the likelier one first.

    Hardly anything but UTF-8 can be read as UTF-8, so it wins over a single-byte charset if more
    than a chance pair of letters speaks for it: SPÓŁKA in iso-8859-2 is one such chance.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if marked or codec in {"", "utf-8"}:
        return (marked or "utf-8",)
    try:
        found = {c for c in data.decode() if not c.isascii()}
    except ValueError:
        return (codec,)
    if not found or codec in _NEVER_ASCII:
        return (codec,)
    if codec in _MANY_BYTES:
        is_likelier = len(found) >= 8 or (len(found) >= 2 and min(found) > "\u07ff")
    else:
        is_likelier = len(found) >= 3 or max(found, default="") > "\u07ff" or _fits(found, codec)
    return ("utf-8", codec) if is_likelier else (codec, "utf-8")


def _fits(letters: set[str], codec: str) -> bool:
    try:
        "".join(letters).encode(codec)
    except ValueError:
        return False
    return True


def _japanese(data: bytes) -> str:
    """ISO-2022-JP as Windows writes it, with signs of its own (①, ㈱): the same pairs, shifted,
    are Shift_JIS. Without any shift it is something else that was declared wrongly."""
    first, *rest = _JIS_SHIFT.split(data)
    if not rest:
        return data.decode(guess.charset(data), "replace")
    out = bytearray(first)
    for mode, piece in zip(rest[::2], rest[1::2], strict=True):
        if mode == b"(I":
            out += bytes(byte | 0x80 for byte in piece)
        else:
            out += _shifted(piece) if mode.startswith(b"$") else piece
    return bytes(out).decode("cp932", "replace")


def _shifted(pairs: bytes) -> bytes:
    out = bytearray()
    for high, low in zip(pairs[::2], pairs[1::2], strict=False):
        lead = (high - 0x21) // 2 + 0x81
        trail = low + (0x7E if high % 2 == 0 else 0x1F + (low > 0x5F))
        out += bytes(((lead + 0x40 * (lead > 0x9F)) & 0xFF, trail & 0xFF))
    return bytes(out)


def _mended(data: bytes) -> str:
    """UTF-8 with a few broken places; "" when it is more likely something else."""
    found = data.decode("utf-8", "replace")
    whole = sum(not c.isascii() for c in found)
    return found if found.count("\ufffd") * 3 < whole else ""
