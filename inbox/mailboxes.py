"""A mailbox: one shared address, its servers, its other addresses, and its manners."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Unpack

from inbox import addresses, at_rest, calendars, events, targets
from inbox.agents import Agent
from inbox.errors import Invalid, NotFound
from inbox.events import Actor
from inbox.keys import Keys
from inbox.mailbox_settings import DEFAULTS, Auth, Changes, SaveSent, Setup, columns, shown
from inbox.memory import Memory
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """As the worker and the composer need it; `secret` is encrypted (see inbox.keys).

    `imap_url` and `smtp_url` are `imaps://user@host:993`, `imap+starttls://…`, `smtps://…`,
    `smtp+starttls://…`; plain `imap://` and `smtp://` are for loopback (the demo, tests).
    A mailbox without `imap_url` holds imported history only. `folders` is a JSON list of the
    folders read besides INBOX and Sent. Mail the server had before `import_since` is not
    fetched; None fetches everything.
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
    import_since: datetime | None = None
    aliases: str

    @property
    def addresses(self) -> frozenset[str]:
        """Every address that is this mailbox, lower case."""
        return frozenset({self.address, *json.loads(self.aliases)})


def every(db: Session) -> list[Mailbox]:
    """All of them, those at rest too; for the house itself."""
    return db.all("mailboxes.every", Mailbox)


def active(db: Session) -> list[Mailbox]:
    """What the worker polls and sends for; no viewer, because no person asks."""
    return [m for m in db.all("mailboxes.every", Mailbox) if m.is_active]


def by_id(db: Session, mailbox_id: int) -> Mailbox | None:
    """For the worker and for verbs that have checked the agent already."""
    return db.one("mailboxes.by_id", Mailbox, mailbox_id=mailbox_id)


def remembered(memory: Memory, mailbox_id: int) -> Mailbox | None:
    """As `by_id`, without a statement as long as no mailbox changed."""
    tables = ("mailboxes", "aliases")
    return memory.answer(lambda db: by_id(db, mailbox_id), "mailbox", mailbox_id, tables=tables)


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


def of_viewer(viewer: Agent) -> list[Sign]:
    """The mailboxes this agent may read, by name; the memberships know them already."""
    readable = set(viewer.readable)
    signs = [
        Sign(id=m.mailbox_id, address=m.mailbox_address, name=m.mailbox_name)
        for m in viewer.memberships
        if m.mailbox_id in readable
    ]
    return sorted(signs, key=lambda sign: (sign.name, sign.id))


def configurable(db: Session, viewer: Agent) -> list[Mailbox]:
    """What the viewer may set up: every mailbox for an admin, a manager's own for the rest."""
    return [
        m
        for m in db.all("mailboxes.every", Mailbox)
        if viewer.is_admin or viewer.may("configure", m.id)
    ]


def add(
    db: Session,
    agent: Agent | Actor,
    address: str,
    *,
    secret: str | None = None,
    aliases: Sequence[str] = (),
    keys: Keys,
    now: datetime,
    **setup: Unpack[Setup],
) -> int:
    """Put up a mailbox and answer its id; `secret` is stored encrypted.

    One that stands at rest under this address, with mail and no server, is taken over.
    Its maker becomes its manager; added by the command line (`events.SYSTEM`, whoever owns the
    data folder), every admin does. Raises Invalid for an address that stands already.
    """
    if isinstance(agent, Agent):
        agent.must_run_the_house("mailboxes")
    address = addresses.checked(address)
    others = [a for a in addresses.checked_all(aliases, "aliases") if a != address]
    resting = at_rest.of_address(db, address)
    _must_be_free(db, {address, *others}, but=resting)
    servers = columns({**DEFAULTS, **setup})
    calendars.must_exist(db, servers["calendar"])
    own = {
        "name": addresses.checked_name(setup.get("name") or address),
        "signature": setup.get("signature", ""),
        "import_since": setup.get("import_since"),
        "secret": keys.encrypt(secret) if secret else None,
    }
    if resting is None:
        mailbox_id: int = db.value("mailboxes.add", **servers, **own, address=address, now=now)
    else:
        mailbox_id = resting
        db.change("mailboxes.configure", mailbox_id=mailbox_id, **servers)
        db.change("at_rest.take_over", mailbox_id=mailbox_id, **own)
        db.change("mailboxes.drop_aliases", mailbox_id=mailbox_id)
    db.change("mailboxes.set_aliases", mailbox_id=mailbox_id, addresses=others)
    maker = agent.id if isinstance(agent, Agent) else None
    db.change("mailboxes.give_managers", mailbox_id=mailbox_id, agent_id=maker)
    after = {"address": address, "imap_url": setup.get("imap_url"), "aliases": others}
    events.record(db, agent, "connected", None, mailbox_id=mailbox_id, after=after, now=now)
    return mailbox_id


