"""Merging with another conversation: found by number or words, shown beside this one, then done."""

import streamlit as st

from inbox import conversations, merging
from inbox.conversations import Conversation
from inbox.errors import NotFound
from inbox.merging import Candidate
from inbox.words import _, plural
from pages.parts import desk, dialogs, drawing, names, place, times
from pages.parts.desk import Undo
from pages.parts.escape import plain, quiet
from pages.parts.thread import Look


def ask(conversation_id: int, other_id: int | None = None) -> None:
    dialogs.ask("merge", conversation_id, other=other_id)


def show(found: Conversation, look: Look) -> None:
    about = dialogs.asked("merge", found.id)
    if about is None:
        return

    @st.dialog(_("Merge conversations"), width="medium", on_dismiss=dialogs.put_away)
    def choose() -> None:
        other = _other(about["other"])
        if other is None or other.id == found.id:
            _search(found, look)
        else:
            _both(found, other, look)

    choose()


def _other(other_id: int | None) -> Conversation | None:
    try:
        return None if other_id is None else desk.look(conversations.by_id, other_id)
    except NotFound:
        return None


def _search(found: Conversation, look: Look) -> None:
    words = st.text_input(
        _("Which other conversation is it?"),
        key="merge_words",
        placeholder=_("Number, subject or address"),
        icon=":material/search:",
        live="300ms",
    )
    some = desk.look(merging.candidates, found.id, words or "")
    if not some:
        st.caption(
            _("No other conversation of this mailbox fits.")
            if words
            else _("There is no other conversation with this contact. Search for one.")
        )
    for one in some:
        with st.container(key=f"merge_row_{one.id}", horizontal=True, vertical_alignment="center"):
            st.markdown(_told(one, look), width="stretch")
            st.button(_("Choose"), key=f"merge_{one.id}", on_click=ask, args=(found.id, one.id))


def _both(found: Conversation, other: Conversation, look: Look) -> None:
    """The younger becomes part of the older."""
    stays, goes = sorted((found, other), key=lambda c: (c.created_at, c.id))
    for one in (goes, stays):
        with st.container(border=True, key=f"merge_shown_{one.id}"):
            st.markdown(_told(one, look))
    said = _(
        "\\#{younger} becomes part of \\#{older}: one stream, one assignee, one status. Nothing is "
        "copied or lost, and it can be taken apart again."
    )
    st.markdown(said.format(younger=int(goes.id), older=int(stays.id)))
    with st.container(horizontal=True):
        st.button(
            _("Merge"), key="merge", type="primary", on_click=_merge, args=(goes.id, stays.id)
        )
        st.button(_("Choose another"), key="merge_other", on_click=ask, args=(found.id,))


def _told(one: Conversation | Candidate, look: Look) -> str:
    subject = plain(one.subject, 80)
    who = quiet(names.shown(one.contact_name, one.contact_address), 60)
    when = times.said(one.last_message_at, now=look.now, where=look.where)
    count = plural("{n} mail", "{n} mails", one.message_count).format(n=one.message_count)
    return f"**\\#{int(one.id)} {subject}**  \n{who} :gray[· {count} · {when}]"


def _merge(younger: int, older: int) -> None:
    dialogs.forget()
    desk.act(merging.merge, younger, older)
    place.open_conversation(older)
    drawing.everything()


def unmerge(number: int, out_of: int) -> None:
    """Take it out again, from the line that tells of the merge."""
    back = Undo(_("Taken apart"), merging.merge, (number, out_of))
    desk.act(merging.unmerge, number, back=back)
    drawing.again(*place.PANES)
