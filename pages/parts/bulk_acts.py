"""What is done with chosen rows, and what the line above the list does; for callbacks."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from inbox import bulk, bulk_moves, bulk_tags, bulk_undo, clock, saved_views, snoozing
from inbox.agents import Agent
from inbox.chosen import Choice, Done
from inbox.errors import InboxError, Invalid
from inbox.filters import View
from inbox.lists import Summary
from inbox.queries import NotUnderstood
from inbox.words import _, plural, refused
from pages.parts import (
    conversation_list,
    desk,
    drawing,
    filter_bar,
    place,
    queue,
    search_field,
    snooze,
    times,
)
from pages.parts.conversation_list import Bulk
from pages.parts.desk import Undo
from pages.parts.escape import plain

_VERBS: dict[str, Callable[..., Done]] = {
    "close": bulk.close,
    "assign": bulk.assign,
    "snooze": bulk.snooze,
    "tag": bulk_tags.add,
    "untag": bulk_tags.remove,
    "move": bulk_moves.move,
    "mark_spam": bulk.mark_spam,
    "trash": bulk.trash,
    "restore": bulk.restore,
    "mark_read": bulk.mark_read,
    "mark_unread": bulk.mark_unread,
}


def offered(viewer: Agent, view: View, rows: list[Summary]) -> Bulk:
    """What this agent can do with rows of this list."""
    mailboxes = {row.mailbox_id for row in rows}
    may_triage = any(viewer.may("triage", m) for m in mailboxes)
    verbs: tuple[str, ...] = ("mark_read", "mark_unread")
    places = {row.lies_in for row in rows}
    restore = () if places <= {"inbox"} else ("restore",)
    if may_triage and (view in ("spam", "trash") or "inbox" not in places):
        verbs = ("restore", *verbs)
    elif may_triage:
        close = () if view == "closed" else ("close",)
        later = () if view == "closed" else ("snooze",)
        often = ("assign", *later, "tag", "untag", "move", "mark_spam", "trash")
        verbs = (*restore, *close, *often, *verbs)
    choices = _choices(rows) | {
        "move": [(sign.id, sign.name) for sign in bulk_moves.targets(viewer, mailboxes)]
    }
    return Bulk(
        verbs=tuple(verb for verb in verbs if choices.get(verb, True)),
        choices=choices,
        matching=rows[0].matching if rows else 0,
        place=str(sorted(place.whole().items())),
        on_pressed=pressed,
    )


def pressed() -> None:
    """Do it; tell how many it was, what was left out, and offer the way back."""
    wanted = conversation_list.asked_for()
    verb = _VERBS.get(str(wanted.get("verb")))
    if verb is None:
        return
    ids = numbers(wanted.get("ids"))
    choice = Choice(asked=place.asked()) if wanted.get("all") is True else Choice(ids=ids)
    try:
        done = desk.attempt(verb, choice, *_given(str(wanted["verb"]), wanted.get("who")))
    except NotUnderstood as refusal:
        st.toast(plain(search_field.said(refusal.slip)), icon=":material/info:")
    except InboxError as refusal:
        st.toast(plain(refused(refusal)), icon=":material/info:")
    else:
        _tell(str(wanted["verb"]), done)
    if verb is bulk.mark_unread and place.conversation_id() in ids:
        # What stays open would be read again at once.
        place.leave()
    drawing.again(*place.PANES)


def _choices(rows: list[Summary]) -> dict[str, list[tuple[int | str, str]]]:
    """Whom, which tag, until when."""
    known = queue.choices()
    borne = dict.fromkeys(tag for row in rows for tag in row.tags.split("\n") if tag)
    moments = snooze.offered(clock.now(), times.zone())
    return {
        "assign": [(number, name) for number, name, works in known.assignees if works],
        "snooze": [*moments.items()],
        "tag": [(tag, tag) for tag in known.tags],
        "untag": [(tag, tag) for tag in borne],
    }


def _given(verb: str, who: object) -> tuple[object, ...]:
    """What the verb is to be done with, as the browser named it. Raises Invalid for nonsense."""
    if verb in ("tag", "untag"):
        return (str(who),)
    if verb == "snooze":
        found = dict(snoozing.moments(clock.now(), times.zone()))
        if who not in found:
            raise Invalid("until", "Choose until when.")
        return (found[who],)
    return numbers([who])


def _tell(verb: str, done: Done) -> None:
    if done.left_out:
        left = plural(
            "{n} conversation was left as it is: it is not yours to change, or cannot be.",
            "{n} conversations were left as they are: they are not yours to change, or cannot be.",
            done.left_out,
        )
        st.toast(plain(left.format(n=done.left_out)), icon=":material/info:")
    if done.count:
        words = _said(verb, done.count).format(n=f"{done.count:,}")
        back = Undo(
            words, bulk_undo.take_back, (done.action_id,), event_id=done.event_id, is_whole=True
        )
        desk.offer(back)
    elif not done.left_out:
        st.toast(_("There was nothing to do."), icon=":material/check:")


def _said(verb: str, count: int) -> str:
    return {
        "close": plural("Closed {n} conversation", "Closed {n} conversations", count),
        "assign": plural("Assigned {n} conversation", "Assigned {n} conversations", count),
        "snooze": plural("Snoozed {n} conversation", "Snoozed {n} conversations", count),
        "tag": plural("Tagged {n} conversation", "Tagged {n} conversations", count),
        "untag": plural("Untagged {n} conversation", "Untagged {n} conversations", count),
        "move": plural("Moved {n} conversation", "Moved {n} conversations", count),
        "mark_spam": plural("{n} marked as spam", "{n} marked as spam", count),
        "trash": plural("Moved {n} to the trash", "Moved {n} to the trash", count),
        "restore": plural("Restored {n} conversation", "Restored {n} conversations", count),
        "mark_read": plural("Marked {n} as read", "Marked {n} as read", count),
        "mark_unread": plural("Marked {n} as unread", "Marked {n} as unread", count),
    }[verb]


def on_filters() -> None:
    """What the line above the list was pressed for."""
    said = filter_bar.said()
    match said.get("what"):
        case "go":
            place.go("view", str(said.get("view", "")))
            drawing.again(*place.PANES)
        case "narrow":
            wanted = said.get("set")
            if isinstance(wanted, dict):
                place.narrow({str(name): str(value) for name, value in wanted.items()})
        case "clear":
            place.clear()
        case "save":
            _save(said)
        case "rename":
            desk.act(saved_views.rename, *numbers([said.get("id")]), str(said.get("title", "")))
        case "remove":
            desk.act(saved_views.remove, *numbers([said.get("id")]))
    drawing.again("rail", "list")


def _save(said: dict[str, Any]) -> None:
    team = str(said.get("team") or "")
    mailbox_id = int(team) if team.isascii() and team.isdigit() else None
    try:
        desk.attempt(
            saved_views.create, str(said.get("title", "")), place.whole(), mailbox_id=mailbox_id
        )
    except InboxError as refusal:
        st.toast(plain(refused(refusal)), icon=":material/info:")
    else:
        st.toast(_("Saved. It stands in the rail under “More”."), icon=":material/check:")


def numbers(found: object) -> tuple[int, ...]:
    """What the browser sent, as far as it is ids."""
    listed = found if isinstance(found, list) else []
    return tuple(
        int(number)
        for number in listed
        if isinstance(number, int | float) and number is not True and 0 < number < place.LARGEST_ID
    )
