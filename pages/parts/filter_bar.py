"""The line above the list: what waits for anyone, order, filters, and the way out of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from inbox import filters, saved_views
from inbox.agents import NOBODY, Agent
from inbox.filters import Asked, Channel, Choices, Sort, Status
from inbox.lists import Counts
from inbox.mailboxes import Sign
from inbox.saved_views import SavedView
from inbox.view_files import ViewFile
from inbox.words import _, each, mark, plural
from pages.parts import times
from pages.parts.component import register

_component = register("filter_bar", html='<div class="filters"></div>')

STATUS_NAMES: dict[Status, str] = {
    "open": mark("Open"),
    "snoozed": mark("Snoozed"),
    "closed": mark("Closed"),
}
CHANNEL_NAMES: dict[Channel, str] = {
    "mail": mark("Mail"),
    "form": mark("Form"),
    "chat": mark("Chat"),
    "phone": mark("Phone"),
}
SORT_NAMES: dict[Sort, str] = {
    "waiting": mark("Longest waiting first"),
    "newest": mark("Newest first"),
    "oldest": mark("Oldest first"),
}
_WORDS = {
    "filter": mark("Filter"),
    "clear": mark("Clear"),
    "save": mark("Save as view"),
    "name": mark("Name of the view"),
    "for": mark("Who sees it"),
    "only_me": mark("Only me"),
    "keep": mark("Save"),
    "rename": mark("Rename"),
    "remove": mark("Delete view"),
    "sure": mark("Delete it?"),
    "drop": mark("Take “{name}” away"),
    "status": mark("Status"),
    "who": mark("Assignee"),
    "tag": mark("Tag"),
    "channel": mark("Channel"),
    "contact": mark("Contact: name or address"),
    "since": mark("From"),
    "until": mark("To"),
    "files": mark("With files only"),
    "bin": mark("Hide trash and spam"),
    "everywhere": mark("Search everywhere"),
    "asked": mark("With open questions only"),
    "add": mark("Add…"),
    "sort": mark("Order"),
    "done": mark("Done"),
}

Said = dict[str, Any]


def show(
    *,
    asked: Asked,
    query: dict[str, str],
    whole: dict[str, str],
    matching: int,
    counts: Counts,
    choices: Choices,
    saved: Sequence[SavedView],
    files: Sequence[ViewFile],
    teams: Sequence[Sign],
    on_said: Callable[[], None],
    now: datetime,
) -> None:
    """`query` is what the address says of filters, `whole` of everything; `teams` are the mailboxes
    whose views one may save. `on_said` reads `said()`."""
    here = saved_views.kept(whole)
    current = next((view for view in saved if view.query == here), None)
    _component(
        key="filters",
        data={
            "beside": beside(asked, matching, counts, now),
            "query": query,
            "sort": filters.sort_of(asked),
            "chips": chips(asked, query, choices, files),
            "is_searched": bool(asked.filters.words.strip()),
            "is_all": asked.view == "all",
            "current": _current(current),
            "fields": {
                "status": _options(each(STATUS_NAMES)),
                "who": _people(choices),
                "tag": [[tag, tag] for tag in choices.tags],
                "channel": _options(each(CHANNEL_NAMES)),
                "sort": _options(each(SORT_NAMES)),
            },
            "teams": [[str(sign.id), _("Team of {name}").format(name=sign.name)] for sign in teams],
            "words": each(_WORDS),
        },
        on_said_change=on_said,
        height="content",
    )


def said() -> Said:
    """What was pressed: `what` is go, narrow, clear, save, rename or remove, with what it needs."""
    pressed = (st.session_state.get("filters") or {}).get("said")
    return pressed if isinstance(pressed, dict) else {}


def beside(asked: Asked, matching: int, counts: Counts, now: datetime) -> Said:
    """Next to one's own work what nobody has; elsewhere how many the list holds."""
    is_plain = asked.view == "mine" and not asked.filters.statuses and not asked.filters.assignees
    if is_plain and counts.unassigned and counts.unassigned_since is not None:
        age = times.waiting(counts.unassigned_since, now)
        text = _("{n} unassigned, oldest {age}").format(n=counts.unassigned, age=age)
        return {"text": text, "go": "unassigned"}
    return {
        "text": plural("{n} conversation", "{n} conversations", matching).format(n=f"{matching:,}")
        if matching
        else "",
        "go": "",
    }


def chips(
    asked: Asked, query: dict[str, str], choices: Choices, files: Sequence[ViewFile]
) -> list[list[str]]:
    """Each filter that is set, as its name in the address, its value there, and words."""
    people = dict(_people(choices))
    told = asked.filters
    found = [["status", s, _(STATUS_NAMES[s])] for s in told.statuses]
    found += [["who", str(a), people.get(str(a), f"#{a}")] for a in told.assignees]
    found += [["tag", tag, tag] for tag in told.tags]
    found += [["channel", c, _(CHANNEL_NAMES[c])] for c in told.channels]
    if told.contact:
        found.append(["contact", told.contact, told.contact])
    if "since" in query:
        found.append(["since", query["since"], _("from {day}").format(day=query["since"])])
    if "until" in query:
        found.append(["until", query["until"], _("to {day}").format(day=query["until"])])
    if told.has_files:
        found.append(["files", "1", _("With files")])
    if told.is_everywhere:
        found.append(["bin", "1", _("Trash and spam too")])
    if told.is_asked:
        found.append(["asked", "1", _("Open questions")])
    if told.sql:
        title = next((f.title for f in files if f.name == told.sql), told.sql)
        found.append(["sql", told.sql, title])
    return found


def _people(choices: Choices) -> list[list[str]]:
    left = _("{name} (has left)")
    return [[str(NOBODY), _("Nobody")]] + [
        [str(number), name if works else left.format(name=name)]
        for number, name, works in choices.assignees
    ]


def _options(names: dict[Any, str]) -> list[list[str]]:
    return [[value, label] for value, label in names.items()]


def _current(view: SavedView | None) -> Said | None:
    if view is None:
        return None
    return {"id": view.id, "title": view.title, "may_change": view.may_change}


def teams(viewer: Agent, signs: Sequence[Sign]) -> list[Sign]:
    """The mailboxes for whose team this agent may save a view."""
    return [sign for sign in signs if viewer.may("configure", sign.id)]
