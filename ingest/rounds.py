"""A thread for each mailbox that has work: a stalled server delays only its own mailbox."""

import threading
import time
from collections.abc import Callable

from inbox.house import House
from ingest import watchdog, worker


class Rounds:
    """The walks of one job, at most one a mailbox at a time; each notes for itself what it did.

    `begin` and `stop` never wait. A walk is expected to end early once `is_over`.
    """

    def __init__(self, house: House, job: str) -> None:
        self._house = house
        self._job = job
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._name = f"{job} of a mailbox"
        self._hanging: dict[int, list[threading.Thread]] = {}
        self._walks: dict[int, threading.Thread] = {}

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def begin(self, mailbox_id: int, work: Callable[[], str]) -> bool:
        """Start a walk, unless one is under way for this mailbox or no more shall begin."""
        with self._lock:
            known = self._walks.get(mailbox_id)
            if self.is_over or (known is not None and not self._has_ended(mailbox_id, known)):
                return False
            self._walks[mailbox_id] = thread = threading.Thread(
                target=self._walk,
                args=(mailbox_id, work),
                name=f"{self._job} {mailbox_id}",
                daemon=True,
            )
            thread.start()
        return True

    def _has_ended(self, mailbox_id: int, known: threading.Thread) -> bool:
        """One that hangs counts as ended: it sends nothing any more (see inbox.beats)."""
        if not known.is_alive():
            return True
        if not self._house.beats.is_silent(self._name, mailbox_id):
            return False
        hanging = self._hanging.setdefault(mailbox_id, [])
        if not watchdog.may_replace(hanging, known):
            return False
        watchdog.tell(self._house, self._job, watchdog.HUNG, mailbox_id=mailbox_id)
        return True

    def _walk(self, mailbox_id: int, work: Callable[[], str]) -> None:
        """The next round begins where one broke off, so that this is no lasting death."""
        patience = self._house.settings.stall_seconds
        with self._house.beats.of(self._name, mailbox_id, patience=patience) as own:
            try:
                worker.run_job(self._house, self._job, work, mailbox_id=mailbox_id)
            except BaseException:
                watchdog.tell(self._house, self._job, watchdog.DIED, mailbox_id=mailbox_id)
                self._house.beats.forget(own)
                raise

    def stop(self) -> None:
        """Let no walk begin any more, and those under way end after what they are doing."""
        with self._lock:
            self._over.set()

    def wait(self, seconds: float | None = None) -> None:
        """Until the walks under way have ended, at most so long."""
        until = None if seconds is None else time.monotonic() + seconds
        for thread in list(self._walks.values()):
            thread.join(None if until is None else max(0.0, until - time.monotonic()))
