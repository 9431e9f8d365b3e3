"""A conversation's stream as one component: mails, notes and what happened between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from typing import Any

import streamlit as st

from inbox import hiding, pictures
from inbox.agents import Agent
from inbox.blobs import Files
from inbox.events import Event
from inbox.messages import Message
from inbox.search_hits import InStream
from inbox.words import _, each, mark, plural
from pages.parts import diary, mail_frame, names, papers, times, warnings
from pages.parts.component import register

_component = register(
    "thread",
    html='<div class="stream" tabindex="0" role="log" aria-live="off"></div>',
    scripts=(
        "mail_frame",
        "hits",
        "lightbox",
        "mail_menu",
        "mail_details",
        "mail_files",
        "mail_card",
    ),
)

LONGEST_TEXT = 200_000
_WORDS = {
    "whole": mark("Show the whole message"),
    "less": mark("Show less"),
    "body": mark("Message"),
    "original": mark("Original"),
    "take_original": mark("Original (.eml)"),
    "original_title": mark("The mail exactly as it came, with all its headers (.eml)"),
    "permalink": mark("Link to this message"),
    "pictures": mark("Show pictures"),
    "pictures_title": mark(
        "Delad fetches them: whoever keeps them learns that this house looked, not who."
    ),
    "details": mark("Details"),
    "details_close": mark("Close details"),
    "more": mark("More about this message"),
    "more_file": mark("More about the file"),
    "copy": mark("Copy link"),
    "copied": mark("Link copied"),
    "plain": mark("Show as plain text"),
    "formatted": mark("Show formatted"),
    "print": mark("Print or save conversation"),
    "print_title": mark("The whole conversation on one page, without notes unless you ask"),
    "forward": mark("Forward…"),
    "answer": mark("Mark answered"),
    "unanswer": mark("Open again"),
    "hide": mark("Hide message"),
    "split_here": mark("Split off from here"),
    "split_here_title": mark("This message and all later ones become a conversation of their own"),
    "split_alone": mark("Split off this message alone"),
    "show": mark("Show again"),
    "hit": mark("{n} of {all}"),
    "next_hit": mark("Next place (G)"),
    "last_hit": mark("Place before (Shift + G)"),
    "no_hits": mark("Mark no longer"),
    "headers": mark("Header fields"),
    "as_it_came": mark("As it came"),
    "decoded": mark("Decoded"),
    "all_files": mark("Download all"),
    "view": mark("View"),
    "open": mark("Open"),
    "download": mark("Download"),
    "close": mark("Close"),
    "previous": mark("Previous picture"),
    "next": mark("Next picture"),
    "no_picture": mark("This picture cannot be shown. Download it to look at it."),
    "restricted": mark("Restricted"),
    "restrict": mark("Restrict: for managers, the assignee and me"),
    "lift": mark("Lift the restriction"),
    "locked": mark("Only managers, the assignee and whoever restricted this file may open it."),
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
    may_note: bool = False
    pictures: frozenset[int] = frozenset()
    mailbox_id: int = 0
    assignee_id: int | None = None

    @property
    def opening(self) -> papers.Opening:
        return papers.Opening(
            self.viewer, self.mailbox_id, self.assignee_id, may_triage=self.may_triage
        )


def show(
    conversation_id: int,
    stream: Sequence[Item],
    banners: Sequence[Item],
    message_id: int | None,
    on_act: Callable[[], None],
    opened: Mapping[str, Item] | None = None,
    sought: InStream | None = None,
) -> None:
    """Draw the stream. `on_act` reads `wanted()`; `message_id` is shown first when given;
    `opened` are details that stand open (see details.of); `sought` is marked."""
    _component(
        key="thread",
        data={
            "id": conversation_id,
            "entries": list(stream),
            "banners": list(banners),
            "message": message_id,
            "policy": mail_frame.POLICY,
            "details": dict(opened or {}),
            "sought": asdict(sought) if sought else None,
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
    """A message as the stream shows it; of a hidden one, that it is there."""
    if message.is_hidden:
        return _hidden(message, look)
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
        "files": (
            files := papers.of(message, look.files, look.opening, is_html_shown=clean is not None)
        ),
        "all_files": f"/attachments/{message.id}" if papers.openable(files) > 1 else None,
        "original": f"/original/{message.id}" if message.raw_sha256 else None,
        "own_pictures": clean is not None and mail_frame.PREVIEW in clean.html,
        "can_hide": look.may_triage,
        "can_forward": message.direction != "note" and look.viewer.may("reply", look.mailbox_id),
        "question": _question(message, look),
        "can_split": look.may_triage and message.direction != "note",
        "has_details": True,
        "state": state,
    }


def _question(message: Message, look: Look) -> Item | None:
    """How a note that asks stands."""
    if not message.is_question:
        return None
    if message.answered_at is None:
        return {"text": _("Open question"), "act": "answer" if look.may_note else "", "open": True}
    said = _("Answered by {who}, {when}").format(
        who=message.answered_by_name or _("a colleague"),
        when=times.said(message.answered_at, now=look.now, where=look.where),
    )
    return {"text": said, "act": "unanswer" if look.may_note else "", "open": False}


def _hidden(message: Message, look: Look) -> Item:
    by = _("You") if message.hidden_by == look.viewer.id else message.hidden_by_name
    when = message.hidden_at or message.sent_at
    said = _("{who} hid this message {when}.").format(
        who=by or _("A colleague"), when=times.said(when, now=look.now, where=look.where)
    )
    return {
        "kind": "hidden",
        "key": f"m{message.id}",
        "id": message.id,
        "text": said,
        "exact": times.exact(message.sent_at, where=look.where),
        "can_show": hiding.may_show(look.viewer, message.hidden_by),
    }


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
