"""The app's peak memory: at rest, and after ten open browsers with 100,000 messages."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import report, town
from bench.browser import tab
from bench.running import app
from inbox import clock

BROWSERS = 10
MESSAGES = 100_000


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        home = town.build(data, count=MESSAGES, now=clock.now())
        token = town.cookie(home, now=clock.now())
        home.close()
        with app(data) as running:
            at_rest = running.spent().peak
            with ExitStack() as stack:
                pages = [stack.enter_context(tab(running.port, token)) for _ in range(BROWSERS)]
                for n, page in enumerate(pages):
                    page.show("view=open")
                    page.show(f"view=open&c={MESSAGES // town.MESSAGES_EACH - n}")
                used = running.spent().peak
    return {
        "started": report.spread([at_rest / 1e6], "MB"),
        "ten browsers, 100,000 messages": report.spread([used / 1e6], "MB"),
    }
