"""One thread for each mailbox that is read: it polls, waits for news, and polls again."""

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime

from inbox import beats, clock, mailboxes
from inbox.errors import MailboxUnreachable
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import watchdog
from ingest.line import Line
from ingest.poll import FolderResult
from ingest.runs import run_job

LONGEST_PAUSE = 300.0
STOP_SECONDS = 2.0
DIED = "Reading this mailbox broke off inside Delad (see the log). It was started again."
HUNG = "Reading this mailbox hung inside Delad. Another reader took its place."


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

    def missed(self, trouble: str) -> "Poller":
        return replace(
            self,
            last_poll_at=clock.now(),
            last_error=trouble,
            missed_polls=self.missed_polls + 1,
            is_idle=False,
        )


@dataclass(slots=True)
class _Thread:
    mailbox: Mailbox
    nudge: threading.Event
    line: Line
    thread: threading.Thread
    is_over: bool = False


@dataclass(slots=True)
class Pollers:
    """The threads of one house; `match` is called by one thread, the rest by any."""

    states: dict[int, Poller] = field(default_factory=dict)
    _threads: dict[int, _Thread] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _hanging: dict[int, list[threading.Thread]] = field(default_factory=dict)
    _is_over: bool = False

    def match(self, house: House) -> None:
        """Keep one living thread for each active mailbox, as the mailboxes are now."""
        with house.store.read() as db:
            wanted = {m.id: m for m in mailboxes.active(db) if m.imap_url}
        for mailbox_id, known in list(self._threads.items()):
            if wanted.get(mailbox_id) != known.mailbox:
                self._end(known)
                known.thread.join(STOP_SECONDS)
                del self._threads[mailbox_id]
                self.states.pop(mailbox_id, None)
            elif not known.thread.is_alive():
                self._tell(house, mailbox_id, DIED)
                known.line.hang_up()
                del self._threads[mailbox_id]
            elif house.beats.is_silent("poll", mailbox_id):
                self._let_go(house, known)
        with self._lock:
            for mailbox_id, mailbox in wanted.items():
                if mailbox_id not in self._threads and not self._is_over:
                    self._threads[mailbox_id] = self._start(house, mailbox)

    def nudge(self, mailbox_id: int | None = None) -> bool:
        """Poll this mailbox, or all, now; answer whether there is a thread to do it."""
        nudged = [
            known
            for known in list(self._threads.values())
            if mailbox_id in (None, known.mailbox.id)
        ]
        for known in nudged:
            known.nudge.set()
        return bool(nudged)

    def end(self) -> list[threading.Thread]:
        """Tell all threads to end; answer them, to be joined."""
        with self._lock:
            self._is_over = True
            ending = list(self._threads.values())
        for known in ending:
            self._end(known)
        return [known.thread for known in ending]

    def _let_go(self, house: House, known: _Thread) -> None:
        """One that hangs is cut off; should it ever wake, it ends, and files nothing."""
        hanging = self._hanging.setdefault(known.mailbox.id, [])
        if watchdog.may_replace(hanging, known.thread):
            self._end(known)
            self._tell(house, known.mailbox.id, HUNG)
            del self._threads[known.mailbox.id]

    def _tell(self, house: House, mailbox_id: int, words: str) -> None:
        watchdog.tell(house, "poll", words, mailbox_id=mailbox_id)
        self.states[mailbox_id] = self.states[mailbox_id].missed(words)

    def _start(self, house: House, mailbox: Mailbox) -> _Thread:
        thread = threading.Thread(name=f"poll {mailbox.id}", daemon=True)
        known = _Thread(
            mailbox=mailbox, nudge=threading.Event(), line=Line(house, mailbox), thread=thread
        )
        is_ready = threading.Event()

        def work() -> None:
            settings = house.settings
            with house.beats.of(
                "poll", mailbox.id, name=mailbox.name, patience=settings.stall_seconds
            ):
                is_ready.set()
                self._poll_on(house, known)

        thread.run = work  # type: ignore[method-assign]
        self.states.setdefault(mailbox.id, Poller())
        thread.start()
        is_ready.wait(watchdog.READY_SECONDS)
        return known

    def _end(self, known: _Thread) -> None:
        known.is_over = True
        known.nudge.set()
        known.line.cut()

    def _poll_on(self, house: House, known: _Thread) -> None:
        mailbox_id, pause = known.mailbox.id, float(known.mailbox.poll_seconds)

        def wait() -> None:
            known.line.wait(pause, known.nudge)

        while not known.is_over:
            failpoint("mailbox to be read")
            known.nudge.clear()
            trouble = run_job(house, "poll", lambda: self._look(known), mailbox_id=mailbox_id)
            if known.is_over:
                break
            if trouble is None:
                trouble = run_job(house, "poll", wait, mailbox_id=mailbox_id)
            if trouble is not None:
                state = self.states[mailbox_id].missed(trouble)
                self.states[mailbox_id] = state
                longest = max(pause, LONGEST_PAUSE)
                beats.beat(longest)
                known.nudge.wait(min(longest, pause * 2.0 ** min(state.missed_polls - 1, 10)))
        known.line.hang_up()

    def _look(self, known: _Thread) -> str:
        """One pass; a sentence when it brought something. One that was cut short because the
        thread is to end is no trouble."""
        try:
            result = known.line.poll(now=clock.now())
        except MailboxUnreachable:
            if known.is_over:
                return ""
            raise
        now = clock.now()
        if known.is_over:
            return ""
        self.states[known.mailbox.id] = Poller(
            last_poll_at=now,
            last_good_poll_at=now,
            last_error=" ".join(result.troubles),
            is_idle=known.line.can_idle,
            folders=tuple(result.folders),
        )
        if not result.read and not result.filed:
            return ""
        return f"{result.read} read, {result.filed} filed, {result.unreadable} could not be read"
