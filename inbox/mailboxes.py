"""A mailbox: one shared address, its servers, its other addresses, and its manners."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox.agents import Agent
from inbox.store import Session

Auth = Literal["password", "xoauth2", "oauthbearer"]
SaveSent = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """As the worker and the composer need it; `secret` is encrypted (see inbox.keys).

    `imap_url` and `smtp_url` are `imaps://user@host:993`, `imap+starttls://…`, `smtps://…`,
    `smtp+starttls://…`; plain `imap://` and `smtp://` are for loopback (the demo, tests).
    A mailbox without `imap_url` holds imported history only. `folders` is a JSON list of the
    folders read besides INBOX and Sent.
    """

    id: int
    address: str
    name: str
    imap_url: str | None
    smtp_url: str | None
    auth: Auth
    secret: str | None
    token_command: str | None
    signature: str
    save_sent: SaveSent
    sent_folder: str | None
    folders: str
    poll_seconds: int
    calendar: str | None
    is_active: bool
    created_at: datetime
    aliases: str

    @property
    def addresses(self) -> frozenset[str]:
        """Every address that is this mailbox, lower case."""
        return frozenset({self.address, *json.loads(self.aliases)})


def active(db: Session) -> list[Mailbox]:
    """What the worker polls and sends for; no viewer, because no person asks."""
    return [m for m in db.all("mailboxes.every", Mailbox) if m.is_active]


def by_id(db: Session, mailbox_id: int) -> Mailbox | None:
    """For the worker and for verbs that have checked the agent already."""
    return db.one("mailboxes.by_id", Mailbox, mailbox_id=mailbox_id)


def by_address(db: Session, address: str) -> Mailbox | None:
    """The mailbox whose own address or alias this is, whatever the case."""
    wanted = address.strip().lower()
    return next((m for m in db.all("mailboxes.every", Mailbox) if wanted in m.addresses), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What the door of a mailbox says."""

    id: int
    address: str
    name: str


def of_viewer(db: Session, viewer: Agent) -> list[Sign]:
    """The mailboxes this agent may read, by name."""
    return db.all("mailboxes.signs", Sign, mailboxes=viewer.readable)
