"""Snooze: out of the queues until a moment, and back by itself.

A customer's mail wakes a conversation at once (see ingest.standing), unless it was asked to sleep
through a thanks and the mail is nothing else. Claiming and assigning leave it asleep.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal

from inbox import conversations, events
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.events import SYSTEM, NewEvent
from inbox.store import Session

LONGEST = timedelta(days=730)
MORNING = time(8)

When = Literal["3 hours", "tomorrow", "monday", "next week"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sleeper:
    id: int
    mailbox_id: int
    snoozed_until: datetime


def moments(now: datetime, where: tzinfo) -> dict[When, datetime]:
    """The moments that are offered, as naive UTC, counted in the agent's own zone."""
    local = now.replace(tzinfo=UTC).astimezone(where)
    to_monday = 7 - local.weekday()
    days = {"tomorrow": 1, "monday": to_monday, "next week": 7}
    mornings = {
        name: in_zone(local + timedelta(days=n), MORNING, where) for name, n in days.items()
    }
    in_three_hours = (now + timedelta(hours=3)).replace(second=0, microsecond=0)
    return {"3 hours": in_three_hours, **mornings}  # type: ignore[dict-item]


def in_zone(day: datetime, clock: time, where: tzinfo) -> datetime:
    """That day at that time in the zone, as naive UTC. A time that the zone leaves out in spring
    is the same time an hour later; of one that it has twice, the first."""
    local = datetime.combine(day.date(), clock, tzinfo=where)
    return local.astimezone(UTC).replace(tzinfo=None)


def snooze(
    db: Session,
    agent: Agent,
    conversation_id: int,
    until: datetime,
    stays: bool = False,
    *,
    now: datetime,
) -> None:
    """Let an open conversation sleep until then (naive UTC); with `stays`, through a customer's
    thanks too. One that sleeps already is given the new moment.

    Raises Invalid for a moment that is over or too far away, and where nothing is to be done.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    check(until, now)
    if found.status == "closed" or found.spam_at or found.trashed_at:
        raise Invalid("conversation", "Only what is open can be snoozed.")
    if (found.snoozed_until, found.snooze_stays) == (until, stays):
        return
    db.change("snoozing.snooze", conversation_id=found.id, until=until, stays=stays)
    events.record(
        db,
        agent,
        "snoozed",
        found.id,
        mailbox_id=found.mailbox_id,
        before={"until": found.snoozed_until.isoformat()} if found.snoozed_until else None,
        after={"until": until.isoformat(), "stays": stays},
        now=now,
    )


def check(until: datetime, now: datetime) -> None:
    """Raises Invalid for a moment that is over or too far away."""
    if until <= now:
        raise Invalid("until", "That moment is over. Choose one that is still to come.")
    if until - now > LONGEST:
        raise Invalid("until", "That is more than two years away.")


def wake(db: Session, agent: Agent, conversation_id: int, *, now: datetime) -> None:
    """Have it back at once. One that is awake stays so."""
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("triage", found.mailbox_id)
    if found.snoozed_until is None:
        return
    db.change("snoozing.wake", ids=[found.id])
    events.record(
        db,
        agent,
        "woken",
        found.id,
        mailbox_id=found.mailbox_id,
        before={"until": found.snoozed_until.isoformat()},
        now=now,
    )


def is_any_due(db: Session, *, now: datetime) -> bool:
    return bool(db.rows("snoozing.due", now=now))


def wake_due(db: Session, *, now: datetime) -> int:
    """Wake everything whose moment has come, however long ago; answer how many. The diary says
    when the moment was, and when it was seen."""
    due = db.all("snoozing.due", _Sleeper, now=now)
    if not due:
        return 0
    db.change("snoozing.wake", ids=[s.id for s in due])
    events.record_all(
        db,
        [
            NewEvent(
                kind="woken",
                actor=SYSTEM,
                occurred_at=sleeper.snoozed_until,
                recorded_at=now,
                mailbox_id=sleeper.mailbox_id,
                conversation_id=sleeper.id,
                before={"until": sleeper.snoozed_until.isoformat()},
            )
            for sleeper in due
        ],
    )
    return len(due)
