"""Signs of life: every thread of the worker says now and then that it gets on.

One that has said nothing for longer than it may is told on Health and on every page, whatever
else still works: this lives in memory, and asks neither the database nor the watchdog.
"""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from inbox.errors import Superseded


@dataclass(slots=True, kw_only=True)
class Beat:
    """One thread. `until` is when its next sign is due at the latest (monotonic seconds)."""

    job: str
    mailbox_id: int | None = None
    name: str = ""
    patience: float
    until: float = 0.0
    is_dead: bool = False
    is_over: bool = False

    def mark(self, seconds: float = 0.0) -> None:
        """It gets on; the next sign may come `seconds` later than usual."""
        self.until = time.monotonic() + seconds + self.patience

    @property
    def is_silent(self) -> bool:
        return self.is_dead or time.monotonic() > self.until


@dataclass(slots=True)
class Beats:
    """Those of one house, by job and mailbox. A newer thread supersedes the older one: that may
    go on where it hangs, and ends where it next asks."""

    _known: dict[tuple[str, int | None], Beat] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def of(
        self, job: str, mailbox_id: int | None = None, *, name: str = "", patience: float
    ) -> Generator[Beat, None, None]:
        """While this thread works. One that ends by an exception is dead until another comes."""
        own = Beat(job=job, mailbox_id=mailbox_id, name=name, patience=patience)
        own.mark()
        with self._lock:
            if (before := self._known.get((job, mailbox_id))) is not None:
                before.is_over = True
            self._known[job, mailbox_id] = own
        token = _own.set(own)
        try:
            yield own
        except BaseException:
            own.is_dead = True
            raise
        finally:
            _own.reset(token)
            if not own.is_dead:
                self.forget(own)

    def forget(self, beat: Beat) -> None:
        """It ended as it should."""
        with self._lock:
            if self._known.get((beat.job, beat.mailbox_id)) is beat:
                del self._known[beat.job, beat.mailbox_id]

    def is_silent(self, job: str, mailbox_id: int | None = None) -> bool:
        """Whether this one died or hangs; not one that is not known."""
        with self._lock:
            found = self._known.get((job, mailbox_id))
        return found is not None and found.is_silent

    def silent(self) -> list[Beat]:
        """Those that died or hang."""
        with self._lock:
            return [beat for beat in self._known.values() if beat.is_silent]


_own: ContextVar[Beat | None] = ContextVar("beat", default=None)


def beat(seconds: float = 0.0) -> None:
    """This thread gets on; the next sign may come `seconds` later than usual."""
    own = _own.get()
    if own is not None:
        own.mark(seconds)


def go_on() -> None:
    """Before anything that must not happen twice. Raises Superseded in a thread that was taken
    for dead, and whose place another has."""
    own = _own.get()
    if own is not None:
        own.mark()
        if own.is_over:
            raise Superseded
