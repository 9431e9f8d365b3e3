"""One person's place in the house: role per mailbox, admin, link, leaving."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from inbox import people
from inbox.agents import Agent, Membership, Sends
from inbox.mailboxes import Mailbox
from inbox.people import RANKS, Person
from pages.parts import desk, form, invite
from pages.parts.escape import plain
from pages.parts.words import _, plural

Given = Literal["none", "reader", "agent", "manager"]
ROLE_NAMES: dict[Given, str] = {
    "none": _("no access"),
    "reader": _("reader: may read"),
    "agent": _("agent: reads and answers"),
    "manager": _("manager: sets the mailbox up as well"),
}
_SENDS: dict[Sends, str] = {
    "as": _("as the mailbox"),
    "on_behalf": _("on behalf of it, named as sender"),
}
_WAYS: list[Sends] = list(_SENDS)


def show(person: Person, mailboxes: Sequence[Mailbox], viewer: Agent) -> None:
    """What this viewer may change about this person; the verbs check again."""
    if not person.is_active:
        if viewer.is_admin and st.button(_("Take back"), key=f"take_back_{person.id}"):
            form.saved(people.reactivate, person.id)
        return
    for mailbox in mailboxes:
        _role(person, mailbox, viewer)
    if viewer.is_admin:
        _admin(person)
        with st.container(horizontal=True):
            st.button(
                _("New link to choose a password"),
                key=f"renew_{person.id}",
                on_click=_renew,
                args=(person,),
            )
            _leaving(person)


def _role(person: Person, mailbox: Mailbox, viewer: Agent) -> None:
    had = next((m for m in person.memberships if m.mailbox_id == mailbox.id), None)
    present: Given = had.role if had else "none"
    offered: list[Given] = ["none", *(r for r in RANKS if viewer.is_admin or r != "manager")]
    is_closed = not viewer.is_admin and (
        person.id == viewer.id or (had is not None and had.role == "manager")
    )
    if present not in offered:
        offered.append(present)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        role = st.selectbox(
            plain(mailbox.name),
            offered,
            index=offered.index(present),
            format_func=lambda r: ROLE_NAMES[r],
            key=f"role_{person.id}_{mailbox.id}",
            disabled=is_closed,
        )
        sends = st.selectbox(
            _("Sends"),
            _WAYS,
            index=_WAYS.index(had.sends if had else "as"),
            format_func=lambda s: _SENDS[s],
            key=f"sends_{person.id}_{mailbox.id}",
            disabled=is_closed or role in ("none", "reader"),
        )
    if not is_closed:
        _give(person, mailbox, had, role, sends)


def _give(
    person: Person, mailbox: Mailbox, had: Membership | None, role: Given, sends: Sends
) -> None:
    if role == "none":
        if had:
            form.saved(people.remove_from_mailbox, person.id, mailbox.id)
    elif had is None or (had.role, had.sends) != (role, sends):
        form.saved(people.set_role, person.id, mailbox.id, role, sends)


def _admin(person: Person) -> None:
    wanted = st.toggle(
        _("Admin: people, mailboxes, back-ups, health"), person.is_admin, key=f"admin_{person.id}"
    )
    if wanted != person.is_admin:
        form.saved(people.make_admin if wanted else people.unmake_admin, person.id)


def _renew(person: Person) -> None:
    invite.renew(person.id, person.name, has_joined=person.has_joined)


def _leaving(person: Person) -> None:
    count = desk.look(people.open_count, person.id)
    name = plain(person.name)
    returns = plural(
        "{n} open conversation goes back to the queue.",
        "{n} open conversations go back to the queue.",
        count,
    ).format(n=count)
    warning = _(
        "{name} is signed out everywhere and cannot sign in any more. {returns} Everything {name} "
        "wrote stays, under that name. You can take {name} back."
    ).format(name=name, returns=returns)
    if form.confirmed(f"leave_{person.id}", _("Deactivate"), warning):
        form.saved(people.deactivate, person.id)
