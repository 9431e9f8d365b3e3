"""What of the mail a list shows: a view, and what narrows it. All of it stands in an address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args

from inbox.agents import Agent
from inbox.store import Session

View = Literal[
    "mine",
    "unassigned",
    "open",
    "waiting",
    "snoozed",
    "following",
    "all",
    "closed",
    "sent",
    "spam",
    "trash",
]
"""`waiting`: our turn is over, and the customer's answer is awaited."""
VIEWS: tuple[View, ...] = get_args(View)
Status = Literal["open", "snoozed", "closed"]
STATUSES: tuple[Status, ...] = get_args(Status)
Channel = Literal["mail", "form", "chat", "phone"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
Sort = Literal["waiting", "newest", "oldest"]
SORTS: tuple[Sort, ...] = get_args(Sort)
NAMES = (
    "status",
    "who",
    "tag",
    "contact",
    "channel",
    "since",
    "until",
    "files",
    "sort",
    "sql",
    "bin",
    "asked",
)
"""The parts of an address that narrow a list. Several of one are parted by commas, tags by line
ends."""
LONGEST = 200
LARGEST_ID = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Empty, it lets everything through. `assignees` holds agents' ids, NOBODY for what nobody has.
    `since` and `until` bound the last message, both naive UTC. A `status` counts instead of the one
    that the view has. `sql` names a view from a file (see inbox.view_files). `is_everywhere` leaves
    spam and trash in. The days that `words` name begin and end in `zone`."""

    words: str = ""
    statuses: tuple[Status, ...] = ()
    assignees: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    contact: str = ""
    channels: tuple[Channel, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    has_files: bool = False
    is_asked: bool = False
    sort: Sort | None = None
    sql: str = ""
    is_everywhere: bool = False
    zone: tzinfo = UTC


NOTHING = Filter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Everything that decides which conversations a list holds."""

    view: View
    mailbox_id: int | None = None
    filters: Filter = NOTHING


def read(query: Mapping[str, str], zone: tzinfo) -> Filter:
    """The filter an address tells; `zone` is where its days begin and end. Nonsense is left out."""
    kept = clean(query)
    since, until = kept.get("since"), kept.get("until")
    return Filter(
        statuses=tuple(s for s in STATUSES if s in kept.get("status", "").split(",")),
        assignees=tuple(int(part) for part in kept.get("who", "").split(",") if part),
        tags=tuple(part for part in kept.get("tag", "").split("\n") if part),
        contact=kept.get("contact", ""),
        channels=tuple(c for c in CHANNELS if c in kept.get("channel", "").split(",")),
        since=_begins(date.fromisoformat(since), zone) if since else None,
        until=_begins(date.fromisoformat(until) + timedelta(days=1), zone) if until else None,
        has_files="files" in kept,
        is_asked="asked" in kept,
        sort=next((s for s in SORTS if s == kept.get("sort")), None),
        sql=kept.get("sql", ""),
        is_everywhere="bin" in kept,
        zone=zone,
    )


def clean(query: Mapping[str, str]) -> dict[str, str]:
    """Of an address, what narrows a list and makes sense."""
    found = {name: _checked(name, str(query.get(name) or "")[:LONGEST]) for name in NAMES}
    return {name: value for name, value in found.items() if value}


def sort_of(asked: Asked) -> Sort:
    """In which order: where customers wait, whoever has waited longest comes first; elsewhere, and
    among what a search has found, the newest."""
    if asked.filters.sort is not None:
        return asked.filters.sort
    is_queue = asked.view in ("mine", "unassigned", "open") and not asked.filters.statuses
    return "waiting" if is_queue and not asked.filters.words.strip() else "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose from. `assignees` are (id, name, works here now), those who have
    left included."""

    assignees: tuple[tuple[int, str, bool], ...]
    tags: tuple[str, ...]


def choices(db: Session, viewer: Agent) -> Choices:
    """Colleagues of the viewer's mailboxes, and the tags of these."""
    rows = db.rows("filters.choices", mailboxes=viewer.readable)
    return Choices(
        assignees=tuple(
            (number, name, on) for kind, number, name, _, on in rows if kind == "assignee"
        ),
        tags=tuple(dict.fromkeys(name for kind, _, name, *_ in rows if kind == "tag")),
    )


def _checked(name: str, value: str) -> str:
    check = _CHECKS.get(name)
    return check(value.strip()) if check else value.strip()


def _some_of(known: Sequence[str]) -> Callable[[str], str]:
    """Those of a list parted by commas that are known, in the order in which they are."""
    return lambda value: ",".join(k for k in known if k in value.split(","))


def _is_id(part: str) -> bool:
    return part.isascii() and part.isdigit() and int(part) < LARGEST_ID


def _is_day(value: str) -> bool:
    try:
        return date(2000, 1, 1) <= date.fromisoformat(value) < date(2200, 1, 1)
    except ValueError:
        return False


def _begins(day: date, zone: tzinfo) -> datetime:
    local = datetime.combine(day, time.min, tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)


_CHECKS: dict[str, Callable[[str], str]] = {
    "status": _some_of(STATUSES),
    "channel": _some_of(CHANNELS),
    "who": lambda value: ",".join(p for p in dict.fromkeys(value.split(",")) if _is_id(p)),
    "tag": lambda value: "\n".join(
        dict.fromkeys(tag.strip() for tag in value.split("\n") if tag.strip())
    ),
    "since": lambda value: value if _is_day(value) else "",
    "until": lambda value: value if _is_day(value) else "",
    "files": lambda value: "1" if value == "1" else "",
    "bin": lambda value: "1" if value == "1" else "",
    "asked": lambda value: "1" if value == "1" else "",
    "sort": lambda value: value if value in SORTS else "",
}
