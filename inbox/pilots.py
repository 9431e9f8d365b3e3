"""Pilots: which mailboxes, from which day on, and the rule that was set before that day.

A pilot may be changed or withdrawn until its first day; from then on its rule is frozen, and all
that can be done is to end it early. Nothing is overwritten: each word on it is a version, and a
pilot that was ended or repeated is told beside the next.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from inbox import events, people, pilot_plans
from inbox.agents import Agent
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from inbox.events import NewEvent
from inbox.pilot_plans import Metric, Pilot, Plan, Rule, Word
from inbox.store import Session

MOST_WEEKS = 26
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    pilot_id: int
    version: int
    kind: str
    mailboxes: str
    metric: Metric
    target: float
    margin: float
    promised: float
    is_business: bool
    weeks_before: int
    starts_on: date
    weeks: int
    time_zone: str
    written_at: datetime
    written_by: str


def of_viewer(db: Session, viewer: Agent) -> list[Pilot]:
    """The pilots of mailboxes all of which the viewer may read, the newest first."""
    readable = set(viewer.readable)
    return [one for one in _every(db) if readable.issuperset(one.plan.mailboxes)]


def may_set(viewer: Agent, mailboxes: Sequence[int]) -> bool:
    """Whether the viewer may set the rule of a pilot of these mailboxes."""
    return viewer.is_admin or all(viewer.may("configure", one) for one in mailboxes)


def plan(db: Session, agent: Agent, wanted: Plan, *, now: datetime) -> int:
    """Set the rule of a pilot that begins on a later day; answer its id. Raises Invalid for a rule
    that decides nothing, a day that has begun, and a mailbox of which a pilot is planned or goes on
    already."""
    found = _checked(db, agent, wanted, now)
    _must_be_free(db, found, None, now)
    return _write(db, agent, "planned", found, None, now)


def change(db: Session, agent: Agent, pilot_id: int, wanted: Plan, *, now: datetime) -> None:
    """Set another rule, day or mailboxes. Raises TooLate once it has begun."""
    known = _mine(db, agent, pilot_id)
    _must_be_planned(known, now)
    found = _checked(db, agent, wanted, now)
    _must_be_free(db, found, pilot_id, now)
    if found != known.plan:
        _write(db, agent, "changed", found, known, now)


def withdraw(db: Session, agent: Agent, pilot_id: int, *, now: datetime) -> None:
    """Call it off before its first day. Raises TooLate once it has begun."""
    known = _mine(db, agent, pilot_id)
    _must_be_planned(known, now)
    _write(db, agent, "withdrawn", known.plan, known, now)


def end(db: Session, agent: Agent, pilot_id: int, *, now: datetime) -> None:
    """End it before the day that was set; that it was is told wherever it is."""
    known = _mine(db, agent, pilot_id)
    if known.state(now) != "running":
        raise TooLate("Only a pilot that goes on can be ended.")
    _write(db, agent, "ended", known.plan, known, now)


def _every(db: Session) -> list[Pilot]:
    rows: dict[int, list[_Row]] = {}
    for row in db.all("pilots.versions", _Row):
        rows.setdefault(row.pilot_id, []).append(row)
    return [
        Pilot(
            id=pilot_id,
            plan=_planned(its[-1]),
            words=tuple(Word(kind=r.kind, by=r.written_by, at=r.written_at) for r in its),
        )
        for pilot_id, its in rows.items()
    ]


def _planned(row: _Row) -> Plan:
    rule = Rule(metric=row.metric, target=row.target, margin=row.margin, promised=row.promised)
    return Plan(
        mailboxes=tuple(json.loads(row.mailboxes)),
        rule=rule,
        starts_on=row.starts_on,
        weeks=row.weeks,
        weeks_before=row.weeks_before,
        time_zone=row.time_zone,
        is_business=row.is_business,
    )


def _mine(db: Session, agent: Agent, pilot_id: int) -> Pilot:
    """The pilot, for who may set its rule. Who may not even read its mailboxes finds none."""
    known = next((one for one in _every(db) if one.id == pilot_id), None)
    readable = known and set(agent.readable).issuperset(known.plan.mailboxes)
    if known is None or not (agent.is_admin or readable):
        raise NotFound("pilot")
    _must(agent, known.plan.mailboxes)
    return known


def _must(agent: Agent, mailboxes: Sequence[int]) -> None:
    if agent.is_admin:
        return
    for one in mailboxes:
        if not agent.may("read", one):
            raise NotFound("mailbox")
        if not agent.may("configure", one):
            raise NotAllowed("configure")


def _must_be_planned(known: Pilot, now: datetime) -> None:
    if known.state(now) != "planned":
        raise TooLate("It has begun: its rule is frozen.")


def _checked(db: Session, agent: Agent, wanted: Plan, now: datetime) -> Plan:
    mailboxes = tuple(sorted(set(wanted.mailboxes)))
    _must(agent, mailboxes)
    if not mailboxes or db.column("pilots.known_mailboxes", mailboxes=list(mailboxes)) != list(
        mailboxes
    ):
        raise Invalid("mailboxes", "Choose the mailboxes of the pilot.")
    pilot_plans.checked(wanted.rule)
    if wanted.time_zone not in people.time_zones():
        raise Invalid("time_zone", "There is no such time zone.")
    if not 1 <= wanted.weeks <= MOST_WEEKS or not 1 <= wanted.weeks_before <= MOST_WEEKS:
        raise Invalid("weeks", "A pilot is told in 1 to {most} whole weeks.", most=MOST_WEEKS)
    if not now < wanted.since < now + AHEAD:
        raise Invalid("starts_on", "The rule is set before the first day: choose a later one.")
    if wanted.is_business and db.value("pilots.without_calendar", mailboxes=list(mailboxes)):
        raise Invalid("is_business", "Without a calendar a mailbox has no business time.")
    return replace(wanted, mailboxes=mailboxes)


def _must_be_free(db: Session, wanted: Plan, but: int | None, now: datetime) -> None:
    for one in _every(db):
        is_open = one.id != but and one.state(now) in {"planned", "running"}
        if is_open and set(one.plan.mailboxes) & set(wanted.mailboxes):
            raise Invalid("mailboxes", "A pilot of one of these mailboxes is under way: end it.")


def _write(
    db: Session, agent: Agent, kind: str, wanted: Plan, known: Pilot | None, now: datetime
) -> int:
    """One version, and a line in the diary for each mailbox."""
    said = _told(wanted)
    before = _told(known.plan) if known and kind == "changed" else None
    actor = events.as_actor(agent)
    after = said if known is None else {"pilot_id": known.id, **said}
    lines = [
        NewEvent(
            kind=f"pilot_{kind}",
            actor=actor,
            occurred_at=now,
            recorded_at=now,
            mailbox_id=mailbox_id,
            before=before,
            after=after,
        )
        for mailbox_id in sorted({*wanted.mailboxes, *(known.plan.mailboxes if known else ())})
    ]
    first = events.record_all(db, lines)[0]
    pilot_id = known.id if known else first
    db.run(
        "pilots.add",
        pilot_id=pilot_id,
        version=len(known.words) + 1 if known else 1,
        kind=kind,
        agent_id=actor.id,
        now=now,
        **(said | {"mailboxes": json.dumps(said["mailboxes"]), "starts_on": wanted.starts_on}),
    )
    return pilot_id


def _told(wanted: Plan) -> dict[str, Any]:
    return {
        **asdict(wanted.rule),
        "mailboxes": list(wanted.mailboxes),
        "starts_on": wanted.starts_on.isoformat(),
        "weeks": wanted.weeks,
        "weeks_before": wanted.weeks_before,
        "time_zone": wanted.time_zone,
        "is_business": wanted.is_business,
    }
