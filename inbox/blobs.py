"""Bytes that must outlive everything: raw mail in append-only segments, attachments by digest.

A segment is a run of records, each `DELAD1 <sha256> <meta length> <body length>\\n`, then meta
(JSON: where the mail came from), the mail's exact bytes and `\\n`, so that the segments alone can
bring every mail back. Erasing a mail overwrites its bytes in place.
"""

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inbox.errors import NotFound

MAGIC = b"DELAD1"
SEGMENT_BYTES = 64_000_000
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one mail's exact bytes lie."""

    sha256: str
    segment: int
    position: int
    size_bytes: int


class RawStore:
    """The append-only segments under data/raw, shared by all threads of the one process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._lock = threading.Lock()

    def append(self, mails: Sequence[tuple[bytes, dict[str, Any]]]) -> list[Place]:
        """Make the mails durable, in order, with one fsync; answer where they lie.

        Raises OSError (disk full, read-only) with nothing of the batch kept.
        """
        if not mails:
            return []
        with self._lock:
            segment = self._current()
            file = self._file(segment)
            start = file.stat().st_size if file.exists() else 0
            places = []
            blob = bytearray()
            for raw, meta in mails:
                sha256 = hashlib.sha256(raw).hexdigest()
                about = json.dumps(meta, ensure_ascii=False).encode()
                blob += b"%s %s %d %d\n" % (MAGIC, sha256.encode(), len(about), len(raw))
                blob += about
                places.append(
                    Place(
                        sha256=sha256,
                        segment=segment,
                        position=start + len(blob),
                        size_bytes=len(raw),
                    )
                )
                blob += raw + b"\n"
            self._write(file, start, bytes(blob))
            return places

    def read(self, place: Place) -> bytes:
        """The mail's exact bytes. Raises NotFound when they are gone or damaged."""
        try:
            with self._file(place.segment).open("rb") as file:
                file.seek(place.position)
                raw = file.read(place.size_bytes)
        except FileNotFoundError as error:
            raise NotFound("original of this mail") from error
        if hashlib.sha256(raw).hexdigest() != place.sha256:
            raise NotFound("undamaged original of this mail")
        return raw

    def records(self) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Every record of every segment, oldest first; a torn tail ends its segment."""
        for file in sorted(self._folder.glob("*.seg")):
            yield from _records(file)

    def _current(self) -> int:
        numbers = [int(f.stem) for f in self._folder.glob("*.seg")]
        newest = max(numbers, default=1)
        file = self._file(newest)
        full = file.exists() and file.stat().st_size >= SEGMENT_BYTES
        return newest + 1 if full else newest

    def _file(self, segment: int) -> Path:
        return self._folder / f"{segment:06d}.seg"

    def _write(self, file: Path, start: int, blob: bytes) -> None:
        is_new = not file.exists()
        handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.lseek(handle, start, os.SEEK_SET)
            view = memoryview(blob)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, start)
            raise
        finally:
            os.close(handle)
        if is_new:
            _sync_folder(self._folder)


class Files:
    """Attachments under data/files, one file per sha256; the name a stranger gave is not used."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes durably; answer their sha256. Keeping them twice costs nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        file = self.path(sha256)
        if not file.exists():
            file.parent.mkdir(exist_ok=True, mode=0o700)
            part = file.with_suffix(f".{threading.get_ident()}.part")
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where the bytes lie, whether or not they do. Raises NotFound for what is no digest."""
        if not DIGEST.fullmatch(sha256):
            raise NotFound("file")
        return self._folder / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _records(file: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    with file.open("rb") as blob:
        while line := blob.readline(200):
            parts = line.split()
            if len(parts) != 4 or parts[0] != MAGIC:
                return
            about = blob.read(int(parts[2]))
            place = Place(
                sha256=parts[1].decode(),
                segment=int(file.stem),
                position=blob.tell(),
                size_bytes=int(parts[3]),
            )
            blob.seek(place.size_bytes, os.SEEK_CUR)
            if blob.read(1) != b"\n":
                return
            yield place, json.loads(about)
