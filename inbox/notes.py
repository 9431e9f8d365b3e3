"""Notes: what colleagues tell each other in a conversation. No path leads from here to SMTP."""

from datetime import datetime

from inbox import conversations, drafts, events, markdown, messages
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.messages import NewMessage
from inbox.store import Session


def add(
    db: Session,
    agent: Agent,
    conversation_id: int,
    body: str,
    *,
    draft_id: int | None = None,
    now: datetime,
) -> int:
    """Leave a note (Markdown) for the colleagues; answer its message id.

    It counts as a message, but neither moves the conversation in the list nor ends the
    customer's wait. With `draft_id` that draft is used up, and a second press raises TooLate.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("note", found.mailbox_id)
    text = markdown.to_text(body.replace("\0", ""))
    if not text.strip():
        raise Invalid("body", "There is nothing in this note yet.")
    if len(text) > drafts.LONGEST_BODY:
        raise Invalid("body", f"A note has at most {drafts.LONGEST_BODY:,} characters.")
    if draft_id is not None:
        drafts.must_be_open(drafts.own(db, agent, draft_id))
        db.change("drafts.consume", draft_id=draft_id, state="sent")
    (message_id,) = messages.reserve(db, 1)
    messages.add_all(
        db,
        [
            NewMessage(
                id=message_id,
                conversation_id=found.id,
                mailbox_id=found.mailbox_id,
                direction="note",
                via="app",
                agent_id=agent.id,
                sent_at=now,
                received_at=now,
                from_name=agent.name,
                from_address=agent.email,
                subject="",
                thread_reason="note",
                body_text=text,
                body_html=markdown.to_html(text),
                reply_text=text,
            )
        ],
    )
    db.change("notes.touch_conversation", conversation_id=found.id)
    events.record(
        db, agent, "noted", found.id, mailbox_id=found.mailbox_id, message_id=message_id, now=now
    )
    return message_id
