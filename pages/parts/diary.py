"""What happened to a conversation, as quiet lines between its mails."""

import json

from inbox.agents import Agent
from inbox.events import Event
from pages.parts.words import _

_SAYS = {
    "claimed": _("{who} took this"),
    "released": _("{who} put it back for anyone"),
    "closed": _("{who} closed this"),
    "reopened": _("{who} reopened this"),
    "marked_spam": _("{who} marked this as spam"),
    "trashed": _("{who} moved this to the trash"),
    "restored": _("{who} restored this"),
    "cancelled": _("{who} took a reply back"),
    "sent_anyway": _("{who} sent although something new had come in"),
    "confirmed_arrived": _("{who} confirmed that a reply arrived"),
    "sent_again": _("{who} sent a reply again"),
    "corrected": _("{who} corrected an address and sent again"),
    "read_again": _("{who} asked to have a mail read again"),
    "completed": _("A mail could be read now"),
    "not_completed": _("A mail was tried again and could not be read"),
    "split": _("{who} split this conversation"),
}


def sentence(event: Event, viewer: Agent) -> str | None:
    """What the event says to a reader; None for what shows elsewhere or not at all."""
    who = _who(event, viewer)
    if event.kind == "assigned":
        after = json.loads(event.after or "{}")
        whom = _("you") if after.get("assignee_id") == viewer.id else event.assignee_name
        return _("{who} assigned this to {whom}").format(who=who, whom=whom or _("a colleague"))
    if event.kind in _OF_TWO:
        return _of_two(event, who)
    if event.kind == "reopened" and event.actor_kind == "contact":
        return _("Reopened by an answer")
    said = _SAYS.get(event.kind)
    return said.format(who=who) if said else None


_OF_TWO = {
    "merged": {
        "from": _("{who} merged #{number} into this"),
        "into": _("{who} merged this into #{number}"),
    },
    "unmerged": {
        "from": _("{who} took #{number} out of this again"),
        "out_of": _("{who} took this out of #{number} again"),
    },
    "looks_related": {"conversation_id": _("This may belong together with #{number}")},
}


def _of_two(event: Event, who: str) -> str | None:
    """What concerns another conversation too; None when an erasure has emptied the line."""
    after = json.loads(event.after or "{}")
    for name, said in _OF_TWO[event.kind].items():
        if name in after:
            return said.format(who=who, number=after[name])
    return None


def _who(event: Event, viewer: Agent) -> str:
    if event.actor_kind == "agent":
        return _("You") if event.actor_id == viewer.id else event.actor_name or _("A colleague")
    return {"contact": _("The customer"), "rule": _("A rule")}.get(event.actor_kind, "Delad")
