"""Deleting for good what lies in the trash: what goes, what stays, and a second question."""

import streamlit as st

from inbox import backup, removal
from inbox.conversations import Conversation
from inbox.errors import InboxError
from inbox.removal import Contents
from inbox.words import _, plural, refused
from pages.parts import desk, dialogs, drawing, place
from pages.parts.escape import plain


def ask(conversation_id: int) -> None:
    dialogs.ask("erase", conversation_id, is_sure=False)


def _ask_again(conversation_id: int) -> None:
    dialogs.ask("erase", conversation_id, is_sure=True)


def show(found: Conversation) -> None:
    about = dialogs.asked("erase", found.id)
    if about is None:
        return

    @st.dialog(_("Delete for good"), on_dismiss=dialogs.put_away)
    def confirm() -> None:
        told = desk.look(removal.contents, found.id)
        st.markdown(f"**{plain(found.subject, 120)}**")
        st.markdown(_goes(told))
        st.markdown(_stays())
        if about["is_sure"]:
            st.warning(_("This cannot be undone. Nobody can bring it back from here."))
        with st.container(horizontal=True):
            if about["is_sure"]:
                label = _("Yes, delete \\#{number} for good").format(number=int(found.id))
                st.button(label, key="erase", type="primary", on_click=_erase, args=(found.id,))
            else:
                st.button(
                    _("Delete for good…"), key="erase_ask", on_click=_ask_again, args=(found.id,)
                )
            st.button(_("Keep it"), key="erase_keep", on_click=dialogs.put_away)

    confirm()


def _goes(told: Contents) -> str:
    counted = [
        plural("{n} mail", "{n} mails", told.mails).format(n=told.mails),
        plural("{n} note", "{n} notes", told.notes).format(n=told.notes) if told.notes else "",
        plural("{n} file", "{n} files", told.files).format(n=told.files) if told.files else "",
        plural("{n} draft", "{n} drafts", told.drafts).format(n=told.drafts) if told.drafts else "",
    ]
    return _(
        "What goes: {what}, with the originals and every word by which they were found."
    ).format(what=plain(", ".join(words for words in counted if words)))


def _stays() -> str:
    kept = len(backup.every(desk.house().settings.backups))
    lines = [
        _("That it was here, and who did what when, without their words."),
        _("The mail on the mail server. It will not be fetched again."),
        _("The same mail in other mailboxes."),
    ]
    if kept:
        said = plural(
            "{n} back-up made before now, until its turn to be deleted comes.",
            "{n} back-ups made before now, until their turn to be deleted comes.",
            kept,
        )
        lines.append(said.format(n=kept))
    return _("What stays:") + "".join(f"\n- {plain(line)}" for line in lines)


def _erase(conversation_id: int) -> None:
    dialogs.forget()
    try:
        desk.attempt(removal.erase, conversation_id)
    except InboxError as refusal:
        st.toast(plain(refused(refusal)), icon=":material/info:")
    else:
        st.session_state["undo"] = None
        st.toast(_("Deleted for good."), icon=":material/check:")
        place.leave()
    drawing.everything()
