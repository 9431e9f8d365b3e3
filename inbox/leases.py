"""Claims on which nobody works go back to the team, so that no customer waits for somebody who
does not come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import events
from inbox.agents import Agent
from inbox.attendance import Attendance
from inbox.events import SYSTEM
from inbox.settings import Settings
from inbox.store import Session

MOST_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """A claim whose customer waits and whose assignee has done nothing for too long."""

    id: int
    mailbox_id: int
    assignee_id: int


def idle(db: Session, settings: Settings, attendance: Attendance, *, now: datetime) -> list[Idle]:
    """None while `claim_lease_hours` is 0. A reply, a note, a draft that is saved or has words in
    it, mail on its way and looking at the conversation are all work."""
    if settings.claim_lease_hours <= 0:
        return []
    since = now - timedelta(hours=settings.claim_lease_hours)
    return [
        claim
        for claim in db.all("leases.idle", Idle, since=since)
        if (attendance.last(claim.assignee_id, claim.id) or since) <= since
    ]


def let_lapse(db: Session, settings: Settings, attendance: Attendance, *, now: datetime) -> int:
    """Put them back among the unassigned, and tell those who had them; answer how many."""
    found = idle(db, settings, attendance, now=now)
    for claim in found:
        db.change("conversations.assign", conversation_id=claim.id, assignee_id=None)
        events.record(
            db,
            SYSTEM,
            "released",
            claim.id,
            mailbox_id=claim.mailbox_id,
            before={"assignee_id": claim.assignee_id},
            after={"assignee_id": None, "idle_hours": settings.claim_lease_hours},
            now=now,
        )
        db.run(
            "leases.note",
            mailbox_id=claim.mailbox_id,
            conversation_id=claim.id,
            agent_id=claim.assignee_id,
            now=now,
        )
    return len(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """A claim that an agent has lost so."""

    id: int
    lapsed_at: datetime
    conversation_id: int
    subject: str


def told(db: Session, viewer: Agent) -> list[Lapsed]:
    """The viewer's own lapsed claims that he has not confirmed to have seen, newest first."""
    return db.all(
        "leases.told",
        Lapsed,
        agent_id=viewer.id,
        mailboxes=viewer.readable,
        most=MOST_TOLD,
    )


def seen(db: Session, agent: Agent, newest: int, *, now: datetime) -> None:
    """The agent has read of his lapsed claims, up to this one; leaves no event."""
    db.change("leases.see", agent_id=agent.id, newest=newest, now=now)
