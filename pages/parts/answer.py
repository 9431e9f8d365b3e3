"""Writing an answer: what the composer shows, and what its deeds do."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from inbox import (
    agents,
    clock,
    drafts,
    mailboxes,
    mentions,
    new_mail,
    newcomers,
    notes,
    outbox,
    reviews,
)
from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.drafts import Draft
from inbox.errors import InboxError, Stale, Unconfirmed
from inbox.events import Event
from inbox.mailboxes import Sign
from inbox.messages import Address, Message
from inbox.outbox import How
from inbox.store import Session
from inbox.undelivered import Outgoing
from inbox.undo import SECONDS
from inbox.words import _, refused
from pages.parts import between, composer, desk, later, place, times
from pages.parts.acts import redraw
from pages.parts.desk import Undo
from pages.parts.thread import Look

REMEMBERED = 5
Wish = dict[str, Any]


def show(
    found: Conversation,
    mails: Sequence[Message],
    diary: Sequence[Event],
    rows: Sequence[Outgoing],
    own: Sequence[Draft],
    look: Look,
    senders: Sequence[Sign] = (),
) -> None:
    """The composer with this agent's drafts, the reply that can still be undone, and what came
    in since the conversation was opened. A new mail can leave from any of the `senders`."""
    answered = next((m for m in reversed(mails) if m.direction == "in" and not m.is_bounce), None)
    asked = st.session_state.get("guard")
    queued = next((r for r in reversed(rows) if _can_be_undone(r, look)), None)
    composer.show(
        found,
        viewer=look.viewer,
        drafts=[composer.stored(draft, _strange(found, mails, draft)) for draft in own],
        answered=answered,
        others=_others(found, answered),
        queued=composer.on_its_way(queued, look.now) if queued else None,
        standing=between.standing(diary, look),
        team=_team(found, senders),
        guard=asked if asked and asked["conversation"] == found.id else None,
        heard=_heard(),
        on=lambda deed: lambda: _do(deed),
        now=look.now,
    )


def _team(found: Conversation, senders: Sequence[Sign]) -> composer.Team:
    tables = ("agents", "memberships")
    return composer.Team(
        members=desk.remembered(tables, mentions.members, found.mailbox_id),
        able=desk.remembered(tables, agents.colleagues, found.mailbox_id),
        senders=senders,
    )


def _strange(
    found: Conversation, mails: Sequence[Message], draft: Draft
) -> tuple[newcomers.Newcomer, ...]:
    """Whom to look at twice before this draft leaves, without a statement."""
    tables = ("agents", "memberships", "mailboxes", "aliases")
    own = desk.remembered(tables, newcomers.ours, found.mailbox_id)
    here = newcomers.company(mails, found.contact_address)
    return newcomers.among(draft.recipients, here, own)


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
    except Unconfirmed as unconfirmed:
        answer["refused"] = refused(unconfirmed)
        answer["asked"] = unconfirmed.people
    except InboxError as refusal:
        answer["refused"] = refused(refusal)
    # This pane is drawn anyway, and a rerun asked for in a callback swallows what else was pressed
    # in the same moment, so that it is asked for only when the list and the rail change too.
    if deed in ("send", "undo", "move"):
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
    meant = wish.get("meant")
    if isinstance(meant, list) and meant:
        desk.attempt(newcomers.confirm, draft_id, [str(address) for address in meant])
    house = desk.house()
    closes = wish.get("closes") is True
    at = later.chosen(wish.get("later"), clock.now(), times.zone())
    queued = desk.attempt(
        outbox.send,
        draft_id,
        revision,
        keys=house.keys,
        raw=house.raw,
        files=house.files,
        settings=house.settings,
        how=How(
            anyway=wish.get("anyway") is True,
            shown=int(wish.get("event") or 0),
            closes=closes,
            at=at,
        ),
    )
    if at is not None:
        when = times.coming(at, now=clock.now(), where=times.zone())
        _offer_back(_("Will be sent {when}").format(when=when), queued.outbox_id, SECONDS)
    elif closes:
        # The next conversation opens, and the bar that takes the answer back stays behind.
        words = _("Answered, and closed when it has left")
        _offer_back(words, queued.outbox_id, min(SECONDS, house.settings.undo_seconds))


def _offer_back(words: str, outbox_id: int, seconds: float) -> None:
    way = Undo(words, _take_back, (outbox_id,), event_id=outbox_id, is_whole=True)
    desk.offer(way, seconds)


def _take_back(db: Session, agent: Agent, outbox_id: int, *, now: datetime) -> None:
    """Back to where it was written, with the text."""
    draft = outbox.undo(db, agent, outbox_id, now=now)
    place.open_conversation(draft.conversation_id)


def _ask(stale: Stale, wish: Wish, moment: int) -> None:
    """Keep what came in between for the dialog that the refused Send opens."""
    draft = desk.look(drafts.own, int(wish["draft"]))
    how = {"closes": wish.get("closes") is True, "later": wish.get("later")}
    st.session_state["guard"] = between.whole(draft, stale, **how) | {"at": moment}


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


def _move(_conversation_id: int, wish: Wish) -> None:
    """From which mailbox the new mail leaves."""
    desk.attempt(new_mail.move, int(wish["draft"]), int(wish["mailbox"]))


def _ask_review(_conversation_id: int, wish: Wish) -> Wish:
    reviewer = wish.get("reviewer")
    whom = None if reviewer is None else int(reviewer)
    return composer.stored(desk.attempt(reviews.ask, int(wish["draft"]), whom))


def _withdraw_review(_conversation_id: int, wish: Wish) -> Wish:
    return composer.stored(desk.attempt(reviews.withdraw, int(wish["draft"])))


def _give_back(_conversation_id: int, wish: Wish) -> None:
    words = str(wish.get("words") or "")
    desk.attempt(reviews.give_back, int(wish["draft"]), words)


_DEEDS: dict[str, Callable[[int, Wish], Wish | None]] = {
    "start": _start,
    "send": _send,
    "undo": _undo,
    "discard": _discard,
    "restore": _restore,
    "acknowledge": _acknowledge,
    "move": _move,
    "ask_review": _ask_review,
    "withdraw_review": _withdraw_review,
    "give_back": _give_back,
}


def _can_be_undone(row: Outgoing, look: Look) -> bool:
    return (
        row.state == "queued"
        and row.planned_at is None
        and row.attempts == 0
        and look.viewer.id in (row.agent_id, row.approver_id)
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
