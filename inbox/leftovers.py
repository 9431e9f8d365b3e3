"""Rows of the outbox that nobody works on any more: their worker died, or their mailbox went."""

from datetime import datetime, timedelta

from inbox import delivery, outgoing
from inbox.failpoints import failpoint
from inbox.settings import Settings
from inbox.store import Session

CLOCKS_DIFFER = timedelta(minutes=1)
"""A clock may be set by so much without anything to heal."""
LONGEST_VISIT = timedelta(days=1)
STRANDED = "The mailbox was disconnected before this could leave."


def recover(db: Session, settings: Settings, *, everything: bool, now: datetime) -> int:
    """Rows whose worker died: in doubt when DATA had begun, else queued again. Answer how many.

    `everything` at start, when nobody can hold a lease; otherwise only leases that ran out.
    """
    found = abandoned(db, settings, everything=everything, now=now)
    for outbox_id in found:
        parcel = outgoing.by_id(db, outbox_id)
        if parcel.stage == "data":
            delivery.doubt(db, parcel, "Delad stopped while this mail was handed over.", now=now)
        else:
            delivery.put_back(
                db, parcel, "Delad stopped before this mail was handed over.", settings, now=now
            )
        failpoint("leftover settled")
    return len(found)


def abandoned(db: Session, settings: Settings, *, everything: bool, now: datetime) -> list[int]:
    """Leases nobody holds, or that a clock which was put back has made too long."""
    longest = timedelta(seconds=settings.data_seconds + settings.lease_seconds)
    latest = now + longest + CLOCKS_DIFFER
    return db.column("outbox.abandoned", everything=everything, latest=latest, now=now)


def from_the_future(db: Session, *, now: datetime) -> list[int]:
    """Mails that would wait for as long as the clock was put back."""
    return db.column(
        "outbox.from_the_future", now=now + CLOCKS_DIFFER, latest_visit=now + LONGEST_VISIT
    )


def put_clock_back(db: Session, *, now: datetime) -> int:
    """Let them wait as long as they were to, from now on. Answer how many."""
    found = from_the_future(db, now=now)
    if found:
        db.change("outbox.put_clock_back", ids=found, now=now)
    return len(found)


def strand(db: Session, *, now: datetime) -> int:
    """Mail that nothing will ever carry fails aloud, instead of waiting for a mailbox to come
    back and leaving then, weeks late. Answer how many."""
    found = db.column("outbox.stranded", now=now)
    for outbox_id in found:
        parcel = outgoing.by_id(db, outbox_id)
        if db.change("outbox.strand", outbox_id=outbox_id, reason=STRANDED):
            delivery.tell(db, parcel, "failed", f"A reply could not be sent. {STRANDED}", now=now)
    return len(found)
