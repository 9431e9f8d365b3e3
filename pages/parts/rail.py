"""The rail at the left: views with live counts, mailboxes, pages and one's own account."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from inbox import saved_views
from inbox.filters import View
from inbox.lists import Counts
from inbox.mailboxes import Sign
from inbox.saved_views import SavedView
from inbox.schedule import Presence
from inbox.view_files import ViewFile
from inbox.words import _, mark
from pages.parts import own_times, telling
from pages.parts.component import PARTS, register

MARK = (PARTS / "mark.svg").read_text()
_component = register(
    "rail",
    scripts=("telling",),
    html=f'<div class="rail"></div><template class="mark">{MARK}</template>',
)

VIEW_NAMES: dict[View, str] = {
    "mine": mark("Mine"),
    "unassigned": mark("Unassigned"),
    "open": mark("All open"),
    "waiting": mark("Waiting on customer"),
    "snoozed": mark("Snoozed"),
    "following": mark("Following"),
    "all": mark("Everything"),
    "closed": mark("Closed"),
    "sent": mark("Sent"),
    "spam": mark("Spam"),
    "trash": mark("Trash"),
}
MAIN: tuple[View, ...] = ("mine", "unassigned", "open", "waiting", "snoozed", "following")
_QUIET: tuple[View, ...] = ("all", "closed", "sent", "trash")
MOST_TAGS = 30

Item = dict[str, object]


def show(
    *,
    name: str,
    counts: Counts,
    at: Mapping[str, str] | None,
    mailboxes: Sequence[Sign],
    mailbox_id: int | None,
    saved: Sequence[SavedView],
    files: Sequence[ViewFile],
    groups: Sequence[tuple[str, Sequence[Item]]],
    is_demo: bool,
    now_is: Presence,
    on_go: Callable[[], None],
) -> None:
    """`at` is what the address says of the list, None away from the inbox. What is quiet lies in a
    fold, open where one is inside; `groups` of pages stand below the main views, each with
    its title. `on_go` reads `wanted()`.
    `now_is` is who looks, and whether new work comes to them."""
    here = saved_views.kept(at) if at is not None else {}
    titled = [_saved(view, here) for view in saved] + [_file(view, here) for view in files]
    tags = [_tag(tag, number, here) for tag, number in counts.tags[:MOST_TAGS]]
    is_special = any(item["chosen"] for item in (*titled, *tags))
    at_view = here.get("view") if not is_special else None
    views = {v: _view(v, counts, v == at_view) for v in VIEW_NAMES}
    sections: list[dict[str, object]] = [{"title": "", "items": [views[v] for v in MAIN]}]
    if len(mailboxes) > 1:
        boxes = _boxes(mailboxes, mailbox_id, dict(counts.mailboxes))
        sections.append({"title": _("Mailboxes"), "kind": "filter", "items": boxes})
    quiet: list[dict[str, object]] = [
        {"title": "", "items": [views[v] for v in VIEW_NAMES if v not in MAIN]}
    ]
    quiet += [{"title": _("Saved views"), "items": titled}] if titled else []
    quiet += [{"title": _("Tags"), "items": tags}] if tags else []
    is_inside = is_special or (at_view is not None and at_view not in MAIN)
    sections.append({"fold": _("More"), "open": is_inside, "sections": quiet})
    sections += [{"title": title, "items": list(items)} for title, items in groups if items]
    _component(
        key="rail",
        data={
            "name": name,
            "demo": _("demo data") if is_demo else "",
            "sections": sections,
            "told": telling.shown(),
            "me": {
                "name": now_is.name,
                "here": now_is.is_here,
                "said": own_times.said(now_is),
            },
            "words": {
                "account": _("Your account"),
                "signout": _("Sign out"),
                "switch": _("Be away: no new work") if now_is.is_here else _("Be available"),
                "real": _("Start for real"),
            },
        },
        on_go_change=on_go,
        height="stretch",
    )


def wanted() -> tuple[str, str]:
    """What was pressed: its kind (`view`, `box`, `to`, `page` or `switch`) and its name."""
    pressed = str((st.session_state.get("rail") or {}).get("go") or "")
    kind, _colon, name = pressed.partition(":")
    return kind, name


def _view(view: View, counts: Counts, is_chosen: bool) -> Item:
    return {
        "go": f"view:{view}",
        "icon": view,
        "label": _(VIEW_NAMES[view]),
        "count": 0 if view in _QUIET else getattr(counts, view),
        "chosen": is_chosen,
    }


def _boxes(mailboxes: Sequence[Sign], chosen: int | None, open_ones: dict[int, int]) -> list[Item]:
    every: Item = {"go": "box:", "icon": "open", "label": _("All"), "chosen": chosen is None}
    return [every] + [
        {
            "go": f"box:{m.id}",
            "icon": "mailboxes",
            "label": m.name,
            "count": open_ones.get(m.id, 0),
            "chosen": m.id == chosen,
        }
        for m in mailboxes
    ]


def _saved(view: SavedView, here: Mapping[str, str]) -> Item:
    address = {"box": "", **view.query}
    return {
        "go": f"to:{urlencode(address)}",
        "icon": "saved" if view.mailbox_id is None else "team",
        "label": view.title,
        "chosen": view.query == here,
    }


def _file(view: ViewFile, here: Mapping[str, str]) -> Item:
    return {
        "go": f"to:{urlencode({'view': 'all', 'sql': view.name})}",
        "icon": "file",
        "label": view.title,
        "title": view.definition,
        "chosen": here.get("sql") == view.name,
    }


def _tag(tag: str, number: int, here: Mapping[str, str]) -> Item:
    return {
        "go": f"to:{urlencode({'view': 'open', 'tag': tag})}",
        "icon": "tag",
        "label": tag,
        "count": number,
        "chosen": here.get("tag") == tag and here.get("view") == "open",
    }
