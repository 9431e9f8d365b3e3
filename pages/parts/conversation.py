"""The open conversation: its head, its stream and the composer below."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from inbox import bounces, conversations, drafts, events, messages, notifications, outbox, tags
from inbox.agents import Agent
from inbox.bounces import Bounce
from inbox.conversations import Conversation
from inbox.errors import NotFound
from inbox.events import Event
from inbox.messages import Message
from inbox.undelivered import Outgoing
from inbox.words import _
from pages.parts import (
    acts,
    answer,
    block,
    contact_pane,
    delivery,
    desk,
    details,
    drawing,
    earlier,
    erase,
    forward,
    head,
    hits,
    keys,
    merge,
    move,
    new_mail,
    place,
    reading,
    snooze,
    split,
    telling,
    thread,
    times,
    undo,
)
from pages.parts import diary as lines
from pages.parts.escape import plain
from pages.parts.thread import Item, Look


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
    _open(conversation_id, message_id, viewer, now)


def _open(conversation_id: int, message_id: int | None, viewer: Agent, now: datetime) -> None:
    try:
        found = desk.look(conversations.by_id, conversation_id)
    except NotFound:
        _silence(
            _("This conversation is not here"),
            _("It does not exist, or it is in a mailbox you may not read."),
        )
        return
    if found.begun_by is not None:
        place.arrived(found.id)
        new_mail.show(found, _look(found, viewer, now))
        return
    mails = desk.kept(messages.TABLES, messages.in_conversation, found.id, found.family)
    there = split.elsewhere(message_id, mails)
    if there is not None and there not in found.family:
        _open(there, None, viewer, now)
        return
    place.arrived(found.id)
    _draw(found, mails, message_id, viewer, now)


def _draw(
    found: Conversation,
    mails: Sequence[Message],
    message_id: int | None,
    viewer: Agent,
    now: datetime,
) -> None:
    diary = lines.once(desk.look(events.of_conversation, found.id, found.family), found.id)
    rows = desk.look(outbox.of_conversation, found.id, found.family) if found.has_outgoing else []
    failed = (
        desk.look(bounces.of_conversation, found.id, found.family)
        if any(m.is_bounce for m in mails)
        else []
    )
    look = _look(found, viewer, now)
    sought = hits.of(found.id, mails, now)
    shown = earlier.newest(mails, found.id, message_id or (sought.message_id if sought else None))
    with st.container(key="convhead", horizontal=True, vertical_alignment="center", gap="small"):
        _head(found, viewer)
        with st.container(key="headabout", width="stretch"):
            known = desk.remembered(("tags",), tags.offered, found.mailbox_id)
            head.about(found, look, known, acts.on_tag(found.id))
    with st.container(key="shown", height="stretch"):
        thread.show(
            found.id,
            _stream(found, mails, shown, diary, rows, failed, look),
            _banners(found),
            message_id,
            on_act=reading.on_thread(found),
            opened=details.of(shown, look.where),
            sought=sought,
        )
    if viewer.may("note", found.mailbox_id):
        own = desk.look(drafts.with_shared, found.id, found.family) if found.has_drafts else []
        with st.container(key="convfoot"):
            answer.show(found, mails, diary, rows, own, look)
    if any(one.conversation_id in found.family for one in telling.unseen()):
        desk.attempt(notifications.see, found.id)
    acts.assignment(found)
    acts.correction(rows)
    snooze.show(found, look)
    block.show(found)
    merge.show(found, look)
    if viewer.may("reply", found.mailbox_id):
        forward.show(found, mails, look)
    move.show(found)
    if viewer.may("erase", found.mailbox_id) and found.trashed_at is not None:
        erase.show(found)
    fold = desk.house().settings.opened_fold_seconds
    if found.is_unread or not _opened_lately(diary, viewer, now, fold):
        desk.attempt(conversations.opened, found.id, fold=fold)


def _look(found: Conversation, viewer: Agent, now: datetime) -> Look:
    return Look(
        viewer=viewer,
        files=desk.house().files,
        now=now,
        where=times.zone(),
        may_triage=viewer.may("triage", found.mailbox_id),
        may_note=viewer.may("note", found.mailbox_id),
        pictures=acts.pictures_asked(),
        mailbox_id=found.mailbox_id,
        assignee_id=found.assignee_id,
    )


def _head(found: Conversation, viewer: Agent) -> None:
    st.button(_("Back"), key="back", icon=":material/arrow_back:", on_click=_back, type="tertiary")
    with st.container(key="headwords", width="stretch"):
        head.subject(found)
    may_triage = viewer.may("triage", found.mailbox_id)
    if found.assignee_id is None and viewer.may("reply", found.mailbox_id):
        is_first = found.status == "open"
        acts.button(_("Claim"), conversations.claim, found, keys.CLAIM, is_first=is_first)
    if may_triage:
        _triage(found, viewer)
    else:
        acts.follow(found)
    contact_pane.toggle()


def _triage(found: Conversation, viewer: Agent) -> None:
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
    # Where it can do nothing it keeps its place: what stands beside it must not move.
    st.button(
        "",
        key="snooze",
        icon=":material/snooze:",
        help=_("Snooze or wake (S)"),
        shortcut=keys.SNOOZE,
        on_click=snooze.ask,
        args=(found.id,),
        disabled=found.status != "open"
        or found.spam_at is not None
        or found.trashed_at is not None,
    )
    acts.follow(found)
    acts.more(found, may_erase=viewer.may("erase", found.mailbox_id))


def _stream(
    found: Conversation,
    mails: Sequence[Message],
    shown: Sequence[Message],
    diary: Sequence[Event],
    rows: Sequence[Outgoing],
    failed: Sequence[Bounce],
    look: Look,
) -> list[Item]:
    """Of a long conversation the newest, with what happened since then."""
    known = {m.id for m in mails}
    states = {row.message_id: delivery.state(row, look) for row in rows if row.message_id in known}
    on_the_way = [
        delivery.item(row, look)
        for row in rows
        if row.message_id not in known and row.state != "cancelled"
    ]
    left_out = len(mails) - len(shown)
    lately = [e for e in diary if not left_out or e.occurred_at >= shown[0].sent_at]
    stream = thread.entries(shown, lately, on_the_way, look)
    for item in stream:
        if item["kind"] == "mail" and states.get(item["id"]):
            item["state"] = states[item["id"]]
        if item["kind"] == "mail" and item["id"] in known:
            item["state"] = delivery.bounced(item["id"], failed, item["state"])
    stream = _with_ways(stream, diary, found, look)
    return [*earlier.before(left_out), *earlier.folded(stream)]


def _with_ways(
    stream: list[Item], diary: Sequence[Event], found: Conversation, look: Look
) -> list[Item]:
    """Buttons beside the quiet lines that tell of another conversation."""
    ways = {
        f"e{e.event_id}": lines.ways(e, found.family, may_triage=look.may_triage) for e in diary
    }
    for item in stream:
        if ways.get(item["key"]):
            item["ways"] = ways[item["key"]]
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
