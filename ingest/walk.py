"""One walk of the postman: a mailbox's due mails over one connection, step by step."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime, timedelta

from inbox import beats, delivery, mailboxes, mime, outgoing
from inbox.errors import DeliveryFailed, InboxError, NotFound, Superseded
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.messages import Recipients
from inbox.outgoing import Parcel, Result
from inbox.store import Session
from ingest import sent_folder, servers, smtp
from ingest.smtp import Connection, InDoubt, Refusal

STOPPING = "Delad was stopped before this mail was handed over."


def deliver(
    house: House,
    mailbox_id: int,
    ids: list[int],
    now: datetime,
    *,
    keeps_on: Callable[[], bool] = lambda: True,
) -> int:
    """Try each mail once; answer how many the server accepted.

    Once `keeps_on` says no, nothing is handed over any more but what is under way.
    """
    began = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    with house.store.read() as db:
        mailbox = mailboxes.by_id(db, mailbox_id)
    if mailbox is None or not mailbox.is_active or not mailbox.smtp_url:
        return 0
    return asyncio.run(_Walk(house, mailbox, clock, keeps_on).deliver(ids))


class _Walk:
    """One mailbox's due mails over one connection."""

    def __init__(
        self,
        house: House,
        mailbox: Mailbox,
        clock: Callable[[], datetime],
        keeps_on: Callable[[], bool],
    ) -> None:
        self._house = house
        self._mailbox = mailbox
        self._clock = clock
        self._keeps_on = keeps_on
        self._connection: Connection | None = None
        self._down: DeliveryFailed | None = None

    async def deliver(self, ids: list[int]) -> int:
        async with AsyncExitStack() as stack:
            accepted = 0
            for outbox_id in ids:
                if not self._keeps_on():
                    break
                accepted += await self._one(stack, outbox_id)
            return accepted

    async def _one(self, stack: AsyncExitStack, outbox_id: int) -> bool:
        beats.go_on()
        with self._house.store.write() as db:
            parcel = delivery.lease(db, outbox_id, self._house.settings, now=self._clock())
        failpoint("lease recorded")
        if parcel is None:
            return False
        check = self._check(parcel)
        if check is None:
            return False
        try:
            return await self._hand_over(stack, parcel, check)
        except DeliveryFailed as error:
            self._failed(parcel, error)
            return False

    def _check(self, parcel: Parcel) -> outgoing.SentCheck | None:
        """The guard once more; the answer is None when this mail must not leave now."""
        if parcel.sent_check == "waived":
            return "waived"
        with self._house.store.write() as db:
            if delivery.stop_if_overtaken(db, parcel, self._house.settings, now=self._clock()):
                return None
        if parcel.sent_check != "due":
            return parcel.sent_check
        try:
            answered = sent_folder.holds_an_answer(self._house, self._mailbox, parcel)
        except InboxError as error:
            return self._unchecked(parcel, error)
        if answered:
            with self._house.store.write() as db:
                delivery.stop(db, parcel, now=self._clock())
            return None
        return "done"

    def _unchecked(self, parcel: Parcel, error: InboxError) -> outgoing.SentCheck | None:
        """Wait a while for the Sent folder, then go without it."""
        patience = self._house.settings.sent_check_wait_seconds
        now = self._clock()
        if now - (parcel.started_at or now) >= timedelta(seconds=patience):
            return "skipped"
        with self._house.store.write() as db:
            reason = f"The Sent folder could not be checked yet. {error}"
            delivery.wait(db, parcel, reason, patience / 8, now=now)
        return None

    async def _hand_over(
        self, stack: AsyncExitStack, parcel: Parcel, check: outgoing.SentCheck
    ) -> bool:
        raw = self._read(parcel)
        with self._house.store.read() as db:
            waiting = [r for r in outgoing.results(db, parcel.id) if r.state == "pending"]
        connection, refusals = await self._envelope(stack, parcel, waiting)
        failpoint("envelope given")
        results = [_result(r, waiting) for r in refusals]
        if len(refusals) == len(waiting):
            await connection.forget()
            self._nobody(parcel, results, refusals)
            return False
        with self._house.store.write() as db:
            leaving = self._enter_data(db, parcel, results, check)
            failpoint("stage data noted")
        failpoint("stage data recorded")
        if leaving is None:
            await connection.forget()
            return False
        self._must_go_on(leaving)
        beats.beat(self._house.settings.data_seconds)
        return await self._data(connection, leaving, raw)

    def _enter_data(
        self, db: Session, parcel: Parcel, results: list[Result], check: outgoing.SentCheck
    ) -> Parcel | None:
        """A mail whose DATA begins while the house is closing down would end in doubt."""
        now = self._clock()
        if not self._keeps_on():
            delivery.wait(db, parcel, STOPPING, 0, now=now)
            return None
        return delivery.enter_data(db, parcel, results, check, self._house.settings, now=now)

    def _must_go_on(self, leaving: Parcel) -> None:
        """Another walk has this one's place: nothing was handed over, so that it may leave."""
        try:
            beats.go_on()
        except Superseded as error:
            with self._house.store.write() as db:
                delivery.wait(db, leaving, str(error), 0, now=self._clock())
            raise

    async def _data(self, connection: Connection, parcel: Parcel, raw: bytes) -> bool:
        try:
            await connection.data(raw)
        except InDoubt as error:
            with self._house.store.write() as db:
                delivery.doubt(db, parcel, str(error), now=self._clock())
            return False
        except DeliveryFailed as error:
            self._failed(parcel, error)
            return False
        failpoint("mail accepted")
        with self._house.store.write() as db:
            delivery.arrived(db, parcel, now=self._clock())
            failpoint("sent mail filed")
        failpoint("sent mail recorded")
        return True

    async def _envelope(
        self, stack: AsyncExitStack, parcel: Parcel, waiting: list[Result]
    ) -> tuple[Connection, list[Refusal]]:
        """Over the connection there is; over a new one when the server has dropped it."""
        reused = self._connection is not None
        connection = await self._connected(stack)
        smtputf8 = mime.needs_smtputf8(Recipients.from_json(parcel.recipients))
        addresses = [r.address for r in waiting]
        try:
            refusals = await connection.envelope(parcel.envelope_from, addresses, smtputf8=smtputf8)
        except DeliveryFailed:
            if not reused or connection.is_alive:
                raise
            connection = await self._connected(stack)
            refusals = await connection.envelope(parcel.envelope_from, addresses, smtputf8=smtputf8)
        return connection, refusals

    async def _connected(self, stack: AsyncExitStack) -> Connection:
        """The connection; a server that refused one is not asked again on this walk."""
        if self._down is not None:
            raise self._down
        if self._connection is None or not self._connection.is_alive:
            try:
                self._connection = await stack.enter_async_context(self._open())
            except DeliveryFailed as error:
                self._down = error
                raise
        return self._connection

    def _open(self) -> AbstractAsyncContextManager[Connection]:
        settings = self._house.settings
        try:
            server = servers.parse(
                self._mailbox.smtp_url or "", allow_plaintext=settings.allow_plaintext
            )
            credential = servers.credential(self._mailbox, server, self._house.keys)
        except InboxError as error:
            raise DeliveryFailed(str(error), permanent=False) from error
        helo = self._mailbox.address.rpartition("@")[2]
        return smtp.connect(server, credential, settings, helo=helo)

    def _read(self, parcel: Parcel) -> bytes:
        try:
            return self._house.raw.read(parcel.place)
        except NotFound as error:
            raise DeliveryFailed(str(error), permanent=True) from error

    def _nobody(self, parcel: Parcel, results: list[Result], refusals: list[Refusal]) -> None:
        """No recipient was taken: wait for those the server only put off, else it failed."""
        with self._house.store.write() as db:
            delivery.refuse(db, parcel, results)
        passing = next((r for r in refusals if not r.permanent), refusals[0])
        self._failed(
            parcel,
            DeliveryFailed(
                "The server said: {answer}", permanent=passing.permanent, answer=passing.answer
            ),
        )

    def _failed(self, parcel: Parcel, error: DeliveryFailed) -> None:
        with self._house.store.write() as db:
            if error.permanent:
                delivery.fail(db, parcel, str(error), now=self._clock())
            else:
                delivery.put_back(db, parcel, str(error), self._house.settings, now=self._clock())


def _result(refusal: Refusal, waiting: list[Result]) -> Result:
    kind = next(r.kind for r in waiting if r.address == refusal.address)
    state = "refused" if refusal.permanent else "deferred"
    return Result(address=refusal.address, kind=kind, state=state, answer=refusal.answer)
