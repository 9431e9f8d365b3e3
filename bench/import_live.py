"""A mailbox of 5,000 mails comes in while the team works: the running app as its users see it.

The app runs on a house whose open list is full already. Its Inbox page is opened four times a
second through gate and websocket: first while nothing else happens (idle), then from the moment
`python -m inbox mailbox add` connects the mailbox (import), then after it (again idle, with the
imported mail in the house). `cold` is a browser's first page, `again` a rerun of the same tab.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from bench import connected, post, proc, report
from bench.browser import Shown, tab
from bench.running import App
from inbox import clock
from tests import servers
from tests.servers import MailServer

MAILS = 5_000
ROUNDS = 3
IDLE_VISITS = 30
WARM_UP = 5
PACE_SECONDS = 0.25
PATIENCE_SECONDS = 120


@dataclass(slots=True)
class Visits:
    """Wall time in milliseconds of the Inbox pages opened in one phase."""

    cold: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Figures:
    """What the rounds bring: a value a round, the visits of all of them together."""

    idle: Visits = field(default_factory=Visits)
    during: Visits = field(default_factory=Visits)
    after: Visits = field(default_factory=Visits)
    values: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def note(self, name: str, value: float, unit: str) -> None:
        self.values.setdefault((name, unit), []).append(value)


def measure() -> dict[str, Any]:
    """Three imports, each into a fresh house by a fresh app."""
    if servers.DOVECOT is None:
        return {"skipped": servers.HOW_TO_GET_DOVECOT}
    figures = Figures()
    with servers.dovecot() as server:
        for round_ in range(ROUNDS):
            server.user = f"orders{round_}"
            post.fill(server, MAILS, now=clock.now())
            _round(server, figures)
    found: dict[str, Any] = {
        name: report.spread(values, unit) for (name, unit), values in figures.values.items()
    }
    for kind in ("cold", "again"):
        found[f"Inbox, {kind}"] = _pages(figures, kind)
    return found


def _pages(figures: Figures, kind: str) -> dict[str, Any]:
    idle, during, after = (
        report.spread(getattr(phase, kind), "ms")
        for phase in (figures.idle, figures.during, figures.after)
    )
    return {
        "idle": idle,
        "during the import": during,
        "after the import": after,
        "p95 during by p95 idle": report.ratio(during, idle, part="p95"),
        "p95 during by p95 after": report.ratio(during, after, part="p95"),
    }


def _round(server: MailServer, figures: Figures) -> None:
    with connected.busy_house() as (running, token):
        for _ in range(WARM_UP):
            _visit(running, token, Visits())
        figures.note("app's peak memory before", running.spent().peak / 1e6, "MB")
        a_page = _idle(running, token, figures.idle)
        _import(running, token, server, figures, a_page=a_page)
        _idle(running, token, figures.after)


def _idle(running: App, token: str, visits: Visits) -> float:
    """CPU seconds of one visit, everything the idle house does beside it included."""
    cpu = running.spent().cpu
    for _ in range(IDLE_VISITS):
        _visit(running, token, visits)
    return (running.spent().cpu - cpu) / IDLE_VISITS


def _import(
    running: App, token: str, server: MailServer, figures: Figures, *, a_page: float
) -> None:
    """From the command to the last mail found. What the pages opened meanwhile cost when idle is
    taken off the app's CPU."""
    cpu = running.spent().cpu
    asked = time.perf_counter()
    connected.connect(running, server)
    answered = time.perf_counter()
    visits = Visits()
    until = answered + PATIENCE_SECONDS
    while not _is_listed(_visit(running, token, visits)):
        assert time.perf_counter() < until, "no mail was listed"
    first = time.perf_counter()
    while not _is_found(running, token, _visit(running, token, visits)):
        assert time.perf_counter() < until, "the last mail was not found"
    last = time.perf_counter()
    used = running.spent()
    pages = len(visits.cold) * a_page
    figures.during.cold += visits.cold
    figures.during.again += visits.again
    figures.note("first mail listed after", first - asked, "s")
    figures.note("first mail listed after, from the command's answer", first - answered, "s")
    figures.note("last mail found by search after", last - answered, "s")
    figures.note("mails a second, end to end", MAILS / (last - answered), "1/s")
    figures.note("app's CPU a mail", (used.cpu - cpu - pages) * 1000 / MAILS, "ms")
    figures.note("app's peak memory", used.peak / 1e6, "MB")
    for child in running.children():
        figures.note("jail's CPU a mail", (proc.cpu_seconds(child) or 0) * 1000 / MAILS, "ms")
        figures.note("jail's peak memory", (proc.peak_bytes(child) or 0) / 1e6, "MB")


def _visit(running: App, token: str, visits: Visits) -> Shown:
    """Open the Inbox in a new tab and run it once more; then rest for what is left of the pace."""
    began = time.perf_counter()
    with tab(running.port, token) as page:
        shown = page.show(connected.INBOX)
        opened = time.perf_counter()
        page.show(connected.INBOX)
        visits.cold.append((opened - began) * 1000)
        visits.again.append((time.perf_counter() - opened) * 1000)
    time.sleep(max(0.0, began + PACE_SECONDS - time.perf_counter()))
    return shown


def _is_listed(shown: Shown) -> bool:
    return any(row["subject"].startswith("Order ") for row in shown.rows)


def _is_found(running: App, token: str, shown: Shown) -> bool:
    """Whether a search on the page finds the last mail; asked once the rail counts them all."""
    if shown.count("open") < MAILS // 3:
        return False
    with tab(running.port, token) as page:
        return len(page.show(f"{connected.INBOX}&q=needle{MAILS - 1}").rows) == 1
