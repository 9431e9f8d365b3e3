"""What numbers cost with a million messages of five years: counting all anew, one mail more, and
what a dashboard asks of them for its last four weeks.

DELAD_BENCH_INSIGHT=100000 for fewer. CPU counts every thread of the process.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench import report
from bench.town import SUPPORT
from inbox import (
    agents,
    calendars,
    clock,
    events,
    house,
    insight,
    lists,
    mailboxes,
    people,
    summaries,
    targets,
    turns,
)
from inbox.agents import Agent
from inbox.events import SYSTEM
from inbox.head import Head
from inbox.house import House
from inbox.insight import Asked
from inbox.migrations import SQL
from inbox.settings import Settings
from inbox.store import Session, Tally, load_queries

MESSAGES = int(os.environ.get("DELAD_BENCH_INSIGHT", "1000000"))
YEARS = timedelta(days=1826)
REPEATS = 5
ROUNDS, VISITS = 4, 25
_FILL = (Path(__file__).parent / "insight.sql").read_text()
_MORE = (Path(__file__).parent / "insight_more.sql").read_text()
ASKED = {
    name.partition(".")[2]: text
    for name, text in load_queries(Path(__file__).parent).items()
    if name.startswith("insight_asked.")
}


def measure() -> dict[str, Any]:
    """CPU and wall time of a rebuild, of one mail's recount, and of each question of a page."""
    now = clock.now()
    with tempfile.TemporaryDirectory() as folder:
        home = house.open_up(Settings(data=Path(folder) / "data"), now=now)
        try:
            _fill(home, now)
            return _of_house(home, now)
        finally:
            home.close()


def _of_house(home: House, now: datetime) -> dict[str, Any]:
    def rebuild() -> None:
        with home.store.write() as db:
            turns.rebuild(db)

    def look() -> None:
        with home.store.read() as db:
            turns.is_late(db)

    def one_mail() -> None:
        with home.store.write() as db:
            turns.bring_up_to_date(db)

    told: dict[str, Any] = {"rebuild": _spent(rebuild, 2), "nothing has changed": _spent(look)}
    told["one mail"] = _spent(one_mail, before=lambda: _one_more(home, now))
    told["Inbox beside it"] = _beside(home, now)
    told["dashboard"] = _asked(home, now)
    _one_more(home, now)
    told["dashboard, one mail is due"] = _asked(home, now, before=lambda: _one_more(home, now))
    return told


def _asked(home: House, now: datetime, before: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Each question of a page for its last four weeks, each in a session of its own as a page asks
    them, and all of them together, with what a page does first."""
    ask = _asker(home, now)

    def ask_all() -> None:
        turns.catch_up(home.store)
        for name in ASKED:
            ask(name)

    told = {name: _spent(partial(ask, name)) for name in ASKED}
    told["together"] = _spent(ask_all, before=before)
    return told


def _asker(home: House, now: datetime) -> Callable[[str], None]:
    queries = ASKED | load_queries(SQL / "queries")
    written, parsed = dict.fromkeys(queries, ""), dict[str, Any]()
    period = {"since": now - timedelta(days=28), "now": now}

    def ask(name: str) -> None:
        named = {known: value for known, value in period.items() if f"${known}" in ASKED[name]}
        with home.store.beside() as cursor:
            db = Session(cursor, queries, written, Tally(), parsed=parsed, is_reading=True)
            db.rows(name, **named)

    return ask


def _beside(home: House, now: datetime) -> dict[str, Any]:
    """What the Inbox's list and counts take alone, and while a dashboard and a year's first waits
    are asked for and told without a pause: turn by turn, so that both have the same machine."""
    with home.store.read() as db:
        me = agents.by_id(db, 1)
    assert me
    took: dict[str, list[float]] = {"alone": [], "beside": []}
    for _ in range(ROUNDS):
        _look_at_inbox(home, me, now, took["alone"])
        is_over = threading.Event()
        other = threading.Thread(target=_busy, args=(home, me, now, is_over))
        other.start()
        _look_at_inbox(home, me, now, took["beside"])
        is_over.set()
        other.join()
    told: dict[str, Any] = {name: report.spread(times, "ms") for name, times in took.items()}
    told["p95"] = report.ratio(told["beside"], told["alone"], part="p95")
    return told


def _look_at_inbox(home: House, me: Agent, now: datetime, took: list[float]) -> None:
    for _ in range(VISITS):
        begun = time.perf_counter()
        with home.store.read() as db:
            lists.listed(db, me, "open", now=now)
            lists.counts(db, me, now=now)
        took.append(1000 * (time.perf_counter() - begun))


def _busy(home: House, me: Agent, now: datetime, is_over: threading.Event) -> None:
    ask, zone = _asker(home, now), ZoneInfo("Europe/Stockholm")
    since, until = summaries.period(365, zone, now=now)
    while not is_over.is_set():
        for name in ASKED:
            ask(name)
        with home.store.read() as db:
            found = insight.first_waits(db, me, Asked(since=since, until=until), now=now)
        summaries.weeks(found, zone, since=since, until=until)
        summaries.hours(found, zone)


def _spent(
    work: Callable[[], None], repeats: int = REPEATS, before: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    cpu, wall = [], []
    for _ in range(repeats):
        before()
        cpu_before, wall_before = time.process_time(), time.perf_counter()
        work()
        cpu.append(1000 * (time.process_time() - cpu_before))
        wall.append(1000 * (time.perf_counter() - wall_before))
    return {"cpu": report.spread(cpu, "ms"), "wall": report.spread(wall, "ms")}


def _fill(home: House, now: datetime) -> None:
    with home.store.write() as db:
        for number in range(10):
            name, is_admin = f"Colleague {number}", number == 0
            address = f"c{number}@nordkaj.example"
            people.enrol(db, SYSTEM, address, name, is_admin=is_admin, now=now)
        me = agents.by_id(db, 1)
        assert me
        mailboxes.add(db, me, SUPPORT, name="Support", keys=home.keys, now=now)
    conversations = MESSAGES // 4
    told = {
        "begins": now - YEARS,
        "step": YEARS.total_seconds() / conversations,
        "conversations": conversations,
    }
    with home.store.export() as cursor:
        for statement in cursor.extract_statements(_FILL):
            named = {name: value for name, value in told.items() if f"${name}" in statement.query}
            cursor.execute(statement, named).fetchall()
        cursor.execute("checkpoint").fetchall()
    with home.store.read() as db:
        home.store.head = db.one("events.head", Head) or Head()
        me = agents.by_id(db, 1)
        assert me
    week = ["08:00-12:00 13:00-17:00"] * 5 + ["", ""]
    with home.store.write() as db:
        calendars.save(db, me, "Office", time_zone="Europe/Stockholm", lines=week, now=now)
        mailboxes.change(db, me, 1, calendar="Office", now=now)
        for kind in targets.KINDS:
            targets.set_target(db, me, 1, kind, 4 * 3600, since=now - YEARS, now=now)


def _one_more(home: House, now: datetime) -> None:
    """A customer's mail in a conversation of last week."""
    conversation_id = MESSAGES // 4 - 500
    with home.store.export() as cursor:
        cursor.execute(_MORE, {"conversation_id": conversation_id, "now": now}).fetchall()
    with home.store.write() as db:
        events.record(db, SYSTEM, "received", conversation_id, mailbox_id=1, now=now)
