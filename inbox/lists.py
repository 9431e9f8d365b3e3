"""The lists of conversations: what a view holds, filtered and sorted, and how much each holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inbox import narrowing
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.filters import NOTHING, VIEWS, Asked, Filter, View, sort_of
from inbox.queries import Place
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One conversation as a row of the list. `tags` is a line for each; `matching` is how many the
    list would hold without its limit; unread is what this viewer has not seen yet; `hit_message_id`
    is the last message in which a search found all of it."""

    id: int
    mailbox_id: int
    contact_name: str
    contact_address: str
    subject: str
    snippet: str
    status: str
    assignee_id: int | None
    assignee_name: str | None
    last_message_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    message_count: int
    attachment_count: int
    is_readable: bool
    is_urgent: bool
    is_vip: bool
    open_questions: int
    alert: str | None
    tags: str
    channel: str
    last_reply_agent_id: int | None
    last_reply_name: str | None
    is_unread: bool
    lies_in: Place
    hit_message_id: int | None
    matching: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many conversations each view holds, and how many open ones each mailbox and tag.
    `unassigned_since` is since when the oldest of what nobody has waits."""

    mine: int = 0
    unassigned: int = 0
    open: int = 0
    waiting: int = 0
    snoozed: int = 0
    following: int = 0
    all: int = 0
    closed: int = 0
    sent: int = 0
    spam: int = 0
    trash: int = 0
    unassigned_since: datetime | None = None
    mailboxes: tuple[tuple[int, int], ...] = ()
    tags: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What one mailbox holds, or one tag in it."""

    mailbox_id: int
    tag: str | None
    mine: int
    unassigned: int
    open: int
    waiting: int
    snoozed: int
    following: int
    everything: int
    closed: int
    sent: int
    spam: int
    trash: int
    unassigned_since: datetime | None


def listed(
    db: Session,
    viewer: Agent,
    view: View,
    *,
    mailbox_id: int | None = None,
    filters: Filter = NOTHING,
    limit: int = 50,
    now: datetime,
) -> list[Summary]:
    """The view's conversations as far as the filters let them through.

    With words, only those with a message that holds them all (see inbox.queries); raises
    NotUnderstood for a line that cannot be answered.
    """
    if view not in VIEWS:
        raise Invalid("view", "There is no view “{view}”.", view=view)
    asked = Asked(view=view, mailbox_id=mailbox_id, filters=filters)
    return db.all(
        "lists.listed",
        Summary,
        view=view,
        agent_id=viewer.id,
        contact=filters.contact.lower() or None,
        channels=list(filters.channels) or None,
        since=filters.since,
        until=filters.until,
        is_asked=filters.is_asked or None,
        sort=sort_of(asked),
        most=limit,
        now=now,
        **narrowing.parameters(db, viewer, asked, now=now),
    )


def found(db: Session, viewer: Agent, words: str, *, limit: int = 200, now: datetime) -> list[int]:
    """The conversations that a line finds anywhere, spam and trash among them, newest first."""
    filters = Filter(words=words, is_everywhere=True)
    rows = listed(db, viewer, "all", filters=filters, limit=limit, now=now) if words.strip() else []
    return [row.id for row in rows]


def counts(db: Session, viewer: Agent, *, mailbox_id: int | None = None, now: datetime) -> Counts:
    """The size of every view, mailbox and tag in one statement; the views' and tags' in this
    mailbox, or in all that the viewer may read."""
    lines = db.all("lists.counts", _Line, agent_id=viewer.id, mailboxes=viewer.readable, now=now)
    here = [line for line in lines if mailbox_id in (None, line.mailbox_id)]
    boxes = [line for line in here if line.tag is None]
    waits = [line.unassigned_since for line in boxes if line.unassigned_since is not None]
    sums = {
        view: sum(getattr(line, "everything" if view == "all" else view) for line in boxes)
        for view in VIEWS
    }
    return Counts(
        **sums,
        unassigned_since=min(waits, default=None),
        mailboxes=tuple(sorted((line.mailbox_id, line.open) for line in lines if not line.tag)),
        tags=_by_tag(line for line in here if line.tag),
    )


def _by_tag(lines: Iterable[_Line]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for line in lines:
        found[line.tag or ""] = found.get(line.tag or "", 0) + line.open
    return tuple(sorted(found.items()))
