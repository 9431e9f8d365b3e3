"""The format of raw segments: reading what was written, and telling what is whole.

A segment is a run of records, each `DELAD1 <sha256> <meta length> <body length>\\n`, then meta
(JSON: where the mail came from), the mail's exact bytes and `\\n`. Erasing a mail blanks its bytes
in place. Between records there may be torn bytes, left by a crash or a damaged disk: they are
passed over, and what follows them is found.
"""

import hashlib
import json
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAGIC = b"DELAD1"
_HEAD = re.compile(rb"DELAD1 ([0-9a-f]{64}) (\d{1,9}) (\d{1,12})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one mail's exact bytes lie."""

    sha256: str
    segment: int
    position: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record, from the first byte of its head (`start`) to behind its line feed (`end`)."""

    start: int
    end: int
    place: Place
    meta: dict[str, Any]


def written(raw: bytes, meta: dict[str, Any]) -> tuple[str, bytes, bytes]:
    """The mail's digest, and what stands before and after its bytes in a segment."""
    sha256 = hashlib.sha256(raw).hexdigest()
    about = json.dumps(meta, ensure_ascii=False).encode()
    head = b"%s %s %d %d\n" % (MAGIC, sha256.encode(), len(about), len(raw))
    return sha256, head + about, b"\n"


def records(file: Path) -> Iterator[Record]:
    """Every record whose bytes are whole or were blanked, in order."""
    return (found for found in _walk(file) if found is not None)


def is_seamless(file: Path) -> bool:
    """Whether every byte belongs to a record that is whole or was blanked."""
    return None not in _walk(file)


def frame(file: Path) -> str:
    """Digest of all but the mails' own bytes, which each record's digest vouches for: the same
    before and after an erasure, another after any damage."""
    known = hashlib.sha256()
    with file.open("rb") as content:
        for record in records(file):
            known.update(content.read(record.place.position - content.tell()))
            content.seek(record.place.size_bytes, 1)
        while block := content.read(1 << 20):
            known.update(block)
    return known.hexdigest()


def _walk(file: Path) -> Iterator[Record | None]:
    """The records, and None wherever something else stands, before it is searched through."""
    if not file.stat().st_size:
        return
    with (
        file.open("rb") as handle,
        mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        start = 0
        while 0 <= start < len(content):
            found = _record(content, start, int(file.stem))
            yield found
            start = found.end if found else content.find(MAGIC, start + 1)


def _record(content: mmap.mmap, start: int, segment: int) -> Record | None:
    """None where no record begins, or one whose bytes are neither whole nor blank. A torn record
    claims bytes of those behind it, so that its length alone proves nothing."""
    head = _HEAD.match(content, start)
    if head is None:
        return None
    position = head.end() + int(head[2])
    end = position + int(head[3])
    if content[end : end + 1] != b"\n":
        return None
    with memoryview(content) as view, view[position:end] as body:
        if hashlib.sha256(body).digest().hex().encode() != head[1] and not _is_blank(body):
            return None
    try:
        meta = json.loads(content[head.end() : position])
    except ValueError:
        return None
    place = Place(
        sha256=head[1].decode(), segment=segment, position=position, size_bytes=int(head[3])
    )
    return Record(start=start, end=end + 1, place=place, meta=meta)


def _is_blank(body: memoryview) -> bool:
    return len(body) > 0 and bytes(body).count(body[0]) == len(body)
