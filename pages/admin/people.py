"""People: who works here, and what each may do in which mailbox."""

from collections.abc import Mapping

import streamlit as st

from inbox import mailboxes, people
from inbox.people import Person
from inbox.words import _
from pages.parts import desk, form, invite, person_setup, sheet, shifts
from pages.parts.escape import plain, quiet

viewer = desk.me()
form.must_be_let_in(viewer.is_admin or any(viewer.may("configure", m) for m in viewer.readable))


def standing(person: Person) -> str:
    """“left”, “invited”, “admin” or nothing."""
    if not person.is_active:
        return f":gray[{_('left')}]"
    if not person.has_joined:
        return f":orange[{_('invited, has not signed in yet')}]"
    return f":gray-badge[{_('admin')}]" if person.is_admin else ""


def roles(person: Person, names: Mapping[int, str]) -> str:
    some = [
        f"{plain(names[m.mailbox_id])}: {_(m.role)}"
        for m in person.memberships
        if m.mailbox_id in names
    ]
    return " · ".join(some) or _("no mailbox yet")


def row(person: Person, names: Mapping[int, str]) -> None:
    is_open = st.session_state.get("person") == person.id
    with st.container(key=f"row_person_{person.id}"):
        with st.container(key=f"line_{person.id}", horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{plain(person.name)}** {standing(person)}  \n{quiet(person.email)}",
                width="stretch",
            )
            st.markdown(f":gray[{roles(person, names)}]", width="stretch")
            if st.button(_("Close") if is_open else _("Change"), key=f"change_{person.id}"):
                st.session_state["person"] = None if is_open else person.id
                st.rerun()
        if is_open:
            with st.container(key=f"open_person_{person.id}"):
                person_setup.show(person, boxes, viewer)


boxes = desk.look(mailboxes.configurable)
with sheet.page("people", _("People")):
    invite.fresh_link()
    if viewer.is_admin:
        invite.show()
    box_names = {box.id: box.name for box in boxes}
    with st.container(key="rows_people", border=True):
        for someone in desk.look(people.everyone):
            row(someone, box_names)
    shifts.show()
