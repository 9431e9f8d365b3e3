"""Visits to the Sent folders: file the copies of what was sent, look for what is in doubt.

A mail that cannot be filed or looked for stands back; the others of its mailbox go on. Nothing
here ever sends anything.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta

from inbox import beats, echoes, mailboxes, visits
from inbox.errors import InboxError, NotFound
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.outgoing import Parcel
from inbox.recipients import cleaned
from inbox.visits import Due
from ingest.rounds import Rounds
from ingest.sent_folder import Way


class Visits(ABC):
    """One errand of the house: `round` never waits, each mailbox has a thread of its own."""

    job: str

    def __init__(self, house: House) -> None:
        self.house = house
        self._rounds = Rounds(house, self.job)
        self._done: list[int] = []

    def round(self, *, now: datetime) -> None:
        """Begin a visit to every mailbox with due mail that is not being visited already."""
        for mailbox_id, ids in self.due(now).items():
            self._rounds.begin(mailbox_id, self._work(mailbox_id, ids, now))

    def stop(self) -> None:
        """Visits under way end after the mail they are at."""
        self._rounds.stop()

    def wait(self, seconds: float | None = None) -> int:
        """Wait for the visits under way, at most so long; answer how many mails went well."""
        self._rounds.wait(seconds)
        done, self._done = self._done, []
        return sum(done)

    @abstractmethod
    def due(self, now: datetime) -> Due:
        """The mails to visit for now, by mailbox."""

    @abstractmethod
    def act(self, way: Way, parcel: Parcel, now: datetime) -> bool:
        """Do the errand for one mail; whether it went well. Raises InboxError."""

    @abstractmethod
    def failed(self, parcel: Parcel, error: InboxError, now: datetime) -> None:
        """It did not go well; the next visit is planned already."""

    def _work(self, mailbox_id: int, ids: list[int], now: datetime) -> Callable[[], str]:
        def work() -> str:
            done = self._visit(mailbox_id, ids, now)
            self._done.append(done)
            return f"{done} of {len(ids)} mails" if done else ""

        return work

    def _visit(self, mailbox_id: int, ids: list[int], now: datetime) -> int:
        began, done = time.monotonic(), 0
        with self.house.store.read() as db:
            mailbox = mailboxes.by_id(db, mailbox_id)
        if mailbox is None:
            return 0
        with Way(self.house, mailbox) as way:
            for outbox_id in ids:
                if self._rounds.is_over:
                    break
                moment = now + timedelta(seconds=time.monotonic() - began)
                done += self._one(way, outbox_id, moment)
        return done

    def _one(self, way: Way, outbox_id: int, now: datetime) -> bool:
        beats.go_on()
        with self.house.store.write() as db:
            parcel = visits.begin(db, outbox_id, self.house.settings, now=now)
        failpoint("visit planned")
        try:
            return self.act(way, parcel, now)
        except InboxError as error:
            self.failed(parcel, error, now)
            return False


class Copies(Visits):
    """File what was sent in the Sent folders that want it, each mail once.

    Looks by Message-ID before it files, so that a copy that is there already, by the provider
    or by a run that was cut off, is not doubled.
    """

    job = "copy to sent"

    def due(self, now: datetime) -> Due:
        with self.house.store.read() as db:
            return visits.copies_due(db, now=now)

    def act(self, way: Way, parcel: Parcel, now: datetime) -> bool:
        raw = self.house.raw.read(parcel.place)
        with way.open() as (connection, folder):
            if folder is None:
                raise NotFound("folder for sent mail")
            if not connection.has_message_id(folder, parcel.rfc_message_id):
                failpoint("copy to be filed")
                beats.go_on()
                connection.append(folder, raw, ["\\Seen"], parcel.handed_over_at)
        failpoint("copy filed")
        with self.house.store.write() as db:
            visits.copied(db, parcel)
            failpoint("copy noted")
        failpoint("copy recorded")
        return True

    def failed(self, parcel: Parcel, error: InboxError, now: datetime) -> None:
        for_good = isinstance(error, NotFound)
        with self.house.store.write() as db:
            visits.not_copied(
                db, parcel, cleaned(str(error)), self.house.settings, for_good=for_good, now=now
            )


class Doubts(Visits):
    """Look for mails in doubt in the Sent folders, where some providers file what they accept,
    and ask people about those that nothing has settled in time."""

    job = "settle doubts"

    def round(self, *, now: datetime) -> None:
        super().round(now=now)
        with self.house.store.read() as db:
            is_time = echoes.is_time_to_ask(db, self.house.settings, now=now)
        if is_time:
            with self.house.store.write() as db:
                echoes.ask(db, self.house.settings, now=now)
                failpoint("people asked")
            failpoint("question recorded")

    def due(self, now: datetime) -> Due:
        with self.house.store.read() as db:
            return visits.doubts_due(db, now=now)

    def act(self, way: Way, parcel: Parcel, now: datetime) -> bool:
        with way.open() as (connection, folder):
            is_there = folder is not None and connection.has_message_id(
                folder, parcel.rfc_message_id
            )
        failpoint("doubt looked into")
        with self.house.store.write() as db:
            if is_there and echoes.arrived(db, [parcel.id], now=now):
                return True
            visits.not_there(db, parcel, now=now)
        return False

    def failed(self, parcel: Parcel, error: InboxError, now: datetime) -> None:
        """Nothing to note: the poller tells of a server that cannot be reached."""
