"""Moving many conversations to another mailbox at once, and taking that back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from inbox import mailboxes, notifications, relocating
from inbox.agents import Agent
from inbox.chosen import Choice, Done, Row, able, ids
from inbox.errors import TooLate
from inbox.mailboxes import Sign
from inbox.relocating import Place
from inbox.store import Session


def targets(viewer: Agent, mailbox_ids: set[int]) -> list[Sign]:
    """The mailboxes to which the viewer may move something of these."""
    able = [sign for sign in mailboxes.of_viewer(viewer) if viewer.may("triage", sign.id)]
    froms = {m for m in mailbox_ids if viewer.may("triage", m)}
    return [sign for sign in able if froms - {sign.id}]


def move(db: Session, agent: Agent, choice: Choice, mailbox_id: int, *, now: datetime) -> Done:
    """Give them to that mailbox, each whole (see inbox.moving). What lies in spam or the trash, or
    has mail on its way, is left out; what is there already counts as neither. Raises Invalid for a
    mailbox at rest."""
    there = relocating.target(db, agent, mailbox_id)
    may, left_out = able(db, agent, choice, "triage", now)
    elsewhere = [row for row in may if row.mailbox_id != mailbox_id]
    unsettled = set(db.column("moving.unsettled", ids=ids(elsewhere)))
    rows = [row for row in elsewhere if not (row.spam_at or row.trashed_at or row.id in unsettled)]
    left_out += len(elsewhere) - len(rows)
    if not rows:
        return Done(action_id="", event_id=0, count=0, left_out=left_out)
    done = relocating.give(db, agent, _places(rows), there, now=now)
    _tell_those_who_lost(db, agent, done.let_go, now)
    newest = max(done.lines.values())
    return Done(action_id=done.action_id, event_id=newest, count=len(rows), left_out=left_out)


def take_back(
    db: Session,
    agent: Agent,
    rows: Sequence[Row],
    left_out: int,
    *,
    since: datetime,
    now: datetime,
) -> Done:
    """Part of taking an action back: each of these goes back to where it was, as far as it was
    moved since then and can be moved at all. Raises TooLate when that are none."""
    last = {
        conversation_id: (from_id, event_id)
        for conversation_id, from_id, event_id in db.rows(
            "moving.lately", ids=ids(rows), since=since
        )
    }
    unsettled = set(db.column("moving.unsettled", ids=ids(rows)))
    homes: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        is_free = not (row.spam_at or row.trashed_at or row.id in unsettled)
        if is_free and row.id in last and agent.may("triage", last[row.id][0]):
            homes[last[row.id][0]].append(row)
    done = [
        relocating.give_back(
            db,
            agent,
            _places(its),
            relocating.target(db, agent, home),
            [last[row.id][1] for row in its],
            now=now,
        )
        for home, its in homes.items()
    ]
    if not done:
        raise TooLate("These conversations have moved on since, so nothing was undone.")
    count = sum(len(one.lines) for one in done)
    return Done(
        action_id=done[0].action_id,
        event_id=max(event_id for one in done for event_id in one.lines.values()),
        count=count,
        left_out=left_out + len(rows) - count,
    )


def _places(rows: Sequence[Row]) -> list[Place]:
    return [Place(id=r.id, mailbox_id=r.mailbox_id, assignee_id=r.assignee_id) for r in rows]


def _tell_those_who_lost(db: Session, agent: Agent, lost: Sequence[Place], now: datetime) -> None:
    """One word to each for all of theirs."""
    whose: dict[int, list[Place]] = defaultdict(list)
    for place in lost:
        whose[place.assignee_id or 0].append(place)
    for assignee_id, theirs in whose.items():
        first = theirs[0]
        notifications.make(
            db,
            agent,
            "moved",
            [assignee_id],
            first.id,
            first.mailbox_id,
            how_many=len(theirs),
            now=now,
        )
