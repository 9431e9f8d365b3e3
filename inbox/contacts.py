"""A contact: somebody who writes to a mailbox. The same person in two mailboxes is two contacts."""

from collections.abc import Mapping
from datetime import datetime

from inbox.store import Session


def known_as(
    db: Session, mailbox_id: int, people: Mapping[str, str], *, now: datetime
) -> dict[str, int]:
    """{address: contact id} for {lower-case address: name}; who is new to the mailbox is added."""
    if not people:
        return {}
    asked = list(people)
    found = dict(db.rows("contacts.known", mailbox_id=mailbox_id, addresses=asked))
    fresh = [address for address in asked if address not in found]
    if fresh:
        db.run(
            "contacts.add",
            mailbox_id=mailbox_id,
            addresses=fresh,
            names=[people[address] for address in fresh],
            now=now,
        )
        found.update(db.rows("contacts.known", mailbox_id=mailbox_id, addresses=fresh))
    return found
