"""How the work stands now: what is open, with whom, who waits, and what is late.

Who has what is no secret in a shared inbox: each reader of a mailbox sees it in the list.
"""

from datetime import datetime

import pandas as pd

from inbox.agents import Agent
from inbox.store import Session


def queue(
    db: Session,
    viewer: Agent,
    mailbox_id: int | None = None,
    tag: str | None = None,
    *,
    now: datetime,
) -> pd.DataFrame:
    """conversation_id, mailbox_id, agent_id (0 for nobody), is_asleep, seconds (how long its
    customer has waited, NaN where nobody waits) and stands_seconds (for how long it has stood so:
    with whom, or with nobody), one row for each open conversation, in the order of its numbers."""
    return db.frame(
        "present.queue", mailboxes=_mailboxes(viewer, mailbox_id), tag=tag or None, now=now
    )


def late(
    db: Session, viewer: Agent, mailbox_id: int | None = None, *, now: datetime
) -> pd.DataFrame:
    """conversation_id, mailbox_id, kind, state (breached or at_risk) and left_seconds (negative
    once it is late) of each promise that is open, what is latest first."""
    return db.frame("present.late", mailboxes=_mailboxes(viewer, mailbox_id), now=now)


def promises(db: Session, viewer: Agent, mailbox_id: int | None = None) -> bool:
    """Whether anything is promised to the customers of these mailboxes, or was."""
    return bool(db.value("present.promises", mailboxes=_mailboxes(viewer, mailbox_id)))


def _mailboxes(viewer: Agent, mailbox_id: int | None) -> list[int]:
    return [m for m in viewer.readable if mailbox_id in (None, m)]
