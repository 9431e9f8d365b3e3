"""What happened to a conversation, as quiet lines between its mails."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from inbox.agents import Agent
from inbox.events import Event
from inbox.words import _, mark
from pages.parts import times

_SAYS = {
    "claimed": mark("{who} took this"),
    "written": mark("{who} began this with a new mail"),
    "released": mark("{who} put it back for anyone"),
    "closed": mark("{who} closed this"),
    "reopened": mark("{who} reopened this"),
    "marked_spam": mark("{who} marked this as spam"),
    "trashed": mark("{who} moved this to the trash"),
    "restored": mark("{who} restored this"),
    "review_withdrawn": mark("{who} no longer asks for a review"),
    "unplanned": mark("{who} took back a reply that was to be sent later"),
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
    "woken": mark("{who} woke this"),
    "question_answered": mark("{who} answered a question"),
    "question_reopened": mark("{who} opened a question again"),
    "followed": mark("{who} follows this now"),
    "unfollowed": mark("{who} follows this no longer"),
    "duplicate_intended": mark("{who} said that two replies to one mail were both meant"),
    "duplicate_unintended": mark("{who} said that one of two replies was not meant"),
    "filed_as_spam": mark("Filed as spam: the sender is blocked"),
}
_BY_ITSELF = {
    ("reopened", "contact"): mark("Reopened by an answer"),
    ("woken", "contact"): mark("Woken by an answer"),
    ("called_off", "system"): mark(
        "Somebody else was first: a reply for later became a draft again"
    ),
    ("called_off", "agent"): mark("{who} put this away, so a reply for later became a draft again"),
    ("woken", "system"): mark("Back from its snooze"),
}
_OF_BOTH = ("merged", "unmerged", "split")
_NAMING = {
    "tagged": ("after", "tag", mark("{who} tagged this “{what}”")),
    "untagged": ("before", "tag", mark("{who} took off the tag “{what}”")),
    "blocked": ("after", "address", mark("{who} blocked {what}")),
    "unblocked": ("before", "address", mark("{who} unblocked {what}")),
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
        return _lapsed(event)
    if (telling := _TELLING.get(event.kind)) is not None:
        return telling(event, who)
    said = _BY_ITSELF.get((event.kind, event.actor_kind)) or _SAYS.get(event.kind)
    return _(said).format(who=who) if said else None


def once(diary: Sequence[Event], conversation_id: int) -> list[Event]:
    """What stands in two diaries, and both are read together here, is told once."""
    told: list[Event] = []
    moves: set[str] = set()
    for event in diary:
        if event.kind in _OF_BOTH and event.conversation_id != conversation_id:
            continue
        if event.kind in _MOVES:
            if event.action_id in moves:
                continue
            moves.add(event.action_id)
        told.append(event)
    return told


def ways(event: Event, family: Sequence[int], *, may_triage: bool) -> list[dict[str, Any]]:
    """What can be done about a line that tells of another conversation: merge what looks related,
    take apart what is still merged, open what was split or passed on."""
    after = json.loads(event.after or "{}")
    other, inside = after.get("conversation_id"), after.get("from")
    if event.kind == "split":
        there = after.get("into") or inside
        return (
            []
            if there is None or there in family
            else [{"act": "open", "label": _("Open"), "number": there}]
        )
    if not may_triage:
        return []
    if event.kind == "looks_related" and other not in family:
        return [{"act": "merge", "label": _("Merge…"), "number": other}]
    if event.kind == "merged" and inside in family:
        return [{"act": "unmerge", "label": _("Take apart"), "number": inside}]
    if event.kind == "forwarded" and other:
        return [{"act": "visit", "label": _("Open"), "number": other}]
    return []


def _forwarded(event: Event, who: str) -> str:
    after = json.loads(event.after or "{}")
    addresses = after.get("addresses") or []
    if not addresses:
        return _("{who} forwarded a message").format(who=who)
    if (count := after.get("mails", 1)) > 1:
        said = _("{who} forwarded {n} messages to {what}")
        return said.format(who=who, n=count, what=", ".join(addresses))
    return _("{who} forwarded a message to {what}").format(who=who, what=", ".join(addresses))


def _lapsed(event: Event) -> str:
    hours = json.loads(event.after or "{}")["idle_hours"]
    return _("Back with the team: nobody had worked on it for {time}").format(
        time=times.lasting(hours * 3600)
    )


def _snoozed(event: Event, who: str) -> str:
    """Without the moment when an erasure has emptied the line."""
    until = json.loads(event.after or "{}").get("until")
    if until is None:
        return _("{who} snoozed this").format(who=who)
    when = times.dated(datetime.fromisoformat(until), where=times.zone())
    return _("{who} snoozed this until {when}").format(who=who, when=when)


def _naming(event: Event, who: str) -> str | None:
    side, name, said = _NAMING[event.kind]
    what = json.loads(getattr(event, side) or "{}").get(name)
    return _(said).format(who=who, what=what) if what else None


_OF_TWO = {
    "merged": {
        "from": mark("{who} merged #{number} into this"),
        "into": mark("{who} merged this into #{number}"),
    },
    "unmerged": {
        "from": mark("{who} took #{number} out of this again"),
        "out_of": mark("{who} took this out of #{number} again"),
    },
    "split": {
        "into": mark("{who} split a part of this off to #{number}"),
        "from": mark("{who} split this off from #{number}"),
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


def _reviewed(event: Event, who: str) -> str | None:
    """Who asked, gave back or approved, and the other name where it is known."""
    whom = json.loads(event.after or "{}").get("whom")
    for_one, for_any = _REVIEWS[event.kind]
    return _(for_one).format(who=who, whom=whom) if whom else _(for_any).format(who=who)


_REVIEWS = {
    "review_asked": (
        mark("{who} asked {whom} to look at a draft"),
        mark("{who} asked for a review of a draft"),
    ),
    "review_returned": (
        mark("{who} gave {whom} the draft back"),
        mark("{who} gave the draft back"),
    ),
    "approved": (
        mark("{who} approved what {whom} wrote"),
        mark("{who} approved a colleague’s reply"),
    ),
}

_MOVES = {
    "moved": mark("{who} moved this from {old} to {new}"),
    "unmoved": mark("{who} moved this from {old} back to {new}"),
}


def _moved(event: Event, who: str) -> str:
    """Without the names when an erasure has emptied the line."""
    after = json.loads(event.after or "{}")
    if "to" not in after:
        return _("{who} moved this to another mailbox").format(who=who)
    return _(_MOVES[event.kind]).format(who=who, old=after["from"], new=after["to"])


_TELLING: dict[str, Callable[[Event, str], str | None]] = {
    "snoozed": _snoozed,
    "forwarded": _forwarded,
    **dict.fromkeys(_MOVES, _moved),
    **dict.fromkeys(_NAMING, _naming),
    **dict.fromkeys(_REVIEWS, _reviewed),
    **dict.fromkeys(_OF_TWO, _of_two),
}


def _who(event: Event, viewer: Agent) -> str:
    if event.actor_kind == "agent":
        return _("You") if event.actor_id == viewer.id else event.actor_name or _("A colleague")
    return {"contact": _("The customer"), "rule": _("A rule")}.get(event.actor_kind, "Delad")
