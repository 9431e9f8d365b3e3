"""From a click to the answer on the screen, in a real Chromium, with 100,000 messages.

Each figure counts from the pointer going down to the frame in which the answer stands: a
conversation's mails after its row was clicked, “Mine” after Claim, another view's list after the
rail was clicked, the list after the page was loaded anew. `warm` is a page in use, `cold` the first
such act of a fresh session.
"""

import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import report, town
from bench.running import app
from inbox import clock
from tests.conftest import CHROMIUM

MESSAGES = 100_000
REPEATS = 200
COLD = 10
WARM_UP = 5
_WATCH = Path(__file__).with_suffix(".js").read_text()
_firsts: dict[str, str] = {}


def measure() -> dict[str, Any]:
    """Milliseconds of each act, warm and cold."""
    if CHROMIUM is None:
        return {"skipped": "Chromium is not installed."}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        home = town.build(data, count=MESSAGES, now=clock.now())
        tokens = [town.cookie(home, now=clock.now()) for _ in range(COLD + 1)]
        home.close()
        with app(data) as running, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            address = f"http://localhost:{running.port}"
            figures = _warm(browser, address, tokens.pop())
            figures["cold"] = _cold(browser, address, tokens)
            browser.close()
    return figures


def _warm(browser: Browser, address: str, token: str) -> dict[str, Any]:
    with _page(browser, address, token) as page:
        return {
            "open a conversation": _spread(page, _open_next),
            "switch view": _spread(page, _other_view),
            "claim": _spread(page, _claim_next),
            "reload": _spread(page, _reload),
        }


def _cold(browser: Browser, address: str, tokens: list[str]) -> dict[str, Any]:
    opened, loaded = [], []
    for token in tokens:
        with _page(browser, address, token) as page:
            loaded.append(float(page.evaluate("window.loaded")))
            opened.append(_open_next(page, 0))
    return {
        "first load": report.spread(loaded, "ms"),
        "open a conversation": report.spread(opened, "ms"),
    }


def _spread(page: Page, act: Callable[[Page, int], float]) -> dict[str, Any]:
    for n in range(WARM_UP):
        act(page, n)
    return report.spread([act(page, n) for n in range(WARM_UP, WARM_UP + REPEATS)], "ms")


def _open_next(page: Page, n: int) -> float:
    """Another row each time, going up and down the fifty that are shown."""
    rows = page.locator(".row")
    at = n % 49
    row = rows.nth(at if (n // 49) % 2 == 0 else 48 - at)
    mail = f'.stream a.when[href^="/?c={row.get_attribute("data-id")}&"]'
    return _timed(page, mail, "", row.click)


def _other_view(page: Page, n: int) -> float:
    """“Closed” and “All open” in turn, until the first row that only the wanted one has stands."""
    if n == 0:
        page.locator(".rail summary.more").click()
        _firsts["All open"] = _first(page)
        page.locator(".rail .entry", has_text="Closed").first.click()
        page.wait_for_timeout(1000)
        _firsts["Closed"] = _first(page)
    wanted = "All open" if n % 2 == 0 else "Closed"
    entry = page.locator(".rail .entry", has_text=wanted).first
    taken = _timed(page, f'.row[data-id="{_firsts[wanted]}"]', "", entry.click)
    page.wait_for_timeout(30)
    return taken


def _first(page: Page) -> str:
    return page.locator(".row").first.get_attribute("data-id") or ""


def _claim_next(page: Page, n: int) -> float:
    if n == 0:
        page.locator(".rail .entry", has_text="Unassigned").first.click()
        page.wait_for_timeout(500)
    page.locator(".row").first.click()
    page.locator(".st-key-claim button").wait_for()
    page.wait_for_timeout(400)
    taken = _timed(page, ".about .chip", "Mine", page.locator(".st-key-claim button").click)
    page.wait_for_timeout(700)
    return taken


def _reload(page: Page, n: int) -> float:
    page.reload()
    return float(page.evaluate("window.loaded"))


def _timed(page: Page, selector: str, text: str, click: Callable[[], None]) -> float:
    page.evaluate("([selector, text]) => window.watchPaint(selector, text)", [selector, text])
    click()
    return float(page.evaluate("window.painted"))


@contextmanager
def _page(browser: Browser, address: str, token: str) -> Generator[Page, None, None]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "delad", "value": token, "url": address, "httpOnly": True}])
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(f"{address}/?view=open")
    page.locator(".row").first.wait_for()
    page.wait_for_timeout(500)
    yield page
    context.close()
