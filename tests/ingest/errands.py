"""The postman and the visits to Sent, one round each, waited for."""

from datetime import datetime

from inbox.house import House
from ingest.deliver import Postman
from ingest.sent_visits import Copies, Doubts


def deliver_due(house: House, *, now: datetime) -> int:
    """Send what is due; answer how many mails the servers accepted."""
    return _once(Postman(house), now)


def copy_to_sent(house: House, *, now: datetime) -> int:
    """File what is due; answer how many copies lie in Sent."""
    return _once(Copies(house), now)


def settle_doubts(house: House, *, now: datetime) -> int:
    """Look for what is due; answer how many mails were found."""
    return _once(Doubts(house), now)


def _once(errand: Postman | Copies | Doubts, now: datetime) -> int:
    errand.round(now=now)
    return errand.wait()