def change(
    db: Session, agent: Agent, mailbox_id: int, *, now: datetime, **changes: Unpack[Changes]
) -> None:
    """Set servers, folders and habits; what equals the present value changes nothing."""
    found = _must(db, agent, mailbox_id)
    present = {name: getattr(found, name) for name in DEFAULTS}
    wanted = columns({**present, **changes})
    changed = [name for name in present if present[name] != wanted[name]]
    if not changed:
        return
    calendars.must_exist(db, wanted["calendar"])
    db.change("mailboxes.configure", mailbox_id=mailbox_id, **wanted)
    before = {name: shown(name, present[name]) for name in changed}
    after = {name: shown(name, wanted[name]) for name in changed}
    event_id = _record(db, agent, mailbox_id, "configured", before=before, after=after, now=now)
    if "calendar" in changed:
        targets.follow_calendar(db, mailbox_id, wanted["calendar"], event_id, now=now)


def set_secret(
    db: Session, agent: Agent, mailbox_id: int, secret: str, *, keys: Keys, now: datetime
) -> None:
    """Store a new password, encrypted; the diary notes that it changed and nothing of it."""
    _must(db, agent, mailbox_id)
    if not secret:
        raise Invalid("password", "Type the new password of this mailbox.")
    db.change("mailboxes.set_secret", mailbox_id=mailbox_id, secret=keys.encrypt(secret))
    _record(db, agent, mailbox_id, "secret_replaced", now=now)


def set_aliases(
    db: Session, agent: Agent, mailbox_id: int, aliases: Sequence[str], *, now: datetime
) -> None:
    """Replace the other addresses of this mailbox. Raises Invalid when one stands elsewhere."""
    found = _must(db, agent, mailbox_id)
    others = [a for a in addresses.checked_all(aliases, "aliases") if a != found.address]
    before = json.loads(found.aliases)
    if others == before:
        return
    _must_be_free(db, set(others), but=mailbox_id)
    db.change("mailboxes.drop_aliases", mailbox_id=mailbox_id)
    db.change("mailboxes.set_aliases", mailbox_id=mailbox_id, addresses=others)
    kept = {"before": {"aliases": before}, "after": {"aliases": others}}
    _record(db, agent, mailbox_id, "aliased", now=now, **kept)


def set_signature(
    db: Session, agent: Agent, mailbox_id: int, signature: str, *, now: datetime
) -> None:
    """What stands under every reply from this mailbox; its managers may set it."""
    found = _must_configure(db, agent, mailbox_id)
    if signature == found.signature:
        return
    db.change("mailboxes.set_signature", mailbox_id=mailbox_id, signature=signature)
    before, after = {"signature": found.signature}, {"signature": signature}
    _record(db, agent, mailbox_id, "signature_set", before=before, after=after, now=now)


def rename(db: Session, agent: Agent, mailbox_id: int, name: str, *, now: datetime) -> None:
    """What colleagues see in the rail and customers beside the address; managers may set it."""
    found = _must_configure(db, agent, mailbox_id)
    name = addresses.checked_name(name)
    if name == found.name:
        return
    db.change("mailboxes.rename", mailbox_id=mailbox_id, name=name)
    before, after = {"name": found.name}, {"name": name}
    _record(db, agent, mailbox_id, "mailbox_renamed", before=before, after=after, now=now)


def deactivate(db: Session, agent: Agent, mailbox_id: int, *, now: datetime) -> None:
    """Neither fetch nor send for it any more; its conversations stay readable."""
    if _must(db, agent, mailbox_id).is_active:
        db.change("mailboxes.set_active", mailbox_id=mailbox_id, is_active=False)
        _record(db, agent, mailbox_id, "disconnected", now=now)


def reactivate(db: Session, agent: Agent, mailbox_id: int, *, now: datetime) -> None:
    """Fetch and send again, from where it stopped."""
    if not _must(db, agent, mailbox_id).is_active:
        db.change("mailboxes.set_active", mailbox_id=mailbox_id, is_active=True)
        _record(db, agent, mailbox_id, "reconnected", now=now)


def _must(db: Session, agent: Agent, mailbox_id: int) -> Mailbox:
    agent.must_run_the_house("mailboxes")
    return _found(db, mailbox_id)


def _must_configure(db: Session, agent: Agent, mailbox_id: int) -> Mailbox:
    if not agent.is_admin:
        if agent.membership(mailbox_id) is None:
            raise NotFound("mailbox")
        agent.must("configure", mailbox_id)
    return _found(db, mailbox_id)


def _found(db: Session, mailbox_id: int) -> Mailbox:
    found = by_id(db, mailbox_id)
    if found is None:
        raise NotFound("mailbox")
    return found


def _must_be_free(db: Session, wanted: set[str], *, but: int | None) -> None:
    for other in db.all("mailboxes.every", Mailbox):
        taken = wanted & other.addresses
        if taken and other.id != but:
            raise Invalid(
                "address",
                "{address} belongs to the mailbox “{name}” already.",
                address=sorted(taken)[0],
                name=other.name,
            )


def _record(
    db: Session,
    agent: Agent,
    mailbox_id: int,
    kind: str,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> int:
    return events.record(
        db, agent, kind, None, mailbox_id=mailbox_id, before=before, after=after, now=now
    )
