"""Many files as one zip, made while it is sent: at no time is more than a piece of it in memory."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

PIECE = 256_000
LONGEST_NAME = 120
LONGEST_ENDING = 12
# What Windows takes for a device, whatever its ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)
_REFUSED = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file to be packed: its name as a stranger may have given it, and how it is opened."""

    name: str
    opened: Callable[[], AbstractContextManager[IO[bytes]]]
    at: datetime


def stream(members: Iterable[Member]) -> Iterator[bytes]:
    """The zip in pieces. Names are safe and differ; nothing is compressed: pictures and papers
    are already, and whoever waits would wait longer."""
    sink = _Sink()
    taken: set[str] = set()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            name = unlike(safe_name(member.name), taken)
            about = zipfile.ZipInfo(name, date_time=_dated(member.at))
            about.external_attr = 0o600 << 16
            with archive.open(about, "w", force_zip64=True) as inside, member.opened() as source:
                while piece := source.read(PIECE):
                    inside.write(piece)
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()


def safe_name(given: str) -> str:
    """A mere file name that every system takes: no path, no control or bidi mark, no device."""
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if c.isprintable() and unicodedata.category(c) != "Cf")
    name = " ".join(_REFUSED.sub("_", name).split()).strip(" .")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        is_ending = bool(dot) and len(ending) <= LONGEST_ENDING
        name = f"{stem[: LONGEST_NAME - len(ending)]}.{ending}" if is_ending else name
        name = name[: LONGEST_NAME + LONGEST_ENDING]
    if _DEVICE.match(name):
        name = f"_{name}"
    return name or "file"


def unlike(name: str, taken: set[str]) -> str:
    """The name, or the name with a number where it is taken, in capitals or small letters."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    number, fresh = 1, name
    while fresh.casefold() in taken:
        number += 1
        fresh = f"{stem} ({number}){dot}{ending}"
    taken.add(fresh.casefold())
    return fresh


def _dated(at: datetime) -> tuple[int, int, int, int, int, int]:
    """A zip knows the years 1980 to 2107."""
    year = min(max(at.year, 1980), 2107)
    return (year, at.month, at.day, at.hour, at.minute, at.second)


class _Sink(io.RawIOBase):
    """What the archive writes, until it is taken; it cannot be gone back in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        content = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(content)
        return len(content)

    def taken(self) -> bytes:
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found
