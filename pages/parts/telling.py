"""What an agent is told: as the rail counts it, as the desktop shows it, as the page lists it."""

from typing import Any

from inbox import notifications
from inbox.notifications import Kind, Notification
from inbox.words import _, mark, plural
from pages.parts import desk

SAYS: dict[Kind, str] = {
    "mention": mark("{who} mentioned you"),
    "assigned": mark("{who} gave you this"),
    "answered": mark("The customer answered"),
    "review": mark("{who} asks you to look at a draft"),
    "returned": mark("{who} gave your draft back"),
    "approved": mark("{who} approved and sent your draft"),
    "called_off": mark("Your reply was not sent; its text is a draft again"),
    "moved": mark("{who} moved this to another mailbox: you have it no longer"),
    "explained": mark("{who} answered your question"),
}


def unseen() -> list[Notification]:
    return desk.remembered(("notifications",), notifications.unseen)


def said(one: Notification) -> str:
    if one.how_many > 1:
        told = plural(
            "{who} gave you {n} conversation", "{who} gave you {n} conversations", one.how_many
        )
        if one.kind == "moved":
            told = plural(
                "{who} moved {n} conversation of yours to another mailbox",
                "{who} moved {n} conversations of yours to another mailbox",
                one.how_many,
            )
        return told.format(who=one.actor_name or _("A colleague"), n=one.how_many)
    return _(SAYS[one.kind]).format(who=one.actor_name or _("A colleague"))


def shown() -> dict[str, Any]:
    """For the rail: how many, and of the newest that is to ring what the desktop says."""
    found = unseen()
    wishes = notifications.understood(desk.me().notify)
    ringing = [one for one in found if "ring" in notifications.ways(wishes, one.kind)]
    newest = ringing[0] if ringing else None
    return {
        "count": len(found),
        "rings": any("ring" in ways for ways in wishes.values()),
        "newest": newest
        and {"id": newest.id, "title": said(newest), "text": newest.subject or _("(no subject)")},
        "allow": _("Allow notifications on the desktop"),
    }
