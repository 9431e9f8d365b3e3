"""What comes back about a mail in doubt: proof that it arrived. For ingest."""

from datetime import datetime

from inbox import delivery, outgoing
from inbox.store import Session


def settle(db: Session, mailbox_id: int, rfc_message_id: str, *, now: datetime) -> bool:
    """Proof that a mail in doubt arrived: it stands in Sent, or somebody answered it.

    For ingest, which sees our Message-IDs; True when a doubt was settled.
    """
    for outbox_id in db.column(
        "outbox.by_rfc_message_id", mailbox_id=mailbox_id, rfc_message_id=rfc_message_id
    ):
        parcel = outgoing.by_id(db, outbox_id)
        if parcel.state == "uncertain":
            delivery.arrived(db, parcel, now=now)
            return True
    return False
