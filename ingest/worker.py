"""The clock of the house: a poller for each mailbox, and other work at its intervals, in threads.

A stalled server delays nobody else. Every run goes through `run_job`, the one place in the
program that catches everything, so that no trouble ends a thread.
"""

import contextlib
import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import schedule

from inbox import clock, job_runs, mailboxes
from inbox.errors import InboxError
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.store import Change, StoreError
from ingest import jail
from ingest.line import Line
from ingest.poll import FolderResult

LOOK_SECONDS = 5.0
LONGEST_PAUSE = 300.0
STOP_SECONDS = 2.0
# Kinds of events after which another set of pollers, or another poller, may be due.
MAILBOX_CHANGED = frozenset(
    {"connected", "configured", "secret_replaced", "aliased", "disconnected", "reconnected"}
)
log = logging.getLogger("delad.worker")


class Work(Protocol):
    """What a job does: answers how much it did, or a sentence; 0 or "" for nothing."""

    def __call__(self, house: House, *, now: datetime) -> object: ...


Table = Mapping[str, tuple[float, Work]]
"""Name of a job → (seconds between two runs, the work)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """How one mailbox is doing; `missed_polls` counts failures in a row."""

    last_poll_at: datetime | None = None
    last_good_poll_at: datetime | None = None
    last_error: str = ""
    missed_polls: int = 0
    is_idle: bool = False
    folders: tuple[FolderResult, ...] = ()

    def lag_seconds(self, *, now: datetime) -> float | None:
        """How old our picture of the server is; None before the first good poll."""
        good = self.last_good_poll_at
        return None if good is None else (now - good).total_seconds()


@dataclass(slots=True)
class _Thread:
    mailbox: Mailbox
    nudge: threading.Event
    line: Line
    thread: threading.Thread
    is_over: bool = False


@dataclass(slots=True)
class _Running:
    """What the threads of this process share."""

    stop: threading.Event = field(default_factory=threading.Event)
    look: threading.Event = field(default_factory=threading.Event)
    pollers: dict[int, Poller] = field(default_factory=dict)
    threads: dict[int, _Thread] = field(default_factory=dict)


_now_running: list[_Running] = []


@contextmanager
def running(
    house: House, jobs: Table | None = None, nightly: Table | None = None
) -> Iterator[None]:
    """Poll every active mailbox and run `jobs` (a thread each, the next run after the last has
    ended) and `nightly` (one thread for all, by `schedule`) until the block ends, within 2 s."""
    own = _Running()
    _now_running.append(own)
    threads = [threading.Thread(target=_oversee, args=(house, own), name="pollers", daemon=True)]
    for name, (seconds, work) in (jobs or {}).items():
        threads.append(_every(house, own, name, seconds, work))
    if nightly:
        threads.append(
            threading.Thread(
                target=_keep_house, args=(house, own, nightly), name="housekeeping", daemon=True
            )
        )
    for thread in threads:
        thread.start()

    def hear(changes: list[Change]) -> None:
        if any(change.kind in MAILBOX_CHANGED for change in changes):
            own.look.set()

    stop_hearing = house.store.listen(hear)
    try:
        yield
    finally:
        stop_hearing()
        _now_running.remove(own)
        own.stop.set()
        own.look.set()
        for known in list(own.threads.values()):
            _end(known)
        _join([*threads, *(known.thread for known in own.threads.values())])
        jail.close(house.settings)


def wake() -> None:
    """Look at every mailbox now: a mailbox was added or changed, or somebody asked."""
    for own in _now_running:
        own.look.set()
        for known in list(own.threads.values()):
            known.nudge.set()


def state() -> dict[int, Poller]:
    """{mailbox id: how its poller is doing}, for Health; empty when no worker runs."""
    return {key: poller for own in _now_running for key, poller in own.pollers.items()}


def run_job(
    house: House, job: str, work: Callable[[], object], *, mailbox_id: int | None = None
) -> str | None:
    """Run the work; answer what went wrong, None when it went well.

    A run that did something or failed leaves a row in job_runs. A refusal is told in its own
    words; anything else is a bug: its type and places are logged without its message, which may
    hold mail text or a secret.
    """
    started_at = clock.now()
    trouble = None
    done: object = ""
    try:
        done = work()
    except InboxError as error:
        log.warning("%s: %s", job, type(error).__name__)
        trouble = str(error)
    except Exception as error:  # noqa: BLE001
        log.error("%s: %s\n%s", job, type(error).__name__, _places(error))
        trouble = f"{type(error).__name__} (see the log)"
    if trouble or done:
        with contextlib.suppress(StoreError), house.store.write() as db:
            job_runs.add(
                db,
                job,
                mailbox_id=mailbox_id,
                started_at=started_at,
                is_ok=trouble is None,
                detail=trouble or str(done),
                now=clock.now(),
            )
    return trouble


def _places(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__))


def _every(house: House, own: _Running, name: str, seconds: float, work: Work) -> threading.Thread:
    def loop() -> None:
        while not own.stop.is_set():
            run_job(house, name, lambda: work(house, now=clock.now()))
            own.stop.wait(seconds)

    return threading.Thread(target=loop, name=name, daemon=True)


def _keep_house(house: House, own: _Running, table: Table) -> None:
    plan = schedule.Scheduler()
    for name, (seconds, work) in table.items():
        plan.every(max(1, int(seconds))).seconds.do(_job(house, name, work))
    while not own.stop.wait(min(1.0, LOOK_SECONDS)):
        plan.run_pending()


def _job(house: House, name: str, work: Work) -> Callable[[], None]:
    def run() -> None:
        run_job(house, name, lambda: work(house, now=clock.now()))

    return run


def _oversee(house: House, own: _Running) -> None:
    """Keep one poller for each active mailbox, as the mailboxes are now."""
    while not own.stop.is_set():
        own.look.clear()
        run_job(house, "mailboxes", lambda: _match(house, own))
        own.look.wait(LOOK_SECONDS)


def _match(house: House, own: _Running) -> None:
    with house.store.read() as db:
        wanted = {m.id: m for m in mailboxes.active(db) if m.imap_url}
    for mailbox_id, known in list(own.threads.items()):
        if wanted.get(mailbox_id) != known.mailbox:
            _end(known)
            known.thread.join(STOP_SECONDS)
            del own.threads[mailbox_id]
            own.pollers.pop(mailbox_id, None)
    for mailbox_id, mailbox in wanted.items():
        if mailbox_id not in own.threads and not own.stop.is_set():
            own.threads[mailbox_id] = _start(house, own, mailbox)


def _start(house: House, own: _Running, mailbox: Mailbox) -> _Thread:
    nudge = threading.Event()
    line = Line(house, mailbox)
    thread = threading.Thread(name=f"poll {mailbox.id}", daemon=True)
    known = _Thread(mailbox=mailbox, nudge=nudge, line=line, thread=thread)
    thread.run = lambda: _poll_on(house, own, known)  # type: ignore[method-assign]
    own.pollers[mailbox.id] = Poller()
    thread.start()
    return known


def _end(known: _Thread) -> None:
    known.is_over = True
    known.nudge.set()
    known.line.cut()


def _join(threads: list[threading.Thread]) -> None:
    until = time.monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _poll_on(house: House, own: _Running, known: _Thread) -> None:
    mailbox_id, pause = known.mailbox.id, float(known.mailbox.poll_seconds)
    while not known.is_over:
        known.nudge.clear()
        trouble = run_job(house, "poll", lambda: _look(own, known), mailbox_id=mailbox_id)
        if known.is_over:
            break
        if trouble is None:
            known.line.wait(pause, known.nudge)
        else:
            before = own.pollers[mailbox_id]
            missed = before.missed_polls + 1
            own.pollers[mailbox_id] = replace(
                before,
                last_poll_at=clock.now(),
                last_error=trouble,
                missed_polls=missed,
                is_idle=False,
            )
            longest = max(pause, LONGEST_PAUSE)
            known.nudge.wait(min(longest, pause * 2.0 ** min(missed - 1, 10)))
    known.line.hang_up()


def _look(own: _Running, known: _Thread) -> str:
    """One pass; a sentence when it brought something."""
    if known.is_over:
        return ""
    result = known.line.poll(now=clock.now())
    now = clock.now()
    own.pollers[known.mailbox.id] = Poller(
        last_poll_at=now,
        last_good_poll_at=now,
        last_error=" ".join(result.troubles),
        is_idle=known.line.can_idle,
        folders=tuple(result.folders),
    )
    if not result.read and not result.filed:
        return ""
    return f"{result.read} read, {result.filed} filed, {result.unreadable} could not be read"
