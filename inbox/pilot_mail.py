"""What mail alone tells of a pilot and of the time before it.

Before a pilot nothing was closed, taken or put off, so nothing of that may count: a wait lasts
until the first reply, whether or not somebody closed the conversation before. Numbers are of one
moment: what came after it has not happened yet.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from inbox import public_holidays, tongues
from inbox.agents import Agent
from inbox.pilot import COLUMNS, Period
from inbox.pilot_plans import Pilot
from inbox.store import Session

# Whoever has waited longer will hardly be answered: history knows no other way out of the queue.
QUEUED_DAYS = 7
# Of each period, enough to know its languages to a point or two.
SAMPLE = 1500
WEEKDAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """Customers who waited for a reply at the end of working days, for a week at most."""

    median: float
    worst: float
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`waits` are all first waits: conversation_id, mailbox_id, began, day, is_pilot, is_answered,
    seconds. `doubled` are the conversations of turns with a duplicate, before and since; `here` and
    `outside` count the pilot's replies by where they were sent, `elsewhere` has the conversations
    of the latter. `voids` were put into spam or the trash, before and since."""

    at: datetime
    waits: pd.DataFrame
    before: Period
    pilot: Period
    depths: tuple[Depth, Depth]
    doubled: tuple[list[int], list[int]]
    here: int
    outside: int
    elsewhere: list[int]
    voids: tuple[int, int]
    knows_holidays: bool

    @property
    def adoption(self) -> float | None:
        """The share of replies that were sent from here."""
        both = self.here + self.outside
        return self.here / both if both else None


@dataclass(frozen=True, slots=True)
class _Hours:
    hours: str
    country: str
    subdivision: str
    days: str


def told(db: Session, viewer: Agent, known: Pilot, *, now: datetime) -> Told:
    """Both periods as of `now`, for who may read every mailbox of the pilot."""
    plan = known.plan
    for mailbox_id in plan.mailboxes:
        viewer.must("read", mailbox_id)
    asked: dict[str, Any] = {"mailboxes": list(plan.mailboxes), "now": now}
    span = {"before": plan.before, "until": min(known.until, now)}
    found = db.frame("pilot_mail.waits", **asked, **span, since=plan.since, zone=plan.time_zone)
    voids = tuple(int((found["is_void"] & (found["is_pilot"] == part)).sum()) for part in (0, 1))
    waits = _counted(found.loc[~found["is_void"]], is_business=plan.is_business)
    waits["language"] = _languages(db, waits)
    turns = {
        row[0]: row[1:] for row in db.rows("pilot_mail.turns", **asked, **span, since=plan.since)
    }
    depth = _depth(db, known, span, asked)
    calendars = db.all("pilot_mail.calendars", _Hours, mailboxes=list(plan.mailboxes))
    periods, depths, doubled = [], [], []
    for part, (first, last) in enumerate(_days(known, waits, now)):
        n, twice, conversations = turns.get(bool(part), (0, 0, []))
        working, holidays = _working(calendars, first, last)
        periods.append(
            Period(
                waits=waits.loc[waits["is_pilot"] == bool(part), list(COLUMNS)],
                turns=n,
                turns_with_duplicates=twice,
                working_days=len(working),
                holidays=holidays,
                carried_in=int(depth.get(pd.Timestamp(first), 0)),
            )
        )
        depths.append(_deep(depth, working))
        doubled.append(list(dict.fromkeys(c for c in conversations if c is not None)))
    sent = {
        row[0]: row[1:]
        for row in db.rows("pilot_mail.replies", **asked, since=plan.since, until=span["until"])
    }
    return Told(
        at=now,
        waits=waits,
        before=periods[0],
        pilot=periods[1],
        depths=(depths[0], depths[1]),
        doubled=(doubled[0], doubled[1]),
        here=sent.get(True, (0, []))[0],
        outside=sent.get(False, (0, []))[0],
        elsewhere=list(dict.fromkeys(sent.get(False, (0, []))[1])),
        voids=(voids[0], voids[1]),
        knows_holidays=any(one.country for one in calendars),
    )


