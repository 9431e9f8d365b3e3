"""How conversations stand: what a mail's coming means for waiting, and how rows stand together and
alone again, by what their messages tell."""

from dataclasses import dataclass, fields
from datetime import datetime

from inbox.families import Family
from inbox.store import Session

SNIPPET = 160


@dataclass(slots=True, kw_only=True)
class Row:
    """The changing columns of a conversation that no count over its messages gives."""

    id: int
    mailbox_id: int
    status: str
    assignee_id: int | None
    created_at: datetime
    waiting_since: datetime | None
    closed_at: datetime | None
    spam_at: datetime | None
    trashed_at: datetime | None
    snoozed_until: datetime | None
    last_message_at: datetime
    last_reply_at: datetime | None
    snippet: str
    alert: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the messages of a family say."""

    message_count: int
    attachment_count: int
    is_readable: bool
    first_at: datetime | None
    last_at: datetime | None
    last_reply_at: datetime | None
    last_message_id: int | None
    last_reply_agent_id: int | None
    open_questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A customer's mail: when it was written, and when it was here."""

    sent_at: datetime
    heard_at: datetime


def snippet(words: str) -> str:
    """The beginning of a mail's own words, as lists show it."""
    return " ".join(words[: SNIPPET * 4].split())[:SNIPPET]


def waits_since(
    sent_at: datetime, heard_at: datetime, replied_at: datetime | None
) -> datetime | None:
    """Since when whoever wrote this waits, None when our last reply was made knowing it. A mail
    that was sent before the reply and heard of after it waits from when it was heard."""
    if replied_at is None or sent_at > replied_at:
        return sent_at
    return heard_at if heard_at > replied_at else None


def rows(db: Session, *conversation_ids: int) -> list[Row]:
    """The rows, in the order in which they are named."""
    found = db.all("standings.rows_of", Row, ids=list(conversation_ids))
    return sorted(found, key=lambda row: conversation_ids.index(row.id))


def together(db: Session, stays: Row, staying: Family, leaves: Row, leaving: Family) -> None:
    """Let one row stand for both: open if either is, with the assignee it has or else the other's,
    and waiting for whoever waits, as no reply in either has ended it."""
    waits = [
        _still_waits(db, stays, staying, leaves.last_reply_at),
        _still_waits(db, leaves, leaving, stays.last_reply_at),
    ]
    stays.waiting_since = min((w for w in waits if w is not None), default=None)
    if "open" in (stays.status, leaves.status):
        stays.status, stays.closed_at = "open", None
    else:
        stays.closed_at = max((c for c in (stays.closed_at, leaves.closed_at) if c), default=None)
    stays.assignee_id = stays.assignee_id or leaves.assignee_id
    stays.created_at = min(stays.created_at, leaves.created_at)
    stays.alert = stays.alert or leaves.alert
    stays.trashed_at = stays.trashed_at and leaves.trashed_at
    stays.snoozed_until = stays.snoozed_until and leaves.snoozed_until


def alone(db: Session, row: Row, family: Family) -> None:
    """Bring a row up to date that stood for others too, or stood still while it was merged."""
    told = _told(db, family)
    heard = db.all("standings.customer_times", _Heard, family=family.ids)
    row.created_at = told.first_at or row.created_at
    if row.status == "closed":
        row.waiting_since = None
        return
    closed_at = db.value("standings.last_closed", family=family.ids)
    waits = [
        waits_since(mail.sent_at, mail.heard_at, told.last_reply_at)
        for mail in heard
        if closed_at is None or mail.heard_at > closed_at
    ]
    is_its_own = row.waiting_since in {m for h in heard for m in (h.sent_at, h.heard_at)}
    if is_its_own and not _is_later(told.last_reply_at, row.last_reply_at):
        waits.append(row.waiting_since)
    row.waiting_since = min((w for w in waits if w is not None), default=None)


def write(db: Session, row: Row, family: Family) -> None:
    """Write the row, with what is counted over the messages of its family."""
    told = _told(db, family)
    words = db.value("standings.newest_words", family=family.ids)
    columns = {f.name: getattr(row, f.name) for f in fields(Row) if f.name != "mailbox_id"}
    columns |= {
        "last_message_at": told.last_at or row.last_message_at,
        "last_reply_at": told.last_reply_at,
        "snippet": row.snippet if words is None else snippet(words),
        "message_count": told.message_count,
        "attachment_count": told.attachment_count,
        "is_readable": told.is_readable,
        "last_message_id": told.last_message_id,
        "last_reply_agent_id": told.last_reply_agent_id,
        "open_questions": told.open_questions,
    }
    db.change("standings.write", **columns)


def _told(db: Session, family: Family) -> _Told:
    found = db.one("standings.told_by", _Told, family=family.ids)
    assert found is not None
    return found


def _still_waits(
    db: Session, row: Row, family: Family, replied_at: datetime | None
) -> datetime | None:
    """Since when the row's customer waits if the other conversation's last reply counts too."""
    if row.waiting_since is None or replied_at is None or replied_at < row.waiting_since:
        return row.waiting_since
    heard = db.all("standings.customer_times", _Heard, family=family.ids)
    waits = [waits_since(mail.sent_at, mail.heard_at, replied_at) for mail in heard]
    return min((w for w in waits if w is not None), default=None)


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)
