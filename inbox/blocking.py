"""Blocked senders of a mailbox: their mail is filed as spam from then on, and nothing is deleted.

A blocked sender's mail into somebody else's conversation is filed there like any other: blocking
him must not hide what others write.
"""

from dataclasses import dataclass
from datetime import datetime

from inbox import calling_off, conversations, events, mailboxes
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.errors import Invalid, NotFound
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """One sender who is blocked now, since when and by whom."""

    id: int
    mailbox_id: int
    address: str
    blocked_at: datetime
    agent_name: str | None


def of_mailbox(db: Session, viewer: Agent, mailbox_id: int) -> list[Blocked]:
    """Everybody who is blocked there, by address; for those who set the mailbox up."""
    viewer.must("configure", mailbox_id)
    return db.all("blocking.of_mailbox", Blocked, mailbox_id=mailbox_id)


def addresses(db: Session, viewer: Agent, mailbox_id: int) -> frozenset[str]:
    """The blocked addresses, for whoever reads mail there."""
    viewer.must("read", mailbox_id)
    return blocked_in(db, mailbox_id)


def blocked_in(db: Session, mailbox_id: int) -> frozenset[str]:
    """The same for the worker."""
    return frozenset(db.column("blocking.addresses", mailbox_id=mailbox_id))


def block(
    db: Session,
    agent: Agent,
    conversation_id: int,
    as_spam: bool = True,
    *,
    now: datetime,
) -> None:
    """Block whoever this conversation is with, and call it spam too if wanted.

    One who is blocked already stays so. Raises Invalid for an address of our own.
    """
    found = conversations.must(db, agent, conversation_id, "triage")
    address = _foreign(db, found)
    if address not in blocked_in(db, found.mailbox_id):
        db.run(
            "blocking.block",
            mailbox_id=found.mailbox_id,
            address=address,
            agent_id=agent.id,
            now=now,
        )
    elif not as_spam or found.spam_at is not None:
        return
    marks = as_spam and found.spam_at is None
    if marks:
        db.change("conversations.mark_spam", conversation_id=found.id, now=now)
        calling_off.with_conversations(db, agent, [found.id], now=now)
    events.record(
        db,
        agent,
        "blocked",
        found.id,
        mailbox_id=found.mailbox_id,
        after={"address": address, "as_spam": marks},
        now=now,
    )


def unblock(
    db: Session,
    agent: Agent,
    conversation_id: int,
    restores: bool = False,
    *,
    now: datetime,
) -> None:
    """Let whoever this conversation is with write again; with `restores`, it is no spam either."""
    found = conversations.must(db, agent, conversation_id, "triage")
    address = found.contact_address.lower()
    lifted = db.change("blocking.lift", mailbox_id=found.mailbox_id, address=address, now=now)
    restores = restores and found.spam_at is not None and found.trashed_at is None
    if restores:
        db.change("conversations.restore", conversation_id=found.id)
    if lifted or restores:
        events.record(
            db,
            agent,
            "unblocked",
            found.id,
            mailbox_id=found.mailbox_id,
            before={"address": address},
            after={"restored": restores},
            now=now,
        )


def lift(db: Session, agent: Agent, block_id: int, *, now: datetime) -> None:
    """Unblock a sender from the mailbox's list."""
    found = next(iter(db.rows("blocking.mailbox_of", block_id=block_id)), None)
    if found is None or not agent.may("read", found[0]):
        raise NotFound("blocked sender")
    mailbox_id, address = found
    agent.must("configure", mailbox_id)
    db.change("blocking.lift", mailbox_id=mailbox_id, address=address, now=now)
    events.record(
        db,
        agent,
        "unblocked",
        None,
        mailbox_id=mailbox_id,
        before={"address": address},
        now=now,
    )


def _foreign(db: Session, found: Conversation) -> str:
    """The contact's address. Raises Invalid where it is ours: what we write to ourselves, from any
    of our mailboxes or by a colleague, is never filed as spam."""
    address = found.contact_address.strip().lower()
    if not address:
        raise Invalid("address", "This conversation is with nobody whose address is known.")
    is_ours = mailboxes.by_address(db, address) or address in db.column("blocking.agents")
    if is_ours:
        raise Invalid("address", "{address} is one of our own addresses.", address=address)
    return address
