"""Moves the invented firm into an empty house: its people, its mailboxes, their passwords."""

from dataclasses import dataclass
from datetime import datetime

from inbox import agents, calendars, mailboxes, passwords, people, targets
from inbox.agents import Agent
from inbox.events import SYSTEM
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.store import Session
from ingest import servers
from ingest.demo import belongings, hours, pilot
from ingest.demo.firm import MAILBOXES, SARA, SIGNATURE, TEAM, Colleague
from ingest.demo.servers import Provider

# Open hours, as `targets` keeps them in seconds, for each of MAILBOXES.
PROMISED: tuple[dict[targets.Kind, int | None], ...] = (
    {"first_reply": 2 * 3600, "next_reply": 4 * 3600, "resolution": 18 * 3600},
    {"first_reply": 4 * 3600, "next_reply": 4 * 3600},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """The firm as the house knows it: its mailboxes, and its agents by e-mail."""

    mailboxes: tuple[Mailbox, ...]
    team: dict[str, Agent]


def move_in(house: House, provider: Provider, password: str, *, now: datetime) -> Firm:
    """Enrol the team with one password for all, and connect the mailboxes to the demo servers."""
    hashed = passwords.hash(password)
    with house.store.write() as db:
        ids = {one.email: _enrol(db, one, hashed, now=now) for one in TEAM}
        sara = _agent(db, ids[SARA.email])
        places = [
            mailboxes.add(
                db,
                sara,
                address,
                name=name,
                secret=provider.passwords[address],
                signature=SIGNATURE,
                imap_url=servers.checked(provider.imap_url(address)),
                smtp_url=servers.checked(provider.smtp_url),
                sent_folder="Sent",
                keys=house.keys,
                now=now,
            )
            for address, name in MAILBOXES.items()
        ]
        for one in TEAM:
            for place in places:
                people.set_role(db, sara, ids[one.email], place, one.role, now=now)
        sara = _agent(db, ids[SARA.email])
        _keep_hours(db, sara, places, now=now)
        pilot.plan(db, sara, places, now=now)
        belongings.unpack(db, sara, places[0], now=now)
        return Firm(
            mailboxes=tuple(mailboxes.active(db)),
            team={email: _agent(db, agent_id) for email, agent_id in ids.items()},
        )


def _keep_hours(db: Session, sara: Agent, places: list[int], *, now: datetime) -> None:
    """When the firm is open, and what it promises: quotes are answered later than complaints."""
    lines = [f"{hours.OPENS:02d}:00-{hours.CLOSES:02d}:00"] * 5 + ["", ""]
    calendars.save(
        db, sara, "Nordkaj", time_zone=str(hours.ZONE), lines=lines, country="SE", now=now
    )
    for place, seconds in zip(places, PROMISED, strict=True):
        mailboxes.change(db, sara, place, calendar="Nordkaj", now=now)
        targets.set_targets(db, sara, place, seconds, now=now)


def _enrol(db: Session, one: Colleague, hashed: str, *, now: datetime) -> int:
    agent_id = people.enrol(db, SYSTEM, one.email, one.name, is_admin=one.is_admin, now=now)
    people.set_password(db, agent_id, hashed, now=now)
    return agent_id


def _agent(db: Session, agent_id: int) -> Agent:
    found = agents.by_id(db, agent_id)
    assert found
    return found
