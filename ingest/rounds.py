"""A thread for each mailbox that has work: a stalled server delays only its own mailbox."""

import threading
import time
from collections.abc import Callable

from inbox.house import House
from ingest import worker


class Rounds:
    """The walks of one job, at most one a mailbox at a time; each notes for itself what it did.

    `begin` and `stop` never wait. A walk is expected to end early once `is_over`.
    """

    def __init__(self, house: House, job: str) -> None:
        self._house = house
        self._job = job
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._walks: dict[int, threading.Thread] = {}

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def begin(self, mailbox_id: int, work: Callable[[], str]) -> bool:
        """Start a walk, unless one is under way for this mailbox or no more shall begin."""
        with self._lock:
            known = self._walks.get(mailbox_id)
            if self.is_over or (known is not None and known.is_alive()):
                return False
            self._walks[mailbox_id] = thread = threading.Thread(
                target=worker.run_job,
                args=(self._house, self._job, work),
                kwargs={"mailbox_id": mailbox_id},
                name=f"{self._job} {mailbox_id}",
                daemon=True,
            )
            thread.start()
        return True

    def stop(self) -> None:
        """Let no walk begin any more, and those under way end after what they are doing."""
        with self._lock:
            self._over.set()

    def wait(self, seconds: float | None = None) -> None:
        """Until the walks under way have ended, at most so long."""
        until = None if seconds is None else time.monotonic() + seconds
        for thread in list(self._walks.values()):
            thread.join(None if until is None else max(0.0, until - time.monotonic()))
