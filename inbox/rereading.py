"""Ask that a mail be read again: one that could not be read, or is not here whole."""

from dataclasses import dataclass
from datetime import datetime

from inbox import events, families
from inbox.agents import Agent
from inbox.errors import Invalid, NotFound
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unread:
    """`is_here` tells that the whole mail is here and only has to be parsed again."""

    conversation_id: int
    mailbox_id: int
    is_readable: bool
    can_fetch: bool
    is_here: bool
    is_under_way: bool
    is_missing: bool


def read_again(db: Session, agent: Agent, message_id: int, *, now: datetime) -> None:
    """Have the mail read again in its own message, fetched whole from its server if need be.

    The worker does it at once. Asking twice, or for a mail that is readable by now, changes
    nothing. Raises Invalid when there is nowhere to read it from.
    """
    found = db.one("raw_messages.unread", _Unread, message_id=message_id)
    if found is None:
        raise NotFound("message")
    agent.must("triage", found.mailbox_id)
    if found.is_readable or found.is_under_way:
        return
    if not found.is_here and not (found.is_missing and found.can_fetch):
        raise Invalid("message", "This mail cannot be fetched: there is no mail server it is on.")
    db.change("raw_messages.ask_again", message_id=message_id)
    events.record(
        db,
        agent,
        "read_again",
        families.place(db, found.conversation_id),
        mailbox_id=found.mailbox_id,
        message_id=message_id,
        now=now,
    )
