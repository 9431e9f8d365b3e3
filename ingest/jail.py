"""The jail: mails are parsed in a child process, so that a hostile one can hurt only that.

Frames as in `ingest.jail_child`, JSON and bytes, never pickle. A mail that kills or stalls the
child is tried once more alone, and then given up; the child is replaced, the others go on.
"""

import contextlib
import fcntl
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from inbox import beats
from inbox.settings import HOUSE, Settings
from ingest import parse
from ingest.jail_child import LENGTH
from ingest.parse import Parsed

PIPE_BYTES = 1 << 20
HEADER_BYTES = 100_000_000
CONTENT_BYTES = 200_000_000


class Broken(Exception):
    """The child died, fell silent or spoke nonsense."""


class Jail:
    """One parser child, started when first needed, used by one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()

    def parse_all(self, raws: Sequence[bytes]) -> list[Parsed | None]:
        """What each mail says, in order; None for one that cannot be read."""
        found: list[Parsed | None] = []
        with self._lock:
            while len(found) < len(raws):
                found += self._parse(raws[len(found) :])
                if len(found) < len(raws):
                    guilty = raws[len(found)]
                    found += self._parse([guilty]) or [None]
        return found

    def close(self) -> None:
        """End the child; the next mail starts another."""
        child, self._child = self._child, None
        self._buffer.clear()
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):
                    assert pipe is not None
                    pipe.close()

    def _parse(self, raws: Sequence[bytes]) -> list[Parsed]:
        """The mails' contents up to the first that breaks the child."""
        child = self._alive()
        assert child.stdin is not None
        writer = threading.Thread(target=_feed, args=(child.stdin, raws), daemon=True)
        writer.start()
        found: list[Parsed] = []
        try:
            for _ in raws:
                found.append(self._answer(child))
                beats.beat()
        except (Broken, ValueError, KeyError, TypeError):
            self.close()
        writer.join()
        return found

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = _start(self._settings)
        return self._child

    def _answer(self, child: subprocess.Popen[bytes]) -> Parsed:
        until = time.monotonic() + self._settings.jail_wall_seconds
        (length,) = LENGTH.unpack(self._take(child, LENGTH.size, until))
        if length > HEADER_BYTES:
            raise Broken
        header = json.loads(self._take(child, length, until))
        sizes = header["sizes"]
        if sum(sizes) > CONTENT_BYTES:
            raise Broken
        return parse.from_json(header, [self._take(child, size, until) for size in sizes])

    def _take(self, child: subprocess.Popen[bytes], size: int, until: float) -> bytes:
        assert child.stdout is not None
        outlet = child.stdout.fileno()
        while len(self._buffer) < size:
            left = until - time.monotonic()
            if left <= 0 or not select.select([outlet], [], [], left)[0]:
                raise Broken
            some = os.read(outlet, PIPE_BYTES)
            if not some:
                raise Broken
            self._buffer += some
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return taken


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    """Without our environment: secrets may live there."""
    child = subprocess.Popen(
        [
            *(sys.executable, "-X", "utf8", "-m", "ingest.jail_child"),
            str(settings.jail_cpu_seconds),
            str(settings.jail_memory_bytes),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=HOUSE,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )
    for pipe in (child.stdin, child.stdout):
        assert pipe is not None
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return child


def _feed(inlet: IO[bytes], raws: Sequence[bytes]) -> None:
    with contextlib.suppress(OSError, ValueError):
        for raw in raws:
            header = json.dumps({"sizes": [len(raw)]}).encode()
            inlet.write(LENGTH.pack(len(header)) + header)
            inlet.write(raw)
        inlet.flush()


_jails: dict[Path, Jail] = {}
_jails_lock = threading.Lock()


def of(settings: Settings) -> Jail:
    """The one jail of the house whose data folder this is."""
    with _jails_lock:
        return _jails.setdefault(settings.data, Jail(settings))


def close(settings: Settings) -> None:
    """End the house's child; it dies by itself when this process does."""
    with _jails_lock:
        found = _jails.pop(settings.data, None)
    if found is not None:
        found.close()
