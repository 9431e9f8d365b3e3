"""Passing a mail on: the agent's own words above, the mail whole below, chosen files with it.

It leaves as a new mail, in a conversation of its own (see inbox.new_mail): the customer's goes on
waiting, and whoever answers it answers there.
"""

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
    message_id: int,
    attachment_ids: Sequence[int],
    *,
    files: Files,
    now: datetime,
) -> Draft:
    """A draft that passes the mail on with these of its files; whom to, its author says.

    To take a file along is to open it, and is noted like that. Raises NotFound for a note, a hidden
    message or one of another conversation, NotAllowed for a restricted file.
    """
    found = conversations.by_id(db, agent, conversation_id)
    agent.must("reply", found.mailbox_id)
    mail = _passable(messages.in_conversation(db, agent, found.id, found.family), message_id)
    draft_id = begin_anew(
        db, agent, found.mailbox_id, subject=f"{PREFIX}{cleaned(mail.subject)}".strip(), now=now
    )
    db.change("forwarding.mark", draft_id=draft_id, message_id=message_id)
    own = {one.id: one for one in mail.attachments}
    for number in dict.fromkeys(attachment_ids):
        if number not in own:
            raise NotFound("attachment")
        taken = attachments.download(db, agent, number, now=now)
        _attach(db, agent, files, draft_id, own[number].content_type, taken, now)
    return drafts.own(db, agent, draft_id)


def quoted(db: Session, agent: Agent, draft: Draft) -> Forwarded | None:
    """The mail below the draft's text, if it passes one on. Raises Invalid when that is gone, or is
    not for this agent any more."""
    message_id = db.value("forwarding.of_draft", draft_id=draft.id)
    if message_id is None:
        return None
    mail = db.one("forwarding.message", _Mail, message_id=message_id)
    if mail is None or not agent.may("read", mail.mailbox_id):
        raise Invalid("body", "The mail to be forwarded is not there any more. Nothing was sent.")
    people = Recipients.from_json(mail.recipients)
    return Forwarded(
        sender=Address(name=cleaned(mail.from_name), address=cleaned(mail.from_address)),
        sent_at=mail.sent_at,
        subject=cleaned(mail.subject),
        to=tuple(Address(name=cleaned(p.name), address=cleaned(p.address)) for p in people.to),
        text=mail.body_text,
    )


def told(db: Session, parcel: Parcel, addresses: Sequence[str], *, now: datetime) -> None:
    """Part of filing what was sent: the conversation that the mail stands in learns of it."""
    if parcel.draft_id is None or parcel.agent_id is None:
        return
    message_id = db.value("forwarding.of_draft", draft_id=parcel.draft_id)
    mail = (
        db.one("forwarding.message", _Mail, message_id=message_id)
        if message_id is not None
        else None
    )
    if mail is None:
        return
    events.record(
        db,
        events.Actor(kind="agent", id=parcel.agent_id),
        "forwarded",
        families.place(db, mail.conversation_id),
        mailbox_id=mail.mailbox_id,
        message_id=mail.id,
        after={"conversation_id": parcel.conversation_id, "addresses": list(addresses)},
        now=now,
    )


def _passable(mails: Sequence[Message], message_id: int) -> Message:
    for one in mails:
        if one.id == message_id and one.direction != "note" and not one.is_hidden:
            return one
    raise NotFound("message")


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
