"""What the numbers of a page are made of, asked as one table each.

Team figures are for whoever may read a mailbox; what one colleague did is told only to who may
compare colleagues there. Rows are narrow: subjects are asked for when a number is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from inbox.agents import Agent
from inbox.store import Session

MOST_BEHIND = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A period from `since` on and before `until` (naive UTC), in one mailbox or all that may be
    read, with one tag or any."""

    since: datetime
    until: datetime
    mailbox_id: int | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One conversation behind a number."""

    conversation_id: int
    mailbox_id: int
    subject: str
    contact_name: str
    contact_address: str
    status: str
    last_message_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    id: int
    name: str


def first_waits(db: Session, viewer: Agent, asked: Asked, *, now: datetime) -> pd.DataFrame:
    """conversation_id, mailbox_id, agent_id, began (naive UTC), state (answered, closed_unanswered
    or waiting), channel, tags (a line each, None for none), seconds and business_seconds (NaN in a
    mailbox without a calendar), one row a conversation whose first wait began in the period; of who
    waits, how long so far.

    `agent_id` is who answered, missing where the viewer may not compare colleagues (M2).
    """
    found = db.frame(
        "insight.first_waits",
        mailboxes=_mailboxes(viewer, asked.mailbox_id),
        since=asked.since,
        until=asked.until,
        tag=asked.tag,
        now=now,
    )
    comparing = [m for m in viewer.readable if viewer.may("compare", m)]
    found["agent_id"] = found["agent_id"].where(found["mailbox_id"].isin(comparing))
    return found


def still_waiting(
    db: Session, viewer: Agent, mailbox_id: int | None, tag: str | None, *, now: datetime
) -> pd.DataFrame:
    """conversation_id, mailbox_id, turn_no, began, assignee_id and seconds, whoever has waited
    longest first (M4)."""
    return db.frame(
        "insight.still_waiting", mailboxes=_mailboxes(viewer, mailbox_id), tag=tag, now=now
    )


def behind(db: Session, viewer: Agent, ids: Sequence[int]) -> list[Behind]:
    """These conversations in this order, `MOST_BEHIND` at most; none of mailboxes that the viewer
    may not read."""
    wanted = list(ids)[:MOST_BEHIND]
    found = {
        row.conversation_id: row
        for row in db.all("insight.behind", Behind, ids=wanted, mailboxes=viewer.readable)
    }
    return [found[one] for one in wanted if one in found]


def names(db: Session, viewer: Agent) -> dict[int, str]:
    """Who works in the mailboxes whose colleagues the viewer may compare."""
    comparing = [m for m in viewer.readable if viewer.may("compare", m)]
    return {row.id: row.name for row in db.all("insight.names", _Name, mailboxes=comparing)}


def _mailboxes(viewer: Agent, mailbox_id: int | None) -> list[int]:
    return [m for m in viewer.readable if mailbox_id in (None, m)]
