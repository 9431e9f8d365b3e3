"""Customers whom nobody answered: mail that was missed, and mail that was closed over."""

from datetime import datetime
from typing import Literal

import pandas as pd

from inbox.agents import Agent
from inbox.insight import Asked
from inbox.store import Session

Kind = Literal["open", "closed", "last_word"]
"""Never answered and open; never answered and closed; answered before, and closed over a newer
mail of the customer's."""


def listed(db: Session, viewer: Agent, asked: Asked, *, now: datetime) -> pd.DataFrame:
    """conversation_id, mailbox_id, kind, since (naive UTC: the first mail that nobody answered),
    closed_at and seconds until now, whoever has waited longest first. What is open is told whatever
    the period, what is closed where `since` is in it."""
    return db.frame(
        "unanswered.listed",
        mailboxes=[m for m in viewer.readable if asked.mailbox_id in (None, m)],
        since=asked.since,
        until=asked.until,
        tag=asked.tag,
        now=now,
    )
