"""A conversation's stream as one component: mails, notes and what happened between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import streamlit as st

from inbox import pictures
from inbox.agents import Agent
from inbox.blobs import Files
from inbox.events import Event
from inbox.messages import Message
from pages.parts import diary, mail_frame, names, times, warnings
from pages.parts.component import register
from pages.parts.words import _, each, mark, plural

_component = register(
    "thread",
    html='<div class="stream" tabindex="0" role="log" aria-live="off"></div>',
    scripts=("mail_frame",),
)

LONGEST_TEXT = 200_000
_WORDS = {
    "whole": mark("Show the whole message"),
    "less": mark("Show less"),
    "body": mark("Message"),
    "original": mark("Original"),
    "original_title": mark("The mail exactly as it came, with all its headers (.eml)"),
    "permalink": mark("Link to this message"),
    "pictures": mark("Show pictures"),
    "pictures_title": mark(
        "Delad fetches them: whoever keeps them learns that this house looked, not who."
    ),
}

Item = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who looks, when and where from; `pictures` are the mails whose pictures were asked for."""

    viewer: Agent
    files: Files
    now: datetime
    where: tzinfo
    may_triage: bool = False
    pictures: frozenset[int] = frozenset()


def show(
    conversation_id: int,
    stream: Sequence[Item],
    banners: Sequence[Item],
    message_id: int | None,
    on_act: Callable[[], None],
) -> None:
    """Draw the stream. `on_act` reads `wanted()`; `message_id` is shown first when given."""
    _component(
        key="thread",
        data={
            "id": conversation_id,
            "entries": list(stream),
            "banners": list(banners),
            "message": message_id,
            "policy": mail_frame.POLICY,
            "words": each(_WORDS),
        },
        on_act_change=on_act,
        height="stretch",
    )


def wanted() -> tuple[str, int]:
    """The way on that was pressed on a banner or a mail, and its outbox row or message."""
    pressed = (st.session_state.get("thread") or {}).get("act") or {}
    return str(pressed.get("verb", "")), int(pressed.get("outbox") or 0)


def entries(
    mails: Sequence[Message],
    events: Sequence[Event],
    on_the_way: Sequence[tuple[datetime, Item]],
    look: Look,
) -> list[Item]:
    """Everything in the order in which it happened."""
    told = [(m.sent_at, 1, mail(m, look)) for m in mails]
    told += [(when, 2, item) for when, item in on_the_way]
    for event in events:
        text = diary.sentence(event, look.viewer)
        if text:
            told.append((event.occurred_at, 0, _quiet_line(event, text, look)))
    return [item for _when, _rank, item in sorted(told, key=lambda t: t[:2])]


def mail(message: Message, look: Look, state: Item | None = None) -> Item:
    is_asked = message.id in look.pictures
    clean = (
        mail_frame.harmless(message, look.files, is_asked=is_asked)
        if message.direction != "note"
        else None
    )
    who = _who(message, look.viewer)
    text, whole = message.reply_text.strip(), message.body_text.strip()
    is_folded = bool(text) and text != whole
    return {
        "kind": "note" if message.direction == "note" else "mail",
        "key": f"m{message.id}",
        "id": message.id,
        "direction": message.direction,
        "who": who,
        "address": message.from_address
        if message.direction == "in" and message.from_address != who
        else "",
        "to": _to(message),
        "tag": _tag(message),
        "when": times.said(message.sent_at, now=look.now, where=look.where),
        "exact": times.exact(message.sent_at, where=look.where),
        "text": (text or whole)[:LONGEST_TEXT] or _("(no text)"),
        "whole": whole[:LONGEST_TEXT],
        "html": clean.html if clean else None,
        "folded": is_folded,
        "blocked": _blocked(len(clean.elsewhere)) if clean and clean.elsewhere else "",
        "pictures": pictures.path(message.id) if is_asked else "",
        "warnings": warnings.of(message, look.may_triage, is_html_shown=clean is not None),
        "files": [
            {
                "id": a.id,
                "name": a.filename or _("file"),
                "size": size(a.size_bytes) if a.size_bytes else "",
            }
            for a in message.attachments
            if not (a.is_inline and a.content_id and clean)
        ],
        "original": f"/original/{message.id}" if message.raw_sha256 else None,
        "state": state,
    }


def size(number: int) -> str:
    """Bytes as people say them: “820 B”, “14 kB”, “2.1 MB”."""
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def _quiet_line(event: Event, text: str, look: Look) -> Item:
    return {
        "kind": "diary",
        "key": f"e{event.event_id}",
        "text": text,
        "when": times.said(event.occurred_at, now=look.now, where=look.where),
        "exact": times.exact(event.occurred_at, where=look.where),
    }


def _who(message: Message, viewer: Agent) -> str:
    if message.agent_id == viewer.id:
        return viewer.name
    name = names.shown(message.from_name, message.from_address)
    return message.agent_name or name or _("Unknown sender")


def _to(message: Message) -> str:
    if message.direction == "note":
        return _("Internal note, seen by colleagues only")
    said = (
        _("to {names}").format(names=names.all_shown(message.recipients.to))
        if message.recipients.to
        else ""
    )
    for words, people in ((_("cc"), message.recipients.cc), (_("bcc"), message.recipients.bcc)):
        if people:
            said += f"{' · ' if said else ''}{words} {names.all_shown(people)}"
    return said


def _tag(message: Message) -> str:
    if message.direction == "note":
        return _("Note")
    if message.is_bounce:
        return _("Bounce")
    if message.is_auto:
        return _("Automatic")
    return _("Sent from another mail program") if message.via == "sent" else ""


def _blocked(count: int) -> str:
    return plural(
        "{n} picture from elsewhere was not loaded.",
        "{n} pictures from elsewhere were not loaded.",
        count,
    ).format(n=count)
