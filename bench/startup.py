"""From the start of the process to the first answer, and to the first Inbox page."""

import tempfile
import time
from pathlib import Path
from typing import Any

from bench import report, town
from bench.browser import tab
from bench.running import app
from inbox import clock

REPEATS = 5


def measure() -> dict[str, Any]:
    """Seconds, with 1,000 messages and in demo mode (whose first page needs a sign-in)."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        home = town.build(data, count=1_000, now=clock.now())
        token = town.cookie(home, now=clock.now())
        home.close()
        answered, shown = [], []
        for _ in range(REPEATS):
            began = time.perf_counter()
            with app(data) as running, tab(running.port, token) as page:
                answered.append(running.answered_after)
                page.show()
                shown.append(time.perf_counter() - began)
    return {
        "with mail": {
            "first answer": report.spread(answered, "s"),
            "first Inbox page": report.spread(shown, "s"),
        },
        "demo": {"first answer": report.spread([_demo() for _ in range(REPEATS)], "s")},
    }


def _demo() -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        app(Path(folder) / "data", demo=True) as running,
    ):
        return running.answered_after
