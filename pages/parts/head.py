"""The head of a conversation: subject, contact, state, and who else looks at it."""

from collections.abc import Callable, Sequence

import streamlit as st

from inbox.conversations import Conversation
from inbox.words import _, each, mark, plural
from pages.parts import names, times
from pages.parts.component import register
from pages.parts.thread import Look

# Two components, so that the buttons can stand beside the first and above the second.
_subject = register("head", html='<div class="head"></div>')
_about = register("about", html='<div class="head"></div>', scripts=("tag_box",))

PRESENCE = {"here": mark("{name} looks at this"), "replying": mark("{name} is replying")}
_WORDS = PRESENCE | {
    "no_subject": mark("(no subject)"),
}
_TAG_WORDS = {
    "tag": mark("+ Tag"),
    "tag_title": mark("Add a tag (L)"),
    "untag": mark("Take off the tag {name}"),
    "find": mark("Find or create a tag"),
    "create": mark("Create “{name}”"),
    "none": mark("No tag yet. Type a name to create one."),
}


def subject(found: Conversation) -> None:
    """The subject, and the faces of whoever looks at it."""
    _subject(key="head", data={"id": found.id, "subject": found.subject, "words": each(_WORDS)})


def about(
    found: Conversation, look: Look, known: Sequence[str], on_tag: Callable[[], None]
) -> None:
    """State, tags, contact and mailbox, and a banner while somebody else is replying. `known` are
    the tags to choose from; `on_tag` reads `wanted_tag()`."""
    who = names.shown(found.contact_name, found.contact_address) or _("Unknown sender")
    address = found.contact_address if found.contact_address != who else ""
    _about(
        key="about",
        data={
            "id": found.id,
            "who": who,
            "address": address,
            "where": _("to {mailbox} · #{id}").format(mailbox=found.mailbox_name, id=found.id),
            "chips": _chips(found, look),
            "tagging": {
                "tags": list(found.tags),
                "known": list(known),
                "may_tag": look.may_triage,
                "words": each(_TAG_WORDS),
            },
            "words": each(_WORDS),
        },
        on_tag_change=on_tag,
    )


def wanted_tag() -> tuple[str, str]:
    """What was pressed, tag or untag, and the tag's name."""
    pressed = (st.session_state.get("about") or {}).get("tag") or {}
    return str(pressed.get("verb", "")), str(pressed.get("name", ""))


def _chips(found: Conversation, look: Look) -> list[dict[str, str]]:
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
    if found.snoozed_until is not None:
        until = times.coming(found.snoozed_until, now=look.now, where=look.where)
        chips.append({"label": _("Snoozed until {when}").format(when=until), "tone": "mine"})
    if found.open_questions:
        asked = plural("{n} open question", "{n} open questions", found.open_questions)
        chips.append({"label": asked.format(n=found.open_questions), "tone": "mine"})
    if found.assignee_id == look.viewer.id:
        chips.append({"label": _("Mine"), "tone": "mine"})
    else:
        chips.append({"label": found.assignee_name or _("Unassigned"), "tone": ""})
    return chips
