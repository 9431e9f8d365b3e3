"""A team of 25 at work: each acts every five seconds over Streamlit's websocket, with live push.

Every agent has an open page and the push line beside it. An action is what a browser would send
for it (a row opened, a view changed, a button pressed, a word searched), timed until the page has
drawn its answer; a push is answered by asking for the redraw, as the page's script does. Nothing
but the browser is left out. DELAD_BENCH_MINUTES sets how long (30).
"""

import json
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bench import proc, report, town
from bench.browser import Page, page, push
from bench.running import App, app
from inbox import agents, clock, people
from inbox.events import SYSTEM
from inbox.house import House

TEAM = 25
EVERY_SECONDS = 5.0
MESSAGES = 100_000
MINUTES = float(os.environ.get("DELAD_BENCH_MINUTES", "30"))
VIEWS = ("mine", "unassigned", "open", "closed")
WORDS = ("order", "faktura", "retur", "paket")


@dataclass
class Figures:
    took: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)
    pushes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, seconds: float) -> None:
        with self.lock:
            self.took.setdefault(name, []).append(seconds * 1000)


def measure() -> dict[str, Any]:
    """Time of each action, errors, pushes, and the app's memory a minute apart."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        home = town.build(data, count=MESSAGES, now=clock.now())
        tokens = _hire(home)
        home.close()
        with app(data) as running:
            return _told(_worked(running, tokens))


def _hire(home: House) -> list[str]:
    """A cookie for each of the team."""
    now = clock.now()
    with home.store.write() as db:
        sara = agents.by_id(db, 1)
        assert sara
        hired = [
            people.enrol(
                db, SYSTEM, f"agent{n}@nordkaj.example", f"Agent {n}", is_admin=False, now=now
            )
            for n in range(TEAM)
        ]
        for agent_id in hired:
            people.set_role(db, sara, agent_id, 1, "agent", now=now)
    return [town.cookie(home, agent_id, now=clock.now()) for agent_id in hired]


def _worked(running: App, tokens: list[str]) -> Figures:
    figures = Figures()
    until = time.monotonic() + MINUTES * 60
    team = [
        threading.Thread(target=_work, args=(running.port, token, n, until, figures))
        for n, token in enumerate(tokens)
    ]
    for one in team:
        one.start()
    while time.monotonic() < until:
        figures.memory.append((proc.resident_bytes(running.process.pid) or 0) / 1e6)
        time.sleep(min(60, max(0.1, until - time.monotonic())))
    for one in team:
        one.join()
    return figures


def _told(figures: Figures) -> dict[str, Any]:
    every = [value for values in figures.took.values() for value in values]
    third = max(1, len(figures.memory) // 3)
    early, late = figures.memory[third : 2 * third] or figures.memory, figures.memory[-third:]
    return {
        "every action": report.spread(every, "ms"),
        **{name: report.spread(values, "ms") for name, values in sorted(figures.took.items())},
        "errors": sum(figures.errors.values()),
        **{f"error: {what}": count for what, count in figures.errors.items()},
        "pushes answered": figures.pushes,
        "memory": report.spread(figures.memory, "MB"),
        "memory, last third by middle third": report.ratio(
            report.spread(late, "MB"), report.spread(early, "MB")
        ),
    }


def _work(port: int, token: str, number: int, until: float, figures: Figures) -> None:
    """One agent's day: an action each five seconds, pushes answered in between."""
    dice = Random(number)
    time.sleep(dice.uniform(0, EVERY_SECONDS))
    with page(port, token, "view=open") as mine, push(port, token) as line:
        while (left := until - time.monotonic()) > 0:
            began = time.monotonic()
            name, act = _choice(dice, mine)
            try:
                act()
            except (RuntimeError, TimeoutError, KeyError, StopIteration) as error:
                with figures.lock:
                    figures.errors[f"{name}: {error}"] += 1
            else:
                figures.add(name, time.monotonic() - began)
            pause = min(left, EVERY_SECONDS * dice.uniform(0.8, 1.2))
            _answer_pushes(mine, line, began + pause, figures)


def _choice(dice: Random, mine: Page) -> tuple[str, Callable[[], object]]:
    """What to do next; what is not there to be pressed gives way to opening a row."""
    drawn = dice.random()
    rows = mine.shown.rows
    if drawn < 0.2 or not rows:
        view = dice.choice(VIEWS)
        return "switch view", lambda: mine.trigger("rail", "go", f"view:{view}")
    if drawn < 0.3:
        word = dice.choice(WORDS) if dice.random() < 0.5 else ""
        return "search", lambda: mine.type("Search", word)
    offered = [label for label in ("Claim", "Close", "Reopen", "Release") if mine.has_button(label)]
    if drawn < 0.6 and offered:
        label = dice.choice(offered)
        return label.lower(), lambda: mine.press(label)
    row = dice.choice(rows)["id"]
    return "open", lambda: mine.trigger("conversation_list", "opened", row)


def _answer_pushes(mine: Page, line: Any, until: float, figures: Figures) -> None:
    while (left := until - time.monotonic()) > 0:
        try:
            told = json.loads(line.recv(timeout=left))
        except TimeoutError:
            return
        if told["kind"] == "changed":
            news = {"conversations": told["conversations"], "all": False, "at": int(time.time())}
            mine.trigger("live", "changed", news)
            with figures.lock:
                figures.pushes += 1
