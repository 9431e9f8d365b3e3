"""A line kept open to one mailbox's server: poll over it, then listen on it for new mail."""

import contextlib
import threading
import time
from contextlib import ExitStack
from datetime import datetime

from inbox.errors import MailboxUnreachable
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import poll
from ingest.imap import Connection
from ingest.imap_answers import Selected
from ingest.poll import PollResult

MOST_HURRIES = 3


class Line:
    """Used by one thread; only `cut` may be called from another."""

    def __init__(self, house: House, mailbox: Mailbox) -> None:
        self._house = house
        self._mailbox = mailbox
        self._stack = ExitStack()
        self._connection: Connection | None = None
        self._last: PollResult | None = None
        self._hurries = 0

    @property
    def can_idle(self) -> bool:
        return self._house.settings.idle and self._connection is not None

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
        until = time.monotonic() + seconds
        if self._connection is not None and self._house.settings.idle:
            renew = self._house.settings.idle_renew_seconds
            try:
                if self._came_meanwhile(self._connection.select("INBOX")):
                    return
                if self._connection.idle(min(seconds, renew), nudge):
                    return
            except MailboxUnreachable:
                self.hang_up()
        nudge.wait(max(0.0, until - time.monotonic()))

    def _came_meanwhile(self, now: Selected) -> bool:
        """Whether INBOX changed while the last pass was at work: of that IDLE tells nothing.

        A server whose numbers never agree is believed a few times in a row, and then not.
        """
        last = self._last
        inbox = next((f for f in last.folders if f.kind == "inbox"), None) if last else None
        if inbox is None or (now.exists, now.uidnext) == (inbox.server_count, inbox.uidnext):
            self._hurries = 0
            return False
        self._hurries = 1 if last and last.read else self._hurries + 1
        return self._hurries <= MOST_HURRIES

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
            found = poll.poll(self._house, self._mailbox, now=now, connection=self._connection)
        except BaseException:
            self.hang_up()
            raise
        self._last = found
        return found
