"""What an agent sees of the outbox: mail on its way, failed, refused or in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from inbox import families
from inbox.agents import Agent
from inbox.messages import Recipients
from inbox.outgoing import Kind, Result, SentCheck, State
from inbox.settings import Settings
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A reply the thread shows as pending, failed or in doubt, or as partly refused."""

    id: int
    kind: Kind
    message_id: int | None
    agent_id: int | None
    agent_name: str | None
    draft_id: int | None
    from_name: str
    from_address: str
    subject: str
    body_text: str
    body_html: str
    reply_text: str
    queued_at: datetime
    due_at: datetime
    started_at: datetime | None
    state: State
    attempts: int
    error: str | None
    sent_check: SentCheck
    planned_at: datetime | None
    approver_id: int | None
    recipients: Recipients
    results: tuple[Result, ...]

    def is_being_checked(self, settings: Settings, *, now: datetime) -> bool:
        """In doubt, and so lately that Delad may still find out by itself."""
        patience = timedelta(seconds=settings.uncertain_seconds)
        since = self.started_at or self.queued_at
        return self.state == "uncertain" and now < since + patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Rows of one mailbox (None: the house's own mail) that are neither sent nor cancelled."""

    mailbox_id: int | None
    state: State
    row_count: int
    oldest: datetime


def of_conversation(
    db: Session, viewer: Agent, conversation_id: int, family: Sequence[int] | None = None
) -> list[Outgoing]:
    """What is on its way, failed or in doubt, and what was sent with a recipient refused or
    bounced, or with its Sent folder unread; oldest first, from what was merged into it as well.
    In one statement, if its `family` is known to the caller. Nothing for a stranger."""
    found: dict[int, Outgoing] = {}
    members = list(family or families.of(db, conversation_id).members)
    for row in db.rows("outbox.of_conversation", family=members, mailboxes=viewer.readable):
        *columns, recipients, address, kind, state, answer = row
        earlier = found.get(columns[0])
        mine: tuple[Result, ...] = ()
        if address is not None:
            mine = (Result(address=address, kind=kind, state=state, answer=answer),)
        found[columns[0]] = Outgoing(
            **dict(zip(_SHOWN, columns, strict=True)),
            recipients=Recipients.from_json(recipients),
            results=(earlier.results if earlier else ()) + mine,
        )
    return list(found.values())


def troubles(db: Session, viewer: Agent) -> list[Trouble]:
    """How many mails are not sent, by mailbox and state; an admin sees every mailbox's."""
    return db.all("outbox.troubles", Trouble, everything=viewer.is_admin, mailboxes=viewer.readable)


_SHOWN = [f.name for f in fields(Outgoing) if f.name not in {"recipients", "results"}]
