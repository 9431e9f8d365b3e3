"""The list of conversations, as one component; rows can be chosen, for one act on all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import streamlit as st

from inbox import search_hits
from inbox.agents import Agent
from inbox.filters import View
from inbox.lists import Summary
from inbox.search_hits import Parts, Sought
from inbox.words import _, each, mark, plural
from pages.parts import names, times
from pages.parts.component import register

_component = register(
    "conversation_list",
    html='<div class="list" tabindex="0" role="listbox" aria-multiselectable="true"></div>'
    '<div class="bulk" role="toolbar" hidden></div>',
    scripts=("chosen_rows",),
)

_WORDS = {
    "waiting": mark("Waiting for an answer"),
    "unread": mark("New to you"),
    "urgent": mark("Urgent"),
    "attachments": mark("Has attachments"),
    "closed": mark("Closed"),
    "has": mark("{name} has this"),
    "answered": mark("{name} answered last"),
    "unreadable": mark("Could not be read"),
    "alert": mark("Look here"),
    "no_subject": mark("(no subject)"),
    "more": mark("Show more"),
    "choose": mark("Choose {name}"),
    "chosen": mark("{n} chosen"),
    "all": mark("Choose all {n}"),
    "none": mark("Choose none"),
    "keep": mark("Cancel"),
    "close": mark("Close"),
    "assign": mark("Assign…"),
    "snooze": mark("Snooze…"),
    "tag": mark("Tag…"),
    "untag": mark("Untag…"),
    "move": mark("Move…"),
    "mark_spam": mark("Spam"),
    "trash": mark("Trash"),
    "restore": mark("Restore"),
    "mark_read": mark("Read"),
    "mark_unread": mark("Unread"),
    "sure_close": mark("Close {n} conversations?"),
    "sure_assign": mark("Give {n} conversations to {name}?"),
    "sure_snooze": mark("Snooze {n} conversations? {name}"),
    "sure_tag": mark("Tag {n} conversations “{name}”?"),
    "sure_untag": mark("Take the tag “{name}” off {n} conversations?"),
    "sure_move": mark(
        "Move {n} conversations to {name}? Who does not read that mailbox sees them no longer."
    ),
    "do_move": mark("Move"),
    "do_snooze": mark("Snooze"),
    "do_tag": mark("Tag"),
    "do_untag": mark("Take off"),
    "sure_mark_spam": mark("Mark {n} conversations as spam?"),
    "sure_trash": mark("Move {n} conversations to the trash?"),
    "sure_restore": mark("Restore {n} conversations?"),
    "do_assign": mark("Assign"),
    "do_mark_spam": mark("Mark as spam"),
    "do_trash": mark("Move to trash"),
}
_ELSEWHERE = {"spam": mark("Spam"), "trash": mark("Trash")}
MOST_CHIPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What can be done with chosen rows. `place` names the list they were chosen in; `choices` are,
    for verbs that need one, what to choose from. `on_pressed` reads `asked_for()`."""

    verbs: tuple[str, ...]
    choices: dict[str, list[tuple[int | str, str]]]
    matching: int
    place: str
    on_pressed: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What was searched for, and of the messages it was found in the place to show."""

    sought: Sought
    places: dict[int, Parts]


def show(
    rows: Sequence[Summary],
    *,
    hits: Hits | None = None,
    viewer: Agent,
    view: View,
    chosen: int | None,
    empty: tuple[str, str],
    below: tuple[bool, str],
    mailboxes: dict[int, str],
    bulk: Bulk,
    on_opened: Callable[[], None],
    on_more: Callable[[], None],
    now: datetime,
) -> None:
    """Draw the rows. `hits` is what to mark in them; `mailboxes` names those worth telling apart;
    `empty` is title and text for a list without rows, `below` whether there is more, and what
    stands below a list that was cut. The callbacks read `st.session_state["list"]`."""
    where = times.zone()
    _component(
        key="list",
        data={
            "rows": [_row(r, viewer, view, mailboxes, now, where) | _marked(r, hits) for r in rows],
            "chosen": chosen,
            "empty": {"title": empty[0], "text": empty[1]},
            "more": below[0],
            "end": below[1],
            "bulk": {
                "verbs": list(bulk.verbs),
                "choices": {verb: [*map(list, some)] for verb, some in bulk.choices.items()},
                "matching": bulk.matching,
                "place": bulk.place,
            },
            "words": each(_WORDS),
        },
        on_opened_change=on_opened,
        on_more_change=on_more,
        on_bulk_change=bulk.on_pressed,
        height="stretch",
    )


def asked_for() -> dict[str, Any]:
    """What is to be done with which rows: `verb`, `ids` or `all`, and `who` to assign to."""
    pressed = (st.session_state.get("list") or {}).get("bulk")
    return pressed if isinstance(pressed, dict) else {}


def _row(
    found: Summary,
    viewer: Agent,
    view: View,
    mailboxes: dict[int, str],
    now: datetime,
    where: tzinfo,
) -> dict[str, object]:
    """What tells this row apart; what every row of the view has in common is not said."""
    who = names.shown(found.contact_name, found.contact_address) or _("Unknown sender")
    when = times.short(found.last_message_at, now=now, where=where)
    is_waiting = found.waiting_since is not None and found.status == "open"
    vip = _("VIP") if found.is_vip else ""
    tags = [tag for tag in found.tags.split("\n") if tag]
    shown = MOST_CHIPS - (found.mailbox_id in mailboxes)
    marks = (
        _(_WORDS["unread"]) if found.is_unread else "",
        _(_WORDS["urgent"]) if found.is_urgent else "",
        _(_WORDS["waiting"]) if is_waiting else "",
    )
    return {
        "id": found.id,
        "who": who,
        "subject": found.subject,
        "snippet": found.snippet,
        "when": when,
        "exact": times.exact(found.last_message_at, where=where),
        "unread": found.is_unread,
        "urgent": found.is_urgent,
        "waits": times.waiting(found.waiting_since, now)
        if is_waiting and found.waiting_since
        else "",
        "closed": found.status == "closed" and view != "closed",
        "liesin": "" if found.lies_in in ("inbox", view) else _(_ELSEWHERE[found.lies_in]),
        "assignee": None if view == "mine" else found.assignee_name,
        "mine": found.assignee_id == viewer.id,
        "answered": _answered(found, viewer),
        "mailbox": mailboxes.get(found.mailbox_id),
        "tags": tags[:shown],
        "moretags": "\n".join(tags[shown:]),
        "count": found.message_count,
        "attachments": found.attachment_count,
        "readable": found.is_readable,
        "asked": plural("{n} open question", "{n} open questions", found.open_questions).format(
            n=found.open_questions
        )
        if found.open_questions
        else "",
        "alert": found.alert,
        "vip": vip,
        "spoken": ", ".join(part for part in (who, vip, found.subject, when, *marks) if part),
    }


def _marked(found: Summary, hits: Hits | None) -> dict[str, object]:
    """Name, subject and snippet in pieces, with what was searched for marked."""
    if hits is None:
        return {}
    who = names.shown(found.contact_name, found.contact_address) or _("Unknown sender")
    place = hits.places.get(found.hit_message_id or 0)
    return {
        "parts": {
            "who": search_hits.marked(who, hits.sought.sender),
            "subject": search_hits.marked(found.subject, hits.sought.subject),
            "snippet": place or search_hits.marked(found.snippet, hits.sought.text),
        }
    }


def _answered(found: Summary, viewer: Agent) -> str:
    if found.last_reply_agent_id is None:
        return ""
    is_own = found.last_reply_agent_id == viewer.id
    return _("You") if is_own else found.last_reply_name or ""
