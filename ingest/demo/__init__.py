"""Demo mode: an invented firm with its own mail servers, four weeks of mail, customers who answer,
and ten weeks of history behind it. Everything runs the real way in and out; nothing of it survives
the next start."""

import fcntl
import os
import secrets
import shutil
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn

from inbox import control, damage, unfinished
from inbox.errors import StoreBusy
from inbox.house import House
from inbox.settings import Settings
from ingest import jail
from ingest.demo import history, past, pilot, servers
from ingest.demo.acting import act_out
from ingest.demo.customer import CUSTOMERS, Arrived, Customers, Pace
from ingest.demo.firm import MAILBOXES, TEAM
from ingest.demo.furnishing import Firm, move_in
from ingest.demo.oddities import CAP_BYTES
from ingest.demo.servers import Provider
from ingest.demo.tale import Tale

FOLDER = "demo-house"
MARKER = "started-for-real"
RECENT = timedelta(hours=36)
_NO = frozenset({"0", "false", "no", "off"})


def is_wanted(settings: Settings, environment: Mapping[str, str]) -> bool:
    """Whether to start in demo mode: when asked to, or when nothing is configured yet.

    Raises StoreDamaged where a restore is unfinished: that house is not empty.
    """
    if not unfinished.is_rescue(settings):
        unfinished.refuse(settings)
    asked = environment.get("DELAD_DEMO", "").strip().lower()
    if settings.demo or asked in _NO - {""}:
        return settings.demo
    is_lived_in = settings.database.exists() or damage.is_missing(settings.database)
    return not (is_lived_in or (settings.data / MARKER).exists())


def is_shown(settings: Settings) -> bool:
    """Whether an app shows its demo from this data folder now."""
    return control.is_served(replace(settings, data=settings.data / FOLDER).socket)


def leave(settings: Settings) -> None:
    """Note in the real data folder that the next start is for real; `settings` are the demo's."""
    (settings.data.parent / MARKER).write_text(
        "Demo mode was left here. Delete me to see it again."
    )


def restart_for_real(settings: Settings, environment: Mapping[str, str]) -> NoReturn:
    """Leave demo mode and put the same command, for real, in this process's place.

    Open sockets close with the exec, so the port is free again; so does the pipe on which the
    demo's IMAP server lives. Call it when the answer to the click has been sent.
    """
    leave(settings)
    # uvicorn marks its listening socket as one to hand on.
    for handle in sorted(int(file.name) for file in Path("/dev/fd").iterdir())[3:]:
        with suppress(OSError):
            os.set_inheritable(handle, False)
    os.execve(sys.executable, sys.orig_argv, {**environment, "DELAD_DEMO": "false"})


@dataclass(slots=True)
class Demo:
    """One run of demo mode. `settings` are those of its own house; `accounts` are (e-mail, name,
    role in words), all with the same `password`, which is new at every start."""

    settings: Settings
    provider: Provider
    password: str
    accounts: list[tuple[str, str, str]]
    clock: Callable[[], datetime]
    pace: Pace
    _arrived: "SimpleQueue[Arrived]"
    is_played: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _customers: Customers | None = None

    def __repr__(self) -> str:
        return f"Demo({len(self.accounts)} accounts)"

    @property
    def words(self) -> str:
        """What the console says: who may sign in, and with what."""
        rows = "\n".join(f"  {email:<26} {name}, {role}" for email, name, role in self.accounts)
        return f"Demo data. Sign in as any of\n{rows}\nwith the password {self.password}"

    @contextmanager
    def lived_in(
        self, house: House, work: Callable[[], AbstractContextManager[object]]
    ) -> Generator[Firm, None, None]:
        """Fill the empty house and keep it lively while the block runs: what the app's lifespan
        does in demo mode. `work` (pollers, delivery) is entered when the past has been played,
        because two pollers at one mailbox would disturb each other."""
        firm = self.furnish(house)
        with ExitStack() as stack:
            stack.callback(jail.close, house.settings)
            self.play(house, firm, lambda: stack.enter_context(work()))
            try:
                yield firm
            finally:
                self.stop()

    def furnish(self, house: House) -> Firm:
        """Move the firm in: accounts and mailboxes, no mail yet. Takes about half a second."""
        return move_in(
            house,
            self.provider,
            self.password,
            now=self.clock() - timedelta(days=past.DAYS + pilot.LEAD),
        )

    def play(self, house: House, firm: Firm, then: Callable[[], object]) -> None:
        """Play the past in a thread, the newest day and a half first; then call `then` (start
        the real pollers) and let the customers live."""
        self._thread = threading.Thread(
            target=self._play, args=(house, firm, then), name="demo past", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End the play and the customers; the servers end with the context."""
        self._stop.set()
        if self._thread:
            self._thread.join()
        if self._customers:
            self._customers.stop()

    def _play(self, house: House, firm: Firm, then: Callable[[], object]) -> None:
        now = self.clock()
        tales = past.plan(now=now)
        recent = [tale for tale in tales if tale.happenings[0].at >= now - RECENT]
        older = [tale for tale in tales if tale.happenings[0].at < now - RECENT]
        for part in (recent, older):
            act_out(
                house,
                self.provider,
                part,
                firm=firm,
                keeps_on=lambda: not self._stop.is_set(),
            )
        if self._stop.is_set():
            return
        history.mark_sent(house, since=now - timedelta(days=past.DAYS))
        self.is_played.set()
        then()
        self._customers = self._people(tales)
        self._customers.start()
        history.take_in(house, firm, now=now, keeps_on=lambda: not self._stop.is_set())

    def _people(self, tales: list[Tale]) -> Customers:
        return Customers(
            provider=self.provider,
            clock=self.clock,
            tales=tales,
            seed=secrets.randbits(32),
            arrived=self._arrived,
            pace=self.pace,
        )


@contextmanager
def running(
    settings: Settings, *, clock: Callable[[], datetime], pace: Pace | None = None
) -> Generator[Demo, None, None]:
    """Start the demo's mail servers on an empty house of their own under `settings.data`.

    Raises StoreBusy when another process shows its demo from the same folder.
    """
    arrived: SimpleQueue[Arrived] = SimpleQueue()
    passwords = {address: secrets.token_urlsafe(12) for address in (*MAILBOXES, CUSTOMERS)}
    with (
        _empty_folder(settings.data) as folder,
        servers.provider(
            passwords, lambda _, to, raw: arrived.put(Arrived(recipients=to, raw=raw))
        ) as provider,
    ):
        demo = Demo(
            settings=replace(
                settings,
                data=folder,
                demo=True,
                message_cap_bytes=CAP_BYTES,
                batch_bytes=CAP_BYTES,
            ),
            provider=provider,
            password=secrets.token_urlsafe(9),
            accounts=[(one.email, one.name, one.words) for one in TEAM],
            clock=clock,
            pace=pace or Pace(),
            _arrived=arrived,
        )
        try:
            yield demo
        finally:
            demo.stop()


@contextmanager
def _empty_folder(data: Path) -> Generator[Path, None, None]:
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = data / FOLDER
    with (data / f"{FOLDER}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(
                f"Another Delad shows its demo from {data}. Stop that one first, or start this "
                "one with another data folder (DELAD_DATA)."
            ) from error
        shutil.rmtree(folder, ignore_errors=True)
        yield folder
