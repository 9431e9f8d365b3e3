"""Writing an answer: what the composer shows, and what its deeds do."""

from collections.abc import Callable, Sequence

import streamlit as st

from inbox import drafts, mailboxes, notes, outbox
from inbox.conversations import Conversation
from inbox.drafts import Draft
from inbox.errors import InboxError, Stale
from inbox.events import Event
from inbox.messages import Address, Message
from inbox.undelivered import Outgoing
from pages.parts import between, composer, desk
from pages.parts.acts import redraw
from pages.parts.composer import told
from pages.parts.escape import plain
from pages.parts.thread import Look


def show(
    found: Conversation,
    mails: Sequence[Message],
    diary: Sequence[Event],
    rows: Sequence[Outgoing],
    draft: Draft | None,
    look: Look,
) -> None:
    """The composer with this agent's draft, the reply that can still be undone, and what came in
    since the draft was begun."""
    answered = next((m for m in reversed(mails) if m.direction == "in" and not m.is_bounce), None)
    guard = st.session_state.get("guard")
    composer.show(
        found,
        viewer=look.viewer,
        draft=draft,
        answered=answered,
        others=_others(found, answered),
        queued=next((r for r in rows if _can_be_undone(r, look)), None),
        newer=between.line(diary, draft, look),
        guard=guard if guard and guard["conversation"] == found.id else None,
        refused=st.session_state.get("refused", 0),
        heard=st.session_state.get("heard", 0),
        on=lambda deed: lambda: _do(deed, found.id),
        now=look.now,
    )


def _do(deed: str, conversation_id: int) -> None:
    """Do what the composer said, once, however often it says it."""
    moment = told(deed).get("at", 0)
    if moment == st.session_state.get("heard"):
        st.rerun(["conversation"])
    st.session_state["heard"] = moment
    _DEEDS[deed](conversation_id)


def _start(conversation_id: int) -> None:
    kind = "note" if told("start").get("kind") == "note" else "reply"
    _try(drafts.start, conversation_id, kind)
    st.rerun(["conversation"])


def _send(conversation_id: int) -> None:
    wish = told("send")
    draft_id, revision = int(wish["draft"]), int(wish["revision"])
    st.session_state["guard"] = None
    if wish.get("kind") == "note":
        draft = desk.look(drafts.own, draft_id)
        _try(notes.add, conversation_id, draft.body, draft_id=draft_id)
        redraw()
    house = desk.house()
    try:
        desk.attempt(
            outbox.send,
            draft_id,
            revision,
            keys=house.keys,
            raw=house.raw,
            files=house.files,
            settings=house.settings,
            anyway=wish.get("anyway") is True,
            closes=wish.get("closes") is True,
        )
    except Stale as stale:
        if not stale.newer:
            _refuse(stale)
        else:
            closes = wish.get("closes") is True
            st.session_state["guard"] = between.whole(conversation_id, stale, closes=closes)
    except InboxError as refusal:
        _refuse(refusal)
    redraw()


def _undo(_conversation_id: int) -> None:
    _try(outbox.undo, int(told("undo")["outbox"]))
    redraw()


def _discard(_conversation_id: int) -> None:
    st.session_state["guard"] = None
    _try(drafts.discard, int(told("discard")["draft"]))
    st.rerun(["conversation"])


def _acknowledge(_conversation_id: int) -> None:
    wish = told("acknowledge")
    st.session_state["guard"] = None
    _try(drafts.acknowledge, int(wish["draft"]), int(wish["event"]))
    st.rerun(["conversation"])


def _refresh(_conversation_id: int) -> None:
    st.rerun(["conversation"])


_DEEDS: dict[str, Callable[[int], None]] = {
    "start": _start,
    "send": _send,
    "undo": _undo,
    "discard": _discard,
    "acknowledge": _acknowledge,
    "refresh": _refresh,
}


def _try(verb: Callable[..., object], *args: object, **kwargs: object) -> None:
    try:
        desk.attempt(verb, *args, **kwargs)
    except InboxError as refusal:
        _refuse(refusal)


def _refuse(refusal: InboxError) -> None:
    """Say it, and tell the composer that what it sent is still its own."""
    st.session_state["refused"] = st.session_state.get("refused", 0) + 1
    st.toast(plain(str(refusal)), icon=":material/info:")


def _can_be_undone(row: Outgoing, look: Look) -> bool:
    return (
        row.state == "queued"
        and row.attempts == 0
        and row.agent_id == look.viewer.id
        and row.due_at > look.now
    )


def _others(found: Conversation, answered: Message | None) -> list[Address]:
    """Who else got the mail that is answered, without ourselves and its sender."""
    if answered is None:
        return []
    known = {answered.from_address, *(a.address for a in answered.recipients.reply_to)}
    among = {
        a.address: a
        for a in (*answered.recipients.to, *answered.recipients.cc)
        if a.address not in known | {found.mailbox_address}
    }
    if not among:
        return []
    mailbox = mailboxes.remembered(desk.house().memory, found.mailbox_id)
    ours = mailbox.addresses if mailbox else frozenset()
    return [a for address, a in among.items() if address not in ours]
