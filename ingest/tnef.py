"""winmail.dat, opened: the files and the words Outlook packed into it.

Written after MS-OXTNEF (2.1 the stream, 2.1.3 its attributes) and MS-OXPROPS. Every length is held
against what is there; a stream that lies is read as far as it is sound, and in one pass.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest import compressed_rtf, decode

SIGNATURE = b"\x78\x9f\x3e\x22"
FILES = 200
DEEPEST = 3
_PROPERTIES = 5_000
_VALUES = 10_000

_CODEPAGE, _BODY, _MESSAGE = 0x00069007, 0x0002800C, 0x00069003
_RENDERING, _TITLE, _DATA, _ATTACHMENT = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML, _P_CODEPAGE = 0x0037, 0x1000, 0x1009, 0x1013, 0x3FDE
_P_DATA, _P_NAME, _P_LONG, _P_MIME, _P_ID, _P_SHOWN = (
    *(0x3701, 0x3704, 0x3707, 0x370E, 0x3712, 0x3001),
)
_SIZES = {2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 2, 20: 8, 64: 8, 72: 16}
_OBJECT, _TEXT8, _TEXT, _BINARY = 13, 30, 31, 258
_OBJECT_ID = 16


@dataclass(slots=True)
class File:
    name: str = ""
    content_type: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Opened:
    """`text` and `html` are "" where the stream has none."""

    subject: str = ""
    text: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    depth: int
    codepage: str = "cp1252"
    rtf: bytes = b""
    html: bytes = b""
    html_codepage: str = ""
    old_body: bytes = b""
    opened: Opened = field(default_factory=Opened)


def read(data: bytes, depth: int = 0) -> Opened | None:
    """What the stream holds; None when it is no TNEF, or none that holds anything."""
    if not data.startswith(SIGNATURE) or depth >= DEEPEST:
        return None
    reading = _Reading(depth)
    for level, number, content in _attributes(data):
        if level == 2:
            _of_file(reading, number, content)
        else:
            _of_message(reading, number, content)
    opened = reading.opened
    _choose_words(reading)
    opened.files = [one for one in opened.files if one.content or one.name]
    return opened if opened.files or opened.text or opened.html else None


def _attributes(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        level, number, size = struct.unpack_from("<BII", data, at)
        at += 9
        if level not in (1, 2) or size > len(data) - at:
            return
        yield level, number, data[at : at + size]
        at += size + 2


def _of_message(reading: _Reading, number: int, content: bytes) -> None:
    opened = reading.opened
    if number == _CODEPAGE and len(content) >= 4:
        reading.codepage = _codepage(struct.unpack_from("<I", content)[0])
    elif number == _BODY:
        reading.old_body = content.rstrip(b"\0")
    elif number == _MESSAGE:
        for prop, kind, value in _properties(content):
            if prop == _P_BODY:
                opened.text = _text(value, kind, reading.codepage)
            elif prop == _P_SUBJECT:
                opened.subject = _text(value, kind, reading.codepage)
            elif prop == _P_RTF and kind == _BINARY:
                reading.rtf = value
            elif prop == _P_HTML:
                reading.html = value if kind != _TEXT else _text(value, kind, "").encode()
                reading.html_codepage = "utf-8" if kind == _TEXT else reading.html_codepage
            elif prop == _P_CODEPAGE and len(value) >= 4:
                found = _codepage(struct.unpack_from("<I", value)[0])
                reading.html_codepage = reading.html_codepage or found


def _choose_words(reading: _Reading) -> None:
    opened = reading.opened
    if not opened.text and reading.old_body:
        opened.text = decode.text(reading.old_body, reading.codepage)
    if reading.html:
        opened.html = decode.text(reading.html, reading.html_codepage or None)
    if not opened.text and not opened.html and reading.rtf:
        rtf = compressed_rtf.unpack(reading.rtf)
        opened.text = decode.clean(compressed_rtf.words(rtf, reading.codepage))


def _of_file(reading: _Reading, number: int, content: bytes) -> None:
    files = reading.opened.files
    if number == _RENDERING:
        if len(files) < FILES:
            files.append(File())
        return
    if not files:
        return
    if number == _TITLE and not files[-1].name:
        files[-1].name = decode.text(content.rstrip(b"\0"), reading.codepage)
    elif number == _DATA:
        files[-1].content = content
    elif number == _ATTACHMENT:
        _describe(reading, files[-1], content)


def _describe(reading: _Reading, file: File, content: bytes) -> None:
    names: dict[int, str] = {}
    for prop, kind, value in _properties(content):
        if prop == _P_DATA and kind == _OBJECT:
            _unfold(reading, file, value[_OBJECT_ID:])
        elif prop == _P_DATA:
            file.content = file.content or value
        elif prop in (_P_LONG, _P_NAME, _P_SHOWN, _P_MIME, _P_ID):
            names[prop] = _text(value, kind, reading.codepage)
    own = names.get(_P_LONG) or file.name or names.get(_P_NAME) or names.get(_P_SHOWN, "")
    file.name = own + ".txt" if file.content_type == "text/plain" else own
    file.content_type = file.content_type or names.get(_P_MIME, "").lower()
    file.content_id = names.get(_P_ID, "")


def _unfold(reading: _Reading, file: File, stream: bytes) -> None:
    """A message attached to the message: its words as a text file, its files after it. What it
    cannot be read from stays as it is."""
    inner = read(stream, reading.depth + 1)
    if inner is None:
        file.content = file.content or stream
        return
    words = inner.text or inner.html
    file.content = f"{inner.subject}\n\n{words}".strip().encode()
    file.content_type = "text/plain"
    room = FILES - len(reading.opened.files)
    reading.opened.files[-1:-1] = inner.files[: max(0, room)]


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(id, type, first value) of each property (MS-OXTNEF 2.1.3.4); ends where it is unsound."""
    if len(data) < 4:
        return
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, _PROPERTIES)):
        if at + 4 > len(data):
            return
        kind, prop = struct.unpack_from("<HH", data, at)
        at += 4
        if prop >= 0x8000 and (at := _past_name(data, at)) > len(data):
            return
        several, kind = kind & 0x1000, kind & 0xEFFF
        values = 1
        if several or kind in (_OBJECT, _TEXT8, _TEXT, _BINARY):
            if at + 4 > len(data):
                return
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
        if values > _VALUES:
            return
        first = b""
        for number in range(values):
            value, at = _value(data, at, kind)
            if value is None:
                return
            first = first if number else value
        yield prop, kind, first


def _past_name(data: bytes, at: int) -> int:
    if at + 24 > len(data):
        return len(data) + 1
    by_name, size = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (size + 3 & ~3 if by_name else 0)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes | None, int]:
    if kind in _SIZES:
        size = _SIZES[kind]
    elif kind in (_OBJECT, _TEXT8, _TEXT, _BINARY) and at + 4 <= len(data):
        (size,) = struct.unpack_from("<I", data, at)
        at += 4
    else:
        return None, at
    if size > len(data) - at:
        return None, at
    return data[at : at + size], at + (size + 3 & ~3)


def _text(value: bytes, kind: int, codepage: str) -> str:
    if kind == _TEXT:
        return decode.clean(value.decode("utf-16-le", "replace")).rstrip("\0")
    return decode.text(value.rstrip(b"\0"), codepage or None)


def _codepage(number: int) -> str:
    return {65001: "utf-8", 20127: "ascii", 28591: "cp1252", 932: "cp932"}.get(
        number, f"cp{number}"
    )
