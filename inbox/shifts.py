"""Shifts from a CSV file with the columns email, starts and ends (ISO 8601, with an offset or UTC).

An admin's file may name everybody, a manager's who works in a mailbox of theirs.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from inbox import events, people
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.people import Person
from inbox.store import Session

MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file as it would be taken, or what is wrong with it."""

    number: int
    email: str
    agent_id: int = 0
    name: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    wrong: Invalid | None = None


def preview(db: Session, viewer: Agent, text: str) -> list[Line]:
    """Every line of a file, in its order. Raises Invalid for what is no such file at all."""
    known = _people(db, viewer)
    found = list(_lines(text, known))
    if not found:
        raise Invalid("file", "There is no shift in this file.")
    return found


def take_up(db: Session, agent: Agent, text: str, *, now: datetime) -> int:
    """Take up the shifts of a file; answer how many. For everybody in it they replace those between
    its first and its last day. Raises Invalid, naming the first line that is wrong, and changes
    nothing."""
    lines = preview(db, agent, text)
    for line in lines:
        if line.wrong is not None:
            raise line.wrong
    starts = [line.starts_at for line in lines if line.starts_at]
    ends = [line.ends_at for line in lines if line.ends_at]
    ids = [line.agent_id for line in lines]
    db.change("shifts.forget", agent_ids=sorted(set(ids)), since=min(starts), until=max(ends))
    db.run("shifts.add", agent_ids=ids, starts=starts, ends=ends)
    after = {"agent_id": agent.id, "shifts": len(lines)}
    events.record(db, agent, "shifts_imported", None, now=now, after=after)
    return len(lines)


def _people(db: Session, viewer: Agent) -> dict[str, Person]:
    """By address, whose shifts the viewer may set. Raises NotAllowed if nobody's."""
    return {
        person.email.lower(): person
        for person in people.everyone(db, viewer)
        if person.is_active and (viewer.is_admin or person.memberships)
    }


def _lines(text: str, known: dict[str, Person]) -> Iterator[Line]:
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    # What a spreadsheet writes where a comma stands in numbers.
    delimiter = ";" if head.count(";") > head.count(",") else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    try:
        for number, row in enumerate(rows, start=2):
            if number > MOST:
                raise Invalid("file", "A file holds at most {most:,} shifts.", most=MOST)
            yield _line(number, row, known)
    except csv.Error as error:
        raise Invalid("file", "This is no CSV file.") from error


def _line(number: int, row: dict[str, str | None], known: dict[str, Person]) -> Line:
    email = (row.get("email") or "").strip().lower()
    try:
        starts, ends = _moment(row["starts"]), _moment(row["ends"])
    except (KeyError, ValueError, AttributeError, TypeError, OverflowError):
        wrong = Invalid(
            "file",
            "Line {number}: write email, starts and ends like 2026-12-01T08:00+01:00.",
            number=number,
        )
        return Line(number=number, email=email, wrong=wrong)
    person = known.get(email)
    if person is None:
        wrong = Invalid(
            "file",
            "Line {number}: nobody with the address {email} works here.",
            number=number,
            email=email,
        )
        return Line(number=number, email=email, starts_at=starts, ends_at=ends, wrong=wrong)
    return Line(
        number=number,
        email=email,
        agent_id=person.id,
        name=person.name,
        starts_at=starts,
        ends_at=ends,
        wrong=Invalid("file", "Line {number}: this shift ends before it begins.", number=number)
        if ends <= starts
        else None,
    )


def _moment(text: str | None) -> datetime:
    found = datetime.fromisoformat((text or "").strip())
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
