"""Templates: answers that are written once, in folders, for one mailbox or for all."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inbox import contacts, conversations, effecting, effects, events, placeholders
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.effects import Effects
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.store import Session

LONGEST_NAME = 80
LONGEST_BODY = 50_000
MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What whoever manages templates writes. An empty folder is none."""

    name: str
    body: str
    folder: str = ""
    effects: Effects = effects.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Without `mailbox_id` it is for all mailboxes. `uses` counts how often it was put into an
    answer."""

    id: int
    mailbox_id: int | None
    folder: str
    name: str
    body: str
    effects: Effects
    uses: int
    used_at: datetime | None
    may_change: bool = field(default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A template with what is known of one conversation; `unresolved` still stand in the text."""

    text: str
    effects: Effects
    unresolved: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: int
    mailbox_id: int | None
    folder: str
    name: str
    body: str
    effects: str
    uses: int
    used_at: datetime | None


def of_viewer(db: Session, viewer: Agent) -> list[Template]:
    """Those of the viewer's mailboxes and those for all, the most used first."""
    mailboxes = viewer.readable
    if not mailboxes and not viewer.is_admin:
        return []
    rows = db.all("templates.of_viewer", _Row, mailboxes=mailboxes)
    return [_template(viewer, row) for row in rows]


def offered(db: Session, viewer: Agent, conversation_id: int) -> list[Template]:
    """Those that can be put into an answer here, the most used first."""
    found = conversations.by_id(db, viewer, conversation_id)
    viewer.must("reply", found.mailbox_id)
    rows = db.all("templates.of_viewer", _Row, mailboxes=[found.mailbox_id])
    return [_template(viewer, row) for row in rows]


def create(
    db: Session, agent: Agent, written: Written, *, mailbox_id: int | None = None, now: datetime
) -> int:
    """Write a template for a mailbox, which takes who may configure it; for all mailboxes, which
    takes an admin. Answer its id."""
    _must_manage(agent, mailbox_id)
    if len(of_viewer(db, agent)) >= MOST:
        raise Invalid("name", "There are {most:,} templates already. Delete one first.", most=MOST)
    kept = _checked(db, agent, mailbox_id, written)
    found: int = db.value("templates.create", mailbox_id=mailbox_id, **_columns(kept), now=now)
    _record(db, agent, "template_created", found, mailbox_id, now=now)
    return found


def change(db: Session, agent: Agent, template_id: int, written: Written, *, now: datetime) -> None:
    """Write it anew; what was sent with it stays as it was."""
    row = _managed(db, agent, template_id)
    columns = _columns(_checked(db, agent, row.mailbox_id, written))
    if columns != {name: getattr(row, name) for name in columns}:
        db.change("templates.change", template_id=row.id, **columns)
        _record(db, agent, "template_changed", row.id, row.mailbox_id, now=now)


def remove(db: Session, agent: Agent, template_id: int, *, now: datetime) -> None:
    """It is offered no more; the answers written with it stay."""
    row = _managed(db, agent, template_id)
    db.change("templates.remove", template_id=row.id, now=now)
    _record(db, agent, "template_removed", row.id, row.mailbox_id, now=now)


def use(
    db: Session, agent: Agent, conversation_id: int, template_id: int, *, now: datetime
) -> Filled:
    """The template's text for this conversation, counted as one use. It stands in the diary of
    the conversation, and goes nowhere by itself."""
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("reply", found.mailbox_id)
    row = db.one("templates.by_id", _Row, template_id=template_id)
    if row is None or row.mailbox_id not in (None, found.mailbox_id):
        raise NotFound("template")
    text = placeholders.fill(row.body, _values(db, agent, found))
    db.change("templates.use", template_id=row.id, now=now)
    events.record(
        db,
        agent,
        "template_used",
        found.id,
        mailbox_id=found.mailbox_id,
        after={"template_id": row.id},
        now=now,
    )
    left = tuple(placeholders.unresolved(text))
    return Filled(text=text, effects=effects.from_json(row.effects), unresolved=left)


