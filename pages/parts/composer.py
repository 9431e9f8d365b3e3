"""Reply and Note below a conversation, as one component that keeps what is typed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from inbox.agents import Agent
from inbox.conversations import Conversation
from inbox.drafts import Draft
from inbox.messages import Address, Message
from inbox.undelivered import Outgoing
from pages.parts import names
from pages.parts.between import Standing
from pages.parts.component import register
from pages.parts.papers import size
from pages.parts.words import _, each, mark

_component = register(
    "composer",
    html="""<div class="composer"><div class="bar" hidden></div>
    <div class="notice news" hidden></div><div class="others"></div>
    <div class="tabs" role="tablist"></div><div class="lines"></div>
    <textarea class="text" aria-label="Text"></textarea>
    <div class="names" role="listbox" hidden></div>
    <div class="files"></div><div class="foot"></div></div>""",
    scripts=("drafts", "desks", "recipients", "above", "guard", "mentions"),
)

_WORDS = {
    "reply": mark("Reply"),
    "note": mark("Note"),
    "to": mark("To"),
    "cc": mark("Cc"),
    "bcc": mark("Bcc"),
    "nobody": mark("nobody yet"),
    "reply_all": mark("Reply to all"),
    "note_hint": mark("A note for colleagues. It is never mailed."),
    "send": mark("Send"),
    "send_close": mark("Send & close"),
    "add_note": mark("Add note"),
    "asks": mark("This is a question"),
    "answers": mark("Answers the open question"),
    "attach": mark("Attach files"),
    "remove": mark("Remove {name}"),
    "no_address": mark("This is not a whole e-mail address yet."),
    "saving": mark("Saving …"),
    "saved": mark("Saved {n} ago"),
    "kept": mark("Draft saved"),
    "uploading": mark("Uploading …"),
    "sending": mark("Sending …"),
    "upload_failed": mark("The file was not added. Try again."),
    "offline": mark("No connection; kept here, saved when it is back"),
    "moved": mark("Changed on another page or device"),
    "not_saved": mark("Not saved. {why} Copy your text to keep it."),
    "remove_failed": mark("The file is still there. Try again."),
    "files_stay": mark("The files are still in your other draft."),
    "discarded": mark("Draft discarded"),
    "other_draft": mark("Your other draft: “{text}”"),
    "open": mark("Open"),
    "keep_mine": mark("Keep this text"),
    "discard": mark("Discard"),
    "sending_in": mark("Sending in {n} s"),
    "undo": mark("Undo"),
    "seen": mark("Seen"),
    "guard_text": mark("Nothing was sent and your text is safe. This is new:"),
    "guard_mine": mark("Your answer"),
    "guard_marked": mark("Marked: what only one of the two answers says."),
    "keep_editing": mark("Keep editing"),
    "send_anyway": mark("Send anyway"),
    "discard_mine": mark("Discard my reply"),
}
DEEDS = ("start", "send", "undo", "discard", "restore", "acknowledge")


def show(
    found: Conversation,
    *,
    viewer: Agent,
    drafts: Sequence[Draft],
    answered: Message | None,
    others: Sequence[Address],
    queued: Outgoing | None,
    standing: Standing,
    members: Sequence[str],
    guard: dict[str, Any] | None,
    heard: dict[int, dict[str, Any]],
    on: Callable[[str], Callable[[], None]],
    now: datetime,
) -> None:
    """Draw it for one conversation. `on(deed)` is the callback of each deed, which reads
    `told(deed)`; `members` are the names a note can speak to; `heard` is what came of the last
    deed of each conversation, `guard` what came in between when Send was refused."""
    callbacks: dict[str, Any] = {f"on_{deed}_change": on(deed) for deed in DEEDS}
    _component(
        key="composer",
        data={
            "id": found.id,
            "drafts": [stored(draft) for draft in drafts],
            "answers_to": _pairs(_answers(found, answered)),
            "others": _pairs(others),
            "placeholder": _("Write an answer to {name} …").format(
                name=names.shown(found.contact_name, found.contact_address)
            ),
            "queued": _queued(queued, now) if queued else None,
            "newest": standing.newest,
            "own": standing.own,
            "news": standing.news,
            "members": list(members),
            "guard": guard,
            "heard": {str(conversation): answer for conversation, answer in heard.items()},
            "asked": found.open_questions > 0,
            "leads": found.assignee_id == viewer.id,
            "may": {
                "reply": viewer.may("reply", found.mailbox_id),
                "note": viewer.may("note", found.mailbox_id),
            },
            "words": each(_WORDS),
        },
        **callbacks,
    )


def told(deed: str) -> dict[str, Any]:
    """What the component said with its last deed of this kind."""
    return (st.session_state.get("composer") or {}).get(deed) or {}


def stored(draft: Draft) -> dict[str, Any]:
    """A draft as the composer takes it in."""
    return {
        "id": draft.id,
        "revision": draft.revision,
        "seen": draft.seen_event_id,
        "kind": draft.kind,
        "body": draft.body,
        "subject": draft.subject,
        "to": _pairs(draft.recipients.to),
        "cc": _pairs(draft.recipients.cc),
        "bcc": _pairs(draft.recipients.bcc),
        "files": [
            {"id": a.id, "name": a.filename, "size": size(a.size_bytes)} for a in draft.attachments
        ],
    }


def _answers(found: Conversation, answered: Message | None) -> Sequence[Address]:
    if answered and answered.recipients.reply_to:
        return answered.recipients.reply_to
    if answered:
        return [Address(name=answered.from_name, address=answered.from_address)]
    return [Address(name=found.contact_name, address=found.contact_address)]


def _pairs(people: Sequence[Address]) -> list[list[str]]:
    """Name and address; a name that passes for another address is not kept."""
    return [
        ["" if names.is_borrowed(p.name, p.address) else p.name, p.address]
        for p in people
        if p.address
    ]


def _queued(row: Outgoing, now: datetime) -> dict[str, Any]:
    return {"outbox": row.id, "seconds": max(0.0, (row.due_at - now).total_seconds())}
