"""Mailboxes of which only the mail is known, after a rescue that found no database to go on from.

They stand there at rest, with their mail, until somebody connects them again.
"""

from datetime import datetime

from inbox import events
from inbox.events import SYSTEM
from inbox.store import Session


def begin(db: Session, address: str, *, now: datetime) -> int:
    """A mailbox without a server, which nothing is fetched or sent for; answer its id."""
    mailbox_id: int = db.value("at_rest.begin", address=address, now=now)
    events.record(
        db, SYSTEM, "regained", None, mailbox_id=mailbox_id, after={"address": address}, now=now
    )
    return mailbox_id


def of_address(db: Session, address: str) -> int | None:
    """The mailbox at rest with this address, which connecting takes over with its mail."""
    found: int | None = db.value("at_rest.of_address", address=address)
    return found


def entrust(db: Session, agent_id: int, *, now: datetime) -> None:
    """The first admin manages what nobody does: else mail would lie there that nobody sees."""
    for mailbox_id in db.column("at_rest.without_people"):
        db.run(
            "people.add_to_mailbox",
            agent_id=agent_id,
            mailbox_id=mailbox_id,
            role="manager",
            sends="as",
        )
        events.record(
            db,
            SYSTEM,
            "role_given",
            None,
            mailbox_id=mailbox_id,
            after={"agent_id": agent_id, "role": "manager", "sends": "as"},
            now=now,
        )
