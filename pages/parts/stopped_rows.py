"""Answers that the guard has stopped, as the rows of a table."""

from datetime import datetime, tzinfo

from inbox.agents import Agent
from inbox.stops import Fate, Stop
from inbox.words import _, mark
from pages.parts import names, sheet, times
from pages.parts.escape import plain, quiet

FATES: dict[Fate, str] = {
    "sent_anyway": mark("Sent anyway"),
    "edited": mark("Edited and sent"),
    "sent": mark("Sent after a look"),
    "discarded": mark("Discarded"),
    "noted": mark("Left as a note"),
    "draft": mark("Still a draft"),
}
_COLOURS: dict[Fate, str] = {"sent_anyway": "orange", "draft": "blue"}


def show(found: list[Stop], viewer: Agent, *, now: datetime, where: tzinfo) -> None:
    head = (_("When"), _("Who"), _("Conversation"), _("What was newer"), _("What became of it"))
    sheet.table("stopped", head, [_row(stop, viewer, now, where) for stop in found])


def _row(stop: Stop, viewer: Agent, now: datetime, where: tzinfo) -> tuple[str, ...]:
    subject = plain(stop.subject, 70) or _("(no subject)")
    held = f" {quiet(_('held back on its way'))}" if stop.is_held_back else ""
    return (
        plain(times.said(stop.stopped_at, now=now, where=where)),
        plain(_("You") if stop.agent_id == viewer.id else stop.agent_name, 40),
        f"[{subject}](/?c={stop.conversation_id}){held}",
        plain(_newer(stop), 90),
        f":{_COLOURS.get(stop.fate, 'gray')}[{plain(_(FATES[stop.fate]))}]",
    )


def _newer(stop: Stop) -> str:
    """What was in its way."""
    who = stop.newer_name or _("A colleague")
    if stop.newer_kind is None:
        said = _("An answer from another mail program")
    elif stop.newer_kind == "received":
        customer = names.shown(stop.contact_name, stop.contact_address)
        said = _("New mail of {name}").format(name=customer or _("the customer"))
    elif stop.newer_kind == "noted":
        said = _("A note of {name}").format(name=who)
    else:
        said = _("An answer of {name}").format(name=who)
    more = stop.newer_count - 1
    return said if not more else f"{said} {_('and {n} more').format(n=more)}"
