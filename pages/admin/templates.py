"""Templates: answers that are written once, by folder, for a mailbox or for all."""

import streamlit as st

from inbox import mailboxes, templates
from inbox.templates import Template
from inbox.words import _, plural
from pages.parts import desk, form, sheet, template_form
from pages.parts.escape import plain

viewer = desk.me()
managed = templates.manageable(viewer)
form.must_be_let_in(bool(managed))
NEW = 0


def head() -> None:
    with st.container(key="sheethead", horizontal=True, vertical_alignment="center"):
        st.title(_("Templates"), width="stretch", anchor=False)
        if st.session_state.get("template") != NEW:
            st.button(_("New template"), key="new", type="primary", on_click=turn_to, args=(NEW,))


def turn_to(number: int | None) -> None:
    st.session_state["template"] = number


def row(template: Template, place: str) -> None:
    is_open = st.session_state.get("template") == template.id
    with st.container(key=f"row_template_{template.id}"):
        with st.container(
            key=f"line_template_{template.id}", horizontal=True, vertical_alignment="center"
        ):
            glimpse = plain(" ".join(template.body.split()), 120)
            st.markdown(f"**{plain(template.name)}**  \n:gray[{glimpse}]", width="stretch")
            st.markdown(f":gray[{plain(place)}  \n{used(template)}]", width=190)
            if template.may_change:
                st.button(
                    _("Close") if is_open else _("Change"),
                    key=f"change_{template.id}",
                    on_click=turn_to,
                    args=(None if is_open else template.id,),
                )
        if is_open:
            template_form.show(template, managed, names, known)


def used(template: Template) -> str:
    if not template.uses:
        return _("never used")
    said = plural("used once", "used {n} times", template.uses)
    return said.format(n=template.uses)


names = {box.id: box.name for box in desk.look(mailboxes.configurable)} | {
    sign.id: sign.name for sign in desk.signs()
}
known = desk.look(templates.of_viewer)
with sheet.page("templates"):
    head()
    st.caption(_("Put into an answer with T. The most used stand first."))
    if st.session_state.get("template") == NEW:
        with st.container(border=True, key="writing"):
            template_form.show(None, managed, names, known)
    if not known:
        st.info(_("No template yet. Write the answer that you write most often."))
    for folder in ["", *templates.folders(known)]:
        some = [t for t in known if t.folder == folder]
        if some:
            if folder:
                sheet.section(plain(folder))
            with st.container(key=f"rows_templates_{some[0].id}", border=True):
                for one in some:
                    box = one.mailbox_id
                    row(one, names.get(box, "") if box is not None else _("All mailboxes"))
