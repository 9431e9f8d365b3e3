"""The first three minutes: what history says, as soon as it is imported, to who decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import events
from inbox.agents import Agent
from inbox.store import Session

DAYS = 28
# So long after the newest of one's mailboxes was connected.
SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The last weeks, with how many first waits were answered; `seconds` is their median."""

    answered: int
    unanswered: int
    duplicates: int
    seconds: float | None

    @property
    def n(self) -> int:
        return self.answered + self.unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    newest: datetime | None
    is_dismissed: bool
    duplicates: int
    answered: int
    unanswered: int
    seconds: float | None


def decides(viewer: Agent) -> bool:
    """Whether the viewer is told: an admin, or whoever manages a mailbox."""
    return viewer.is_admin or any(viewer.may("configure", one) for one in viewer.readable)


def told(db: Session, viewer: Agent, since: datetime, *, now: datetime) -> Look | None:
    """What the mail since then says; None for who does not decide, has put it away or has had these
    mailboxes for a while."""
    if not decides(viewer) or not viewer.readable:
        return None
    found = db.one(
        "first_look.told",
        _Row,
        mailboxes=viewer.readable,
        agent_id=viewer.id,
        since=since,
        now=now,
    )
    if found is None or found.is_dismissed or found.newest is None:
        return None
    if now >= found.newest + SHOWN:
        return None
    return Look(
        answered=found.answered,
        unanswered=found.unanswered,
        duplicates=found.duplicates,
        seconds=found.seconds,
    )


def dismiss(db: Session, agent: Agent, *, now: datetime) -> None:
    """Put it away for good, for oneself."""
    db.run("first_look.dismiss", agent_id=agent.id, now=now)
    events.record(db, agent, "first_look_dismissed", None, now=now)
