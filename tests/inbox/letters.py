"""Mail as it is filed, for tests of what it is found by."""

from inbox import messages
from inbox.messages import NewAttachment, NewMessage, Recipients
from tests.conftest import NOON
from tests.inbox.queue_rows import row


def letter(
    db,
    *,
    body="",
    subject="Frakt",
    sender=("Åsa Öberg", "asa@malmo-frakt.test"),
    to=(),
    files=(),
    at=NOON,
    conversation_id=None,
    mailbox_id=1,
    direction="in",
    html=None,
    reply="",
    **columns,
):
    """One message, in a conversation of its own unless one is given; the conversation's id."""
    if conversation_id is None:
        conversation_id = row(
            db,
            subject=subject,
            contact_name=sender[0],
            contact_address=sender[1],
            last_message_at=at,
            mailbox_id=mailbox_id,
            attachment_count=len(files),
            **columns,
        )
    (number,) = messages.reserve(db, 1)
    messages.add_all(
        db,
        [
            NewMessage(
                id=number,
                conversation_id=conversation_id,
                mailbox_id=mailbox_id,
                direction=direction,
                via="imap",
                sent_at=at,
                received_at=at,
                from_name=sender[0],
                from_address=sender[1],
                recipients=Recipients(to=tuple(to)),
                subject=subject,
                thread_reason="new",
                body_text=body,
                body_html=html,
                reply_text=reply,
                attachments=tuple(
                    NewAttachment(filename=f, content_type="x/x", size_bytes=1, sha256="0" * 64)
                    for f in files
                ),
            )
        ],
    )
    return conversation_id
