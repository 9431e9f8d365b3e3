"""Files that are for a few alone: a passport, a medical note. Their name stays; their bytes go to
managers, to the assignee and to who restricted them, and each reading is in the diary."""

from dataclasses import dataclass
from datetime import datetime

from inbox import conversations
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid, NotFound
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    conversation_id: int
    message_id: int
    restricted_by: int | None


def may_open(
    agent: Agent, mailbox_id: int, assignee_id: int | None, restricted_by: int | None
) -> bool:
    """Whether the agent gets the bytes of a file of a mailbox she reads."""
    if restricted_by is None:
        return True
    return agent.id in (assignee_id, restricted_by) or agent.may("configure", mailbox_id)


def restrict(
    db: Session, agent: Agent, conversation_id: int, attachment_id: int, *, now: datetime
) -> None:
    """Keep a file for managers, the assignee and oneself. A restricted one stays as it is."""
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    file = _file(db, found, attachment_id)
    if file.restricted_by is None:
        db.change("restricting.restrict", attachment_id=attachment_id, agent_id=agent.id, now=now)
        _tell(db, agent, found, file, attachment_id, "restricted", now=now)


def lift(
    db: Session, agent: Agent, conversation_id: int, attachment_id: int, *, now: datetime
) -> None:
    """Let everybody who reads the mailbox open the file again; for who may open it now."""
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    file = _file(db, found, attachment_id)
    if not may_open(agent, found.mailbox_id, found.assignee_id, file.restricted_by):
        raise Invalid("attachment", REFUSED)
    if file.restricted_by is not None:
        db.change("restricting.lift", attachment_id=attachment_id)
        _tell(db, agent, found, file, attachment_id, "unrestricted", now=now)


REFUSED = "This file is restricted: managers, the assignee and whoever restricted it may open it."


def _file(db: Session, found: Conversation, attachment_id: int) -> _Found:
    file = db.one("restricting.file", _Found, attachment_id=attachment_id)
    if file is None:
        raise NotFound("attachment")
    if file.conversation_id not in found.family:
        raise Invalid("attachment", "This file is in another conversation by now.")
    return file


def _tell(
    db: Session,
    agent: Agent,
    found: Conversation,
    file: _Found,
    attachment_id: int,
    kind: str,
    *,
    now: datetime,
) -> None:
    conversations.record(
        db,
        agent,
        found,
        kind,
        message_id=file.message_id,
        after={"attachment_id": attachment_id},
        now=now,
    )
