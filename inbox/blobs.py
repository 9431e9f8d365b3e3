"""Bytes that must outlive everything: raw mail in append-only segments, attachments by digest.

The segments (see inbox.segments) can bring every mail back without the database.
"""

import contextlib
import hashlib
import os
import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inbox import durable, segments
from inbox.errors import NotFound
from inbox.failpoints import failpoint
from inbox.segments import Place

__all__ = ["Files", "Place", "RawStore"]

SEGMENT_BYTES = 64_000_000
KEPT_SECONDS = 600
DIGEST = re.compile(r"[0-9a-f]{64}")


class RawStore:
    """The append-only segments under data/raw, shared by all threads of the one process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._lock = threading.Lock()
        self._whole = (0, 0)
        """The segment that was added to last, and where its last record ends."""

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
                sha256, before, after = segments.written(raw, meta)
                blob += before
                places.append(
                    Place(
                        sha256=sha256,
                        segment=segment,
                        position=start + len(blob),
                        size_bytes=len(raw),
                    )
                )
                blob += raw + after
            self._write(file, start, bytes(blob))
            self._whole = (segment, start + len(blob))
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

    def blank(self, place: Place) -> None:
        """Overwrite the mail's bytes in place, durably; its record stays, and reads as erased. What
        are another mail's bytes, or blank already, is left alone."""
        file = self._file(place.segment)
        with self._lock, contextlib.suppress(FileNotFoundError), file.open("r+b") as handle:
            handle.seek(place.position)
            if hashlib.sha256(handle.read(place.size_bytes)).hexdigest() != place.sha256:
                return
            handle.seek(place.position)
            handle.write(b"\0" * place.size_bytes)
            handle.flush()
            os.fsync(handle.fileno())

    def records(self) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Every mail that is whole or was erased, oldest first, whatever is torn in between."""
        for file in sorted(self._folder.glob("*.seg")):
            for record in segments.records(file):
                yield record.place, record.meta

    def _current(self) -> int:
        """The segment to add to. To one with torn bytes nothing is added: what a crash left behind
        is kept as it is, and a new segment begins."""
        newest = max((int(f.stem) for f in self._folder.glob("*.seg")), default=0)
        if not newest:
            return 1
        file = self._file(newest)
        size = file.stat().st_size
        if size >= SEGMENT_BYTES:
            return newest + 1
        is_whole = self._whole == (newest, size) or segments.is_seamless(file)
        return newest if is_whole else newest + 1

    def _file(self, segment: int) -> Path:
        return self._folder / f"{segment:06d}.seg"

    def _write(self, file: Path, start: int, blob: bytes) -> None:
        is_new = not file.exists()
        failpoint("raw bytes to be written")
        handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.lseek(handle, start, os.SEEK_SET)
            view = memoryview(blob)
            while view:
                view = view[os.write(handle, view) :]
            failpoint("raw bytes written")
            os.fsync(handle)
            failpoint("raw bytes synced")
        except OSError:
            os.ftruncate(handle, start)
            raise
        finally:
            os.close(handle)
        if is_new:
            durable.sync(self._folder)
            failpoint("raw segment begun")


class Files:
    """Attachments under data/files, one file per sha256; the name a stranger gave is not used."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._lock = threading.Lock()

    def put(self, content: bytes) -> str:
        """Keep the bytes durably; answer their sha256. Keeping them twice costs nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        file = self.path(sha256)
        if not self._renewed(file):
            failpoint("attachment file to be written")
            if not file.parent.is_dir():
                file.parent.mkdir(exist_ok=True, mode=0o700)
                durable.sync(self._folder)
            durable.write(file, content)
            failpoint("attachment file written")
        return sha256

    def remove(self, sha256: str, *, now: datetime) -> bool:
        """Remove the bytes; False for what was kept again a moment ago, for a mail that is just
        being filed and has no row yet."""
        if not DIGEST.fullmatch(sha256):
            return True
        file = self.path(sha256)
        with self._lock, contextlib.suppress(FileNotFoundError):
            if abs(now.replace(tzinfo=UTC).timestamp() - file.stat().st_mtime) < KEPT_SECONDS:
                return False
            file.unlink()
            durable.sync(file.parent)
        return True

    def _renewed(self, file: Path) -> bool:
        """Whether it is here already; if so it counts as kept now."""
        with self._lock:
            if not file.exists():
                return False
            os.utime(file)
            return True

    def path(self, sha256: str) -> Path:
        """Where the bytes lie, whether or not they do. Raises NotFound for what is no digest."""
        if not DIGEST.fullmatch(sha256):
            raise NotFound("file")
        return self._folder / sha256[:2] / sha256
