"""What comes back about a mail we sent: proof that it arrived, or a bounce. For ingest."""

from datetime import datetime

from inbox import delivery, outgoing
from inbox.outgoing import Result
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


def bounced(
    db: Session, mailbox_id: int, rfc_message_id: str, address: str, answer: str, *, now: datetime
) -> bool:
    """A bounce names one of our mails and a recipient: note it there and shout. True when known.

    A mail in doubt that bounces did arrive at our server, so the doubt is settled too.
    """
    settle(db, mailbox_id, rfc_message_id, now=now)
    for outbox_id in db.column(
        "outbox.by_rfc_message_id", mailbox_id=mailbox_id, rfc_message_id=rfc_message_id
    ):
        parcel = outgoing.by_id(db, outbox_id)
        hit = [r for r in outgoing.results(db, outbox_id) if r.address == address.lower()]
        if hit and parcel.state == "sent":
            back = Result(address=hit[0].address, kind=hit[0].kind, state="bounced", answer=answer)
            delivery.answer(db, parcel, [back])
            delivery.tell(
                db, parcel, "bounced", f"{back.address} did not get this reply: {answer}", now=now
            )
            return True
    return False
