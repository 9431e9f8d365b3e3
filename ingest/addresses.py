"""Address fields (RFC 5322, and what people make of it), split before their names are decoded, so
that a name cannot smuggle in a second address. Time grows with the length; nothing raises."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest import decode

MOST = 500
LONGEST_NAME = 200
LONGEST = 320
PARTS_OF_A_NAME = 5
_SIMPLE = re.compile(rb'(?:"([^"\\]*)"|([^"<>,;:()\\@]*)) ?<([^<>\s,;:()"]+)>')
_BARE = re.compile(rb'[^@<>\s,;:()"\[\]]+@[^@<>\s,;:()"\[\]]+')
_QUOTED_LOCAL = re.compile(rb'"(?:[^"\\]|\\.)*"@[^<>\s,;:()"@]+')
_ENDS_LOCAL = b' <>()",;:@['
_ENDS_DOMAIN = b' <>()",;:@]'
_TURNS = re.compile(rb'[\\"(),;:<>]')
_WIDE_AT = "＠"


class Address(NamedTuple):
    """Inside the jail, where the store and all that hangs on it is never imported."""

    name: str
    address: str


class _Piece(NamedTuple):
    """What stands between two separators; `angle` is where its bracket opens, or -1."""

    data: bytes
    angle: int = -1
    ended_by: bytes = b""


def parse(value: bytes, charset: str = "") -> tuple[Address, ...]:
    """The addresses of a To, From or Reply-To field, at most 500, lower case.

    `charset` is a likely one for names in bare 8-bit.
    """
    value = b" ".join(value.split())
    if found := _simple(value, charset):
        return (found,)
    pieces = _with_commas_in_names(_split(value))[:MOST]
    return tuple(a for p in pieces if (a := _simple(p.data, charset) or _odd(p, charset)))


def _simple(piece: bytes, charset: str) -> Address | None:
    if _BARE.fullmatch(piece):
        return _address(b"", piece, charset)
    if found := _SIMPLE.fullmatch(piece):
        return _address(found[1] or found[2] or b"", found[3], charset)
    return None


def _odd(piece: _Piece, charset: str) -> Address | None:
    """What no simple form covers: comments, escapes, a missing bracket, a name alone."""
    data = piece.data
    if piece.angle >= 0:
        after = data[piece.angle + 1 :].split(b">")[0]
        return _address(_name(data[: piece.angle]), after, charset)
    if quoted := _QUOTED_LOCAL.match(data):
        return _address(_name(data[quoted.end() :]), quoted[0], charset)
    if b"@" not in data:
        data = data.replace(_WIDE_AT.encode(), b"@")
    for at in _ats(data):
        begin, end = _around(data, at)
        if begin < at and end > at + 1:
            before = data[:begin].removesuffix(b"mailto:")
            return _address(_name(data[end:]) or _name(before), data[begin:end], charset)
    return _encoded_whole(data, charset) or _address(_name(data), b"", charset)


def _encoded_whole(data: bytes, charset: str) -> Address | None:
    """A script encoded name, brackets and address in one: the only address there is."""
    if b"=?" not in data:
        return None
    shown = decode.header(data, charset).encode()
    name, angle, rest = shown.rpartition(b"<")
    found = rest.removesuffix(b">") if angle else shown
    return _address(_name(name), found, "utf-8") if _BARE.fullmatch(found) else None


def _address(name: bytes, address: bytes, charset: str) -> Address | None:
    """A name that only says the address once more is none."""
    plain = _plain(address)
    shown = decode.header(name, charset)[:LONGEST_NAME] if name else ""
    if len(shown) > 1 and shown[0] == shown[-1] == "'":
        shown = shown[1:-1].strip()
    if shown.lower() == plain:
        shown = ""
    return Address(name=shown, address=plain) if shown or plain else None


def _name(value: bytes) -> bytes:
    """Without the quotes, brackets and escapes around it."""
    value = value.strip(b" <>[]")
    if value[:1] == b"(" and value[-1:] == b")":
        value = value[1:-1]
    return re.sub(rb"\\(.)", rb"\1", value.strip(b' "'))


def _plain(address: bytes) -> str:
    """Lower case, without what stands around an address: mailto:, a route, blanks, a last dot."""
    address = address.strip()
    if address[:7].lower() == b"mailto:":
        address = address[7:]
    if address[:1] == b"@":
        address = address.rpartition(b":")[2]
    if not (address[:1] == b'"' and _QUOTED_LOCAL.fullmatch(address)):
        address = b"".join(address.split()).strip(b"'\"")
    return decode.header(address).replace(_WIDE_AT, "@").lower().rstrip(".")[:LONGEST]


def _split(value: bytes) -> list[_Piece]:
    """At commas and semicolons outside quotes and comments; group names are dropped.

    A quote that never ends is taken away, a comment that never ends is none.
    """
    pieces, quote, depth = _scan(value)
    if quote >= 0:
        value = value[:quote] + b" " + value[quote + 1 :]
        pieces, quote, depth = _scan(value)
    if depth:
        pieces, _, _ = _scan(value, has_comments=False)
    return [p for p in pieces if p.data]


def _scan(value: bytes, *, has_comments: bool = True) -> tuple[list[_Piece], int, int]:
    """(pieces, where a quote opens that never ends or -1, how many comments never end)."""
    pieces: list[_Piece] = []
    start, depth, quote, angle, opened, skip = 0, 0, -1, -1, -1, -1
    for turn in _TURNS.finditer(value):
        at, sign = turn.start(), turn[0]
        if at == skip:
            continue
        if sign == b"\\":
            skip = at + 1
        elif sign == b'"' and not depth:
            quote = at if quote < 0 else -1
        elif quote >= 0:
            continue
        elif sign in b"()":
            depth = max(0, depth + (1 if sign == b"(" else -1)) if has_comments else 0
        elif depth:
            continue
        elif sign in b"<>":
            opened = at if sign == b"<" else -1
            angle = max(angle, opened)
        elif sign == b":":
            is_group = opened < 0 and value[at - 6 : at].lower() != b"mailto"
            start = at + 1 if is_group else start
        elif opened < 0 or value[opened + 1 : opened + 3].strip()[:1] != b"@":
            pieces.append(_piece(value, start, at, angle))
            start, angle, opened = at + 1, -1, -1
    return [*pieces, _piece(value, start, len(value), angle)], quote, depth


def _piece(value: bytes, start: int, end: int, angle: int) -> _Piece:
    data = value[start:end]
    blanks = len(data) - len(data.lstrip())
    return _Piece(data.strip(), angle - start - blanks if angle >= 0 else -1, value[end : end + 1])


def _with_commas_in_names(pieces: Sequence[_Piece]) -> list[_Piece]:
    """`Berg, Nils <nils@…>` is one person whose program forgot the quotes."""
    found: list[_Piece] = []
    names: list[bytes] = []
    for piece in pieces:
        if piece.angle > 0 and names:
            whole = b", ".join([*names, piece.data])
            moved = len(whole) - len(piece.data) + piece.angle
            found[-len(names) :] = [_Piece(whole, moved, piece.ended_by)]
            names = []
            continue
        found.append(piece)
        is_name = piece.angle < 0 and b"@" not in piece.data and piece.ended_by == b","
        names = [*names, piece.data][-PARTS_OF_A_NAME:] if is_name else []
    return found


def _ats(data: bytes) -> Iterator[int]:
    at = data.find(b"@")
    while at >= 0:
        yield at
        at = data.find(b"@", at + 1)


def _around(data: bytes, at: int) -> tuple[int, int]:
    """Where the address around an @ begins and ends; a domain may be `[192.0.2.1]`."""
    begin, end = at, at + 1
    while begin and data[begin - 1] not in _ENDS_LOCAL:
        begin -= 1
    while end < len(data) and data[end] not in _ENDS_DOMAIN:
        end += 1
    return begin, end + (data[at + 1 : at + 2] == b"[" and data[end : end + 1] == b"]")
