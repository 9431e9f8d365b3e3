"""An app started as `make run` starts it, in a data folder of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from inbox.settings import HOUSE
from tests.servers import free_port

PATIENCE_SECONDS = 40


@dataclass
class Started:
    """A running app; what it said is in `log`."""

    data: Path
    port: int
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]" = field(init=False)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        return self.data.with_suffix(".log").read_text()

    def start(self) -> None:
        with self.data.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "inbox", "serve", "--port", str(self.port)],
                cwd=HOUSE,
                env={**os.environ, **self.environment, "DELAD_DATA": str(self.data)},
                stdout=log,
                stderr=log,
            )
        until(lambda: self.answers() or self.has_ended())
        assert not self.has_ended(), self.log

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def said(self, pattern: str) -> str:
        """The first group of the pattern, once the console shows it."""
        until(lambda: re.search(pattern, self.log))
        found = re.search(pattern, self.log)
        assert found
        return found[1]

    def command(self, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """`python -m inbox …` beside the running app."""
        return subprocess.run(
            [sys.executable, "-m", "inbox", *words],
            cwd=HOUSE,
            env={**os.environ, **self.environment, "DELAD_DATA": str(self.data)},
            capture_output=True,
            text=True,
            timeout=60,
            check=check,
        )


def until(is_so: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Starts an app with these settings; ends every one of them."""
    running: list[Started] = []

    def begin(**settings: str) -> Started:
        environment = {f"DELAD_{name.upper()}": value for name, value in settings.items()}
        app = Started(data=tmp_path / "data", port=free_port(), environment=environment)
        running.append(app)
        app.start()
        return app

    yield begin
    for app in running:
        if not app.has_ended():
            app.stop()
