"""How the work stood at any moment: what was open, with whom, and what nobody had.

Told by the diary alone (metric.stands), as the house knew it then: a mail counts from when it was
here, not from when it was written. Who may read a conversation is decided by where it is now. What
was deleted for good is not in it any more.
"""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from inbox.agents import Agent
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """An open conversation at that moment. `stood_in` is the mailbox it was in then, `since` when
    it began to stand so."""

    id: int
    mailbox_id: int
    stood_in: int
    subject: str
    contact_name: str
    assignee_id: int | None
    assignee_name: str | None
    since: datetime
    is_asleep: bool


def queue(db: Session, viewer: Agent, at: datetime) -> list[Stood]:
    """What was open at that moment, snoozed or not, in the order of its numbers."""
    return db.all("past.queue", Stood, at=at, mailboxes=viewer.readable)


def unassigned(db: Session, viewer: Agent, at: datetime) -> list[Stood]:
    """What was open, awake and nobody's at that moment; what had been so for longest first."""
    found = [one for one in queue(db, viewer, at) if one.assignee_id is None and not one.is_asleep]
    return sorted(found, key=lambda one: (one.since, one.id))


def load(db: Session, viewer: Agent, at: datetime) -> dict[int, int]:
    """How many open conversations each agent had at that moment; 0 counts what nobody had."""
    found: dict[int, int] = {}
    for one in queue(db, viewer, at):
        found[one.assignee_id or 0] = found.get(one.assignee_id or 0, 0) + 1
    return found


def compared(
    db: Session,
    viewer: Agent,
    at: datetime,
    mailbox_id: int | None = None,
    tag: str | None = None,
    *,
    now: datetime,
) -> pd.DataFrame:
    """conversation_id, then_agent_id, was_asleep, stood_seconds (for how long it had stood so),
    now_agent_id and is_asleep: a row for each conversation that was open at that moment or is now,
    whatever had stood so for longest first. 0 is nobody; missing is what was not, or is not, open.
    """
    return db.frame(
        "past.compared", mailboxes=_mailboxes(viewer, mailbox_id), tag=tag or None, at=at, now=now
    )


def begun(db: Session, viewer: Agent) -> datetime | None:
    """The first moment of which anything is known, None where nothing has come yet."""
    found: datetime | None = db.value("past.begun", mailboxes=viewer.readable)
    return found


def _mailboxes(viewer: Agent, mailbox_id: int | None) -> list[int]:
    return [m for m in viewer.readable if mailbox_id in (None, m)]
