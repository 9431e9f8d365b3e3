"""Visits to the Sent folders: which mails are due for one, and when the next one is.

There are two errands: to look for a mail in doubt, and to file the copy of one that was sent. The
next visit is planned before the present one begins, so that whatever goes wrong in it, the mail
stands back behind the others and nobody is called again at once.
"""

from datetime import datetime, timedelta

from inbox import delivery, outgoing
from inbox.outgoing import Parcel
from inbox.settings import Settings
from inbox.store import Session

LOOK_SECONDS = 15
LOOKS_HOURS = 24

Due = dict[int, list[int]]
"""{mailbox id: outbox ids}."""


def copies_due(db: Session, *, now: datetime) -> Due:
    """Sent mails whose copy is to be filed, those that failed least first."""
    return _by_mailbox(db.rows("outbox.copies_due", now=now))


def doubts_due(db: Session, *, now: datetime) -> Due:
    """Mails in doubt to look for. After a day it is up to people."""
    since = now - timedelta(hours=LOOKS_HOURS)
    return _by_mailbox(db.rows("outbox.doubts_due", since=since, now=now))


def begin(db: Session, outbox_id: int, settings: Settings, *, now: datetime) -> Parcel:
    """Plan the visit after this one, as if this failed."""
    parcel = outgoing.by_id(db, outbox_id)
    due_at = now + delivery.pause(settings, parcel.visits)
    db.change("outbox.plan_visit", outbox_id=outbox_id, visits=parcel.visits + 1, due_at=due_at)
    return parcel


def not_there(db: Session, parcel: Parcel, *, now: datetime) -> None:
    """A mail in doubt is not in Sent: look again soon, and ever more seldom as time goes by."""
    pause = max(timedelta(seconds=LOOK_SECONDS), (now - parcel.handed_over_at) / 4)
    db.change("outbox.plan_visit", outbox_id=parcel.id, visits=0, due_at=now + pause)


def copied(db: Session, parcel: Parcel) -> None:
    """The copy lies in Sent."""
    db.change("outbox.mark_copy", outbox_id=parcel.id, copy_state="done", reason=None)
    db.change("outbox.plan_visit", outbox_id=parcel.id, visits=0, due_at=None)


def not_copied(
    db: Session, parcel: Parcel, reason: str, settings: Settings, *, for_good: bool, now: datetime
) -> None:
    """Note why; after two days of trouble it stays without a copy. Nothing is ever resent."""
    patience = timedelta(hours=settings.give_up_hours)
    lost = for_good or now - parcel.handed_over_at > patience
    state = "failed" if lost else "due"
    db.change("outbox.mark_copy", outbox_id=parcel.id, copy_state=state, reason=reason)


def _by_mailbox(rows: list[tuple[int, int]]) -> Due:
    found: Due = {}
    for outbox_id, mailbox_id in rows:
        found.setdefault(mailbox_id, []).append(outbox_id)
    return found
