"""Carry the outbox to SMTP: each mail at most once, each mailbox in a thread of its own."""

import threading
import time
from datetime import datetime

from inbox import delivery
from inbox.house import House
from ingest import walk, worker


def deliver_due(house: House, *, now: datetime) -> int:
    """Send what is due and wait for it; answer how many mails the servers accepted."""
    postman = Postman(house)
    postman.round(now=now)
    return postman.wait()


def recover(house: House, *, now: datetime) -> int:
    """At start, before the first round: rows a dead process left in the middle. Answer how many.

    Those whose DATA had begun are in doubt, the others wait for another attempt.
    """
    with house.store.write() as db:
        return delivery.recover(db, house.settings, everything=True, now=now)


class Postman:
    """The delivery loop: `round` never waits, so that a stalled server delays only its mailbox."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._walks: dict[int, threading.Thread] = {}
        self._accepted: list[int] = []

    def round(self, *, now: datetime) -> int:
        """Begin to deliver for every mailbox with due mail that is not being served already.

        Answer how many mails the servers have accepted since the last round.
        """
        with self._house.store.read() as db:
            work = delivery.due(db, now=now)
            stuck = db.column("outbox.abandoned", everything=False, now=now)
        if stuck:
            with self._house.store.write() as db:
                delivery.recover(db, self._house.settings, everything=False, now=now)
        self._walks = {m: thread for m, thread in self._walks.items() if thread.is_alive()}
        for mailbox_id in work.keys() - self._walks.keys():
            self._begin(mailbox_id, work[mailbox_id], now)
        return self._count()

    def wait(self, seconds: float | None = None) -> int:
        """Wait for the walks under way, at most so long; answer how many mails were accepted.

        A walk left behind ends with the process; `recover` finds what it left.
        """
        until = None if seconds is None else time.monotonic() + seconds
        for thread in self._walks.values():
            thread.join(None if until is None else max(0.0, until - time.monotonic()))
        return self._count()

    def _begin(self, mailbox_id: int, ids: list[int], now: datetime) -> None:
        def work() -> str:
            accepted = walk.deliver(self._house, mailbox_id, ids, now)
            self._accepted.append(accepted)
            return f"{accepted} of {len(ids)} mails sent" if accepted else ""

        thread = threading.Thread(
            target=worker.run_job,
            args=(self._house, "deliver", work),
            kwargs={"mailbox_id": mailbox_id},
            name=f"deliver {mailbox_id}",
            daemon=True,
        )
        self._walks[mailbox_id] = thread
        thread.start()

    def _count(self) -> int:
        taken, self._accepted = self._accepted, []
        return sum(taken)
