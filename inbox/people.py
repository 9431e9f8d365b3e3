"""People: who works here, and what each may do in which mailbox."""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeAlias
from zoneinfo import available_timezones

from inbox import addresses, events, handover, sessions
from inbox.agents import ABILITIES, Agent, Membership, Role, Sends
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.events import Actor
from inbox.store import Session

RANKS: tuple[Role, ...] = ("reader", "agent", "manager")
Standing: TypeAlias = tuple[Role, Sends] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who works or worked here; `has_joined` once he has chosen a password."""

    id: int
    name: str
    email: str
    is_admin: bool
    is_active: bool
    has_joined: bool
    memberships: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Membership:
    agent_id: int
    mailbox_id: int
    role: Role
    sends: Sends


def everyone(db: Session, viewer: Agent) -> list[Person]:
    """All people by name, those who left last.

    An admin sees every membership; who manages a mailbox sees those of that mailbox, and only
    the people who work here now. Raises NotAllowed for everyone else.
    """
    managed = [m.mailbox_id for m in viewer.memberships if "configure" in ABILITIES[m.role]]
    if not (viewer.is_admin or managed):
        raise NotAllowed("people")
    roles = db.all("people.memberships", _Membership)
    return [
        replace(
            person,
            memberships=tuple(
                Membership(mailbox_id=m.mailbox_id, role=m.role, sends=m.sends)
                for m in roles
                if m.agent_id == person.id and (viewer.is_admin or m.mailbox_id in managed)
            ),
        )
        for person in db.all("people.everyone", Person)
        if viewer.is_admin or person.is_active
    ]


def add(db: Session, agent: Agent, email: str, name: str, *, now: datetime) -> int:
    """Make an account without a password, which nobody can sign in to; answer its id.

    Raises Invalid when the address is none, or belongs to someone already.
    """
    agent.must_run_the_house("people")
    return enrol(db, agent, email, name, is_admin=False, now=now)


def enrol(
    db: Session, actor: Agent | Actor, email: str, name: str, *, is_admin: bool, now: datetime
) -> int:
    """What `add`, set-up and the command line share; who may was checked by them."""
    address = addresses.checked(email, "email")
    if db.value("people.by_email", email=address) is not None:
        raise Invalid("email", "{address} has an account here already.", address=address)
    db.run(
        "people.add", email=address, name=addresses.checked_name(name), is_admin=is_admin, now=now
    )
    agent_id = int(db.value("people.by_email", email=address))
    _record(db, actor, "added", agent_id, now=now, after={"is_admin": is_admin})
    return agent_id


def set_role(
    db: Session,
    agent: Agent,
    agent_id: int,
    mailbox_id: int,
    role: Role,
    sends: Sends = "as",
    *,
    saw: Standing | Literal["whatever"] = "whatever",
    now: datetime,
) -> None:
    """Give a person a role in a mailbox. An admin may give any; who manages the mailbox may make
    others reader or agent, but neither make nor unmake managers, nor change himself.

    `saw` is what the decision rests on: raises Invalid when a colleague has changed it since.
    Who may only read from now on gives open conversations back to the team.
    """
    if role not in RANKS or sends not in ("as", "on_behalf"):
        raise Invalid(
            "role", "There is no role “{role}” that sends “{sends}”.", role=role, sends=sends
        )
    had = _may_change_role(db, agent, agent_id, mailbox_id)
    if not agent.is_admin and role == "manager":
        raise NotAllowed("people")
    if had == (role, sends):
        return
    _must_be_as_seen(had, saw)
    db.change("people.remove_from_mailbox", agent_id=agent_id, mailbox_id=mailbox_id)
    db.run(
        "people.add_to_mailbox", agent_id=agent_id, mailbox_id=mailbox_id, role=role, sends=sends
    )
    action = _record(
        db,
        agent,
        "role_given",
        agent_id,
        mailbox_id=mailbox_id,
        now=now,
        before={"role": had[0], "sends": had[1]} if had else None,
        after={"role": role, "sends": sends},
    )
    if "reply" not in ABILITIES[role]:
        handover.release(db, agent, agent_id, mailbox_id, action, now=now)


def remove_from_mailbox(
    db: Session,
    agent: Agent,
    agent_id: int,
    mailbox_id: int,
    *,
    saw: Standing | Literal["whatever"] = "whatever",
    now: datetime,
) -> None:
    """Take a person out of a mailbox and give his open conversations there back to the team.
    `saw` as for `set_role`."""
    had = _may_change_role(db, agent, agent_id, mailbox_id)
    if had is None:
        return
    _must_be_as_seen(had, saw)
    db.change("people.remove_from_mailbox", agent_id=agent_id, mailbox_id=mailbox_id)
    action = _record(
        db, agent, "role_taken", agent_id, mailbox_id=mailbox_id, now=now, before={"role": had[0]}
    )
    handover.release(db, agent, agent_id, mailbox_id, action, now=now)


def make_admin(db: Session, agent: Agent, agent_id: int, *, now: datetime) -> None:
    """Let a person run the house: people, mailboxes, back-up, SQL."""
    agent.must_run_the_house("people")
    if not _active(db, agent_id).is_admin:
        db.change("people.set_admin", agent_id=agent_id, is_admin=True)
        _record(db, agent, "made_admin", agent_id, now=now)


def unmake_admin(db: Session, agent: Agent, agent_id: int, *, now: datetime) -> None:
    """Raises Invalid for the last admin: somebody must be able to let people in."""
    agent.must_run_the_house("people")
    if _active(db, agent_id).is_admin:
        _must_not_be_last_admin(db, agent_id)
        db.change("people.set_admin", agent_id=agent_id, is_admin=False)
        _record(db, agent, "unmade_admin", agent_id, now=now)


def deactivate(db: Session, agent: Agent, agent_id: int, *, now: datetime) -> None:
    """End a person's work here: signed out everywhere, open conversations back to the team,
    unused links void. The name stays on everything he did. Never the last admin."""
    agent.must_run_the_house("people")
    person = _by_id(db, agent_id)
    if not person.is_active:
        return
    if person.is_admin:
        _must_not_be_last_admin(db, agent_id)
    db.change("people.deactivate", agent_id=agent_id, now=now)
    db.change("people.void_links", agent_id=agent_id, now=now)
    sessions.end_all(db, agent_id, now=now)
    action = _record(db, agent, "deactivated", agent_id, now=now)
    handover.release(db, agent, agent_id, None, action, now=now)


def reactivate(db: Session, agent: Agent, agent_id: int, *, now: datetime) -> None:
    """Take a person back, with the memberships he had, though never as an admin."""
    agent.must_run_the_house("people")
    if not _by_id(db, agent_id).is_active:
        db.change("people.reactivate", agent_id=agent_id)
        _record(db, agent, "reactivated", agent_id, now=now)


def set_profile(db: Session, agent: Agent, name: str, signature: str, *, now: datetime) -> None:
    """Change one's own name and signature, as customers see them."""
    if len(signature) > 4000:
        raise Invalid("signature", "A signature has at most 4,000 characters.")
    name, signature = addresses.checked_name(name), signature.replace("\0", "").strip()
    if (name, signature) != (agent.name, agent.signature):
        db.change("people.set_profile", agent_id=agent.id, name=name, signature=signature)
        _record(db, agent, "renamed", agent.id, now=now, before={"name": agent.name})


