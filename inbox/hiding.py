"""Hiding one message: its words and files leave the conversation, and a line says who hid it.

Nothing is deleted. Only who hid it, or an admin, can show it again.
"""

from dataclasses import dataclass
from datetime import datetime

from inbox import conversations, events, messages, questions, search, standings
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.messages import Recipients
from inbox.search import Key
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A message with what it is found by."""

    conversation_id: int
    hidden_by: int | None
    from_name: str
    from_address: str
    recipients: str
    subject: str
    body_text: str


def hide(
    db: Session, agent: Agent, conversation_id: int, message_id: int, *, now: datetime
) -> None:
    """Take a message's words and files out of what anybody reads, finds, prints or takes away.

    Hiding a hidden message changes nothing.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    message = _message(db, found, message_id)
    if message.hidden_by is not None:
        return
    db.change("hiding.hide", message_id=message_id, agent_id=agent.id, now=now)
    key = search.key(subject="", body="", sender=(message.from_name, message.from_address))
    _tell(db, agent, found, message_id, "hidden", key, now=now)


def show(
    db: Session, agent: Agent, conversation_id: int, message_id: int, *, now: datetime
) -> None:
    """Bring a hidden message back. Raises NotAllowed for everybody but who hid it and admins."""
    found = conversations.by_id(db, agent, conversation_id)
    message = _message(db, found, message_id)
    if message.hidden_by is None:
        return
    if not may_show(agent, message.hidden_by):
        raise NotAllowed("show what a colleague has hidden")
    db.change("hiding.show", message_id=message_id)
    to = Recipients.from_json(message.recipients)
    key = search.key(
        subject=message.subject,
        body=message.body_text,
        sender=(message.from_name, message.from_address),
        recipients=messages.words_of(to),
        files=db.column("hiding.filenames", message_id=message_id),
    )
    _tell(db, agent, found, message_id, "shown", key, now=now)


def may_show(agent: Agent, hidden_by: int | None) -> bool:
    return agent.is_admin or agent.id == hidden_by


def _message(db: Session, found: Conversation, message_id: int) -> _Found:
    message = db.one("hiding.message", _Found, message_id=message_id)
    if message is None:
        raise NotFound("message")
    if message.conversation_id not in found.family:
        raise Invalid("message", "This message is in another conversation by now.")
    return message


def _tell(
    db: Session,
    agent: Agent,
    found: Conversation,
    message_id: int,
    kind: str,
    key: Key,
    *,
    now: datetime,
) -> None:
    messages.rewrite_key(db, message_id, key)
    words = db.value("standings.newest_words", family=list(found.family))
    questions.count(db, found.id, found.family)
    db.change("hiding.say", conversation_id=found.id, snippet=standings.snippet(words or ""))
    events.record(
        db, agent, kind, found.id, mailbox_id=found.mailbox_id, message_id=message_id, now=now
    )
