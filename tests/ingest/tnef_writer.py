"""winmail.dat files for tests, written from MS-OXTNEF 2.1 and knowing nothing of our reader."""

import struct

LONG, BOOLEAN, OBJECT, TEXT8, TEXT, BINARY = 0x03, 0x0B, 0x0D, 0x1E, 0x1F, 0x102
SUBJECT, BODY, RTF, HTML = 0x0037, 0x1000, 0x1009, 0x1013
DATA, NAME, LONG_NAME, MIME, CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")


def winmail(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def attribute(level: int, number: int, data: bytes) -> bytes:
    head = struct.pack("<BII", level, number, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


def version() -> bytes:
    return attribute(1, 0x00089006, struct.pack("<I", 0x00010000))


def codepage(number: int) -> bytes:
    return attribute(1, 0x00069007, struct.pack("<II", number, 0))


def old_body(data: bytes) -> bytes:
    return attribute(1, 0x0002800C, data + b"\0")


def message(*properties: bytes) -> bytes:
    return attribute(1, 0x00069003, mapi(*properties))


def file(title: bytes, data: bytes | None, *properties: bytes) -> bytes:
    """An attachment: how it is drawn, its short name, its bytes, its properties."""
    return b"".join(
        [
            attribute(2, 0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 32, 32, 0)),
            attribute(2, 0x00018010, title + b"\0"),
            attribute(2, 0x0006800F, data) if data is not None else b"",
            attribute(2, 0x00069005, mapi(*properties)) if properties else b"",
        ]
    )


def mapi(*properties: bytes) -> bytes:
    return struct.pack("<I", len(properties)) + b"".join(properties)


def number(prop: int, value: int) -> bytes:
    return struct.pack("<HHI", LONG, prop, value)


def truth(prop: int, value: bool) -> bytes:
    return struct.pack("<HHHH", BOOLEAN, prop, value, 0)


def several_numbers(prop: int, *values: int) -> bytes:
    return struct.pack(f"<HHI{len(values)}I", LONG | 0x1000, prop, len(values), *values)


def named(property_: bytes, name: str) -> bytes:
    """The property under a name of its own (id ≥ 0x8000), as Outlook's own fields are."""
    kind = struct.unpack_from("<H", property_)[0]
    spelled = name.encode("utf-16-le") + b"\0\0"
    head = struct.pack("<HH", kind, 0x8001) + bytes(16)
    return head + struct.pack("<II", 1, len(spelled)) + _padded(spelled) + property_[4:]


def text(prop: int, value: str) -> bytes:
    return _variable(TEXT, prop, value.encode("utf-16-le") + b"\0\0")


def text8(prop: int, value: bytes) -> bytes:
    return _variable(TEXT8, prop, value + b"\0")


def binary(prop: int, value: bytes) -> bytes:
    return _variable(BINARY, prop, value)


def embedded(value: bytes) -> bytes:
    """The bytes of a message attached to the message: an object, its interface before it."""
    return _variable(OBJECT, DATA, MESSAGE_OBJECT + value)


def rtf_as_it_is(rtf: bytes) -> bytes:
    """MS-OXRTFCP 2.1.3.1.1: a header that says `MELA`, and the text uncompressed."""
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def _variable(kind: int, prop: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, prop, 1, len(value)) + _padded(value)


def _padded(value: bytes) -> bytes:
    return value + bytes(-len(value) % 4)
