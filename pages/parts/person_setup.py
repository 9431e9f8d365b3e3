"""One person's place in the house: role per mailbox, admin, link, leaving."""

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from inbox import people
from inbox.agents import Agent, Sends
from inbox.errors import InboxError
from inbox.mailboxes import Mailbox
from inbox.people import RANKS, Person
from inbox.words import _, mark, plural, refused
from pages.parts import desk, form, invite
from pages.parts.escape import plain

Given = Literal["none", "reader", "agent", "manager"]
ROLE_NAMES: dict[Given, str] = {
    "none": mark("no access"),
    "reader": mark("reader: may read"),
    "agent": mark("agent: reads and answers"),
    "manager": mark("manager: sets the mailbox up as well"),
}
_SENDS: dict[Sends, str] = {
    "as": mark("as the mailbox"),
    "on_behalf": mark("on behalf of it, named as sender"),
}
_WAYS: list[Sends] = list(_SENDS)
_REFUSED = "person_refused"


def show(person: Person, mailboxes: Sequence[Mailbox], viewer: Agent) -> None:
    """What this viewer may change about this person; the verbs check again.

    Every field shows what is stored at this moment, and only choosing something writes: a page
    that has stood open for long changes nothing by itself.
    """
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None and refused[0] == person.id:
        st.error(plain(refused[1]))
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
    saw: people.Standing = (had.role, had.sends) if had else None
    present: Given = had.role if had else "none"
    offered: list[Given] = ["none", *(r for r in RANKS if viewer.is_admin or r != "manager")]
    is_closed = not viewer.is_admin and (
        person.id == viewer.id or (had is not None and had.role == "manager")
    )
    if present not in offered:
        offered.append(present)
    role, sends = f"role_{person.id}_{mailbox.id}", f"sends_{person.id}_{mailbox.id}"
    st.session_state[role] = present
    st.session_state[sends] = had.sends if had else "as"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            plain(mailbox.name),
            offered,
            format_func=lambda r: _(ROLE_NAMES[r]),
            key=role,
            disabled=is_closed,
            on_change=_role_chosen,
            args=(role, person.id, mailbox.id, saw),
        )
        st.selectbox(
            _("Sends"),
            _WAYS,
            format_func=lambda s: _(_SENDS[s]),
            key=sends,
            disabled=is_closed or present in ("none", "reader"),
            on_change=_way_chosen,
            args=(sends, person.id, mailbox.id, saw),
        )


def _role_chosen(key: str, person_id: int, mailbox_id: int, saw: people.Standing) -> None:
    role: Given = st.session_state[key]
    if role == (saw[0] if saw else "none"):
        return
    if role == "none":
        _write(person_id, people.remove_from_mailbox, mailbox_id, saw=saw)
    else:
        _write(person_id, people.set_role, mailbox_id, role, saw[1] if saw else "as", saw=saw)


def _way_chosen(key: str, person_id: int, mailbox_id: int, saw: people.Standing) -> None:
    sends: Sends = st.session_state[key]
    if saw is not None and sends != saw[1]:
        _write(person_id, people.set_role, mailbox_id, saw[0], sends, saw=saw)


def _admin(person: Person) -> None:
    key = f"admin_{person.id}"
    st.session_state[key] = person.is_admin
    st.toggle(
        _("Admin: people, mailboxes, back-ups, health"),
        key=key,
        on_change=_admin_chosen,
        args=(key, person),
    )


def _admin_chosen(key: str, person: Person) -> None:
    wanted: bool = st.session_state[key]
    if wanted != person.is_admin:
        _write(person.id, people.make_admin if wanted else people.unmake_admin)


def _write(person_id: int, verb: Callable[..., object], *args: object, **kwargs: object) -> None:
    """For callbacks: the page that is drawn next says what is stored, and why if it refused."""
    try:
        desk.attempt(verb, person_id, *args, **kwargs)
    except InboxError as refusal:
        st.session_state[_REFUSED] = (person_id, refused(refusal))
    else:
        st.toast(_("Saved."), icon=":material/check:")


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
