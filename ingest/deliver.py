"""Carry the outbox to SMTP: each mail at most once, each mailbox in a thread of its own."""

from datetime import datetime

from inbox import delivery, later, leftovers
from inbox.house import House
from ingest import walk
from ingest.rounds import Rounds


def recover(house: House, *, now: datetime) -> int:
    """At start, before the first round: rows a dead process left in the middle. Answer how many.

    Those whose DATA had begun are in doubt, the others wait for another attempt.
    """
    with house.store.write() as db:
        return leftovers.recover(db, house.settings, everything=True, now=now)


class Postman:
    """The delivery loop: `round` never waits, so that a stalled server delays only its mailbox."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._rounds = Rounds(house, "deliver")
        self._accepted: list[int] = []
        self._looked_at = -1

    def round(self, *, now: datetime) -> int:
        """Begin to deliver for every mailbox with due mail that is not being served already.

        Answer how many mails the servers have accepted since the last round.
        """
        self._call_off(now)
        with self._house.store.read() as db:
            work = delivery.due(db, now=now)
            shifted = leftovers.from_the_future(db, now=now)
            stuck = leftovers.abandoned(db, self._house.settings, everything=False, now=now)
            stranded = db.column("outbox.stranded", now=now)
        if stuck or stranded or shifted:
            with self._house.store.write() as db:
                leftovers.put_clock_back(db, now=now)
                leftovers.recover(db, self._house.settings, everything=False, now=now)
                leftovers.strand(db, now=now)
        for mailbox_id, ids in work.items():
            self._begin(mailbox_id, ids, now)
        return self._count()

    def _call_off(self, now: datetime) -> None:
        """What waits for a later moment, when somebody else was first: looked for whenever the
        diary has grown, and at start."""
        newest = self._house.store.head.event_id
        if newest == self._looked_at:
            return
        with self._house.store.read() as db:
            is_overtaken = bool(later.overtaken(db, self._house.settings, now=now))
        if is_overtaken:
            with self._house.store.write() as db:
                later.call_off(db, self._house.settings, now=now)
        self._looked_at = newest

    def stop(self) -> None:
        """No mail leaves any more, except for the one each walk is handing over."""
        self._rounds.stop()

    def wait(self, seconds: float | None = None) -> int:
        """Wait for the walks under way, at most so long; answer how many mails were accepted.

        A walk left behind ends with the process; `recover` finds what it left.
        """
        self._rounds.wait(seconds)
        return self._count()

    def _begin(self, mailbox_id: int, ids: list[int], now: datetime) -> None:
        def work() -> str:
            accepted = walk.deliver(
                self._house, mailbox_id, ids, now, keeps_on=lambda: not self._rounds.is_over
            )
            self._accepted.append(accepted)
            return f"{accepted} of {len(ids)} mails sent" if accepted else ""

        self._rounds.begin(mailbox_id, work)

    def _count(self) -> int:
        taken, self._accepted = self._accepted, []
        return sum(taken)
