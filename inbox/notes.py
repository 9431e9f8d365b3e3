"""Notes: what colleagues tell each other in a conversation. No path leads from here to SMTP."""

from dataclasses import dataclass
from datetime import datetime

from inbox import (
    conversations,
    drafts,
    events,
    markdown,
    mentions,
    messages,
    notifications,
    questions,
    reads,
)
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid, Stale
from inbox.messages import NewAttachment, NewMessage
from inbox.store import Session


@dataclass(frozen=True, slots=True)
class Role:
    """What a note is to the others: it asks, or it answers what is asked in the conversation."""

    asks: bool = False
    answers: bool = False


PLAIN = Role()


def add(
    db: Session,
    agent: Agent,
    conversation_id: int,
    body: str,
    *,
    role: Role = PLAIN,
    now: datetime,
) -> int:
    """Leave a note (Markdown) for the colleagues; answer its message id.

    It counts as a message, but neither moves the conversation in the list nor ends the
    customer's wait.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("note", found.mailbox_id)
    return _leave(db, agent, found, body, (), role, now)


def from_draft(
    db: Session,
    agent: Agent,
    conversation_id: int,
    draft_id: int,
    revision: int,
    *,
    role: Role = PLAIN,
    now: datetime,
) -> int:
    """Leave the draft as it was saved with this revision as a note, with its files; answer its
    message id. The draft is used up.

    Raises Invalid when the draft is not a note of this conversation, Stale when it was changed
    elsewhere, TooLate when it was used or discarded.
    """
    draft = drafts.writable(db, agent, draft_id, "note")
    drafts.must_be_open(draft)
    found = conversations.by_id(db, agent, conversation_id)
    if draft.conversation_id not in found.family:
        raise Invalid(
            "conversation", "This note belongs to another conversation. Nothing was left."
        )
    if draft.kind != "note":
        raise Invalid("kind", "This is a reply, not a note. Nothing was left.")
    if draft.revision != revision:
        raise Stale(
            "This note was changed on another page or device meanwhile. Nothing was left; "
            "reload to see the newer text.",
            (),
        )
    db.change("drafts.consume", draft_id=draft_id, state="sent")
    return _leave(db, agent, found, draft.body, drafts.files_of(draft), role, now)


def _leave(
    db: Session,
    agent: Agent,
    found: Conversation,
    body: str,
    files: tuple[NewAttachment, ...],
    role: Role,
    now: datetime,
) -> int:
    text = markdown.to_text(body.replace("\0", ""))
    if not text.strip():
        raise Invalid("body", "There is nothing in this note yet.")
    if len(text) > drafts.LONGEST_BODY:
        raise Invalid("body", "A note has at most {most:,} characters.", most=drafts.LONGEST_BODY)
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
                attachments=files,
            )
        ],
    )
    reads.wrote(db, agent.id, found.id, message_id)
    db.change("notes.count", conversation_id=found.id, message_id=message_id, files=len(files))
    events.record(
        db,
        agent,
        "noted",
        found.id,
        mailbox_id=found.mailbox_id,
        message_id=message_id,
        after={"asks": True} if role.asks else None,
        now=now,
    )
    if role.asks:
        db.change("questions.ask", message_id=message_id)
        questions.count(db, found.id, found.family)
    if role.answers:
        questions.by_note(db, agent, found, message_id, now)
    if "@" in text:
        named = mentions.found(text, mentions.members(db, agent, found.mailbox_id))
        notifications.make(
            db, agent, "mention", named, found.id, found.mailbox_id, message_id=message_id, now=now
        )
    return message_id
