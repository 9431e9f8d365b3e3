"""Whom our mail did not reach, as servers reported it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from inbox import families
from inbox.agents import Agent
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBounce:
    """One recipient of a report. `message_id` is the report; `bounced_message_id` and `outbox_id`
    the mail it is about, both None unless the report names a mail we sent."""

    message_id: int
    mailbox_id: int
    conversation_id: int
    bounced_message_id: int | None
    outbox_id: int | None
    address: str
    status: str
    answer: str
    is_permanent: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """`is_permanent`: hard, the address is no good; else soft. `bounced_message_id` is None when
    the report names no mail of ours."""

    message_id: int
    bounced_message_id: int | None
    address: str
    status: str
    answer: str
    is_permanent: bool


def add_all(db: Session, news: Sequence[NewBounce]) -> None:
    """Write what reports said, in the transaction that files them."""
    if news:
        names = [f.name for f in fields(NewBounce)]
        db.run("bounces.add", **{name: [getattr(new, name) for new in news] for name in names})


def of_conversation(
    db: Session, viewer: Agent, conversation_id: int, family: Sequence[int] | None = None
) -> list[Bounce]:
    """What was reported in this conversation and in what was merged into it; in one statement, if
    its `family` is known to the caller. Nothing for a stranger to the mailbox."""
    members = family or families.of(db, conversation_id).members
    return db.all("bounces.of_family", Bounce, family=list(members), mailboxes=viewer.readable)
