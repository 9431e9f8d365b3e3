"""The rail at the left: views with live counts, mailboxes, pages and one's own account."""

from collections.abc import Callable, Sequence

import streamlit as st

from inbox.agents import Agent
from inbox.conversations import VIEWS, Counts, View
from inbox.mailboxes import Sign
from pages.parts.component import PARTS, register
from pages.parts.words import _, mark

MARK = (PARTS / "mark.svg").read_text()
_component = register(
    "rail", html=f'<div class="rail"></div><template class="mark">{MARK}</template>'
)

VIEW_NAMES: dict[View, str] = {
    "mine": mark("Mine"),
    "unassigned": mark("Unassigned"),
    "open": mark("All open"),
    "closed": mark("Closed"),
    "sent": mark("Sent"),
    "spam": mark("Spam"),
    "trash": mark("Trash"),
}
_QUIET: tuple[View, ...] = ("closed", "sent", "trash")

Item = dict[str, object]


def show(
    *,
    name: str,
    viewer: Agent,
    counts: Counts,
    view: View | None,
    mailboxes: Sequence[Sign],
    mailbox_id: int | None,
    more: Sequence[Item],
    pages: Sequence[Item],
    is_demo: bool,
    on_go: Callable[[], None],
) -> None:
    """`view` is None away from the inbox; `more` stands below the views, `on_go` reads
    `wanted()`."""
    views = [_view(v, counts, v == view) for v in VIEWS]
    sections: list[dict[str, object]] = [{"title": "", "items": views}]
    sections.append({"title": "", "items": list(more)})
    if len(mailboxes) > 1:
        sections.append(
            {"title": _("Mailboxes"), "kind": "filter", "items": _boxes(mailboxes, mailbox_id)}
        )
    if pages:
        sections.append({"title": _("House"), "items": list(pages)})
    _component(
        key="rail",
        data={
            "name": name,
            "demo": _("demo data") if is_demo else "",
            "sections": sections,
            "me": {"name": viewer.name},
            "words": {
                "account": _("Your account"),
                "signout": _("Sign out"),
                "real": _("Start for real"),
            },
        },
        on_go_change=on_go,
        height="stretch",
    )


def wanted() -> tuple[str, str]:
    """What was pressed: its kind (`view`, `box` or `page`) and its name."""
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


def _boxes(mailboxes: Sequence[Sign], chosen: int | None) -> list[Item]:
    every: Item = {"go": "box:", "icon": "open", "label": _("All"), "chosen": chosen is None}
    return [every] + [
        {"go": f"box:{m.id}", "icon": "mailboxes", "label": m.name, "chosen": m.id == chosen}
        for m in mailboxes
    ]
