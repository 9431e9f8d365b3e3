"""The open conversation: its head, its stream and the composer below."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from inbox import bounces, conversations, drafts, events, messages, notifications, outbox
from inbox.agents import Agent
from inbox.bounces import Bounce
from inbox.conversations import Conversation
from inbox.errors import NotFound
from inbox.events import Event
from inbox.messages import Message
from inbox.undelivered import Outgoing
from pages.parts import (
    acts,
    answer,
    delivery,
    desk,
    drawing,
    head,
    keys,
    place,
    thread,
    times,
    undo,
)
from pages.parts.escape import plain
from pages.parts.thread import Item, Look
from pages.parts.words import _


def show(conversation_id: int | None, message_id: int | None, now: datetime) -> None:
    """The conversation, or a quiet word when none is open or it is not for this agent."""
    viewer = desk.me()
    # What comes and goes has a place that stays: else all that follows is built anew.
    with st.container(key="undo"):
        undo.offer(place.PANES)
    if conversation_id is None:
        _silence(
            _("No conversation open"), _("Pick one from the list, or press N to take the next.")
        )
        return
    try:
        found = desk.look(conversations.by_id, conversation_id)
    except NotFound:
        _silence(
            _("This conversation is not here"),
            _("It does not exist, or it is in a mailbox you may not read."),
        )
        return
    place.arrived(found.id)
    _draw(found, message_id, viewer, now)


def _draw(found: Conversation, message_id: int | None, viewer: Agent, now: datetime) -> None:
    mails = desk.look(messages.in_conversation, found.id, found.family)
    diary = _told_here(desk.look(events.of_conversation, found.id, found.family), found)
    rows = desk.look(outbox.of_conversation, found.id, found.family) if found.has_outgoing else []
    failed = (
        desk.look(bounces.of_conversation, found.id, found.family)
        if any(m.is_bounce for m in mails)
        else []
    )
    look = Look(
        viewer=viewer,
        files=desk.house().files,
        now=now,
        where=times.zone(),
        may_triage=viewer.may("triage", found.mailbox_id),
        pictures=acts.pictures_asked(),
    )
    with st.container(key="convhead", horizontal=True, vertical_alignment="center", gap="small"):
        _head(found, viewer)
        with st.container(key="headabout", width="stretch"):
            head.about(found, viewer)
    with st.container(key="shown", height="stretch"):
        thread.show(
            found.id,
            _stream(mails, diary, rows, failed, look),
            _banners(found),
            message_id,
            on_act=acts.on_thread(found.id),
        )
    if viewer.may("note", found.mailbox_id):
        own = desk.look(drafts.all_of, found.id, found.family) if found.has_drafts else []
        with st.container(key="convfoot"):
            answer.show(found, mails, diary, rows, own, look)
    told = desk.remembered(("notifications",), notifications.unseen)
    if any(one.conversation_id in found.family for one in told):
        for member in found.family:
            desk.attempt(notifications.see, member)
    acts.assignment(found)
    acts.correction(rows)
    fold = desk.house().settings.opened_fold_seconds
    if not _opened_lately(diary, viewer, now, fold):
        desk.attempt(conversations.opened, found.id, fold=fold)


def _head(found: Conversation, viewer: Agent) -> None:
    st.button(_("Back"), key="back", icon=":material/arrow_back:", on_click=_back, type="tertiary")
    with st.container(key="headwords", width="stretch"):
        head.subject(found)
    may_triage = viewer.may("triage", found.mailbox_id)
    if found.assignee_id is None and viewer.may("reply", found.mailbox_id):
        is_first = found.status == "open"
        acts.button(_("Claim"), conversations.claim, found, keys.CLAIM, is_first=is_first)
    if not may_triage:
        return
    if found.assignee_id is not None:
        acts.button(_("Release"), conversations.release, found, None)
    st.button(
        _("Assign…"),
        key="assign",
        shortcut=keys.HAND_OVER,
        on_click=acts.ask_assignee,
        args=(found.id,),
    )
    if found.status == "open":
        acts.button(_("Close"), conversations.close, found, keys.CLOSE)
    else:
        acts.button(_("Reopen"), conversations.reopen, found, keys.CLOSE)
    acts.more(found)


def _told_here(diary: Sequence[Event], found: Conversation) -> list[Event]:
    """A merge stands in the diary of both conversations; here it is told once."""
    both = ("merged", "unmerged")
    return [e for e in diary if e.kind not in both or e.conversation_id == found.id]


def _stream(
    mails: Sequence[Message],
    diary: Sequence[Event],
    rows: Sequence[Outgoing],
    failed: Sequence[Bounce],
    look: Look,
) -> list[Item]:
    known = {m.id for m in mails}
    states = {row.message_id: delivery.state(row, look) for row in rows if row.message_id in known}
    on_the_way = [
        delivery.item(row, look)
        for row in rows
        if row.message_id not in known and row.state != "cancelled"
    ]
    stream = thread.entries(mails, diary, on_the_way, look)
    for item in stream:
        if item["kind"] == "mail" and states.get(item["id"]):
            item["state"] = states[item["id"]]
        if item["kind"] == "mail" and item["id"] in known:
            item["state"] = delivery.bounced(item["id"], failed, item["state"])
    return stream


def _banners(found: Conversation) -> list[Item]:
    if found.alert is None:
        return []
    ways = [{"act": "dismiss", "label": _("Seen"), "outbox": 0}]
    return [{"tone": "bad", "text": found.alert, "ways": ways}]


def _silence(title: str, text: str) -> None:
    with st.container(key="silence", height="stretch", vertical_alignment="center"):
        st.markdown(f"**{plain(title)}**", text_alignment="center")
        st.caption(plain(text), text_alignment="center")


def _back() -> None:
    place.leave()
    drawing.again(*place.PANES)


def _opened_lately(diary: Sequence[Event], viewer: Agent, now: datetime, fold: float) -> bool:
    return any(
        e.kind == "opened"
        and e.actor_id == viewer.id
        and (now - e.occurred_at).total_seconds() < fold
        for e in reversed(diary)
    )
