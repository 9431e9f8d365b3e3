"""Mail of the house itself: invitations, password resets, digests."""

import secrets
from datetime import datetime

from inbox import compose, outgoing, posting
from inbox.blobs import RawStore
from inbox.messages import Address, Recipients
from inbox.mime import Letter
from inbox.recipients import checked, cleaned
from inbox.store import Session


def queue_system(
    db: Session,
    mailbox_id: int | None,
    to: str,
    subject: str,
    text: str,
    *,
    raw: RawStore,
    now: datetime,
) -> int:
    """Queue a mail of the house itself (invitation, reset, digest), due at once; answer its id.

    `text` is Markdown. Without a mailbox the first one that can send does. Raises Invalid when
    none can, or for an address that cannot be used.
    """
    mailbox = posting.sender(db, mailbox_id)
    recipients = Recipients(to=(checked(Address(name="", address=to), "to"),))
    body = compose.body(text)
    rfc_message_id = f"{secrets.token_hex(16)}@{mailbox.address.rpartition('@')[2]}"
    letter = Letter(
        sender=Address(name=cleaned(mailbox.name), address=mailbox.address),
        recipients=recipients,
        subject=subject,
        text=body.text,
        html=body.html,
        rfc_message_id=rfc_message_id,
        sent_at=now,
        is_automatic=True,
    )
    return outgoing.add(
        db,
        place=posting.freeze(raw, letter, mailbox.id, now),
        recipients=recipients,
        results=outgoing.pending(recipients),
        kind="system",
        mailbox_id=mailbox.id,
        rfc_message_id=rfc_message_id,
        envelope_from=mailbox.address,
        from_name=mailbox.name,
        from_address=mailbox.address,
        subject=subject,
        body_text=body.text,
        body_html=body.html,
        reply_text=body.reply_text,
        due_at=now,
        now=now,
    )
