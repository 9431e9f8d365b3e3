"""The head of a conversation: subject, contact, state, and who else looks at it."""

from inbox.agents import Agent
from inbox.conversations import Conversation
from pages.parts import names
from pages.parts.component import register
from pages.parts.words import _, each, mark

# Two components, so that the buttons can stand beside the first and above the second.
_subject = register("head", html='<div class="head"></div>')
_about = register("about", html='<div class="head"></div>')

PRESENCE = {"here": mark("{name} looks at this"), "replying": mark("{name} is replying")}
_WORDS = PRESENCE | {
    "no_subject": mark("(no subject)"),
}


def subject(found: Conversation) -> None:
    """The subject, and the faces of whoever looks at it."""
    _subject(key="head", data={"id": found.id, "subject": found.subject, "words": each(_WORDS)})


def about(found: Conversation, viewer: Agent) -> None:
    """State, contact and mailbox, and a banner while somebody else is replying."""
    who = names.shown(found.contact_name, found.contact_address) or _("Unknown sender")
    address = found.contact_address if found.contact_address != who else ""
    _about(
        key="about",
        data={
            "id": found.id,
            "who": who,
            "address": address,
            "where": _("to {mailbox} · #{id}").format(mailbox=found.mailbox_name, id=found.id),
            "chips": _chips(found, viewer),
            "words": each(_WORDS),
        },
    )


def _chips(found: Conversation, viewer: Agent) -> list[dict[str, str]]:
    chips = [
        {"label": _("Open"), "tone": "good"}
        if found.status == "open"
        else {"label": _("Closed"), "tone": ""}
    ]
    if found.is_vip:
        chips.append({"label": _("VIP"), "tone": "vip"})
    if found.trashed_at is not None:
        chips.append({"label": _("In trash"), "tone": "bad"})
    elif found.spam_at is not None:
        chips.append({"label": _("Spam"), "tone": "bad"})
    if found.assignee_id == viewer.id:
        chips.append({"label": _("Mine"), "tone": "mine"})
    else:
        chips.append({"label": found.assignee_name or _("Unassigned"), "tone": ""})
    return chips
