"""Answers kept until a table they were read from changes: what every page asks again and again."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from inbox.store import Session, Store

Found = TypeVar("Found")

LONGEST_SECONDS = 30.0
MOST = 10_000


class Memory:
    """Shared by all threads. What another thread commits meanwhile is seen by the next question.
    With `most` answers in it, it begins anew.

    An answer is kept half a minute at most, so that what ends by itself (a session) ends here.
    """

    def __init__(self, store: Store, *, most: int = MOST) -> None:
        self._store = store
        self._most = most
        self._known: dict[tuple[object, ...], tuple[tuple[int, ...], float, Any]] = {}

    def answer(
        self,
        ask: Callable[[Session], Found],
        *name: object,
        tables: tuple[str, ...],
    ) -> Found:
        """The last answer under this name, as long as no commit has written to `tables` since it
        was asked for. The name must hold all that the answer depends on, the viewer's rights
        included. That there is nothing (None) is asked for again each time: whoever makes names
        up does not fill the memory."""
        version = self._store.version(tables)
        known = self._known.get(name)
        if known and known[0] == version and time.monotonic() < known[1]:
            found: Found = known[2]
            return found
        with self._store.read() as db:
            found = ask(db)
        if found is None:
            self._known.pop(name, None)
            return found
        if len(self._known) >= self._most and name not in self._known:
            self._known.clear()
        self._known[name] = (version, time.monotonic() + LONGEST_SECONDS, found)
        return found