@cache
def time_zones() -> tuple[str, ...]:
    """The names of the tz database; looking for them takes a while."""
    return tuple(sorted(available_timezones()))


def set_preferences(
    db: Session, agent: Agent, language: str, time_zone: str, *, now: datetime
) -> None:
    """Choose the screen's language and the zone of its times; empty takes the browser's.

    Leaves no event: nothing changes for anybody else.
    """
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise Invalid("language", "There is no such language.")
    if time_zone and time_zone not in time_zones():
        raise Invalid("time_zone", "There is no such time zone.")
    db.change("people.set_preferences", agent_id=agent.id, language=language, time_zone=time_zone)


def choose_name(db: Session, agent_id: int, name: str) -> None:
    """Correct the name somebody was invited under, while accepting the invitation."""
    db.change("people.set_name", agent_id=agent_id, name=addresses.checked_name(name))


def change_password(
    db: Session, agent: Agent, was_right: bool, new_hash: str, keep_digest: str, *, now: datetime
) -> None:
    """Store a new hash; every session but the one with `keep_digest` ends, unused links are void.

    The caller has checked the old password (`sessions.guess`, `passwords.check`) and the new one
    (`passwords.must_be_good`).
    """
    if not was_right:
        raise Invalid("old", "That is not your password.")
    set_password(db, agent.id, new_hash, now=now, keep_digest=keep_digest)


def set_password(
    db: Session, agent_id: int, new_hash: str, *, now: datetime, keep_digest: str = ""
) -> None:
    """What every way to a new password has in common; who may was checked by the caller."""
    db.change("people.set_password", agent_id=agent_id, password_hash=new_hash)
    db.change("people.void_links", agent_id=agent_id, now=now)
    _record(db, Actor(kind="agent", id=agent_id), "password_changed", agent_id, now=now)
    sessions.end_all(db, agent_id, now=now, keep_digest=keep_digest)


def open_count(db: Session, viewer: Agent, agent_id: int) -> int:
    """How many open conversations would go back to the team if this person left."""
    viewer.must_run_the_house("people")
    return handover.count(db, agent_id)


def _may_change_role(db: Session, agent: Agent, agent_id: int, mailbox_id: int) -> Standing:
    """The role the person has now; raises unless this agent may change it."""
    if not agent.is_admin:
        agent.must("configure", mailbox_id)
    _active(db, agent_id)
    if db.value("people.mailbox", mailbox_id=mailbox_id) is None:
        raise NotFound("mailbox")
    had = next(
        (
            (m.role, m.sends)
            for m in db.all("people.memberships", _Membership)
            if (m.agent_id, m.mailbox_id) == (agent_id, mailbox_id)
        ),
        None,
    )
    is_own = agent_id == agent.id
    if not agent.is_admin and (is_own or (had is not None and had[0] == "manager")):
        raise NotAllowed("people")
    return had


def _must_be_as_seen(had: Standing, saw: Standing | Literal["whatever"]) -> None:
    if saw not in ("whatever", had):
        raise Invalid("role", "A colleague has just changed this. Now you see how it is.")


def _by_id(db: Session, agent_id: int) -> Person:
    found = next((p for p in db.all("people.everyone", Person) if p.id == agent_id), None)
    if found is None:
        raise NotFound("person")
    return found


def _active(db: Session, agent_id: int) -> Person:
    found = _by_id(db, agent_id)
    if not found.is_active:
        raise Invalid("person", "{name} does not work here any more.", name=found.name)
    return found


def _must_not_be_last_admin(db: Session, agent_id: int) -> None:
    if db.value("people.other_admins", agent_id=agent_id) == 0:
        raise Invalid("person", "This is the last admin. Make someone else an admin first.")


def _record(
    db: Session,
    actor: Agent | Actor,
    kind: str,
    agent_id: int,
    *,
    now: datetime,
    mailbox_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> str:
    action = uuid.uuid4().hex
    events.record(
        db,
        actor,
        kind,
        None,
        mailbox_id=mailbox_id,
        now=now,
        before=before,
        after={"agent_id": agent_id, **(after or {})},
        action_id=action,
    )
    return action
