"""How a conversation stands after one more mail: plain values in, plain values out.

Who is waiting, since when, and what a mail reopens:

* A customer's mail that came after our last reply waits, from the moment it was sent. One that
  was sent before our reply but reached us after it waits from its arrival: nobody saw it.
* Our reply ends every wait that began before it.
* Automatic mail and bounces never wait and never reopen on the customer's behalf.
* A customer's mail takes a closed conversation up again, wakes a snoozed one and brings one back
  from the trash; spam stays spam. One that is to sleep through a thanks does so.
* A bounce wakes too.
* An imported mail tells history: it never reopens anything.
* A conversation that begins with a mail from our Sent folder is closed until somebody answers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.standings import snippet, waits_since

CLOCKS_DIFFER = timedelta(hours=24)


@dataclass(slots=True, kw_only=True)
class Standing:
    """The changing columns of a conversation row, and its mailbox: not the one its mail comes to,
    where it was moved."""

    id: int
    mailbox_id: int
    contact_id: int | None
    contact_name: str
    contact_address: str
    subject: str
    snippet: str
    status: str
    created_at: datetime
    last_message_at: datetime
    last_reply_at: datetime | None = None
    waiting_since: datetime | None = None
    closed_at: datetime | None = None
    trashed_at: datetime | None = None
    snoozed_until: datetime | None = None
    message_count: int = 0
    attachment_count: int = 0
    is_readable: bool = True
    alert: str | None = None
    spam_at: datetime | None = None
    snooze_stays: bool = False
    last_message_id: int | None = None
    last_reply_agent_id: int | None = None

    def count(
        self, message_id: int, sent_at: datetime, words: str, attachments: int, is_readable: bool
    ) -> None:
        """One more message, of whatever kind."""
        if sent_at >= self.last_message_at or not self.message_count:
            self.snippet = snippet(words)
        self.created_at = min(self.created_at, sent_at)
        self.last_message_at = max(self.last_message_at, sent_at)
        self.last_message_id = max(self.last_message_id or 0, message_id)
        self.message_count += 1
        self.attachment_count += attachments
        self.is_readable = self.is_readable and is_readable

    def heard_from_customer(
        self, sent_at: datetime, heard_at: datetime, *, is_import: bool, is_thanks: bool = False
    ) -> list[str]:
        """A person wrote; answer the kinds of events this causes besides `received`."""
        since = waits_since(sent_at, heard_at, self.last_reply_at)
        if since is None:
            return []
        if is_import and self.status == "closed":
            return []
        kinds = [] if is_import else self._take_back(is_thanks=is_thanks)
        self.waiting_since = min(self.waiting_since or since, since)
        return kinds

    def replied(self, at: datetime, agent_id: int | None, customer_times: list[datetime]) -> None:
        """We answered; `customer_times` are all moments at which the customer wrote."""
        if self.last_reply_at is None or at >= self.last_reply_at:
            self.last_reply_agent_id = agent_id
        self.last_reply_at = max(self.last_reply_at or at, at)
        if self.waiting_since is not None and self.waiting_since <= self.last_reply_at:
            later = [moment for moment in customer_times if moment > self.last_reply_at]
            self.waiting_since = min(later, default=None)

    def take_up(self) -> list[str]:
        """Open it again; `reopened` if it was closed."""
        if self.status == "open":
            return []
        self.status, self.closed_at = "open", None
        return ["reopened"]

    def wake(self) -> list[str]:
        """Snooze no longer; `woken` if it did."""
        if self.snoozed_until is None:
            return []
        self.snoozed_until = None
        return ["woken"]

    def _take_back(self, *, is_thanks: bool) -> list[str]:
        kinds = self.take_up()
        if not (is_thanks and self.snooze_stays):
            kinds += self.wake()
        if self.trashed_at is not None:
            self.trashed_at = None
            kinds.append("restored")
        return kinds


def moments(
    date: datetime | None, arrived: datetime | None, *, now: datetime
) -> tuple[datetime, datetime]:
    """(sent, heard): the mail's own date where it can be believed, and its arrival.

    A Date more than 24 hours away from the arrival, or none, gives way to the arrival; without
    either the mail is from `now`, and none is from the future.
    """
    arrival = min(arrived, now) if arrived else None
    if date is None or (arrival and abs(date - arrival) > CLOCKS_DIFFER):
        sent = arrival or now
    else:
        sent = date
    sent = min(sent, now) if sent - now > timedelta(minutes=5) else sent
    return sent, max(sent, arrival or sent)
