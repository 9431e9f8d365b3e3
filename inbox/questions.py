"""Notes that ask: open until somebody answers, and counted on the conversation's own row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import conversations, events, notifications
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid, NotFound
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    conversation_id: int
    agent_id: int | None
    is_question: bool
    answered_at: datetime | None


def answer(
    db: Session, agent: Agent, conversation_id: int, message_id: int, *, now: datetime
) -> None:
    """This question is answered, whoever asked it; the asker is told. Answering an answered one
    changes nothing. Raises Invalid for a note that does not ask."""
    found, note = _asked(db, agent, conversation_id, message_id)
    if note.answered_at is None:
        _settle(db, agent, found, [(message_id, note.agent_id)], None, now)


def reopen(
    db: Session, agent: Agent, conversation_id: int, message_id: int, *, now: datetime
) -> None:
    """It is open after all."""
    found, note = _asked(db, agent, conversation_id, message_id)
    if note.answered_at is None:
        return
    db.change("questions.reopen", message_id=message_id)
    count(db, found.id, found.family)
    events.record(
        db,
        agent,
        "question_reopened",
        found.id,
        mailbox_id=found.mailbox_id,
        message_id=message_id,
        now=now,
    )


def by_note(db: Session, writer: Agent, found: Conversation, note_id: int, now: datetime) -> None:
    """For notes: this one answers whatever is asked in the conversation, by colleagues or not."""
    asked = [
        (number, asker)
        for number, asker in db.rows("questions.open_in", family=list(found.family))
        if number != note_id
    ]
    if asked:
        _settle(db, writer, found, asked, note_id, now)


def count(db: Session, conversation_id: int, family: Sequence[int]) -> None:
    """Write how many are open onto the conversation's row."""
    db.change("questions.count", conversation_id=conversation_id, family=list(family))


def _asked(
    db: Session, agent: Agent, conversation_id: int, message_id: int
) -> tuple[Conversation, _Note]:
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("note", found.mailbox_id)
    note = db.one("questions.of", _Note, message_id=message_id)
    if note is None or note.conversation_id not in found.family:
        raise NotFound("note")
    if not note.is_question:
        raise Invalid("note", "This note does not ask anything.")
    return found, note


def _settle(
    db: Session,
    agent: Agent,
    found: Conversation,
    asked: Sequence[tuple[int, int | None]],
    note_id: int | None,
    now: datetime,
) -> None:
    ids = [number for number, _asker in asked]
    db.change("questions.answer", ids=ids, agent_id=agent.id, now=now)
    count(db, found.id, found.family)
    for number, asker in asked:
        events.record(
            db,
            agent,
            "question_answered",
            found.id,
            mailbox_id=found.mailbox_id,
            message_id=number,
            after=None if note_id is None else {"note_id": note_id},
            now=now,
        )
        if asker is not None:
            notifications.make(
                db,
                agent,
                "explained",
                [asker],
                found.id,
                found.mailbox_id,
                message_id=note_id or number,
                now=now,
            )
