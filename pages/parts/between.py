"""What came in while a reply was being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox import clock, conversations, events, markdown, messages, outbox
from inbox.drafts import Draft
from inbox.errors import Stale
from inbox.events import Event
from inbox.messages import Message
from inbox.undelivered import Outgoing
from inbox.words import _
from pages.parts import desk, difference, names, times
from pages.parts.thread import Look

ANSWERS = ("queued", "replied")
STOPS = ("received", "noted", *ANSWERS)
LONGEST = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the diary has come: its newest event, the agent's own last word in it, and what a
    colleague or the customer did last, as one line to be shown until it was seen."""

    newest: int
    own: int
    news: dict[str, Any] | None


def standing(diary: Sequence[Event], look: Look) -> Standing:
    own = [e.event_id for e in diary if e.kind in ("noted", "queued") and _is_own(e, look)]
    others = [e for e in diary if e.kind in STOPS and not _is_own(e, look)]
    return Standing(
        newest=diary[-1].event_id if diary else 0,
        own=own[-1] if own else 0,
        news=_line(others[-1], look) if others else None,
    )


def _line(last: Event, look: Look) -> dict[str, Any]:
    when = times.said(last.recorded_at, now=look.now, where=look.where)
    who = last.actor_name or _("A colleague")
    if last.kind == "received":
        text = _("New mail in this conversation at {when}.")
    elif last.kind == "noted":
        text = _("{who} left a note at {when}.")
    else:
        text = _("{who} answered at {when}.")
    return {"text": text.format(who=who, when=when), "event": last.event_id}


def whole(draft: Draft, stale: Stale, **how: object) -> dict[str, Any]:
    """All of it, for the dialog that a refused Send opens; the newest answer of a colleague beside
    one's own, with what only one of them says marked. `how` it was to be sent comes along."""
    found = desk.look(conversations.by_id, draft.conversation_id)
    whole = (found.id, found.family)
    diary = [e for e in desk.look(events.of_conversation, *whole) if e.event_id in set(stale.newer)]
    mails = {m.id: m for m in desk.look(messages.in_conversation, *whole)}
    rows = {r.message_id: r for r in desk.look(outbox.of_conversation, *whole)}
    now = clock.now()
    newer = [
        _came(e, mails.get(e.message_id or 0), rows.get(e.message_id))
        | {"when": times.said(e.recorded_at, now=now, where=times.zone())}
        for e in diary
    ]
    answers = [n for n, e in enumerate(diary) if e.kind in ANSWERS]
    if answers:
        _put_beside(newer[answers[-1]], draft)
    first = answers[-1] if answers else -1
    return {
        "conversation": found.id,
        "draft": draft.id,
        "title": _title(diary[first].kind, newer[first]["who"], _ago(diary[first], now)),
        "event": max(stale.newer),
        "newer": newer,
        **how,
    }


def _title(kind: str, who: str, ago: str) -> str:
    if kind == "received":
        text = _("{who} wrote again {ago}")
    elif kind == "noted":
        text = _("{who} left a note {ago}")
    else:
        text = _("{who} answered {ago}")
    return text.format(who=who, ago=ago)


def _ago(event: Event, now: datetime) -> str:
    seconds = (now - event.recorded_at).total_seconds()
    return _("{time} ago").format(time=times.lasting(seconds)) if seconds >= 60 else _("just now")


def _put_beside(answer: dict[str, Any], draft: Draft) -> None:
    """One's own text beside it, as its reader would have it."""
    theirs, mine = difference.sides(answer["text"], markdown.to_text(draft.body)[:LONGEST])
    answer |= {"theirs": theirs, "mine": mine}


def _came(event: Event, mail: Message | None, row: Outgoing | None) -> dict[str, Any]:
    if mail is not None:
        who = mail.agent_name or names.shown(mail.from_name, mail.from_address)
        text = mail.reply_text or mail.body_text
    elif row is not None:
        who, text = row.agent_name or row.from_name, row.reply_text
    else:
        who, text = event.actor_name or _("A colleague"), ""
    return {"kind": "note" if event.kind == "noted" else "mail", "who": who, "text": text[:LONGEST]}


def _is_own(event: Event, look: Look) -> bool:
    return event.actor_kind == "agent" and event.actor_id == look.viewer.id
