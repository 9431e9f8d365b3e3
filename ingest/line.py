"""A line kept open to one mailbox's server: poll over it, then listen on it for new mail."""

import contextlib
import threading
import time
from contextlib import ExitStack
from datetime import datetime

from inbox import beats
from inbox.errors import MailboxUnreachable
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import poll
from ingest.imap import Connection
from ingest.imap_answers import Selected
from ingest.poll import PollResult

SOON_SECONDS = 30
DROPS = 3
MOST_HURRIES = 3
WITHOUT_IDLE_SECONDS = 3600


class Line:
    """Used by one thread; only `cut` may be called from another.

    A server may hang up on whoever listens. A line that dies soon after it began to listen is no
    news: the next look comes when it is due. After some such deaths in a row the mailbox is only
    polled for an hour.
    """

    def __init__(self, house: House, mailbox: Mailbox) -> None:
        self._house = house
        self._mailbox = mailbox
        self._stack = ExitStack()
        self._connection: Connection | None = None
        self._is_first = True
        self._drops = 0
        self._hurries = 0
        self._listens_from = 0.0
        self._last: PollResult | None = None

    @property
    def can_idle(self) -> bool:
        may = self._house.settings.idle and time.monotonic() >= self._listens_from
        return may and self._connection is not None

    def poll(self, *, now: datetime) -> PollResult:
        """One pass over all folders, on the open line or a new one. Raises MailboxUnreachable.

        Passes go over a line that may have died unnoticed: then once more over a fresh one.
        """
        poll.file_pending(self._house, self._mailbox, now=now)
        if self._connection is not None:
            with contextlib.suppress(MailboxUnreachable):
                self._connection.keepalive()
                return self._pass(now)
        self.hang_up()
        self._connection = self._stack.enter_context(poll.connected(self._house, self._mailbox))
        return self._pass(now)

    def wait(self, seconds: float, nudge: threading.Event) -> None:
        """Until the server reports news, `nudge` is set, or the time is over."""
        began = time.monotonic()
        if self.can_idle and self._listen(min(seconds, self._renew_seconds), nudge):
            return
        left = max(0.0, began + seconds - time.monotonic())
        beats.beat(left)
        nudge.wait(left)

    @property
    def _renew_seconds(self) -> float:
        return self._house.settings.idle_renew_seconds

    def _listen(self, seconds: float, nudge: threading.Event) -> bool:
        """Whether there is reason to look at once: news, or a long silence that has ended."""
        assert self._connection is not None
        began = time.monotonic()
        try:
            if self._came_meanwhile(self._connection.select("INBOX")):
                return True
            has_news = self._connection.idle(seconds, nudge)
            self._connection.keepalive()
        except MailboxUnreachable:
            self.hang_up()
            return self._lasted(time.monotonic() - began)
        self._drops = 0
        return has_news

    def _came_meanwhile(self, now: Selected) -> bool:
        """Whether mail reached INBOX while the last pass was at work: of that IDLE tells nothing.

        A server whose numbers never agree is believed a few times in a row, and then not.
        """
        last = self._last
        inbox = next((f for f in last.folders if f.kind == "inbox"), None) if last else None
        if inbox is None or now.uidnext == inbox.uidnext:
            self._hurries = 0
            return False
        self._hurries = 1 if last and last.read else self._hurries + 1
        return self._hurries <= MOST_HURRIES

    def _lasted(self, seconds: float) -> bool:
        if seconds >= SOON_SECONDS:
            self._drops = 0
            return True
        self._drops += 1
        if self._drops >= DROPS:
            self._drops = 0
            self._listens_from = time.monotonic() + WITHOUT_IDLE_SECONDS
        return False

    def hang_up(self) -> None:
        self._connection = None
        self._stack.close()

    def cut(self) -> None:
        """Break the line from another thread, so that whoever waits on it goes on."""
        connection = self._connection
        if connection is not None:
            connection.cut()

    def _pass(self, now: datetime) -> PollResult:
        assert self._connection is not None
        try:
            result = poll.poll(
                self._house,
                self._mailbox,
                now=now,
                connection=self._connection,
                thorough=self._is_first,
            )
        except BaseException:
            self.hang_up()
            raise
        self._is_first = False
        self._last = result
        return result
