"""How long matters take, whether they stay closed, and how many replies they need (M6, M8, M11)."""

from datetime import datetime

import pandas as pd

from inbox.agents import Agent
from inbox.insight import Asked
from inbox.statistics import shares, waits
from inbox.statistics.estimates import Estimate
from inbox.statistics.waits import Curve
from inbox.store import Session

# So many replies and more are one bar.
MOST_REPLIES = 6


def begun(db: Session, viewer: Agent, asked: Asked, *, now: datetime) -> pd.DataFrame:
    """conversation_id, mailbox_id, began, outcome (resolved, closed_without_reply or open),
    is_open (now), first_seconds and last_seconds to its first and last close, and the same in
    business time (NaN without a calendar), one row a conversation that began in the period; what
    is open is as old as it is now."""
    return db.frame("resolutions.begun", now=now, **_asked(viewer, asked))


def closed(db: Session, viewer: Agent, asked: Asked, *, now: datetime) -> pd.DataFrame:
    """conversation_id, mailbox_id, closed_at, is_reopened (within seven days), is_settled (seven
    days are over), replies and is_one_touch (of a conversation's last close, once a reply had
    come), one row a close in the period."""
    return db.frame("resolutions.closed", now=now, **_asked(viewer, asked))


def timed(begun: pd.DataFrame, *, is_business: bool) -> pd.DataFrame:
    """With seconds as they are to be counted; what has no business time is left out then."""
    if not is_business:
        return begun
    names = {"first_seconds": "first_business_seconds", "last_seconds": "last_business_seconds"}
    return begun.assign(**{to: begun[name] for to, name in names.items()}).dropna(
        subset=list(names)
    )


def first(begun: pd.DataFrame) -> Curve:
    """The share that has not been closed once; a close without a reply is no resolution, and how
    long one would have taken is not known."""
    return waits.curve(begun["first_seconds"], begun["outcome"] == "resolved")


def final(begun: pd.DataFrame) -> Curve:
    """The share that is not closed for good: what was opened again goes on."""
    is_done = (begun["outcome"] == "resolved") & ~begun["is_open"].astype(bool)
    return waits.curve(begun["last_seconds"], is_done)


def reopened(closed: pd.DataFrame) -> tuple[Estimate, int]:
    """What share of closes was opened again within a week, of those that are a week old."""
    settled = closed.loc[closed["is_settled"].astype(bool)]
    return shares.wilson(int(settled["is_reopened"].sum()), len(settled)), len(settled)


def one_touch(closed: pd.DataFrame) -> tuple[Estimate, int]:
    """What share needed a single reply and stayed closed, of what was resolved a week ago."""
    settled = resolved(closed.loc[closed["is_settled"].astype(bool)])
    return shares.wilson(int(settled["is_one_touch"].sum()), len(settled)), len(settled)


def resolved(closed: pd.DataFrame) -> pd.DataFrame:
    """The last closes of what was answered."""
    return closed.dropna(subset=["replies"]).astype({"replies": int, "is_one_touch": bool})


def touches(closed: pd.DataFrame) -> pd.DataFrame:
    """replies (from 1, `MOST_REPLIES` stands for all more) and n."""
    counts = resolved(closed)["replies"].clip(upper=MOST_REPLIES).value_counts()
    every = range(1, MOST_REPLIES + 1)
    found = counts.reindex(every, fill_value=0).rename_axis("replies")
    return found.rename("n").reset_index()


def _asked(viewer: Agent, asked: Asked) -> dict[str, object]:
    return {
        "mailboxes": [m for m in viewer.readable if asked.mailbox_id in (None, m)],
        "since": asked.since,
        "until": asked.until,
        "tag": asked.tag,
    }
