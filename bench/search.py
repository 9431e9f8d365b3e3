"""What a search costs: rare words, common ones, phrases and operators, and the list beside them.

Asked of the store as the list's page asks it: the first fifty with their number, and the places of
the hits. With the newest mail of 100,000; DELAD_BENCH_SEARCH=1000000 for more.
"""

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench import report, town
from inbox import agents, clock, lists, search_hits
from inbox.agents import Agent
from inbox.filters import Filter
from inbox.house import House
from inbox.store import Session

MESSAGES = int(os.environ.get("DELAD_BENCH_SEARCH", "100000"))
REPEATS, WARM_UP, PAGE = 40, 3, 50
LINES = {
    "rare word": "{rare}",
    "word that is nowhere": "zzyzx",
    "word of a quarter": "faktura",
    "word of nearly all": "halsningar",
    "word with a mark": "hälsningar",
    "two words": "order retur",
    "phrase": '"tid till"',
    "phrase that is nowhere": '"till order hur"',
    "from": "from:anna",
    "from and word": "from:anna order",
    "without": "order -faktura",
    "last week": "order after:7d",
}


def measure() -> dict[str, Any]:
    """Per line: CPU and wall time, and how many conversations it finds."""
    with tempfile.TemporaryDirectory() as folder:
        home = town.build(Path(folder) / "data", count=MESSAGES, now=clock.now())
        try:
            return of_house(home)
        finally:
            home.close()


def of_house(home: House) -> dict[str, Any]:
    with home.store.read() as db:
        me = agents.by_id(db, 1)
        assert me
        rare = {"rare": str(MESSAGES // 8)}
        told = {
            name: _spent(partial(_found, db, me, line.format(**rare)))
            for name, line in LINES.items()
        }
        told["list, nothing searched for"] = _spent(lambda: _found(db, me, ""))
        told["list of one contact"] = _spent(lambda: _found(db, me, "", contact="anna"))
    return {f"{MESSAGES:,} messages": told}


def _found(db: Session, me: Agent, line: str, **more: str) -> int:
    now = clock.now()
    filters = Filter(words=line, **more)  # type: ignore[arg-type]
    rows = lists.listed(db, me, "all", filters=filters, limit=PAGE, now=now)
    hits = [row.hit_message_id for row in rows if row.hit_message_id is not None]
    search_hits.places(db, me, hits, search_hits.sought(filters, now=now).text)
    return rows[0].matching if rows else 0


def _spent(ask: Callable[[], int]) -> dict[str, Any]:
    cpu, wall, found = [], [], 0
    for n in range(-WARM_UP, REPEATS):
        spent, began = time.process_time(), time.perf_counter()
        found = ask()
        if n >= 0:
            cpu.append((time.process_time() - spent) * 1000)
            wall.append((time.perf_counter() - began) * 1000)
    return {
        "found": found,
        "CPU": report.spread(cpu, "ms"),
        "wall": report.spread(wall, "ms"),
    }