def manageable(viewer: Agent) -> list[int | None]:
    """The mailboxes whose templates the viewer may write; None stands for all of them."""
    own: list[int | None] = [m for m in viewer.readable if viewer.may("configure", m)]
    return [None, *own] if viewer.is_admin else own


def folders(some: Sequence[Template]) -> list[str]:
    """The folders there are, by name."""
    return sorted({t.folder for t in some if t.folder}, key=str.casefold)


def _values(db: Session, agent: Agent, found: Conversation) -> dict[str, str]:
    contact = contacts.of_conversation(db, agent, found.id).contact
    name = _name(contact.name if contact else "") or _name(found.contact_name)
    company = contact.works_at.name if contact and contact.works_at else ""
    return {
        "contact.name": name,
        "contact.first_name": _first(name),
        "contact.address": found.contact_address,
        "contact.company": company,
        "conversation.number": str(found.id),
        "conversation.subject": found.subject,
        "agent.name": agent.name,
        "agent.first_name": _first(agent.name),
        "agent.address": agent.email,
        "mailbox.name": found.mailbox_name,
        "mailbox.address": found.mailbox_address,
    }


def _name(name: str) -> str:
    """An address in place of a name greets nobody."""
    return "" if "@" in name else name.strip()


def _first(name: str) -> str:
    """Of “Maria Holm” and of “Holm, Maria”."""
    family, comma, given = name.partition(",")
    return next(iter((given if comma and given.strip() else family).split()), "")


def _checked(db: Session, agent: Agent, mailbox_id: int | None, written: Written) -> Written:
    body = written.body.replace("\0", "")
    if not body.strip():
        raise Invalid("body", "A template needs a text.")
    if len(body) > LONGEST_BODY:
        raise Invalid("body", "A template has at most {most:,} characters.", most=LONGEST_BODY)
    unknown = placeholders.unknown(body)
    if unknown:
        raise Invalid(
            "body", "There is no placeholder {name}. Choose one of the list.", name=unknown[0]
        )
    name = _line(written.name)
    if not name:
        raise Invalid("name", "A template needs a name.")
    wanted = effecting.checked(db, agent, mailbox_id, written.effects)
    return Written(name=name, body=body, folder=_line(written.folder), effects=wanted)


def _line(text: str) -> str:
    """One line without marks that cannot be seen. Raises Invalid when it is too long."""
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    kept = " ".join(seen.split())
    if len(kept) > LONGEST_NAME:
        raise Invalid("name", "A name has at most {most} letters.", most=LONGEST_NAME)
    return kept


def _columns(written: Written) -> dict[str, str]:
    return {
        "folder": written.folder,
        "name": written.name,
        "body": written.body,
        "effects": written.effects.as_json(),
    }


def _template(viewer: Agent, row: _Row) -> Template:
    return Template(
        id=row.id,
        mailbox_id=row.mailbox_id,
        folder=row.folder,
        name=row.name,
        body=row.body,
        effects=effects.from_json(row.effects),
        uses=row.uses,
        used_at=row.used_at,
        may_change=row.mailbox_id in manageable(viewer),
    )


def _managed(db: Session, agent: Agent, template_id: int) -> _Row:
    row = db.one("templates.by_id", _Row, template_id=template_id)
    if row is None:
        raise NotFound("template")
    _must_manage(agent, row.mailbox_id)
    return row


def _must_manage(agent: Agent, mailbox_id: int | None) -> None:
    if mailbox_id is not None:
        agent.must("configure", mailbox_id)
    elif not agent.is_admin:
        raise NotAllowed("mailboxes")


def _record(
    db: Session, agent: Agent, kind: str, template_id: int, mailbox_id: int | None, *, now: datetime
) -> None:
    after = {"template_id": template_id}
    events.record(db, agent, kind, None, mailbox_id=mailbox_id, after=after, now=now)
