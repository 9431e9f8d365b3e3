"""Threads that must not end: one that dies is started again, one that hangs gets a successor.

Python ends no thread from outside. One that hangs is left where it is: as soon as it asks whether
it may go on (see inbox.beats) it ends, without filing or sending anything.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from inbox import clock
from inbox.beats import Beat
from inbox.house import House
from ingest import runs

DIED = "This broke off inside Delad (see the log). It was started again."
HUNG = "This hung inside Delad. Another took its place, so that it goes on."
STUCK = "This hangs inside Delad again and again. Restart Delad."
MOST_HANGING = 3
READY_SECONDS = 1.0
log = logging.getLogger("delad.worker")

Body = Callable[[Beat], None]
"""What a thread does until it is told to stop, or until its beat is over."""


@dataclass(slots=True)
class _Member:
    job: str
    body: Body
    patience: float
    thread: threading.Thread | None = None
    hanging: list[threading.Thread] = field(default_factory=list)
    is_given_up: bool = False


class Crew:
    """The threads of one house besides its pollers and walks, which their own keepers replace."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._members: dict[str, _Member] = {}
        self._lock = threading.Lock()
        self._is_over = False

    def add(self, job: str, body: Body, *, patience: float) -> None:
        """Before `start`."""
        self._members[job] = _Member(job, body, patience)

    def start(self) -> None:
        with self._lock:
            for member in self._members.values():
                self._begin(member)

    def look(self) -> None:
        """Bring back whoever died or hangs. Two threads of the crew call this, so that each of
        them is looked after by the other."""
        with self._lock:
            for member in self._members.values():
                if not self._is_over:
                    self._look_at(member)

    def end(self) -> list[threading.Thread]:
        """Nobody is started any more; answer the threads, to be joined."""
        with self._lock:
            self._is_over = True
        return [member.thread for member in self._members.values() if member.thread]

    def _look_at(self, member: _Member) -> None:
        assert member.thread is not None
        is_alive = member.thread.is_alive()
        if is_alive and not self._house.beats.is_silent(member.job):
            return
        if is_alive and not may_replace(member.hanging, member.thread):
            if not member.is_given_up:
                member.is_given_up = True
                tell(self._house, member.job, STUCK)
            return
        tell(self._house, member.job, HUNG if is_alive else DIED)
        self._begin(member)

    def _begin(self, member: _Member) -> None:
        is_ready = threading.Event()

        def work() -> None:
            with self._house.beats.of(member.job, patience=member.patience) as own:
                is_ready.set()
                member.body(own)

        member.thread = threading.Thread(target=work, name=member.job, daemon=True)
        member.thread.start()
        is_ready.wait(READY_SECONDS)


def may_replace(hanging: list[threading.Thread], thread: threading.Thread) -> bool:
    """Note one that hangs; whether it may have a successor. Where several hang, what they wait
    for keeps one more waiting too."""
    hanging[:] = [one for one in hanging if one.is_alive()]
    if len(hanging) >= MOST_HANGING:
        return False
    hanging.append(thread)
    return True


def tell(house: House, job: str, words: str, *, mailbox_id: int | None = None) -> None:
    """For Health; in a thread of its own, for the database may be what everybody waits for."""
    log.error("%s (mailbox %s): %s", job, mailbox_id, words)
    threading.Thread(
        target=runs.note,
        args=(house, job, words),
        kwargs={"mailbox_id": mailbox_id, "started_at": clock.now()},
        name=f"tell of {job}",
        daemon=True,
    ).start()
