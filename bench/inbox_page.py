"""What the Inbox page and opening a conversation cost the app, with little and with much mail.

Driven through the running app's gate and websocket; CPU is the whole process's, statements are
counted at the store's door. `cold` is a browser's first page, `again` a rerun of an open one.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import report, town
from bench.browser import Shown, tab
from bench.running import App, app
from inbox import clock

SIZES = (1_000, 100_000)
REPEATS = 20
WARM_UP = 3
VISITS = REPEATS + WARM_UP
COLD_PAGES = 2


def measure() -> dict[str, Any]:
    """Per size and page: CPU and statements, with the growth from the smallest to the largest."""
    found = {f"{size:,} messages": _at(size) for size in SIZES}
    small, large = (found[f"{size:,} messages"] for size in (SIZES[0], SIZES[-1]))
    found["growth of CPU"] = {
        page: report.ratio(large[page]["CPU"], small[page]["CPU"]) for page in small
    }
    return found


def _at(size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        home = town.build(data, count=size, now=clock.now())
        tokens = [town.cookie(home, now=clock.now()) for _ in range(COLD_PAGES * VISITS + 1)]
        home.close()
        with app(data) as running:
            return _pages(running, tokens, size // town.MESSAGES_EACH)


def _pages(running: App, tokens: list[str], conversations: int) -> dict[str, Any]:
    """Each visit opens another conversation, so that each also leaves its event in the diary; each
    cold one is the first of its session."""

    def cold(query: str) -> None:
        with tab(running.port, tokens.pop()) as page:
            _shown(page.show(query))

    def unseen(n: int) -> str:
        return f"view=open&c={conversations - n}"

    with tab(running.port, tokens.pop()) as open_page:
        _shown(open_page.show("view=open"))
        return {
            "Inbox, cold": _cost(running, lambda _: cold("view=open")),
            "conversation, cold": _cost(running, lambda n: cold(unseen(n))),
            "Inbox, again": _cost(running, lambda _: _shown(open_page.show("view=open"))),
            "conversation, again": _cost(
                running, lambda n: _shown(open_page.show(unseen(n + VISITS)))
            ),
        }


def _shown(page: Shown) -> None:
    assert page.rows


def _cost(running: App, visit: Callable[[int], None]) -> dict[str, Any]:
    cpu, statements = [], []
    for n in range(-WARM_UP, REPEATS):
        before = running.spent()
        visit(n + WARM_UP)
        after = running.spent()
        if n >= 0:
            cpu.append((after.cpu - before.cpu) * 1000)
            statements.append(float(after.statements - before.statements))
    return {"CPU": report.spread(cpu, "ms"), "statements": report.spread(statements, "")}
