"""The inbox: a view's conversations beside the one that is open."""

from datetime import datetime

import streamlit as st

from inbox import clock, conversations, queue
from inbox.agents import Agent
from inbox.errors import InboxError
from pages.parts import (
    beginning,
    contact_pane,
    conversation,
    conversation_list,
    desk,
    drawing,
    keys,
    place,
    rail,
)
from pages.parts.escape import plain
from pages.parts.words import _, mark

PAGE = 50
MOST = 500
_END = mark("These are the newest {n}; search finds the older ones.")


def waiting_list(viewer: Agent, now: datetime) -> None:
    """Search, the list, and more of it."""
    view, box = place.view(), place.mailbox_id()
    with st.container(key="listhead", horizontal=True, vertical_alignment="center", gap="small"):
        words = st.text_input(
            _("Search"),
            key="q",
            bind="query-params",
            placeholder=_("Search in {view}").format(view=_(rail.VIEW_NAMES[view])),
            icon=":material/search:",
            label_visibility="collapsed",
            live="300ms",
            on_change=drawing.again,
            args=("list",),
        )
        st.button(
            _("Take next"),
            key="next",
            shortcut=keys.NEXT,
            on_click=take_next,
            disabled=not queue.answered(viewer, box),
        )
    shown = st.session_state.get("shown", PAGE)
    rows = desk.look(conversations.listed, view, mailbox_id=box, words=words or "", limit=shown + 1)
    signs = desk.signs()
    conversation_list.show(
        rows[:shown],
        viewer=viewer,
        view=view,
        chosen=place.conversation_id(),
        empty=nothing(words or "", view) if viewer.readable else beginning.words(viewer),
        is_more=len(rows) > shown and shown < MOST,
        end=_(_END).format(n=MOST) if len(rows) > shown >= MOST else "",
        mailboxes={s.id: s.name for s in signs} if box is None and len(signs) > 1 else {},
        on_opened=open_chosen,
        on_more=show_more,
        now=now,
    )


def open_chosen() -> None:
    chosen = (st.session_state.get("list") or {}).get("opened")
    if isinstance(chosen, int | float):
        place.open_conversation(int(chosen))
        drawing.again("conversation", "person")


def show_more() -> None:
    st.session_state["shown"] = min(st.session_state.get("shown", PAGE) + PAGE, MOST)
    drawing.again("list")


def take_next() -> None:
    """Claim whoever has waited longest, and open it."""
    try:
        taken = desk.attempt(queue.take_next, mailbox_id=place.mailbox_id())
    except InboxError as refusal:
        st.toast(plain(str(refusal)), icon=":material/info:")
    else:
        if taken is None:
            st.toast(_("Nobody waits to be taken. Well done."), icon=":material/check:")
        else:
            place.open_conversation(taken)
    drawing.again(*place.PANES)


def nothing(words: str, view: conversations.View) -> tuple[str, str]:
    """What an empty list says."""
    if words.strip():
        return _("Nothing found"), _("No conversation in this view holds all these words.")
    return {
        "mine": (_("Nothing waits for you"), _("Press N to take the next conversation.")),
        "unassigned": (_("Nothing waits"), _("Every open conversation has somebody.")),
        "open": (_("Nothing is open"), _("New mail appears here by itself.")),
        "closed": (_("Nothing closed yet"), _("What you close stays here, and can be reopened.")),
        "sent": (_("Nothing sent yet"), _("Conversations you have answered appear here.")),
        "spam": (_("No spam"), _("What you mark as spam comes here; nothing is deleted.")),
        "trash": (_("The trash is empty"), _("What is put here can be restored.")),
    }[view]


@st.fragment(key="list")
def list_pane() -> None:
    with drawing.pane("list"):
        waiting_list(desk.me(), clock.now())


@st.fragment(key="conversation")
def conversation_pane() -> None:
    with drawing.pane("conversation"):
        if desk.me().readable:
            conversation.show(place.conversation_id(), place.message_id(), clock.now())
        else:
            beginning.show(desk.me())


@st.fragment(key="person")
def person_pane() -> None:
    with drawing.pane("person"):
        if desk.me().readable:
            contact_pane.show(place.conversation_id(), clock.now())


with st.container(key="inbox", horizontal=True, gap=None, wrap=False):
    with st.container(key="listpane"):
        list_pane()
    with st.container(key="convpane"):
        conversation_pane()
    with st.container(key="personpane"):
        person_pane()
keys.listen()
