"""The form of one template: where it lies, what it says, and what sending it does besides."""

from collections.abc import Mapping, Sequence

import streamlit as st

from inbox import agents, effects, placeholders, tags, templates
from inbox.effects import ME, NOBODY, Effects
from inbox.templates import Template, Written
from inbox.words import _
from pages.parts import desk, form


def show(
    template: Template | None,
    managed: Sequence[int | None],
    names: Mapping[int, str],
    known: Sequence[Template],
) -> None:
    """A new one, or one to be changed or deleted."""
    key = f"t{template.id if template else 0}"
    mailbox_id = template.mailbox_id if template else _place(managed, names, key)
    does = template.effects if template else effects.NONE
    with st.form(f"form_{key}", border=False):
        left, right = st.columns((3, 2))
        name = left.text_input(_("Name"), template.name if template else "", key=f"name_{key}")
        folder = right.selectbox(
            _("Folder"),
            templates.folders(known),
            index=_index(templates.folders(known), template.folder if template else ""),
            key=f"folder_{key}",
            accept_new_options=True,
            placeholder=_("None; type to make one"),
        )
        body = st.text_area(
            _("Text"), template.body if template else "", key=f"body_{key}", height=220
        )
        _explained()
        wanted = _effects(does, mailbox_id, key)
        if st.form_submit_button(_("Save"), key=f"save_{key}", type="primary"):
            written = Written(name=name, body=body, folder=folder or "", effects=wanted)
            _save(template, mailbox_id, written)
    if template:
        warning = _("Nobody is offered it any more. Answers that were written with it stay.")
        if form.confirmed(f"delete_{key}", _("Delete"), warning):
            st.session_state["template"] = None
            form.saved(templates.remove, template.id)


def _place(managed: Sequence[int | None], names: Mapping[int, str], key: str) -> int | None:
    """Outside the form: whom it can be assigned to depends on it."""
    if len(managed) == 1:
        return managed[0]
    # What is chosen from is shown as it is, without Markdown.
    called = {names.get(box, "") if box else _("All mailboxes"): box for box in managed}
    return called[st.selectbox(_("For"), list(called), key=f"place_{key}")]


def _explained() -> None:
    st.caption(_("These are filled in when the template is used:"))
    named = [f"{{{{{name}}}}}" for name in placeholders.NAMES]
    st.code("  ".join(named), language=None, wrap_lines=True)
    st.caption(
        _(
            "With a word for when nothing is known: {example}. What is not filled in keeps the "
            "answer from being sent."
        ).format(example="`{{contact.first_name|there}}`")
    )


def _effects(does: Effects, mailbox_id: int | None, key: str) -> Effects:
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    offered = desk.look(tags.offered, mailbox_id) if mailbox_id is not None else []
    choices = offered if does.tag in ("", *offered) else [*offered, does.tag]
    tag = left.selectbox(
        _("Sending also tags"),
        choices,
        index=_index(choices, does.tag),
        key=f"tag_{key}_{mailbox_id}",
        accept_new_options=True,
        placeholder=_("No tag"),
    )
    people = _people(mailbox_id)
    ways = list(people.values())
    assign = middle.selectbox(
        _("and assigns to"),
        list(people),
        index=ways.index(does.assign) if does.assign in ways else 0,
        key=f"assign_{key}_{mailbox_id}",
    )
    closes = right.checkbox(_("and closes"), does.closes, key=f"closes_{key}")
    return Effects(tag=tag or "", assign=people[assign], closes=closes)


def _people(mailbox_id: int | None) -> dict[str, str]:
    """{what is shown: what it does}; of two colleagues of one name, the second has a number."""
    some = {_("as it is"): "", _("whoever sends"): ME, _("nobody"): NOBODY}
    able = desk.look(agents.colleagues, mailbox_id) if mailbox_id is not None else []
    for colleague in able:
        name = f"{colleague.name} #{colleague.id}" if colleague.name in some else colleague.name
        some[name] = str(colleague.id)
    return some


def _save(template: Template | None, mailbox_id: int | None, written: Written) -> None:
    # Closed only when it is kept: a refusal stands below what was typed.
    if template is None:
        is_kept = form.did(templates.create, written, mailbox_id=mailbox_id)
    else:
        is_kept = form.did(templates.change, template.id, written)
    if is_kept:
        st.session_state["template"] = None
        st.toast(_("Saved."), icon=":material/check:")
        st.rerun()


def _index(choices: Sequence[str], chosen: str) -> int | None:
    return choices.index(chosen) if chosen in choices else None
