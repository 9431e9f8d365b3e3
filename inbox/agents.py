"""Who works here, what each role may do in each mailbox, and what the house reserves to admins."""

from dataclasses import dataclass, field
from typing import Literal

from inbox.errors import NotAllowed, NotFound
from inbox.store import Session

Ability = Literal["read", "note", "reply", "triage", "configure", "erase", "compare"]
HouseAbility = Literal["people", "mailboxes", "backup", "sql", "health"]
Role = Literal["reader", "agent", "manager"]
Sends = Literal["as", "on_behalf"]

NOBODY = 0

ABILITIES: dict[Role, frozenset[Ability]] = {
    "reader": frozenset({"read"}),
    "agent": frozenset({"read", "note", "reply", "triage"}),
    "manager": frozenset({"read", "note", "reply", "triage", "configure", "erase", "compare"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A role in one mailbox; `sends` tells whether replies name the agent in a Sender field."""

    mailbox_id: int
    role: Role
    sends: Sends = "as"
    mailbox_name: str = ""
    mailbox_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A signed-in person, as every question and verb receives them. `time_zone` is a name of the
    tz database, empty for the browser's own; `notify` what to tell of (inbox.notifications)."""

    id: int
    name: str
    email: str
    is_admin: bool = False
    signature: str = ""
    language: str = "en"
    time_zone: str = ""
    notify: str = ""
    memberships: tuple[Membership, ...] = field(default=())

    @property
    def readable(self) -> list[int]:
        """The mailboxes whose mail this agent may see."""
        return [m.mailbox_id for m in self.memberships if "read" in ABILITIES[m.role]]

    def may(self, ability: Ability, mailbox_id: int) -> bool:
        return any(
            m.mailbox_id == mailbox_id and ability in ABILITIES[m.role] for m in self.memberships
        )

    def must(self, ability: Ability, mailbox_id: int) -> None:
        """Raises NotFound where the agent may not even read, NotAllowed where only this is
        missing: a stranger to a mailbox does not learn what is in it."""
        if not self.may("read", mailbox_id):
            raise NotFound("conversation")
        if not self.may(ability, mailbox_id):
            raise NotAllowed(ability)

    def must_run_the_house(self, ability: HouseAbility) -> None:
        if not self.is_admin:
            raise NotAllowed(ability)

    def membership(self, mailbox_id: int) -> Membership | None:
        return next((m for m in self.memberships if m.mailbox_id == mailbox_id), None)


def the_house() -> Agent:
    """Who gives the orders of the command line and of the night: an admin who is no person and a
    member of no mailbox. The diary knows it as `system`."""
    return Agent(id=NOBODY, name="Delad", email="", is_admin=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: int
    name: str
    email: str
    is_admin: bool
    signature: str
    language: str
    time_zone: str
    notify: str
    mailbox_id: int | None
    role: Role | None
    sends: Sends | None
    mailbox_name: str | None
    mailbox_address: str | None


def by_id(db: Session, agent_id: int) -> Agent | None:
    """An active agent with all memberships, in one statement."""
    return _assemble(db.all("agents.by_id", _Row, agent_id=agent_id))


def by_session(db: Session, token_digest: str, *, now: object) -> Agent | None:
    """The active agent behind a live session, in one statement."""
    return _assemble(db.all("agents.by_session", _Row, token_digest=token_digest, now=now))


def _assemble(rows: list[_Row]) -> Agent | None:
    if not rows:
        return None
    first = rows[0]
    return Agent(
        id=first.id,
        name=first.name,
        email=first.email,
        is_admin=first.is_admin,
        signature=first.signature,
        language=first.language,
        time_zone=first.time_zone,
        notify=first.notify,
        memberships=tuple(
            Membership(
                mailbox_id=row.mailbox_id,
                role=row.role,
                sends=row.sends or "as",
                mailbox_name=row.mailbox_name or "",
                mailbox_address=row.mailbox_address or "",
            )
            for row in rows
            if row.mailbox_id is not None and row.role is not None
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Someone a conversation of this mailbox can be assigned to."""

    id: int
    name: str


def colleagues(db: Session, viewer: Agent, mailbox_id: int) -> list[Colleague]:
    """Active members of the mailbox who may answer, by name."""
    viewer.must("read", mailbox_id)
    return db.all("agents.colleagues", Colleague, mailbox_id=mailbox_id)