def _counted(found: pd.DataFrame, *, is_business: bool) -> pd.DataFrame:
    """With `seconds` as the rule counts them, and what else a period is told by."""
    waits = found.assign(mailbox=found["mailbox_id"].astype(str))
    if is_business:
        waits = waits.assign(seconds=waits["business_seconds"]).dropna(subset=["seconds"])
    return waits.assign(seconds=waits["seconds"].clip(lower=0.0).astype(float))


def _languages(db: Session, waits: pd.DataFrame) -> "pd.Series[str]":
    """Of as many as are looked at; nothing for the others, which no mix counts."""
    looked = pd.concat(
        [part.iloc[:: max(1, len(part) // SAMPLE)] for _key, part in waits.groupby("is_pilot")]
        or [waits]
    )
    ids = [int(one) for one in looked["message_id"]]
    rows = db.rows("pilot_mail.beginnings", ids=ids) if ids else []
    known = {message_id: tongues.guess(words or "") for message_id, words in rows}
    return waits["message_id"].map(known).astype(object)


def _days(known: Pilot, waits: pd.DataFrame, now: datetime) -> Iterator[tuple[date, date]]:
    """The first local day of each period and the day after its last. “Before” begins with its first
    mail, when history is shorter than was asked for."""
    plan = known.plan
    earlier = waits.loc[~waits["is_pilot"].astype(bool), "day"]
    first = plan.starts_on - timedelta(weeks=plan.weeks_before)
    yield (
        (max(first, pd.Timestamp(earlier.min()).date()) if len(earlier) else first),
        plan.starts_on,
    )
    until = _local(min(known.until, now) - timedelta(microseconds=1), plan.time_zone)
    yield plan.starts_on, max(plan.starts_on, until + timedelta(days=1))


def _local(moment: datetime, zone: str) -> date:
    there = pd.Timestamp(moment).tz_localize("UTC").tz_convert(ZoneInfo(zone))
    return there.date()


def _depth(
    db: Session, known: Pilot, span: dict[str, datetime], asked: dict[str, Any]
) -> "pd.Series[int]":
    """How many waited when each local day began."""
    rows = db.rows("pilot_mail.depth", **asked, **span, days=QUEUED_DAYS, zone=known.plan.time_zone)
    if not rows:
        return pd.Series(dtype=int)
    found = pd.Series({pd.Timestamp(day) + pd.Timedelta(days=1): n for day, n in rows})
    every = pd.date_range(found.index.min(), _local(asked["now"], known.plan.time_zone))
    return found.reindex(every, fill_value=0).cumsum().astype(int)


def _deep(depth: "pd.Series[int]", working: list[date]) -> Depth:
    ends = [pd.Timestamp(day) + pd.Timedelta(days=1) for day in working]
    found = depth.reindex([end for end in ends if end in depth.index])
    if found.empty:
        return Depth(median=float("nan"), worst=float("nan"), days=0)
    return Depth(median=float(found.median()), worst=float(found.max()), days=len(found))


def _working(calendars: list[_Hours], first: date, last: date) -> tuple[list[date], int]:
    """The days on which any of them is open, Monday to Friday without one; and on how many more
    they would be, were it not for a public holiday."""
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    if not calendars:
        return [day for day in days if day.weekday() < WEEKDAYS], 0
    working, holidays = [], 0
    own = [json.loads(one.days) for one in calendars]
    years = tuple(range(first.year, last.year + 1))
    closed = [public_holidays.of(one.country, one.subdivision, years) for one in calendars]
    for day in days:
        usual = [bool(one.hours.split("\n")[day.weekday()].strip()) for one in calendars]
        open_ = [
            bool(its.get(day.isoformat(), "" if day in off else "x" if is_usual else "").strip())
            for is_usual, its, off in zip(usual, own, closed, strict=True)
        ]
        if any(open_):
            working.append(day)
        elif any(usual) and any(day in off for off in closed):
            holidays += 1
    return working, holidays
