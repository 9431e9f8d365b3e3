"""Rows of the outbox that nobody works on any more: their worker died, or their mailbox went."""

from datetime import datetime

from inbox import delivery, outgoing
from inbox.failpoints import failpoint
from inbox.settings import Settings
from inbox.store import Session

STRANDED = "The mailbox was disconnected before this could leave."


def recover(db: Session, settings: Settings, *, everything: bool, now: datetime) -> int:
    """Rows whose worker died: in doubt when DATA had begun, else queued again. Answer how many.

    `everything` at start, when nobody can hold a lease; otherwise only leases that ran out.
    """
    found = db.column("outbox.abandoned", everything=everything, now=now)
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


def strand(db: Session, *, now: datetime) -> int:
    """Mail that nothing will ever carry fails aloud, instead of waiting for a mailbox to come
    back and leaving then, weeks late. Answer how many."""
    found = db.column("outbox.stranded", now=now)
    for outbox_id in found:
        parcel = outgoing.by_id(db, outbox_id)
        if db.change("outbox.strand", outbox_id=outbox_id, reason=STRANDED):
            delivery.tell(db, parcel, "failed", f"A reply could not be sent. {STRANDED}", now=now)
    return len(found)
