"""Writing an answer: what the composer shows, and what its deeds do."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from inbox import drafts, mailboxes, mentions, notes, outbox
from inbox.conversations import Conversation
from inbox.drafts import Draft
from inbox.errors import InboxError, Stale
from inbox.events import Event
from inbox.mentions import Member
from inbox.messages import Address, Message
from inbox.undelivered import Outgoing
from pages.parts import between, composer, desk
from pages.parts.acts import redraw
from pages.parts.thread import Look
from pages.parts.words import _, refused

REMEMBERED = 5
Wish = dict[str, Any]


def show(
    found: Conversation,
    mails: Sequence[Message],
    diary: Sequence[Event],
    rows: Sequence[Outgoing],
    own: Sequence[Draft],
    look: Look,
) -> None:
    """The composer with this agent's drafts, the reply that can still be undone, and what came
    in since the conversation was opened."""
    answered = next((m for m in reversed(mails) if m.direction == "in" and not m.is_bounce), None)
    asked = st.session_state.get("guard")
    composer.show(
        found,
        viewer=look.viewer,
        drafts=own,
        answered=answered,
        others=_others(found, answered),
        queued=next((r for r in reversed(rows) if _can_be_undone(r, look)), None),
        standing=between.standing(diary, look),
        members=[m.name for m in _members(found, look)],
        guard=asked if asked and asked["conversation"] == found.id else None,
        heard=_heard(),
        on=lambda deed: lambda: _do(deed),
        now=look.now,
    )


def _members(found: Conversation, look: Look) -> list[Member]:
    everybody = desk.remembered(("agents", "memberships"), mentions.members, found.mailbox_id)
    return [member for member in everybody if member.id != look.viewer.id]


def _heard() -> dict[int, Wish]:
    """What came of the last deed of each conversation, until the composer has taken it in."""
    heard: dict[int, Wish] = st.session_state.setdefault("heard", {})
    return heard


def _do(deed: str) -> None:
    """Do what the composer said, once, however often it says it.

    The wish names its conversation: when it arrives, another one may be on screen.
    """
    wish = composer.told(deed)
    conversation_id, moment = int(wish.get("conversation") or 0), int(wish.get("at") or 0)
    heard = _heard()
    if moment <= heard.get(conversation_id, {}).get("at", 0):
        return
    answer: Wish = {
        "at": moment,
        "draft": None,
        "refused": _("This did not work. Your text is still here."),
        "guarded": False,
    }
    heard.pop(conversation_id, None)
    heard[conversation_id] = answer
    for old in list(heard)[:-REMEMBERED]:
        del heard[old]
    try:
        answer["draft"] = _DEEDS[deed](conversation_id, wish)
        answer["refused"] = ""
    except Stale as stale:
        answer["refused"] = refused(stale)
        answer["guarded"] = bool(stale.newer)
        if stale.newer:
            _ask(stale, wish, moment)
    except InboxError as refusal:
        answer["refused"] = refused(refusal)
    # This pane is drawn anyway, and a rerun asked for in a callback swallows what else was pressed
    # in the same moment, so that it is asked for only when the list and the rail change too.
    if deed in ("send", "undo"):
        redraw()


def _start(conversation_id: int, wish: Wish) -> Wish:
    kind: drafts.Kind = "note" if wish.get("kind") == "note" else "reply"
    seen = int(wish.get("seen") or 0)
    draft = desk.attempt(drafts.start, conversation_id, kind, seen_event_id=seen)
    return composer.stored(draft)


def _send(conversation_id: int, wish: Wish) -> None:
    draft_id, revision = int(wish["draft"]), int(wish["revision"])
    st.session_state["guard"] = None
    if wish.get("kind") == "note":
        role = notes.Role(asks=wish.get("asks") is True, answers=wish.get("answers") is True)
        desk.attempt(notes.from_draft, conversation_id, draft_id, revision, role=role)
        return
    house = desk.house()
    desk.attempt(
        outbox.send,
        draft_id,
        revision,
        keys=house.keys,
        raw=house.raw,
        files=house.files,
        settings=house.settings,
        anyway=wish.get("anyway") is True,
        shown=int(wish.get("event") or 0),
        closes=wish.get("closes") is True,
    )


def _ask(stale: Stale, wish: Wish, moment: int) -> None:
    """Keep what came in between for the dialog that the refused Send opens."""
    draft = desk.look(drafts.own, int(wish["draft"]))
    closes = wish.get("closes") is True
    st.session_state["guard"] = between.whole(draft, stale, closes=closes) | {"at": moment}


def _undo(_conversation_id: int, wish: Wish) -> Wish:
    return composer.stored(desk.attempt(outbox.undo, int(wish["outbox"])))


def _discard(_conversation_id: int, wish: Wish) -> None:
    st.session_state["guard"] = None
    desk.attempt(drafts.discard, int(wish["draft"]))


def _restore(_conversation_id: int, wish: Wish) -> Wish:
    return composer.stored(desk.attempt(drafts.restore, int(wish["draft"])))


def _acknowledge(_conversation_id: int, wish: Wish) -> None:
    st.session_state["guard"] = None
    desk.attempt(drafts.acknowledge, int(wish["draft"]), int(wish["event"]))


_DEEDS: dict[str, Callable[[int, Wish], Wish | None]] = {
    "start": _start,
    "send": _send,
    "undo": _undo,
    "discard": _discard,
    "restore": _restore,
    "acknowledge": _acknowledge,
}


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
