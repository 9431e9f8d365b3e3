"""Who takes new work now: a switch by hand, working hours, dates out of office and shifts.

Whoever is away gets no new work and keeps what is open, unless an absence says that it goes back.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from inbox import conversations, events, handover, hours, notes, schedule
from inbox.agents import Agent, the_house
from inbox.errors import Invalid, NotFound
from inbox.hours import Span
from inbox.schedule import Presence, Schedule, Stance
from inbox.store import Session

WEEK = timedelta(days=7)
LONGEST_ABSENCE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Dates out of office, naive UTC. `gives_back`: at its beginning, what is open goes back."""

    id: int
    agent_id: int
    starts_at: datetime
    ends_at: datetime
    gives_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    id: int
    name: str
    stance: Stance
    stance_until: datetime | None
    hours: str
    time_zone: str
    away_from: list[datetime] | None
    away_until: list[datetime] | None
    shifts_from: list[datetime] | None
    shifts_until: list[datetime] | None


def of_team(db: Session, viewer: Agent, mailbox_id: int, *, now: datetime) -> list[Presence]:
    """Everybody who may answer in this mailbox, by name, and whether they are there."""
    viewer.must("read", mailbox_id)
    return [schedule.at(known, now) for known in _schedules(db, None, [mailbox_id], now)]


def of_teams(
    db: Session, viewer: Agent, mailbox_id: int | None = None, *, now: datetime
) -> list[Presence]:
    """Everybody who may answer in this mailbox, or in any that the viewer may read, by name."""
    mailboxes = [m for m in viewer.readable if mailbox_id in (None, m)]
    return [schedule.at(known, now) for known in _schedules(db, None, mailboxes, now)]


def own(db: Session, viewer: Agent, *, now: datetime) -> tuple[Schedule, Presence]:
    """One's own times, and what they come to now."""
    known = _one(db, viewer.id, now)
    return known, schedule.at(known, now)


def absences(db: Session, viewer: Agent, *, now: datetime) -> list[Absence]:
    """One's own dates out of office that are not over yet."""
    return db.all("availability.absences", Absence, agent_ids=[viewer.id], now=now)


def switch(
    db: Session,
    agent: Agent,
    stance: Stance,
    until: datetime | None = None,
    *,
    now: datetime,
) -> None:
    """Say by hand that one is here or away, until a moment or for good; `auto` lets the times
    decide again."""
    if stance not in ("auto", "here", "away"):
        raise Invalid("stance", "One is here, or away, or as the working hours say.")
    if until is not None and until <= now:
        raise Invalid("until", "This moment is over.")
    before = _one(db, agent.id, now)
    until = None if stance == "auto" else until
    if (before.stance, before.stance_until) == (stance, until):
        return
    db.change("availability.switch", agent_id=agent.id, stance=stance, until=until)
    _tell(db, agent, "availability_switched", {"stance": stance}, now=now)


def step(known: Schedule, now_is: Presence, *, now: datetime) -> Stance:
    """What one press on the switch means: away for who is here, here for who is away, and as the
    hours and dates say where they say just that."""
    calm = schedule.at(replace(known, stance="auto", stance_until=None), now)
    if calm.is_here is not now_is.is_here:
        return "auto"
    return "away" if now_is.is_here else "here"


def set_hours(db: Session, agent: Agent, lines: Sequence[str], *, now: datetime) -> None:
    """Set one's working hours, a line for each weekday from Monday; all empty for always."""
    week = hours.checked(lines)
    if week.strip() == _one(db, agent.id, now).hours.strip():
        return
    db.change("availability.set_hours", agent_id=agent.id, hours=week if week.strip() else "")
    _tell(db, agent, "hours_set", {"hours": week}, now=now)


def add_absence(
    db: Session,
    agent: Agent,
    starts_at: datetime,
    ends_at: datetime,
    *,
    gives_back: bool = False,
    now: datetime,
) -> int:
    """Be out of office between two moments; answer the absence's id."""
    if ends_at <= starts_at or ends_at <= now:
        raise Invalid("ends_at", "The last day is before the first, or over already.")
    if ends_at - starts_at > LONGEST_ABSENCE:
        raise Invalid("ends_at", "An absence is at most a year long.")
    found: int = db.value(
        "availability.add_absence",
        agent_id=agent.id,
        starts_at=starts_at,
        ends_at=ends_at,
        gives_back=gives_back,
    )
    _tell(db, agent, "absence_added", {"absence_id": found}, now=now)
    return found


def cancel_absence(db: Session, agent: Agent, absence_id: int, *, now: datetime) -> None:
    """One is there after all. Raises NotFound for a colleague's."""
    found = db.one("availability.absence", Absence, absence_id=absence_id)
    if found is None or found.agent_id != agent.id:
        raise NotFound("absence")
    db.change("availability.cancel_absence", absence_id=absence_id, now=now)
    _tell(db, agent, "absence_cancelled", {"absence_id": absence_id}, now=now)


def give(
    db: Session,
    agent: Agent,
    conversation_id: int,
    assignee_id: int,
    *,
    words: str = "",
    now: datetime,
) -> None:
    """Hand over, as new work, with a word that stands as a note: refused for a colleague who is
    away; nobody is away to themselves."""
    must_be_here(db, agent, assignee_id, now=now)
    if words.strip():
        notes.add(db, agent, conversation_id, words, now=now)
    conversations.assign(db, agent, conversation_id, assignee_id, now=now)


def must_be_here(db: Session, agent: Agent, assignee_id: int, *, now: datetime) -> None:
    """Raises Invalid where a colleague takes no new work now."""
    found = next(iter(_schedules(db, [assignee_id], None, now)), None)
    if found is not None and assignee_id != agent.id and not schedule.at(found, now).is_here:
        raise Invalid(
            "assignee", "{name} is away and gets no new work. Choose a colleague.", name=found.name
        )


def give_back(db: Session, *, now: datetime) -> int:
    """For the house: what is open goes back to the queue where an absence begins that says so;
    answer how many absences did."""
    begun = db.rows("availability.beginning", now=now)
    for absence_id, agent_id in begun:
        handover.release(db, the_house(), agent_id, None, uuid.uuid4().hex, now=now)
        db.change("availability.given_back", absence_id=absence_id, now=now)
    return len(begun)


def _one(db: Session, agent_id: int, now: datetime) -> Schedule:
    found = next(iter(_schedules(db, [agent_id], None, now)), None)
    if found is None:
        raise NotFound("agent")
    return found


def _schedules(
    db: Session, agent_ids: list[int] | None, mailboxes: list[int] | None, now: datetime
) -> list[Schedule]:
    standing = db.all(
        "availability.standing",
        _Standing,
        agent_ids=agent_ids,
        mailboxes=mailboxes,
        now=now,
        since=now - WEEK,
        until=now + WEEK,
    )
    return [
        Schedule(
            agent_id=one.id,
            name=one.name,
            stance=one.stance,
            stance_until=one.stance_until,
            hours=one.hours,
            time_zone=one.time_zone,
            absences=_spans(one.away_from, one.away_until),
            shifts=_spans(one.shifts_from, one.shifts_until),
        )
        for one in standing
    ]


def _spans(starts: list[datetime] | None, ends: list[datetime] | None) -> tuple[Span, ...]:
    pairs = zip(starts or (), ends or (), strict=True)
    return tuple(Span(starts_at=start, ends_at=end) for start, end in pairs)


def _tell(db: Session, agent: Agent, kind: str, after: dict[str, Any], *, now: datetime) -> None:
    events.record(db, agent, kind, None, now=now, after={"agent_id": agent.id, **after})
