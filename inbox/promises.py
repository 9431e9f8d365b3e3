"""How the promises of mailboxes were kept (M10), as tables that are as small as they can be.

A promise is counted in the period in which its wait began, once its time is up: counted at once,
the quick would be in before the slow. inbox.targets says what is promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from inbox.agents import Agent
from inbox.insight import Asked
from inbox.store import Session
from inbox.targets import KINDS, NEVER, Kind, State

MOST = 12
MINUTE, HOUR, DAY = 60, 3600, 86_400
# What people promise each other.
STEPS = (
    *(15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 16 * HOUR),
    *(DAY, 32 * HOUR, 40 * HOUR, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 14 * DAY),
)
# A first target should be within reach, and yet not be met by everything.
WITHIN_REACH = 0.75
LOOKED_BACK = timedelta(weeks=8)
FEWEST = 10
EVER = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """A promise that is still to be kept, or late already; so many are `late` and `at_risk` in
    all."""

    conversation_id: int
    kind: Kind
    due_at: datetime
    state: State
    left_seconds: float
    subject: str
    contact_name: str
    contact_address: str
    assignee: str
    late: int
    at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a mailbox promised from a moment on; nothing without `seconds`, which are open seconds
    of the `calendar`, or of the clock without one."""

    mailbox_id: int
    kind: Kind
    seconds: int | None
    calendar: str | None
    valid_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """How a mailbox did without a target: half took `median` seconds at most, and within `seconds`
    a `share` of all `n` were answered."""

    mailbox_id: int
    kind: Kind
    seconds: int
    share: float
    median: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Usual:
    mailbox_id: int
    kind: Kind
    step: int
    n: int
    inside: int
    median: float


def told(
    db: Session, viewer: Agent, asked: Asked, edges: Sequence[datetime], *, now: datetime
) -> pd.DataFrame:
    """day (which of `edges` it began after), due_day (of what was late; NaN of the rest),
    mailbox_id, kind, state (met, breached, closed_without_reply, running, or ahead: ended before
    its time is up) and n."""
    return db.frame(
        "promises.told",
        edges=list(edges),
        since=asked.since,
        until=asked.until,
        mailboxes=_mailboxes(viewer, asked.mailbox_id),
        tag=asked.tag,
        now=now,
    )


def pressing(
    db: Session, viewer: Agent, mailbox_id: int | None, tag: str | None, *, now: datetime
) -> list[Pressing]:
    """The next `MOST` that are due, then the `MOST` that were late last and are open still."""
    return db.all(
        "promises.pressing",
        Pressing,
        mailboxes=_mailboxes(viewer, mailbox_id),
        tag=tag,
        most=MOST,
        ever=EVER,
        never=NEVER,
        now=now,
    )


def behind(
    db: Session,
    viewer: Agent,
    asked: Asked,
    kind: Kind,
    states: Sequence[str],
    *,
    due: tuple[datetime, datetime] = (EVER, NEVER),
    now: datetime,
) -> list[int]:
    """The conversations of promises whose time is up, the late first; with `due` only of those
    that were due then."""
    found = db.rows(
        "promises.behind",
        kind=kind,
        states=list(states),
        since=asked.since,
        until=asked.until,
        due_from=due[0],
        due_until=due[1],
        mailboxes=_mailboxes(viewer, asked.mailbox_id),
        tag=asked.tag,
        now=now,
    )
    return [int(one) for (one,) in found]


def versions(db: Session, viewer: Agent) -> list[Version]:
    """All that the mailboxes the viewer may read promise and ever did, oldest first."""
    return db.all("promises.versions", Version, mailboxes=viewer.readable)


def hours(db: Session, viewer: Agent) -> dict[int, str | None]:
    """The calendar by which each mailbox the viewer may read counts, None for the clock."""
    return dict(db.rows("promises.hours", mailboxes=viewer.readable))


def suggestions(db: Session, viewer: Agent, *, now: datetime) -> dict[tuple[int, Kind], Suggestion]:
    """What could be promised, by the last weeks, in the mailboxes whose targets the viewer may
    set: the least that would have been kept three times out of four."""
    own = [one for one in viewer.readable if viewer.may("configure", one)]
    found: dict[tuple[int, Kind], Suggestion] = {}
    for row in db.all(
        "promises.usual", _Usual, mailboxes=own, since=now - LOOKED_BACK, steps=list(STEPS)
    ):
        is_reached = row.n >= FEWEST and row.inside >= WITHIN_REACH * row.n
        if is_reached and (row.mailbox_id, row.kind) not in found:
            found[row.mailbox_id, row.kind] = Suggestion(
                mailbox_id=row.mailbox_id,
                kind=row.kind,
                seconds=row.step,
                share=row.inside / row.n,
                median=row.median,
                n=row.n,
            )
    return found


def newest(versions: Sequence[Version], mailbox_id: int) -> dict[Kind, Version]:
    """What holds in a mailbox, kind by kind; what has been given up is not in it."""
    last = {one.kind: one for one in versions if one.mailbox_id == mailbox_id}
    return {kind: last[kind] for kind in KINDS if kind in last and last[kind].seconds}


def _mailboxes(viewer: Agent, mailbox_id: int | None) -> list[int]:
    return [m for m in viewer.readable if mailbox_id in (None, m)]
