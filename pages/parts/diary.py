"""What happened to a conversation, as quiet lines between its mails."""

import json

from inbox.agents import Agent
from inbox.events import Event
from pages.parts import times
from pages.parts.words import _, mark

_SAYS = {
    "claimed": mark("{who} took this"),
    "released": mark("{who} put it back for anyone"),
    "closed": mark("{who} closed this"),
    "reopened": mark("{who} reopened this"),
    "marked_spam": mark("{who} marked this as spam"),
    "trashed": mark("{who} moved this to the trash"),
    "restored": mark("{who} restored this"),
    "cancelled": mark("{who} took a reply back"),
    "send_stopped": mark("{who} pressed Send, and it was stopped: something new had come in"),
    "sent_anyway": mark("{who} sent although something new had come in"),
    "confirmed_arrived": mark("{who} confirmed that a reply arrived"),
    "sent_again": mark("{who} sent a reply again"),
    "corrected": mark("{who} corrected an address and sent again"),
    "read_again": mark("{who} asked to have a mail read again"),
    "completed": mark("A mail could be read now"),
    "not_completed": mark("A mail was tried again and could not be read"),
    "contact_linked": mark("{who} gave this to another contact"),
    "contact_unlinked": mark("{who} took this from its contact"),
    "shown": mark("{who} showed a hidden message again"),
    "restricted": mark("{who} restricted a file"),
    "unrestricted": mark("{who} lifted the restriction of a file"),
    "exported": mark("{who} printed this or took a copy"),
    "split": mark("{who} split this conversation"),
}


def sentence(event: Event, viewer: Agent) -> str | None:
    """What the event says to a reader; None for what shows elsewhere or not at all."""
    who = _who(event, viewer)
    if event.kind == "assigned":
        after = json.loads(event.after or "{}")
        whom = _("you") if after.get("assignee_id") == viewer.id else event.assignee_name
        return _("{who} assigned this to {whom}").format(who=who, whom=whom or _("a colleague"))
    if event.kind == "downloaded" and "restricted_attachment_id" in (event.after or ""):
        return _("{who} opened a restricted file").format(who=who)
    if event.kind == "released" and "idle_hours" in (event.after or ""):
        hours = json.loads(event.after or "{}")["idle_hours"]
        return _("Back with the team: nobody had worked on it for {time}").format(
            time=times.lasting(hours * 3600)
        )
    if event.kind in _OF_TWO:
        return _of_two(event, who)
    if event.kind == "reopened" and event.actor_kind == "contact":
        return _("Reopened by an answer")
    said = _SAYS.get(event.kind)
    return _(said).format(who=who) if said else None


_OF_TWO = {
    "merged": {
        "from": mark("{who} merged #{number} into this"),
        "into": mark("{who} merged this into #{number}"),
    },
    "unmerged": {
        "from": mark("{who} took #{number} out of this again"),
        "out_of": mark("{who} took this out of #{number} again"),
    },
    "looks_related": {"conversation_id": mark("This may belong together with #{number}")},
}


def _of_two(event: Event, who: str) -> str | None:
    """What concerns another conversation too; None when an erasure has emptied the line."""
    after = json.loads(event.after or "{}")
    for name, said in _OF_TWO[event.kind].items():
        if name in after:
            return _(said).format(who=who, number=after[name])
    return None


def _who(event: Event, viewer: Agent) -> str:
    if event.actor_kind == "agent":
        return _("You") if event.actor_id == viewer.id else event.actor_name or _("A colleague")
    return {"contact": _("The customer"), "rule": _("A rule")}.get(event.actor_kind, "Delad")
