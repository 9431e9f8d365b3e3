"""Passing mails on: the agent's own words above, the mails whole below, chosen files with them.

It leaves as a new mail, in a conversation of its own (see inbox.new_mail): the customer's goes on
waiting, and whoever answers it answers there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import attachments, conversations, draft_files, drafts, events, families, messages
from inbox.agents import Agent
from inbox.blobs import Files
from inbox.compose import Forwarded
from inbox.drafts import Draft
from inbox.errors import Invalid, NotFound
from inbox.messages import Address, Message, Recipients
from inbox.new_mail import begin_anew
from inbox.outgoing import Parcel
from inbox.recipients import cleaned
from inbox.store import Session

PREFIX = "Fwd: "
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    id: int
    conversation_id: int
    mailbox_id: int
    from_name: str
    from_address: str
    recipients: str
    subject: str
    sent_at: datetime
    body_text: str


def begin(
    db: Session,
    agent: Agent,
    conversation_id: int,
    message_ids: Sequence[int],
    attachment_ids: Sequence[int],
    *,
    files: Files,
    now: datetime,
) -> Draft:
    """A draft that passes these mails on with these of their files; whom to, its author says.

    To take a file along is to open it, and is noted like that. Raises NotFound for a note, a hidden
    message or one of another conversation, NotAllowed for a restricted file.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("reply", found.mailbox_id)
    if not 0 < len(set(message_ids)) <= MOST:
        raise Invalid("message", "Choose one mail to forward, or up to {most}.", most=MOST)
    mails = _passable(messages.in_conversation(db, agent, found.id, found.family), message_ids)
    newest = mails[-1]
    draft_id = begin_anew(
        db, agent, found.mailbox_id, subject=f"{PREFIX}{cleaned(newest.subject)}".strip(), now=now
    )
    keep(db, draft_id, [mail.id for mail in mails])
    own = {one.id: one for mail in mails for one in mail.attachments}
    for number in dict.fromkeys(attachment_ids):
        if number not in own:
            raise NotFound("attachment")
        taken = attachments.download(db, agent, number, now=now)
        _attach(db, agent, files, draft_id, own[number].content_type, taken, now)
    return drafts.own(db, agent, draft_id)


def passed_on(db: Session, draft_id: int) -> list[int]:
    """Part of writing: the messages that a draft passes on."""
    newest, several = next(iter(db.rows("forwarding.of_draft", draft_id=draft_id)), (None, ""))
    return json.loads(several) if several else [newest] if newest is not None else []


def keep(db: Session, draft_id: int, message_ids: Sequence[int]) -> None:
    """Part of writing: the draft passes these on, the last of them the newest."""
    db.change(
        "forwarding.mark",
        draft_id=draft_id,
        message_id=message_ids[-1] if message_ids else None,
        messages=json.dumps([*message_ids]) if len(message_ids) > 1 else "",
    )


def quoted(db: Session, agent: Agent, draft: Draft) -> list[Forwarded]:
    """The mails below the draft's text, if it passes any on. Raises Invalid when one of them is
    gone, or is not for this agent any more."""
    wanted = passed_on(db, draft.id)
    mails = db.all("forwarding.messages", _Mail, ids=wanted) if wanted else []
    if len(mails) < len(wanted) or not all(agent.may("read", mail.mailbox_id) for mail in mails):
        raise Invalid("body", "The mail to be forwarded is not there any more. Nothing was sent.")
    return [_forwarded(mail, agent.language) for mail in mails]


def told(db: Session, parcel: Parcel, addresses: Sequence[str], *, now: datetime) -> None:
    """Part of filing what was sent: each conversation that the mails stand in learns of it."""
    if parcel.draft_id is None or parcel.agent_id is None:
        return
    wanted = passed_on(db, parcel.draft_id)
    mails = db.all("forwarding.messages", _Mail, ids=wanted) if wanted else []
    newest = {families.place(db, mail.conversation_id): mail for mail in mails}
    for place, mail in newest.items():
        events.record(
            db,
            events.Actor(kind="agent", id=parcel.agent_id),
            "forwarded",
            place,
            mailbox_id=mail.mailbox_id,
            message_id=mail.id,
            after={
                "conversation_id": parcel.conversation_id,
                "addresses": list(addresses),
                "mails": len(mails),
            },
            now=now,
        )


def _forwarded(mail: _Mail, language: str) -> Forwarded:
    people = Recipients.from_json(mail.recipients)
    return Forwarded(
        sender=Address(name=cleaned(mail.from_name), address=cleaned(mail.from_address)),
        sent_at=mail.sent_at,
        subject=cleaned(mail.subject),
        to=tuple(Address(name=cleaned(p.name), address=cleaned(p.address)) for p in people.to),
        text=mail.body_text,
        language=language,
    )


def _passable(mails: Sequence[Message], wanted: Sequence[int]) -> list[Message]:
    found = [m for m in mails if m.id in wanted and m.direction != "note" and not m.is_hidden]
    if len(found) < len(set(wanted)):
        raise NotFound("message")
    return found


def _attach(
    db: Session,
    agent: Agent,
    files: Files,
    draft_id: int,
    content_type: str,
    taken: attachments.Attachment,
    now: datetime,
) -> None:
    try:
        content = files.path(taken.sha256).read_bytes()
    except OSError as error:
        raise Invalid(
            "attachment",
            "The file “{name}” cannot be read. Leave it out.",
            name=cleaned(taken.filename),
        ) from error
    draft_files.attach(db, agent, files, draft_id, taken.filename, content_type, content, now=now)
