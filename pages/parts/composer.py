"""Reply and Note below a conversation, as one component that keeps what is typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from inbox.agents import Agent, Colleague
from inbox.conversations import Conversation
from inbox.drafts import Draft
from inbox.mailboxes import Sign
from inbox.mentions import Member
from inbox.messages import Address, Message
from inbox.newcomers import Newcomer
from inbox.undelivered import Outgoing
from inbox.words import _, each, mark
from pages.parts import extras, later, mail_frame, names, times
from pages.parts.between import Standing
from pages.parts.component import register
from pages.parts.papers import size

_component = register(
    "composer",
    html="""<div class="composer"><div class="bar" hidden></div>
    <div class="notice news" hidden></div><div class="others"></div><div class="reviewing"></div>
    <div class="tabs" role="tablist"></div><div class="from" hidden></div><div class="lines"></div>
    <div class="about" hidden></div>
    <div class="heed" role="status" hidden></div>
    <div class="pen" role="toolbar"></div>
    <textarea class="text" aria-label="Text"></textarea>
    <div class="preview" role="region" hidden></div>
    <div class="names" role="listbox" hidden></div>
    <div class="files"></div><div class="extras"></div><div class="foot"></div></div>""",
    scripts=(
        *("templates", "later", "review", "foot"),
        *("drafts", "desks", "recipients", "above", "guard", "mentions"),
        *("addressed", "new_mail", "heed"),
        *("mail_frame", "markdown_keys", "pen", "preview"),
    ),
)

_WORDS = {
    "reply": mark("Reply"),
    "note": mark("Note"),
    "to": mark("To"),
    "cc": mark("Cc"),
    "bcc": mark("Bcc"),
    "from": mark("From"),
    "subject": mark("Subject"),
    "new_mail": mark("New mail"),
    "no_subject": mark("Write a subject first."),
    "no_recipient": mark("Say whom this goes to first."),
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
    "bold": mark("Bold"),
    "italic": mark("Italic"),
    "bullets": mark("List"),
    "numbers": mark("Numbered list"),
    "quotation": mark("Quote"),
    "link": mark("Link"),
    "code": mark("Code"),
    "formatting": mark("Formatting"),
    "preview": mark("Preview"),
    "preview_title": mark("The mail as it will leave"),
    "preview_later": mark("Write something, and the mail is shown here."),
    "preview_failed": mark("The preview cannot be made now. Your text is safe."),
    "tall": mark("More room to write"),
    "low": mark("Less room to write"),
    "added": mark("added"),
    "left_out": mark("Left out of this mail, was in the last one"),
    "put_back": mark("Put {name} back"),
    "is_new": mark("{names} is new to this conversation."),
    "are_new": mark("{names} are new to this conversation."),
    "is_ours": mark("{names} is a colleague: a note needs no mail."),
    "are_ours": mark("{names} are colleagues: a note needs no mail."),
    "is_mailbox": mark("{names} is one of our own mailboxes."),
    "are_mailboxes": mark("{names} are our own mailboxes."),
    "note_instead": mark("Write a note instead"),
    "sure_title": mark("Is this meant for them?"),
    "sure_text": mark("Nothing was sent yet, and your text is safe."),
    "sure_new": mark("new to this conversation"),
    "sure_colleague": mark("a colleague"),
    "sure_mailbox": mark("our own mailbox"),
    "sure_yes": mark("Yes, send"),
    "guard_text": mark("Nothing was sent and your text is safe. This is new:"),
    "guard_mine": mark("Your answer"),
    "guard_marked": mark("Marked: what only one of the two answers says."),
    "keep_editing": mark("Keep editing"),
    "send_anyway": mark("Send anyway"),
    "discard_mine": mark("Discard my reply"),
}
DEEDS = (
    *("start", "send", "undo", "discard", "restore", "acknowledge", "move"),
    *("ask_review", "withdraw_review", "give_back"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """`members` are those a note can speak to, `able` those who may answer, `senders` the mailboxes
    a new mail can leave from."""

    members: Sequence[Member]
    able: Sequence[Colleague]
    senders: Sequence[Sign]


def show(
    found: Conversation,
    *,
    viewer: Agent,
    drafts: Sequence[dict[str, Any]],
    answered: Message | None,
    others: Sequence[Address],
    queued: dict[str, Any] | None,
    standing: Standing,
    team: Team,
    guard: dict[str, Any] | None,
    heard: dict[int, dict[str, Any]],
    on: Callable[[str], Callable[[], None]],
    now: datetime,
) -> None:
    """Draw it for one conversation. `on(deed)` is the callback of each deed, which reads
    `told(deed)`; `team` is who else is there; `heard` is what came of the last deed of
    each conversation, `guard` what came in between when Send was refused."""
    callbacks: dict[str, Any] = {f"on_{deed}_change": on(deed) for deed in DEEDS}
    _component(
        key="composer",
        data={
            "id": found.id,
            "drafts": list(drafts),
            "is_answer": answered is not None,
            "answers_to": _pairs(_answers(found, answered)),
            "others": _pairs(others),
            "is_new": found.begun_by is not None,
            "mailbox": found.mailbox_id,
            "senders": [[sign.id, sign.address] for sign in team.senders],
            "placeholder": _placeholder(found),
            "queued": queued,
            "later": {
                "offered": later.offered(times.minute(now), times.zone()),
                "own": later.earliest(now, times.zone()),
            },
            "newest": standing.newest,
            "own": standing.own,
            "news": standing.news,
            "members": [m.name for m in team.members if m.id != viewer.id],
            "guard": guard,
            "heard": {str(conversation): answer for conversation, answer in heard.items()},
            "viewer": viewer.id,
            "colleagues": [[c.id, c.name] for c in team.able if c.id != viewer.id],
            "asked": found.open_questions > 0,
            "leads": found.assignee_id == viewer.id or found.begun_by is not None,
            "may": {
                "reply": viewer.may("reply", found.mailbox_id),
                "note": viewer.may("note", found.mailbox_id) and found.begun_by is None,
            },
            "policy": mail_frame.POLICY,
            "people": {str(m.id): m.name for m in team.members},
            "words": each(_WORDS | extras.WORDS),
        },
        **callbacks,
    )


def _placeholder(found: Conversation) -> str:
    if found.begun_by is not None:
        return _("Write a mail …")
    name = names.shown(found.contact_name, found.contact_address)
    return _("Write an answer to {name} …").format(name=name)


def told(deed: str) -> dict[str, Any]:
    """What the component said with its last deed of this kind."""
    return (st.session_state.get("composer") or {}).get(deed) or {}


def stored(draft: Draft, strange: Sequence[Newcomer] = ()) -> dict[str, Any]:
    """A draft as the composer takes it in; `strange` are recipients to look at twice."""
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
        "strange": [[one.address, one.why, one.mention] for one in strange],
        "effects": draft.effects.as_said(),
        "author": draft.agent_id,
        "shared": draft.shared_at is not None,
        "reviewer": draft.reviewer_id,
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


def on_its_way(row: Outgoing, now: datetime) -> dict[str, Any]:
    """A reply that can still be taken back, and for how long."""
    return {"outbox": row.id, "seconds": max(0.0, (row.due_at - now).total_seconds())}
