"""From a mail's arrival on the server to the eyes of an agent who has the Inbox open.

The app listens on its mailbox (IDLE). A mail is appended to the private Dovecot; `pushed` is when
the open browser is told that something changed, `listed` when the page it draws then shows the
mail. Both count from just before the mail is handed to the server. `second of two` arrives while
the first is still on its way in.
"""

import json
import random
import time
from typing import Any

from websockets.sync.client import ClientConnection

from bench import connected, post, report
from bench.browser import Tab, push, tab
from bench.running import App
from inbox import clock
from tests import servers
from tests.servers import MailServer

MAILS = 20
PAIRS = 10
BEFORE = 100
PATIENCE_SECONDS = 10.0
# What the browser's own script waits before it asks for a new page (pages/parts/live.js).
REDRAW_SECONDS = 0.06


def measure() -> dict[str, Any]:
    """Twenty mails alone, ten pairs up to a second apart; `lost` are those that took over 10 s."""
    if servers.DOVECOT is None:
        return {"skipped": servers.HOW_TO_GET_DOVECOT}
    with servers.dovecot() as server, connected.busy_house() as (running, token):
        server.user = "arrivals"
        post.fill(server, BEFORE, now=clock.now())
        connected.connect(running, server)
        with tab(running.port, token) as page, push(running.port, token) as line:
            _until_shown(page, f"Order {(BEFORE - 1) // 3}")
            return _arrivals(running, server, page, line)


def _arrivals(
    running: App, server: MailServer, page: Tab, line: ClientConnection
) -> dict[str, Any]:
    dice = random.Random(MAILS)
    words = post.vocabulary(dice)
    figures: dict[str, list[float]] = {"pushed": [], "listed": [], "second of two, listed": []}
    lost = 0
    cpu = running.spent().cpu

    def arrive(subject: str) -> float:
        raw = post.mail(dice, words, 0, sent_at=clock.now(), subject=subject)
        began = time.perf_counter()
        server.append(raw)
        return began

    for number in range(MAILS):
        _calm(line, dice)
        began = arrive(f"Alone {number}")
        told = _until_told(line, began)
        seen = _until_shown(page, f"Alone {number}", line)
        lost += told is None or seen is None
        figures["pushed"] += [told - began] if told else []
        figures["listed"] += [seen - began] if seen else []
    for number in range(PAIRS):
        _calm(line, dice)
        arrive(f"First {number}")
        time.sleep(dice.uniform(0, 0.9))
        began = arrive(f"Second {number}")
        seen = _until_shown(page, f"Second {number}", line)
        lost += seen is None
        figures["second of two, listed"] += [seen - began] if seen else []
    return {
        **{name: report.spread(values, "s") for name, values in figures.items() if values},
        "lost": report.spread([float(lost)], f"of {MAILS + PAIRS}"),
        "app's CPU a mail": report.spread(
            [(running.spent().cpu - cpu) * 1000 / (MAILS + 2 * PAIRS)], "ms"
        ),
    }


def _calm(line: ClientConnection, dice: random.Random) -> None:
    """Let one to two seconds pass in which nothing is pushed any more."""
    while _hear(line, dice.uniform(1, 2)) is not None:
        pass


def _hear(line: ClientConnection, seconds: float) -> dict[str, Any] | None:
    """The next push about changed conversations, None when none comes in time."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        try:
            told: dict[str, Any] = json.loads(line.recv(timeout=left))
        except TimeoutError:
            return None
        if told["kind"] == "changed":
            return told
    return None


def _until_told(line: ClientConnection, began: float) -> float | None:
    heard = _hear(line, began + PATIENCE_SECONDS - time.perf_counter())
    return time.perf_counter() if heard else None


def _until_shown(page: Tab, subject: str, line: ClientConnection | None = None) -> float | None:
    """When the Inbox shows a conversation of this subject: drawn once now, then at each push."""
    until = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < until:
        time.sleep(REDRAW_SECONDS)
        if any(row["subject"] == subject for row in page.show(connected.INBOX).rows):
            return time.perf_counter()
        if line is not None:
            _hear(line, until - time.perf_counter())
    return None
