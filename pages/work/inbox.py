"""The inbox: a view's conversations beside the one that is open."""

from datetime import datetime

import streamlit as st

from inbox import clock, lists, search_hits
from inbox import queue as waiting
from inbox.agents import Agent
from inbox.errors import InboxError
from inbox.filters import NAMES, Asked, View
from inbox.queries import NotUnderstood
from inbox.words import _, mark, refused
from pages.parts import (
    beginning,
    bulk_acts,
    contact_pane,
    conversation,
    conversation_list,
    desk,
    drawing,
    filter_bar,
    hits,
    keys,
    new_mail,
    place,
    queue,
    rail,
    search_field,
    times,
)
from pages.parts.escape import plain

PAGE = 50
MOST = 500
_NOTHING: dict[View, tuple[str, str]] = {
    "mine": (mark("Nothing waits for you"), mark("Press N to take the next conversation.")),
    "unassigned": (mark("Nothing waits"), mark("Every open conversation has somebody.")),
    "open": (mark("Nothing is open"), mark("New mail appears here by itself.")),
    "waiting": (mark("No answer is awaited"), mark("What you answered and left open comes here.")),
    "snoozed": (mark("Nothing is snoozed"), mark("What sleeps until a day comes back by itself.")),
    "following": (mark("You follow nothing"), mark("Follow a conversation to find it here.")),
    "all": (mark("Nothing here yet"), mark("New mail appears here by itself.")),
    "closed": (
        mark("Nothing closed yet"),
        mark("What you close stays here, and can be reopened."),
    ),
    "sent": (mark("Nothing sent yet"), mark("Conversations you have answered appear here.")),
    "spam": (mark("No spam"), mark("What you mark as spam comes here; nothing is deleted.")),
    "trash": (mark("The trash is empty"), mark("What is put here can be restored.")),
}
_END = mark("These are the newest {n}; search finds the older ones.")
_END_OF_FOUND = mark("These are {n} of {all}; “before:” and a day finds the older ones.")


def head(viewer: Agent, view: View, box: int | None) -> None:
    """Search, Take next, and a new mail."""
    place.fill_words()
    with st.container(key="listhead", horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
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
            disabled=not waiting.answered(viewer, box),
        )
        new_mail.button()


def waiting_list(viewer: Agent, now: datetime) -> None:
    """Search, filters, the list, and more of it."""
    view, box = place.view(), place.mailbox_id()
    head(viewer, view, box)
    asked = place.asked()
    shown = st.session_state.get("shown", PAGE)
    rows, refusal, word = found(asked, shown + 1, now)
    signs = desk.signs()
    search_field.show(word, queue.choices(), signs)
    filter_bar.show(
        asked=asked,
        query=place.query(),
        whole=place.whole(),
        matching=rows[0].matching if rows else 0,
        counts=queue.counts(),
        choices=queue.choices(),
        saved=queue.saved(),
        files=desk.house().views,
        teams=filter_bar.teams(viewer, signs),
        on_said=bulk_acts.on_filters,
        now=now,
    )
    conversation_list.show(
        rows[:shown],
        hits=row_hits(asked, rows[:shown], now),
        viewer=viewer,
        view=view,
        chosen=place.conversation_id(),
        empty=refusal or (nothing(asked) if viewer.readable else beginning.words(viewer)),
        below=(
            len(rows) > shown and shown < MOST,
            end(asked, rows) if len(rows) > shown >= MOST else "",
        ),
        mailboxes={s.id: s.name for s in signs} if box is None and len(signs) > 1 else {},
        bulk=bulk_acts.offered(viewer, view, rows),
        on_opened=open_chosen,
        on_more=show_more,
        now=now,
    )


def found(
    asked: Asked, limit: int, now: datetime
) -> tuple[list[lists.Summary], tuple[str, str] | None, str]:
    """The rows, or why there are none: a view from a file may be gone, or cannot be answered; and
    what to say of the line one searches with."""
    try:
        rows = desk.look(
            lists.listed,
            asked.view,
            mailbox_id=asked.mailbox_id,
            filters=asked.filters,
            limit=limit,
            now=times.minute(now),
        )
    except NotUnderstood as refusal:
        mend = _("Change what you search for, or clear it.")
        return [], (_("Nothing to show"), mend), search_field.said(refusal.slip)
    except InboxError as refusal:
        return [], (_("Nothing to show"), refused(refusal)), ""
    return rows, None, search_field.soft(asked, now)


def row_hits(
    asked: Asked, rows: list[lists.Summary], now: datetime
) -> conversation_list.Hits | None:
    """What to mark in the rows, and the place in the mail that each row shows."""
    if not asked.filters.words.strip():
        return None
    wanted = search_hits.sought(asked.filters, now=now)
    messages = [row.hit_message_id for row in rows if row.hit_message_id is not None]
    places = desk.look(search_hits.places, messages, wanted.text) if messages else {}
    return conversation_list.Hits(sought=wanted, places=places)


def end(asked: Asked, rows: list[lists.Summary]) -> str:
    """Below a list that is cut."""
    if asked.filters.words.strip():
        return _(_END_OF_FOUND).format(n=MOST, all=f"{rows[0].matching:,}")
    return _(_END).format(n=MOST)


def open_chosen() -> None:
    chosen = (st.session_state.get("list") or {}).get("opened")
    if isinstance(chosen, int | float):
        hits.forget()
        place.open_conversation(int(chosen))
        drawing.again("conversation", "person")


def show_more() -> None:
    st.session_state["shown"] = min(st.session_state.get("shown", PAGE) + PAGE, MOST)
    drawing.again("list")


def take_next() -> None:
    """Claim whoever has waited longest, and open it."""
    try:
        taken = desk.attempt(waiting.take_next, mailbox_id=place.mailbox_id())
    except InboxError as refusal:
        st.toast(plain(refused(refusal)), icon=":material/info:")
    else:
        if taken is None:
            st.toast(_("Nobody waits to be taken. Well done."), icon=":material/check:")
        else:
            place.open_conversation(taken)
    drawing.again(*place.PANES)


def nothing(asked: Asked) -> tuple[str, str]:
    """What an empty list says."""
    if place.words().strip():
        if asked.view == "all":
            return _("Nothing found"), _("No conversation holds all of this.")
        return _("Nothing found"), _("“Search everywhere” looks in all mail, old and closed too.")
    if set(place.query()) & (set(NAMES) - {"sort"}):
        return _("Nothing matches"), _("No conversation here fits the filters. “Clear” ends them.")
    title, text = _NOTHING[asked.view]
    return _(title), _(text)


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
