"""Within how long a mailbox wants its customers answered, and how its promises stand.

A target is never edited: setting one writes another version, which holds for what begins from then
on. What began before is measured by what was promised then, in the hours that held then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox import events
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.store import Session

Kind = Literal["first_reply", "next_reply", "resolution"]
State = Literal["running", "at_risk", "breached", "met", "closed_without_reply"]
KINDS: tuple[Kind, ...] = ("first_reply", "next_reply", "resolution")
SHORTEST, LONGEST = 60, 366 * 86_400
NEVER = datetime(9999, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`seconds` are open seconds of the `calendar`, or seconds of the clock without one."""

    kind: Kind
    seconds: int
    calendar: str | None
    valid_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One wait, or one conversation to be resolved, against its target. `left_seconds` are negative
    once it is late, and None when it has ended."""

    conversation_id: int
    mailbox_id: int
    kind: Kind
    turn_no: int | None
    started_at: datetime
    ended_at: datetime | None
    target_seconds: int
    is_business: bool
    due_at: datetime
    state: State
    left_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    kind: Kind
    seconds: int | None
    calendar: str | None
    valid_from: datetime


def of_mailbox(db: Session, viewer: Agent, mailbox_id: int) -> dict[Kind, Target]:
    """What holds in a mailbox now; a kind without a target is not in it."""
    viewer.must("read", mailbox_id)
    return {
        kind: Target(
            kind=kind,
            seconds=found.seconds,
            calendar=found.calendar,
            valid_from=found.valid_from,
        )
        for kind, found in _newest(db, mailbox_id).items()
        if found.seconds is not None
    }


def set_target(
    db: Session,
    agent: Agent,
    mailbox_id: int,
    kind: Kind,
    seconds: int | None,
    *,
    since: datetime | None = None,
    now: datetime,
) -> None:
    """Promise an answer within so many (open) seconds from now on, or nothing any more. The first
    target of a kind may hold `since` an earlier moment. What holds already changes nothing."""
    agent.must("configure", mailbox_id)
    if kind not in KINDS:
        raise Invalid("kind", "There is no such target.")
    if seconds is not None and not SHORTEST <= seconds <= LONGEST:
        raise Invalid("seconds", "A target is at least a minute and at most a year.")
    newest = _newest(db, mailbox_id).get(kind)
    had = newest.seconds if newest else None
    if had == seconds:
        return
    if since is not None and newest is not None:
        raise Invalid("since", "A target that replaces another holds from now on.")
    event_id = events.record(
        db,
        agent,
        "target_set",
        None,
        mailbox_id=mailbox_id,
        before={"kind": kind, "seconds": had},
        after={"kind": kind, "seconds": seconds},
        now=now,
    )
    calendar = db.value("targets.calendar_of", mailbox_id=mailbox_id)
    _add(db, mailbox_id, kind, seconds, calendar, since or now, event_id)


def set_targets(
    db: Session,
    agent: Agent,
    mailbox_id: int,
    seconds: Mapping[Kind, int | None],
    *,
    since: datetime | None = None,
    now: datetime,
) -> None:
    """Set several, all of them or none; `since` holds for kinds that never had a target. A refusal
    names the kind as its field."""
    agent.must("configure", mailbox_id)
    known = _newest(db, mailbox_id)
    for kind, wanted in seconds.items():
        begins = since if wanted is not None and kind not in known else None
        try:
            set_target(db, agent, mailbox_id, kind, wanted, since=begins, now=now)
        except Invalid as refusal:
            refusal.field = kind
            raise


def follow_calendar(
    db: Session, mailbox_id: int, calendar: str | None, event_id: int, *, now: datetime
) -> None:
    """Part of choosing another calendar: what begins from now on is measured by its hours."""
    for kind, found in _newest(db, mailbox_id).items():
        if found.seconds is not None and found.calendar != calendar:
            _add(db, mailbox_id, kind, found.seconds, calendar, now, event_id)


def promises(
    db: Session,
    viewer: Agent,
    *,
    since: datetime,
    until: datetime = NEVER,
    is_open: bool | None = None,
    now: datetime,
) -> list[Promise]:
    """What began in this time in the mailboxes the viewer may read, what is due first in front;
    with `is_open` only what has not ended, or has."""
    return db.all(
        "targets.promises",
        Promise,
        mailboxes=viewer.readable,
        since=since,
        until=until,
        is_open=is_open,
        now=now,
    )


def _newest(db: Session, mailbox_id: int) -> dict[Kind, _Version]:
    """The version of each kind that was written last."""
    found = db.all("targets.versions", _Version, mailbox_id=mailbox_id)
    return {version.kind: version for version in found}


def _add(
    db: Session,
    mailbox_id: int,
    kind: Kind,
    seconds: int | None,
    calendar: str | None,
    valid_from: datetime,
    event_id: int,
) -> None:
    db.run(
        "targets.add",
        mailbox_id=mailbox_id,
        kind=kind,
        seconds=seconds,
        calendar=calendar,
        valid_from=valid_from,
        event_id=event_id,
    )
