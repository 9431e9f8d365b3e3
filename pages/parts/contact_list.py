"""The list of contacts, as one component."""

from collections.abc import Callable, Sequence
from datetime import datetime

from inbox.contact_book import Entry
from inbox.words import _, each, mark
from pages.parts import names, times
from pages.parts.component import register

_component = register("contact_list", html='<div class="contacts"></div>')
_WORDS = {"vip": mark("VIP"), "before": mark("Previous"), "after": mark("Next")}


def show(
    rows: Sequence[Entry],
    *,
    found: int,
    page: int,
    size: int,
    chosen: int | None,
    empty: tuple[str, str],
    mailboxes: dict[int, str],
    on_opened: Callable[[], None],
    on_turned: Callable[[], None],
    now: datetime,
) -> None:
    """Draw one page of `found` contacts. `mailboxes` names those worth telling apart. The
    callbacks read `st.session_state["contact_list"]`."""
    first = page * size + 1
    last = page * size + len(rows)
    _component(
        key="contact_list",
        data={
            "rows": [_row(entry, mailboxes, now) for entry in rows],
            "chosen": chosen,
            "page": page,
            "is_more": last < found,
            "shown": _("{first}–{last} of {all}").format(
                first=f"{first:,}", last=f"{last:,}", all=f"{found:,}"
            ),
            "empty": {"title": empty[0], "text": empty[1]},
            "words": each(_WORDS),
        },
        on_opened_change=on_opened,
        on_turned_change=on_turned,
        height="stretch",
    )


def _row(entry: Entry, mailboxes: dict[int, str], now: datetime) -> dict[str, object]:
    where = times.zone()
    return {
        "id": entry.id,
        "who": names.shown(entry.name, entry.address) or _("Unknown sender"),
        "address": entry.address,
        "vip": entry.is_vip,
        "company": entry.works_at.name if entry.works_at else "",
        "mailbox": mailboxes.get(entry.mailbox_id, ""),
        "open": entry.open_count > 0,
        "counted": (
            _("{n} open").format(n=entry.open_count) if entry.open_count else f"{entry.total:,}"
        ),
        "when": times.short(entry.last_at, now=now, where=where),
        "exact": times.exact(entry.last_at, where=where),
    }
