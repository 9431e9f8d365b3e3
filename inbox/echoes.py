"""Mails in doubt: proof that they arrived, where to look for it, and when to ask people."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from inbox import delivery, filing, outgoing
from inbox.failpoints import failpoint
from inbox.outgoing import Parcel
from inbox.settings import Settings
from inbox.store import Session


def arrived(db: Session, outbox_ids: Sequence[int], *, now: datetime) -> int:
    """The Message-IDs of these mails were seen outside the house. Answer how many doubts that
    settled; other mails are left.

    A mail sent on to a corrected or late recipient shares its Message-ID with the first, so that
    seeing it proves nothing about the second: only a bounce from its own recipient does. One that
    waits to be sent once more has arrived too: it must not leave again.
    """
    settled = 0
    for outbox_id in outbox_ids:
        parcel = outgoing.by_id(db, outbox_id)
        if parcel.state in {"uncertain", "queued"} and _is_proof(db, parcel):
            db.change("outbox.hold", outbox_id=outbox_id)
            delivery.arrived(db, outgoing.by_id(db, outbox_id), now=now)
            failpoint("doubt settled")
            settled += 1
    return settled


def named(
    db: Session, mailbox_id: int, rfc_message_ids: Sequence[str], *, now: datetime
) -> list[int]:
    """Mails that came in name these Message-IDs of ours: they answer, bounce or are the copies
    of what we sent. Answer the doubts that settled."""
    if not rfc_message_ids:
        return []
    found = db.column(
        "outbox.doubts_named", mailbox_id=mailbox_id, rfc_message_ids=list(rfc_message_ids)
    )
    return [outbox_id for outbox_id in found if arrived(db, [outbox_id], now=now)]


def is_time_to_ask(db: Session, settings: Settings, *, now: datetime) -> bool:
    return bool(db.column("outbox.doubts_to_tell", since=_since(settings, now)))


def ask(db: Session, settings: Settings, *, now: datetime) -> int:
    """Shout, once, about mails that have been in doubt for too long. Answer how many."""
    found = db.column("outbox.doubts_to_tell", since=_since(settings, now))
    for outbox_id in found:
        db.change("outbox.ask", outbox_id=outbox_id, now=now)
        delivery.tell(db, outgoing.by_id(db, outbox_id), "asked", delivery.IN_DOUBT, now=now)
    return len(found)


def _since(settings: Settings, now: datetime) -> datetime:
    return now - timedelta(seconds=settings.uncertain_seconds)


def _is_proof(db: Session, parcel: Parcel) -> bool:
    if not filing.is_filed(db, parcel):
        return True
    return any(result.state == "bounced" for result in outgoing.results(db, parcel.id))
