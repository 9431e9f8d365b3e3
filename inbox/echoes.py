"""What comes back about mails in doubt: proof that they arrived."""

from collections.abc import Sequence
from datetime import datetime

from inbox import delivery, outgoing
from inbox.store import Session


def arrived(db: Session, outbox_ids: Sequence[int], *, now: datetime) -> int:
    """These mails were seen outside the house: in Sent, or answered. For ingest, which finds our
    Message-IDs in what it reads. Answer how many doubts that settled; other mails are left."""
    settled = 0
    for outbox_id in outbox_ids:
        parcel = outgoing.by_id(db, outbox_id)
        if parcel.state == "uncertain":
            delivery.arrived(db, parcel, now=now)
            settled += 1
    return settled
