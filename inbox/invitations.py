"""One-time links: set-up of the first admin, invitations, forgotten passwords.

Their tokens have 256 random bits, are stored as SHA-256 only, expire, and work once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal

from inbox import addresses, at_rest, events, people, sessions
from inbox.agents import Agent
from inbox.errors import Invalid, LinkVoid, NotFound
from inbox.events import SYSTEM
from inbox.settings import INVITATION_HOURS, RESET_HOURS
from inbox.store import Session

Kind = Literal["setup", "invitation", "reset"]
VOID = "This link was used already, has expired, or was replaced by a newer one. Ask for a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link that can still be used; a set-up link is for nobody yet."""

    id: int
    kind: Kind
    agent_id: int | None
    token_digest: str
    name: str
    email: str


def needs_set_up(db: Session) -> bool:
    """Whether nobody can run this house yet, so that a set-up link may be made and used."""
    return bool(db.value("invitations.admins") == 0)


def set_up_link(db: Session, *, now: datetime, hours: float = INVITATION_HOURS) -> str:
    """A token for the first admin, printed on the console; it voids those made before.

    Raises Invalid when there is an admin already.
    """
    if not needs_set_up(db):
        raise Invalid("setup", "This house has an admin, who can invite others.")
    db.change("invitations.void_set_up", now=now)
    return _add(db, "setup", None, now=now, hours=hours)


def invite(
    db: Session,
    agent: Agent,
    email: str,
    name: str,
    *,
    now: datetime,
    hours: float = INVITATION_HOURS,
) -> str:
    """Make an account and a link to choose its password with; inviting again replaces the link.

    Raises Invalid when the address has a password already, or belongs to someone who left.
    """
    agent.must_run_the_house("people")
    address = addresses.checked(email, "email")
    known = next((p for p in people.everyone(db, agent) if p.email == address), None)
    if known and not known.is_active:
        raise Invalid(
            "email", "{name} worked here before. Take them back instead.", name=known.name
        )
    if known and known.has_joined:
        raise Invalid("email", "{name} works here already.", name=known.name)
    agent_id = known.id if known else people.add(db, agent, address, name, now=now)
    db.change("people.void_links", agent_id=agent_id, now=now)
    events.record(db, agent, "invited", None, now=now, after={"agent_id": agent_id})
    return _add(db, "invitation", agent_id, now=now, hours=hours)


def reset(db: Session, email: str, *, now: datetime, hours: float = RESET_HOURS) -> str | None:
    """A token for who forgot the password; None for an unknown address.

    The caller answers both alike, and sends the link only to the address itself.
    """
    agent_id = db.value("invitations.who_forgot", email=email.strip().lower())
    if agent_id is None:
        return None
    db.change("people.void_links", agent_id=agent_id, now=now)
    return _add(db, "reset", agent_id, now=now, hours=hours)


def renew(
    db: Session, agent: Agent, agent_id: int, *, now: datetime, hours: float = INVITATION_HOURS
) -> str:
    """A fresh link an admin hands over: to choose the first password, or a new one."""
    agent.must_run_the_house("people")
    person = next((p for p in people.everyone(db, agent) if p.id == agent_id), None)
    if person is None or not person.is_active:
        raise NotFound("person")
    db.change("people.void_links", agent_id=agent_id, now=now)
    events.record(db, agent, "invited", None, now=now, after={"agent_id": agent_id})
    kind: Kind = "reset" if person.has_joined else "invitation"
    return _add(db, kind, agent_id, now=now, hours=hours)


def by_token(db: Session, token: str, *, now: datetime) -> Invitation:
    """What a link is for. Raises LinkVoid for a used, expired, replaced or invented one."""
    wanted = sessions.digest(token)
    found = db.one("invitations.by_digest", Invitation, token_digest=wanted, now=now)
    if found is None or not compare_digest(found.token_digest, wanted):
        raise LinkVoid(VOID)
    return found


def redeem(
    db: Session,
    token: str,
    password_hash: str,
    name: str | None = None,
    *,
    now: datetime,
    email: str | None = None,
) -> int:
    """Use a link once: store the password, sign out everywhere else; answer the agent's id.

    `name` may correct an invited name; a set-up link needs `name` and `email`.
    Raises LinkVoid for a link that cannot be used, Invalid for a bad name or address.
    """
    found = by_token(db, token, now=now)
    if found.kind == "setup":
        agent_id = _first_admin(db, email or "", name or "", now=now)
    else:
        assert found.agent_id is not None
        agent_id = found.agent_id
        if name is not None and found.kind == "invitation":
            people.choose_name(db, agent_id, name)
    db.change("invitations.use", invitation_id=found.id, now=now)
    people.set_password(db, agent_id, password_hash, now=now)
    db.change("sessions.forget_guesses", account=found.email)
    return agent_id


def _first_admin(db: Session, email: str, name: str, *, now: datetime) -> int:
    if not needs_set_up(db):
        raise Invalid("setup", "This house has an admin, who can invite others.")
    agent_id = people.enrol(db, SYSTEM, email, name, is_admin=True, now=now)
    at_rest.entrust(db, agent_id, now=now)
    return agent_id


def _add(db: Session, kind: Kind, agent_id: int | None, *, now: datetime, hours: float) -> str:
    token = sessions.new_token()
    db.run(
        "invitations.add",
        kind=kind,
        agent_id=agent_id,
        token_digest=sessions.digest(token),
        now=now,
        expires_at=now + timedelta(hours=hours),
    )
    return token
