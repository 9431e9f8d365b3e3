"""Putting one tag on many conversations at once, and taking it off."""

from collections.abc import Sequence
from datetime import datetime

from inbox import tags
from inbox.agents import Agent
from inbox.chosen import Choice, Done, Row, able, event, record
from inbox.store import Session


def add(db: Session, agent: Agent, choice: Choice, name: str, *, now: datetime) -> Done:
    """Tag them; where a mailbox does not know the name yet, it becomes a tag of it. Raises Invalid
    for a name that cannot be one, and for a tag that was retired."""
    wanted = tags.checked(name)
    may, left_out = able(db, agent, choice, "triage", now)
    rows = [row for row in may if wanted.casefold() not in _names(row)]
    put(db, rows, wanted, now)
    return _tell(db, agent, "tagged", rows, wanted, left_out, now)


def remove(db: Session, agent: Agent, choice: Choice, name: str, *, now: datetime) -> Done:
    """Take it off wherever it stands among them."""
    wanted = tags.checked(name)
    may, left_out = able(db, agent, choice, "triage", now)
    rows = [row for row in may if wanted.casefold() in _names(row)]
    take(db, rows, wanted)
    return _tell(db, agent, "untagged", rows, wanted, left_out, now)


def put(db: Session, rows: Sequence[Row], name: str, now: datetime) -> None:
    """For verbs: put the tag on these, which do not bear it."""
    for mailbox_id, numbers in _by_mailbox(rows).items():
        tag = tags.known_or_new(db, mailbox_id, name, now)
        db.run("bulk.put_tag", ids=numbers, tag_id=tag.id, mailbox_id=mailbox_id, now=now)
    tags.bring_up_to_date(db, [row.id for row in rows])


def take(db: Session, rows: Sequence[Row], name: str) -> None:
    """For verbs: take it off these, and off whatever was merged into them."""
    for mailbox_id, numbers in _by_mailbox(rows).items():
        db.change("bulk.take_tag", ids=numbers, mailbox_id=mailbox_id, name=name.lower())
    tags.bring_up_to_date(db, [row.id for row in rows])


def take_back(
    db: Session,
    agent: Agent,
    kind: str,
    rows: Sequence[Row],
    name: str,
    left_out: int,
    now: datetime,
) -> Done:
    """The opposite of `kind`, on these."""
    if kind == "tagged":
        take(db, rows, name)
        return _tell(db, agent, "untagged", rows, name, left_out, now)
    put(db, rows, name, now)
    return _tell(db, agent, "tagged", rows, name, left_out, now)


def _names(row: Row) -> set[str]:
    return {name.casefold() for name in row.tags.split("\n")}


def _by_mailbox(rows: Sequence[Row]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.mailbox_id, []).append(row.id)
    return found


def _tell(
    db: Session,
    agent: Agent,
    kind: str,
    rows: Sequence[Row],
    name: str,
    left_out: int,
    now: datetime,
) -> Done:
    about = {"tag": name}
    before, after = (None, about) if kind == "tagged" else (about, None)
    return record(db, [event(agent, kind, row, before, after, now) for row in rows], left_out)
