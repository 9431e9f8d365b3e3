"""The commands of the command line that need no mail server, as the app and `__main__` run them.

Each takes the open house, its arguments as JSON can carry them, and where to tell its progress.
They act for the house itself: whoever can read the data folder is whom they obey.
"""

from dataclasses import asdict
from pathlib import Path

from inbox import (
    agents,
    backup,
    clock,
    doctor,
    invitations,
    mailboxes,
    notices,
    people,
    snapshot,
    verify,
)
from inbox.control import Answer, Arguments, Command, Progress
from inbox.errors import Invalid
from inbox.house import House
from inbox.people import Person
from inbox.store import Session


def agent_add(house: House, arguments: Arguments, progress: Progress) -> Answer:
    """An account and the one-time link to choose its password with."""
    admin, now = agents.the_house(), clock.now()
    with house.store.write() as db:
        roles = [_role(db, text) for text in arguments["mailboxes"]]
        token = invitations.invite(
            db,
            admin,
            arguments["email"],
            arguments["name"] or arguments["email"].partition("@")[0],
            now=now,
            hours=house.settings.invitation_hours,
        )
        person = _person(db, arguments["email"])
        if arguments["admin"]:
            people.make_admin(db, admin, person.id, now=now)
        for mailbox_id, role in roles:
            people.set_role(db, admin, person.id, mailbox_id, role, now=now)
    url = notices.link(house.settings, "invitation", token, base=house.settings.base_url)
    return Answer(
        data={"agent_id": person.id, "email": person.email, "invitation": url},
        lines=(
            f"{person.name} <{person.email}> is invited. This link works once, for "
            f"{house.settings.invitation_hours} hours:",
            url,
        ),
    )


def agent_list(house: House, arguments: Arguments, progress: Progress) -> Answer:
    with house.store.read() as db:
        everyone = people.everyone(db, agents.the_house())
        names = {m.id: m.address for m in mailboxes.configurable(db, agents.the_house())}
    found = [
        {
            "agent_id": person.id,
            "email": person.email,
            "name": person.name,
            "is_admin": person.is_admin,
            "is_active": person.is_active,
            "has_joined": person.has_joined,
            "mailboxes": {names[m.mailbox_id]: m.role for m in person.memberships},
        }
        for person in everyone
    ]
    lines = [
        f"{one['email']}  {one['name']}{_remarks(person)}"
        for one, person in zip(found, everyone, strict=True)
    ]
    return Answer(data={"agents": found}, lines=tuple(lines or ["Nobody works here yet."]))


def agent_deactivate(house: House, arguments: Arguments, progress: Progress) -> Answer:
    with house.store.write() as db:
        person = _person(db, arguments["email"])
        people.deactivate(db, agents.the_house(), person.id, now=clock.now())
    return Answer(
        data={"agent_id": person.id, "email": person.email, "is_active": False},
        lines=(
            f"{person.name} can no longer sign in. What was assigned is unassigned now; "
            "the name stays on everything done here.",
        ),
    )


def mailbox_list(house: House, arguments: Arguments, progress: Progress) -> Answer:
    with house.store.read() as db:
        found = mailboxes.configurable(db, agents.the_house())
    listed = [
        {
            "mailbox_id": m.id,
            "address": m.address,
            "name": m.name,
            "aliases": sorted(m.addresses - {m.address}),
            "imap_url": m.imap_url,
            "smtp_url": m.smtp_url,
            "is_active": m.is_active,
        }
        for m in found
    ]
    lines = [
        f"{m.address}  {m.name}  {m.imap_url or 'no server'}{'' if m.is_active else ', at rest'}"
        for m in found
    ]
    return Answer(data={"mailboxes": listed}, lines=tuple(lines or ["There is no mailbox yet."]))


def take_snapshot(house: House, arguments: Arguments, progress: Progress) -> Answer:
    admin = agents.the_house()
    if not arguments["file"]:
        kept = snapshot.keep(house, admin, now=clock.now()).file
        made = snapshot.Snapshot(file=kept, size_bytes=kept.stat().st_size)
    else:
        made = snapshot.make(house, admin, Path(arguments["file"]))
    return Answer(
        data={"file": str(made.file), "size_bytes": made.size_bytes},
        lines=(f"{made.file} holds the report tables ({made.size_bytes:,} bytes).",),
    )


def back_up(house: House, arguments: Arguments, progress: Progress) -> Answer:
    """A back-up, or only the keys into another folder."""
    admin = agents.the_house()
    if arguments["keys_to"]:
        written = backup.keys_to(house, admin, Path(arguments["keys_to"]))
        return Answer(
            data={"keys": [str(file) for file in written]},
            lines=(f"The keys are in {written[0].parent}. Keep them apart from the back-ups.",),
        )
    made = backup.make(house, admin, now=clock.now(), progress=progress)
    return Answer(
        data={
            "backup": str(made.folder),
            "made_at": made.made_at.isoformat(),
            "files": made.files,
            "size_bytes": made.size_bytes,
        },
        lines=(
            f"{made.folder} holds {made.files:,} files ({made.size_bytes:,} bytes), no keys. "
            "Copy it to another machine.",
        ),
    )


def look_over(house: House, arguments: Arguments, progress: Progress) -> Answer:
    """`verify`: exit code 1 when anything is not as it was written."""
    findings = verify.verify(house.store, progress=progress)
    return Answer(
        data={"ok": not findings, "findings": [asdict(f) for f in findings]},
        lines=tuple(f"{f.subject}: {f.fault}" for f in findings)
        or ("Everything is as it was written.",),
        exit_code=1 if findings else 0,
    )


def see_the_doctor(house: House, arguments: Arguments, progress: Progress) -> Answer:
    return diagnosis(doctor.examine(house.settings, house, now=clock.now()))


def diagnosis(signs: list[doctor.Sign]) -> Answer:
    """What the doctor found; exit code 1 when something is broken."""
    is_broken = any(sign.state == "broken" for sign in signs)
    return Answer(
        data={"ok": not is_broken, "findings": [asdict(sign) for sign in signs]},
        lines=tuple(f"{sign.state:<8} {sign.subject}: {sign.text}" for sign in signs),
        exit_code=1 if is_broken else 0,
    )


COMMANDS: dict[str, Command] = {
    "agent add": agent_add,
    "agent list": agent_list,
    "agent deactivate": agent_deactivate,
    "mailbox list": mailbox_list,
    "snapshot": take_snapshot,
    "backup": back_up,
    "verify": look_over,
    "doctor": see_the_doctor,
}


def _person(db: Session, email: str) -> Person:
    wanted = email.strip().lower()
    everyone = people.everyone(db, agents.the_house())
    found = next((person for person in everyone if person.email == wanted), None)
    if found is None:
        raise Invalid("email", f"Nobody with the address {wanted} works here.")
    return found


def _role(db: Session, text: str) -> tuple[int, agents.Role]:
    """Read `support@example.com` or `support@example.com:manager`."""
    address, _, role = text.partition(":")
    found = mailboxes.by_address(db, address)
    if found is None:
        raise Invalid("mailbox", f"There is no mailbox {address}.")
    known = next((r for r in agents.ABILITIES if r == (role or "agent")), None)
    if known is None:
        raise Invalid("mailbox", f"“{role}” is no role: reader, agent or manager.")
    return found.id, known


def _remarks(person: Person) -> str:
    remarks = [
        *(["admin"] if person.is_admin else []),
        *([] if person.has_joined or not person.is_active else ["invited"]),
        *([] if person.is_active else ["deactivated"]),
    ]
    return f" ({', '.join(remarks)})" if remarks else ""
