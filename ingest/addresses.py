"""Address fields (RFC 5322), split before their names are decoded, so that a name cannot smuggle
in a second address. One pass over the bytes; nothing raises."""

import re
from typing import NamedTuple

from ingest import decode

MOST = 500
_SIMPLE = re.compile(rb'\s*(?:"([^"\\]*)"|([^"<>,;:()\\@]*?))\s*<([^<>\s,;:()"]+)>\s*')
_BARE = re.compile(rb'\s*([^<>\s,;:()"]+@[^<>\s,;:()"]+)\s*')


class Address(NamedTuple):
    """Inside the jail, where the store and all that hangs on it is never imported."""

    name: str
    address: str


def parse(value: bytes) -> tuple[Address, ...]:
    """The addresses of a To, From or Reply-To field, at most 500, lower case."""
    found = _one(value)
    if found:
        return (found,)
    return tuple(a for piece in _split(value)[:MOST] if (a := _one(piece) or _odd(piece)))


def _one(piece: bytes) -> Address | None:
    if bare := _BARE.fullmatch(piece):
        return Address(name="", address=_plain(bare[1]))
    if simple := _SIMPLE.fullmatch(piece):
        return Address(name=decode.header(simple[1] or simple[2] or b""), address=_plain(simple[3]))
    return None


def _split(value: bytes) -> list[bytes]:
    """At commas and semicolons outside quotes, comments and angles; group names are dropped."""
    pieces, start, depth, is_quoted, skip, in_angle = [], 0, 0, False, False, False
    for at, byte in enumerate(value):
        if skip:
            skip = False
        elif byte == 0x5C:
            skip = True
        elif byte == 0x22 and not depth:
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif byte == 0x28:
            depth += 1
        elif byte == 0x29:
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif byte in b"<>":
            in_angle = byte == 0x3C
        elif byte in b",;" and not in_angle:
            pieces.append(value[start:at])
            start = at + 1
        elif byte == 0x3A and not in_angle:
            start = at + 1
    return [piece for piece in [*pieces, value[start:]] if piece.strip()]


def _odd(piece: bytes) -> Address | None:
    """What no simple form covers: comments, escapes, a missing bracket, a name alone."""
    before, angle, after = piece.rpartition(b"<")
    if angle:
        return Address(name=_name(before), address=_plain(after.split(b">")[0]))
    found = re.search(rb'[^\s<>()",;]+@[^\s<>()",;]+', piece)
    if found is None:
        name = _name(piece)
        return Address(name=name, address="") if name else None
    comment = piece[found.end() :].strip().strip(b"()")
    return Address(name=_name(comment), address=_plain(found[0]))


def _name(value: bytes) -> str:
    quoted = value.strip().strip(b'"')
    return decode.header(re.sub(rb"\\(.)", rb"\1", quoted))[:200]


def _plain(value: bytes) -> str:
    return "".join(decode.text(value).split()).lower().strip("'\"")[:320]
