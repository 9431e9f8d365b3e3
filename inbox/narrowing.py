"""What view, filters and the line one searches with narrow a list to, as parameters of one
statement: so what is shown, counted and changed at once is the same."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from inbox import queries, search, view_files
from inbox.agents import NOBODY, Agent
from inbox.filters import STATUSES, Asked, Filter, Status
from inbox.queries import ME, NONE, NotUnderstood, Place, Query, Slip
from inbox.store import Session

_PLACES: tuple[Place, ...] = ("inbox", "spam", "trash")
_HARD = {"before", "after", "is", "has"}
_NOTHING = -1


def read(filters: Filter, *, now: datetime) -> Query:
    """What the words of a filter ask for, on the day that it is where the viewer is."""
    local = now.replace(tzinfo=UTC).astimezone(filters.zone)
    return queries.read(filters.words, today=local.date())


def parameters(db: Session, viewer: Agent, asked: Asked, *, now: datetime) -> dict[str, Any]:
    """For the statement `lists.listed`. Raises NotUnderstood for an operator whose value means
    nothing here: then nothing is listed, and nothing changed. Names take one more statement."""
    filters = asked.filters
    query = read(filters, now=now)
    for slip in query.slips:
        if slip.kind in _HARD:
            raise NotUnderstood(slip)
    names = _Names(db, viewer, query)
    return {
        "mailboxes": _mailboxes(viewer, asked.mailbox_id, query),
        "places": _places(asked, query),
        "statuses": _both(filters.statuses, _statuses(query), "none"),
        "assignees": _both(filters.assignees, names.people(query.assignees), _NOTHING),
        "not_assignees": names.people(query.not_assignees) or None,
        "tags": list(filters.tags) or None,
        "own_tags": names.tags(query.tags) or None,
        "not_tags": names.tags(query.not_tags) or None,
        "has_files": filters.has_files or query.flags.get("files"),
        "is_urgent": query.flags.get("urgent"),
        "is_vip": query.flags.get("vip"),
        "is_about_text": query.is_about_text,
        "sent_since": _begins(query.since, filters.zone),
        "sent_until": _begins(query.until, filters.zone),
        **search.parameters(query),
        **_by_number(db, viewer, asked, query, now=now),
    }


def _by_number(
    db: Session, viewer: Agent, asked: Asked, query: Query, *, now: datetime
) -> dict[str, Any]:
    """What few lists ask for is asked beforehand, so that the statement of every list stays small:
    `found` are the only conversations there can be, or those that there cannot be."""
    mailboxes = viewer.readable
    only: list[set[int]] = []
    never: set[int] = set()
    if asked.filters.sql:
        only.append(set(view_files.found_by(db, viewer, asked.filters.sql, now=now)))
    mine = {"agent_id": viewer.id, "mailboxes": mailboxes}
    is_followed = True if asked.view == "following" else query.flags.get("following")
    if is_followed is not None:
        followed = set(db.column("search.followed", **mine))
        only, never = ([*only, followed], never) if is_followed else (only, never | followed)
    is_unread = query.flags.get("unread")
    if is_unread is not None:
        unseen = set(db.column("search.unseen", **mine))
        only, never = ([*only, unseen], never) if is_unread else (only, never | unseen)
    if query.without or query.without_fields:
        never |= set(db.column("search.unwanted", mailboxes=mailboxes, **search.unwanted(query)))
    if only:
        return {"found": sorted(set.intersection(*only) - never), "is_found": True}
    return {"found": sorted(never) or None, "is_found": False}


class _Names:
    """Colleagues and tags by their names, asked for once, and only when a line names one."""

    def __init__(self, db: Session, viewer: Agent, query: Query) -> None:
        named = {*query.assignees, *query.not_assignees} - {ME, NONE}
        is_needed = bool(named or query.tags or query.not_tags)
        self._viewer = viewer
        self._rows = db.rows("filters.choices", mailboxes=viewer.readable) if is_needed else []

    def people(self, named: Iterable[str]) -> list[int]:
        own = {ME: [self._viewer.id], NONE: [NOBODY]}
        return [
            number
            for name in named
            for number in own.get(name) or [row[1] for row in self._found("assignee", name)]
        ]

    def tags(self, named: Iterable[str]) -> list[str]:
        rows = [row for name in named for row in self._found("tag", name)]
        return list(dict.fromkeys(row[2] for row in rows))

    def _found(self, operator: str, name: str) -> list[tuple[Any, ...]]:
        rows = [row for row in self._rows if row[0] == operator]
        best = _best(name, [(row, (row[2], row[3])) for row in rows])
        if not best:
            known = tuple(dict.fromkeys(str(row[2]) for row in rows))
            raise NotUnderstood(Slip(kind=operator, said=name, known=known))
        return best


def _best(said: str, named: Sequence[tuple[Any, Sequence[str]]]) -> list[Any]:
    """Whoever is called just so; else those with a name, or a word in it, that begins so."""
    wanted = search.fold(said)
    exact = [one for one, names in named if wanted in map(search.fold, names)]
    return exact or [
        one
        for one, names in named
        if any(f" {search.fold(name)}".find(f" {wanted}") >= 0 for name in names)
    ]


def _mailboxes(viewer: Agent, mailbox_id: int | None, query: Query) -> list[int]:
    readable = [m for m in viewer.memberships if m.mailbox_id in viewer.readable]
    named = [(m.mailbox_id, (m.mailbox_name, m.mailbox_address)) for m in readable]

    def found(name: str) -> list[int]:
        best = _best(name, named)
        if not best:
            known = tuple(names[0] for _, names in named)
            raise NotUnderstood(Slip(kind="mailbox", said=name, known=known))
        return best

    wanted = {number for name in query.mailboxes for number in found(name)}
    unwanted = {number for name in query.not_mailboxes for number in found(name)}
    return [
        number
        for number in viewer.readable
        if mailbox_id in (None, number)
        and (not query.mailboxes or number in wanted)
        and number not in unwanted
    ]


def _places(asked: Asked, query: Query) -> list[Place]:
    """Trash and spam are left out unless one looks there, or asks for them."""
    wanted = query.places or (
        {asked.view}
        if asked.view in ("spam", "trash")
        else set(_PLACES if asked.filters.is_everywhere else _PLACES[:1])
    )
    return [place for place in _PLACES if place in wanted and place not in query.not_places]


def _statuses(query: Query) -> list[Status]:
    if not query.statuses and not query.not_statuses:
        return []
    wanted = query.statuses or set(STATUSES)
    return [s for s in STATUSES if s in wanted and s not in query.not_statuses] or ["none"]  # type: ignore[list-item]


def _both(one: Sequence[Any], other: Sequence[Any], nothing: Any) -> list[Any] | None:
    """What is in both; either lets everything through while it is empty."""
    if not one or not other:
        return list(one or other) or None
    return [value for value in one if value in other] or [nothing]


def _begins(day: date | None, zone: tzinfo) -> datetime | None:
    if day is None:
        return None
    local = datetime.combine(day, time.min, tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)
