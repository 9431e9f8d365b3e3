"""The list of a view's conversations, as one component."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from inbox.agents import Agent
from inbox.conversations import Summary, View
from pages.parts import names, times
from pages.parts.component import register
from pages.parts.words import _, each, mark

_component = register(
    "conversation_list",
    html='<div class="list" tabindex="0" role="listbox"></div>',
)

_WORDS = {
    "waiting": mark("Waiting for an answer"),
    "attachments": mark("Has attachments"),
    "closed": mark("Closed"),
    "has": mark("{name} has this"),
    "unreadable": mark("Could not be read"),
    "alert": mark("Look here"),
    "no_subject": mark("(no subject)"),
    "more": mark("Show more"),
}


def show(
    rows: Sequence[Summary],
    *,
    viewer: Agent,
    view: View,
    chosen: int | None,
    empty: tuple[str, str],
    is_more: bool,
    end: str,
    mailboxes: dict[int, str],
    on_opened: Callable[[], None],
    on_more: Callable[[], None],
    now: datetime,
) -> None:
    """Draw the rows. `mailboxes` names those worth telling apart; `empty` is title and text for
    a list without rows, `end` what stands below a list that was cut. The callbacks read
    `st.session_state["list"]`."""
    where = times.zone()
    _component(
        key="list",
        data={
            "rows": [_row(r, viewer, view, mailboxes, now, where) for r in rows],
            "chosen": chosen,
            "empty": {"title": empty[0], "text": empty[1]},
            "more": is_more,
            "end": end,
            "words": each(_WORDS),
        },
        on_opened_change=on_opened,
        on_more_change=on_more,
        height="stretch",
    )


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
    state = _(_WORDS["waiting"]) if is_waiting else ""
    vip = _("VIP") if found.is_vip else ""
    return {
        "id": found.id,
        "who": who,
        "subject": found.subject,
        "snippet": found.snippet,
        "when": when,
        "exact": times.exact(found.last_message_at, where=where),
        "waiting": is_waiting,
        "closed": found.status == "closed" and view != "closed",
        "assignee": None if view == "mine" else found.assignee_name,
        "mine": found.assignee_id == viewer.id,
        "mailbox": mailboxes.get(found.mailbox_id),
        "count": found.message_count,
        "attachments": found.attachment_count,
        "readable": found.is_readable,
        "alert": found.alert,
        "vip": vip,
        "spoken": ", ".join(part for part in (who, vip, found.subject, when, state) if part),
    }
