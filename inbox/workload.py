"""How much there was to do, and who did how much of it.

The team's figures are for whoever may read a mailbox. What one colleague had or did over a time is
told only to who may compare colleagues there, and to nobody who asks for the team alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from inbox.agents import Agent
from inbox.insight import Asked
from inbox.store import Session

NOBODY = 0
FIRST, LAST = date(1970, 1, 1), date(9999, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Moments `step` seconds apart from `since` on, the last of them now."""

    since: datetime
    until: datetime
    step: int

    @property
    def last(self) -> int:
        return -int(-(self.until - self.since).total_seconds() // self.step)

    def moments(self) -> list[datetime]:
        every = [self.since + timedelta(seconds=self.step * n) for n in range(self.last)]
        return [*every, self.until]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was open at a moment (naive UTC). `agent_id` is who had it, 0 for nobody and None for
    anybody; `stood_in` the mailboxes it may have been in then, empty for any."""

    at: datetime
    agent_id: int | None = None
    stood_in: tuple[int, ...] = ()


def depth(
    db: Session, viewer: Agent, asked: Asked, grid: Grid, *, is_team: bool = False
) -> pd.DataFrame:
    """kind (`open` or `waiting`), agent_id (0 is nobody; -1 is somebody, whom the viewer may not
    compare), place and change: by how much it grew at the grid's moment number `place`."""
    return db.frame(
        "workload.depth",
        **_where(viewer, asked),
        comparing=_comparing(viewer, asked, is_team=is_team),
        since=grid.since,
        until=grid.until,
        step=grid.step,
    )


def handled(db: Session, viewer: Agent, asked: Asked, *, is_team: bool = False) -> pd.DataFrame:
    """day (local, of the mailbox), agent_id and handled: conversations replied to or closed (M13).
    Rows without an agent are of the whole team; colleagues whom the viewer may not compare have
    none."""
    return db.frame(
        "workload.handled",
        **_where(viewer, asked),
        comparing=_comparing(viewer, asked, is_team=is_team),
        since=asked.since,
        until=asked.until,
    )


def loads(db: Session, viewer: Agent, asked: Asked, *, is_business: bool) -> pd.DataFrame:
    """agent_id, mean and p90 of the conversations that each colleague had open, weighed by how
    long, from their first of the period on; only of mailboxes where the viewer may compare."""
    where = _where(viewer, asked) | {"mailboxes": _comparing(viewer, asked)}
    return db.frame(
        "workload.loads",
        **where,
        since=asked.since,
        until=asked.until,
        is_business=is_business,
    )


def shift_ends(db: Session, viewer: Agent, asked: Asked) -> pd.DataFrame:
    """mailbox_id, shift_ended_at (naive UTC), unassigned, mean_seconds and longest_seconds, one row
    for each end of the open hours of each mailbox that has any (M12)."""
    return db.frame(
        "workload.shift_ends", **_where(viewer, asked), since=asked.since, until=asked.until
    )


def open_then(db: Session, viewer: Agent, asked: Asked, moment: Moment) -> list[int]:
    """The conversations that `depth` and `shift_ends` count at a moment, longest first. Of one
    colleague, only those in mailboxes where the viewer may compare."""
    where = _where(viewer, asked)
    if moment.agent_id:
        where["mailboxes"] = _comparing(viewer, asked)
    found = db.rows(
        "workload.open_then",
        **where,
        at=moment.at,
        agent_id=moment.agent_id,
        stood_in=list(moment.stood_in) or None,
    )
    return [number for (number,) in found]


def waiting_then(db: Session, viewer: Agent, asked: Asked, at: datetime) -> list[int]:
    """Whose customers waited at that moment, longest first."""
    found = db.rows("workload.waiting_then", **_where(viewer, asked), at=at)
    return [number for (number,) in found]


def handled_then(
    db: Session,
    viewer: Agent,
    asked: Asked,
    agent_id: int | None = None,
    *,
    first: date = FIRST,
    last: date = LAST,
) -> list[int]:
    """The conversations that `handled` counts on these days. Of one colleague, only those in
    mailboxes where the viewer may compare."""
    where = _where(viewer, asked)
    if agent_id is not None:
        where["mailboxes"] = _comparing(viewer, asked)
    found = db.rows(
        "workload.handled_then",
        **where,
        since=asked.since,
        until=asked.until,
        agent_id=agent_id,
        first=first,
        last=last,
    )
    return [number for (number,) in found]


def _where(viewer: Agent, asked: Asked) -> dict[str, object]:
    mailboxes = [m for m in viewer.readable if asked.mailbox_id in (None, m)]
    return {"mailboxes": mailboxes, "tag": asked.tag}


def _comparing(viewer: Agent, asked: Asked, *, is_team: bool = False) -> list[int]:
    """The mailboxes asked for whose colleagues the viewer may compare, and wants to."""
    mailboxes = [m for m in viewer.readable if asked.mailbox_id in (None, m)]
    return [m for m in mailboxes if viewer.may("compare", m) and not is_team]
