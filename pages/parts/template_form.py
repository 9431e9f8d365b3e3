"""The form of one template: where it lies, what it says, and what sending it does besides."""

from collections.abc import Mapping, Sequence

import streamlit as st

from inbox import agents, effects, placeholders, tags, templates
from inbox.effects import ME, NOBODY, Effects
from inbox.templates import Template, Written
from pages.parts import desk, form
from pages.parts.words import _


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
    called = {box: names.get(box, "") if box else _("All mailboxes") for box in managed}
    return st.selectbox(_("For"), managed, format_func=lambda box: called[box], key=f"place_{key}")


def _explained() -> None:
    listed = " ".join(f"`{{{{{name}}}}}`" for name in placeholders.NAMES)
    st.caption(_("These are filled in when the template is used: {list}").format(list=listed))
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
    ways = list(people)
    assign = middle.selectbox(
        _("and assigns to"),
        ways,
        index=ways.index(does.assign) if does.assign in ways else 0,
        format_func=lambda way: people[way],
        key=f"assign_{key}_{mailbox_id}",
    )
    closes = right.checkbox(_("and closes"), does.closes, key=f"closes_{key}")
    return Effects(tag=tag or "", assign=assign, closes=closes)


def _people(mailbox_id: int | None) -> dict[str, str]:
    some = {"": _("as it is"), ME: _("whoever sends"), NOBODY: _("nobody")}
    if mailbox_id is None:
        return some
    able = desk.look(agents.colleagues, mailbox_id)
    return some | {str(colleague.id): colleague.name for colleague in able}


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
