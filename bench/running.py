"""Starts the app as `make run` would, asks it what it has spent, and ends it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import proc

HOUSE = Path(__file__).parent.parent
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """CPU seconds, statements and peak bytes of the app's process since it started."""

    cpu: float
    statements: int
    peak: int


@dataclass(slots=True)
class App:
    port: int
    data: Path
    process: "subprocess.Popen[str]"
    answered_after: float

    def spent(self) -> Spent:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        while not (line := self.process.stdout.readline()).startswith("{"):
            if not line:
                raise RuntimeError("The app ended while it was being measured.")
        return Spent(**json.loads(line))

    def children(self) -> list[int]:
        """The processes the app started: the jail, once a mail was parsed."""
        return proc.children(self.process.pid)

    def command(self, *words: str, **environment: str) -> None:
        """Have the running app do what `python -m inbox …` says. Raises when it refuses."""
        subprocess.run(
            [sys.executable, "-m", "inbox", *words],
            cwd=HOUSE,
            env={**os.environ, "DELAD_DATA": str(self.data), **environment},
            capture_output=True,
            check=True,
        )

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            found: bytes = answer.read()
            return found


@contextmanager
def app(data: Path, *, demo: bool = False) -> Generator[App, None, None]:
    """The app on `data`, once /healthz answers 200; `answered_after` counts the seconds from the
    start of the process. Raises RuntimeError, with what it printed, when it does not come up."""
    port = _free_port()
    began = time.perf_counter()
    with (data.parent / "app.log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.child", str(port)],
            cwd=HOUSE,
            env={**os.environ, "DELAD_DATA": str(data), "DELAD_DEMO": str(demo).lower()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            found = App(port=port, data=data, process=process, answered_after=0)
            _wait(found, log.name)
            found.answered_after = time.perf_counter() - began
            yield found
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_SECONDS)


def _wait(found: App, log: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and found.process.poll() is None:
        try:
            found.get("/healthz")
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"The app did not come up:\n{Path(log).read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
