"""The clock of the house: a poller for each mailbox, and other work at its intervals, in threads.

A stalled server delays nobody else. Every run goes through `run_job`, so that no trouble ends a
thread; one that dies or hangs all the same is replaced (see ingest.watchdog).
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

import schedule

from inbox import clock, mailboxes
from inbox.beats import Beat
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.store import Change
from ingest import filing, jail
from ingest.pollers import STOP_SECONDS, Poller, Pollers
from ingest.runs import run_job
from ingest.watchdog import Crew

__all__ = ["Poller", "Table", "Work", "run_job", "running", "state", "wake"]

LOOK_SECONDS = 5.0
LONGEST_ERRAND = 12
"""How many times longer than others housekeeping may be silent: a back-up copies for long."""


class Work(Protocol):
    """What a job does: answers how much it did, or a sentence; 0 or "" for nothing."""

    def __call__(self, house: House, *, now: datetime) -> object: ...


Table = Mapping[str, tuple[float, Work]]
"""Name of a job → (seconds between two runs, the work)."""


@dataclass(slots=True)
class _Running:
    """What the threads of this process share."""

    stop: threading.Event = field(default_factory=threading.Event)
    look: threading.Event = field(default_factory=threading.Event)
    pollers: Pollers = field(default_factory=Pollers)
    unattended: set[int] = field(default_factory=set)

    def heard(self, changes: Sequence[Change]) -> None:
        """A mailbox was added or changed, or somebody wants a mail of it read again."""
        for change in changes:
            if change.conversation_id is None and change.mailbox_id is not None:
                self.look.set()
            elif change.kind == "read_again":
                self._want_filing(change.mailbox_id)

    def _want_filing(self, mailbox_id: int | None) -> None:
        if mailbox_id is not None and not self.pollers.nudge(mailbox_id):
            self.unattended.add(mailbox_id)
            self.look.set()


_now_running: list[_Running] = []


@contextmanager
def running(
    house: House, jobs: Table | None = None, nightly: Table | None = None
) -> Iterator[None]:
    """Poll every active mailbox and run `jobs` (a thread each, the next run after the last has
    ended) and `nightly` (one thread for all, by `schedule`) until the block ends, within 2 s."""
    own = _Running()
    _now_running.append(own)
    crew, patience = Crew(house), house.settings.stall_seconds
    crew.add("mailboxes", partial(_oversee, house, own, crew), patience=patience)
    crew.add("watchdog", partial(_watch, own, crew), patience=patience)
    for name, (seconds, work) in (jobs or {}).items():
        loop = partial(_every, house, own, name, seconds, work)
        crew.add(name, loop, patience=patience + seconds)
    if nightly:
        crew.add(
            "housekeeping",
            partial(_keep_house, house, own, nightly),
            patience=patience * LONGEST_ERRAND,
        )
    hush = house.store.listen(own.heard)
    crew.start()
    try:
        yield
    finally:
        hush()
        _now_running.remove(own)
        own.stop.set()
        own.look.set()
        _join([*crew.end(), *own.pollers.end()])
        jail.close(house.settings)


def wake() -> None:
    """Look at every mailbox now: somebody asked."""
    for own in _now_running:
        own.look.set()
        own.pollers.nudge()


def state() -> dict[int, Poller]:
    """{mailbox id: how its poller is doing}, for Health; empty when no worker runs."""
    return {key: poller for own in _now_running for key, poller in own.pollers.states.items()}


def _every(house: House, own: _Running, name: str, seconds: float, work: Work, beat: Beat) -> None:
    while not own.stop.is_set() and not beat.is_over:
        beat.mark()
        failpoint(f"round of {name}")
        run_job(house, name, lambda: work(house, now=clock.now()))
        own.stop.wait(seconds)


def _watch(own: _Running, crew: Crew, beat: Beat) -> None:
    while not own.stop.wait(min(1.0, LOOK_SECONDS)) and not beat.is_over:
        beat.mark()
        failpoint("watchdog looks")
        crew.look()


def _keep_house(house: House, own: _Running, table: Table, beat: Beat) -> None:
    plan = schedule.Scheduler()
    for name, (seconds, work) in table.items():
        plan.every(max(1, int(seconds))).seconds.do(_job(house, name, work))
    while not own.stop.wait(min(1.0, LOOK_SECONDS)) and not beat.is_over:
        beat.mark()
        failpoint("housekeeping looks")
        plan.run_pending()


def _job(house: House, name: str, work: Work) -> Callable[[], None]:
    def run() -> None:
        run_job(house, name, lambda: work(house, now=clock.now()))

    return run


def _oversee(house: House, own: _Running, crew: Crew, beat: Beat) -> None:
    while not own.stop.is_set() and not beat.is_over:
        beat.mark(LOOK_SECONDS)
        failpoint("mailboxes looked at")
        own.look.clear()
        crew.look()
        run_job(house, "mailboxes", lambda: own.pollers.match(house))
        for mailbox_id in list(own.unattended):
            own.unattended.discard(mailbox_id)
            _read_again(house, mailbox_id)
        own.look.wait(LOOK_SECONDS)


def _read_again(house: House, mailbox_id: int) -> None:
    """What is asked for in a mailbox that nobody polls: it holds imported mail, or is at rest."""

    def work() -> int:
        with house.store.read() as db:
            mailbox = mailboxes.by_id(db, mailbox_id)
        return filing.file_pending(house, mailbox, now=clock.now()).filed if mailbox else 0

    run_job(house, "read again", work, mailbox_id=mailbox_id)


def _join(threads: list[threading.Thread]) -> None:
    until = time.monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
