"""Whether mail comes in and goes out, and what stands in its way."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from inbox import backup, damage, rescued
from inbox.agents import Agent
from inbox.beats import Beats
from inbox.settings import Settings
from inbox.store import Session

MISSED_POLLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxHealth:
    """One mailbox: what the server has, what we have, and when we last looked.

    `missed` counts polls that failed since the last good one; `lag_seconds` is how long the
    newest mail lay on the server before it was fetched.
    """

    id: int
    name: str
    address: str
    is_active: bool
    has_server: bool
    poll_seconds: int
    created_at: datetime
    import_since: datetime | None
    on_server: int
    stored: int
    unreadable: int
    last_poll_at: datetime | None
    missed: int
    error: str | None
    last_mail_at: datetime | None
    lag_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """A mail that has not left as it should; recipients and subject only for who may read it."""

    id: int
    kind: str
    mailbox_name: str | None
    conversation_id: int | None
    subject: str
    addresses: str
    state: str
    attempts: int
    queued_at: datetime
    due_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHealth:
    """The newest run of a job, and how often it failed within a day."""

    job: str
    mailbox_name: str | None
    started_at: datetime
    ended_at: datetime
    is_ok: bool
    detail: str
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A mail that could not be read; its bytes are kept whole."""

    message_id: int
    conversation_id: int
    mailbox_name: str
    from_address: str
    received_at: datetime
    size_bytes: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything the Health page shows from the database. `unchecked` mails left within a week
    though their Sent folder could not be searched for a colleague's answer."""

    mailboxes: list[MailboxHealth]
    outbox: dict[str, int]
    troubled: list[Troubled]
    unchecked: list[Troubled]
    jobs: list[JobHealth]
    unreadable: list[Unreadable]

    def last(self, job: str) -> JobHealth | None:
        """The newest run of a job of the house (backup, verify)."""
        return next((j for j in self.jobs if j.job == job and j.mailbox_name is None), None)


AlarmKind = Literal[
    "not_polled", "undelivered", "no_backup", "disk_full", "stalled", "damaged", "rescued"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that somebody should look at now. `name` is the mailbox it concerns, if one; of a
    rescue it is the story."""

    kind: AlarmKind
    name: str = ""
    since: datetime | None = None
    count: int = 0


def overview(db: Session, viewer: Agent, *, now: datetime) -> Overview:
    """The state of the whole house in five statements; for admins."""
    viewer.must_run_the_house("health")
    mails = db.all(
        "health.troubled", Troubled, mailboxes=viewer.readable, since=now - timedelta(days=7)
    )
    return Overview(
        mailboxes=db.all("health.mailboxes", MailboxHealth),
        outbox={str(state): int(count) for state, count in db.rows("health.outbox")},
        troubled=[mail for mail in mails if mail.state != "sent"],
        unchecked=[mail for mail in mails if mail.state == "sent"],
        jobs=db.all("health.jobs", JobHealth, since=now - timedelta(days=1)),
        unreadable=db.all("health.unreadable", Unreadable, mailboxes=viewer.readable),
    )


def of_mailboxes(db: Session, viewer: Agent) -> list[MailboxHealth]:
    """The mailboxes the viewer may set up, in one statement: an admin's all, a manager's own."""
    return [
        found
        for found in db.all("health.mailboxes", MailboxHealth)
        if viewer.is_admin or viewer.may("configure", found.id)
    ]


def alarms(db: Session, viewer: Agent, settings: Settings, *, now: datetime) -> list[Alarm]:
    """What this viewer must know on every page, in one statement and one look at the disk.

    Admins hear of every mailbox, of back-ups and of the disk; others of their own mailboxes.
    A mailbox is late after three polls that failed in a row, or three that were due and were not
    even tried; a poller that waits in IDLE is given the time of one wait more. A demo plays its
    past before it polls, so nothing is late there.
    """
    found = db.all(
        "health.alarms",
        Alarm,
        mailboxes=viewer.readable,
        is_admin=viewer.is_admin,
        needs_backup=viewer.is_admin and not settings.demo,
        missed=MISSED_POLLS,
        patience=settings.idle_renew_seconds if settings.idle else 0,
        now=now,
        overdue_since=now - timedelta(seconds=settings.uncertain_seconds),
        last_backup_at=backup.last_made(settings.backups),
        no_backup_since=now - timedelta(days=settings.backup_alarm_days),
    )
    if settings.demo:
        found = [alarm for alarm in found if alarm.kind != "not_polled"]
    found = [
        replace(a, name=rescued.read(a.name).words) if a.kind == "rescued" else a for a in found
    ]
    if viewer.is_admin and damage.is_marked(settings.database):
        found.append(Alarm(kind="damaged"))
    if viewer.is_admin and is_nearly_full(disk(settings), settings):
        found.append(Alarm(kind="disk_full"))
    return found


def stalled(beats: Beats, viewer: Agent) -> list[Alarm]:
    """Threads of the worker that died or hang, for every page; of a mailbox's own threads only
    those who may read it hear. Asks nothing of the database, which may be what hangs."""
    return [
        Alarm(kind="stalled", name=beat.name or beat.job)
        for beat in beats.silent()
        if viewer.is_admin or beat.mailbox_id is None or beat.mailbox_id in viewer.readable
    ]


def disk(settings: Settings) -> Disk:
    """The file system that holds the data folder."""
    usage = shutil.disk_usage(settings.data)
    return Disk(free_bytes=usage.free, total_bytes=usage.total)


def is_nearly_full(found: Disk, settings: Settings) -> bool:
    return found.free_bytes < settings.disk_alarm_bytes
