"""A message: one mail in or out, or one note.

Its rows are written once and never change, but for one case: a mail that could not be read, or
was not here whole, is filled in when it is read again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal

from inbox import families, likeness, search
from inbox.agents import Agent
from inbox.search import Key
from inbox.store import Session

Direction = Literal["in", "out", "note"]
# What a conversation's messages are read from.
TABLES = ("messages", "bodies", "attachments", "agents")
Via = Literal["imap", "app", "sent", "import", "form"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mailbox in the sense of RFC 5322: display name and lower-case addr-spec."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Stored as JSON in the `recipients` columns of messages, drafts and outbox."""

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()

    def as_json(self) -> str:
        return json.dumps(
            {
                f.name: [[a.name, a.address] for a in getattr(self, f.name)]
                for f in fields(self)
                if getattr(self, f.name)
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> "Recipients":
        return cls(
            **{
                kind: tuple(Address(name=name, address=address) for name, address in found)
                for kind, found in json.loads(text).items()
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttachment:
    """Its bytes lie under data/files by `sha256`; `filename` is display text, never a path."""

    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    content_id: str | None = None
    is_inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """`identity` finds the same mail again without its raw bytes (DESIGN 3.5): a digest of
    Message-ID, Date, From and body. `id` is taken from `reserve`."""

    id: int
    conversation_id: int
    mailbox_id: int
    direction: Direction
    via: Via
    agent_id: int | None = None
    sent_at: datetime
    received_at: datetime
    from_name: str
    from_address: str
    recipients: Recipients = field(default_factory=Recipients)
    subject: str
    rfc_message_id: str | None = None
    answers_message_id: int | None = None
    is_auto: bool = False
    is_bounce: bool = False
    is_readable: bool = True
    raw_sha256: str | None = None
    identity: str | None = None
    thread_reason: str
    protection: str = ""
    authentication: str = ""
    body_text: str
    body_html: str | None = None
    reply_text: str
    attachments: tuple[NewAttachment, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    id: int
    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    content_id: str | None
    is_inline: bool
    restricted_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message whole, as the conversation shows it. Of a hidden one there are no words and no
    files; `authentication` is what the receiving server said of the sender (inbox.sender_checks).
    """

    id: int
    direction: Direction
    via: Via
    agent_id: int | None
    agent_name: str | None
    sent_at: datetime
    received_at: datetime
    from_name: str
    from_address: str
    recipients: Recipients
    subject: str
    rfc_message_id: str | None
    is_auto: bool
    is_bounce: bool
    is_readable: bool
    raw_sha256: str | None
    thread_reason: str
    protection: str
    authentication: str = ""
    hidden_by: int | None = None
    hidden_at: datetime | None = None
    hidden_by_name: str | None = None
    is_question: bool = False
    answered_at: datetime | None = None
    answered_by_name: str | None = None
    body_text: str
    body_html: str | None
    reply_text: str
    attachments: tuple[Attachment, ...]

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


def reserve(db: Session, count: int) -> list[int]:
    """Take the ids of `count` messages that are about to be written."""
    return db.column("messages.reserve", count=count)


def add_all(db: Session, news: Sequence[NewMessage]) -> None:
    """Write messages with bodies, search keys, attachments and known Message-IDs, in bulk.

    The caller keeps the conversation rows and the diary true in the same transaction.
    """
    if not news:
        return
    plain = [f.name for f in fields(NewMessage) if f.name not in _ELSEWHERE]
    columns: dict[str, list[Any]] = {name: [getattr(new, name) for new in news] for name in plain}
    columns["recipients"] = [new.recipients.as_json() for new in news]
    columns["attachment_count"] = [sum(not a.is_inline for a in new.attachments) for new in news]
    db.run("messages.add", **columns)
    db.run(
        "messages.add_bodies",
        message_ids=[new.id for new in news],
        conversation_ids=[new.conversation_id for new in news],
        texts=[new.body_text for new in news],
        htmls=[new.body_html for new in news],
        reply_texts=[new.reply_text for new in news],
    )
    _add_search_keys(db, news)
    _add_attachments(db, news)
    _add_references(db, news)


def rewrite(db: Session, new: NewMessage) -> None:
    """Fill in a message whose mail could not be read before. Conversation, direction and moments
    stay: the house has acted on them. The caller keeps conversation and diary true."""
    db.change(
        "messages.rewrite",
        id=new.id,
        agent_id=new.agent_id,
        from_name=new.from_name,
        from_address=new.from_address,
        recipients=new.recipients.as_json(),
        subject=new.subject,
        rfc_message_id=new.rfc_message_id,
        answers_message_id=new.answers_message_id,
        is_auto=new.is_auto,
        is_bounce=new.is_bounce,
        raw_sha256=new.raw_sha256,
        identity=new.identity,
        attachment_count=sum(not a.is_inline for a in new.attachments),
        protection=new.protection,
        authentication=new.authentication,
    )
    db.change(
        "messages.rewrite_body",
        message_id=new.id,
        body_text=new.body_text,
        body_html=new.body_html,
        reply_text=new.reply_text,
    )
    if not db.value("messages.is_hidden", message_id=new.id):
        rewrite_key(db, new.id, _key(new))
    _add_attachments(db, [new])
    known = set(db.column("messages.references_of", conversation_id=new.conversation_id))
    fresh = tuple(reference for reference in new.references if reference.lower() not in known)
    is_own_known = _own(new) in known
    own = None if is_own_known else new.rfc_message_id
    _add_references(db, [replace(new, references=fresh, rfc_message_id=own)])


def rewrite_key(db: Session, message_id: int, key: Key) -> None:
    """What the message is found by from now on."""
    likeness.rewrite(db, message_id, key.tokens)
    db.change(
        "messages.rewrite_search_key",
        message_id=message_id,
        search_key=key.words,
        text=key.text,
        sender=key.sender,
        recipients=key.recipients,
        subject=key.subject,
    )


def words_of(recipients: Recipients) -> list[str]:
    """Names and addresses that a message is found by: not those of blind copies."""
    return [word for a in (*recipients.to, *recipients.cc) for word in (a.name, a.address)]


def in_conversation(
    db: Session, viewer: Agent, conversation_id: int, family: Sequence[int] | None = None
) -> list[Message]:
    """The conversation's messages, oldest first, with bodies and attachments; those of what was
    merged into it among them. In one statement, if its `family` is known to the caller.

    Raises NotFound for a stranger to the mailbox.
    """
    found: dict[int, Message] = {}
    rows = _rows(db, viewer, family or families.of(db, conversation_id).members)
    if not rows:
        mailbox_id = db.value("conversations.mailbox_of", conversation_id=conversation_id)
        viewer.must("read", mailbox_id or 0)
    for row in rows:
        *columns, recipients = row[: len(_SHOWN) + 1]
        file = row[len(_SHOWN) + 1 :]
        earlier = found.get(columns[0])
        mine = () if file[0] is None else (Attachment(**dict(zip(_OF_FILE, file, strict=True))),)
        found[columns[0]] = Message(
            **dict(zip(_SHOWN, columns, strict=True)),
            recipients=Recipients.from_json(recipients),
            attachments=(earlier.attachments if earlier else ()) + mine,
        )
    shown = [_withheld(m) if m.is_hidden else m for m in found.values()]
    return sorted(shown, key=lambda message: (message.sent_at, message.id))


def _withheld(message: Message) -> Message:
    """What everybody gets of a hidden message, whoever they are: that it is there."""
    return replace(message, body_text="", body_html=None, reply_text="", attachments=(), subject="")


def _rows(db: Session, viewer: Agent, members: Sequence[int]) -> list[tuple[Any, ...]]:
    mailboxes = viewer.readable
    if len(members) == 1:
        return db.rows("messages.in_conversation", conversation_id=members[0], mailboxes=mailboxes)
    return [
        row
        for some in families.by_turns(members)
        for row in db.rows("messages.in_family", mailboxes=mailboxes, **some)
    ]


_ELSEWHERE = {
    "recipients",
    "body_text",
    "body_html",
    "reply_text",
    "attachments",
    "references",
}
_SHOWN = [f.name for f in fields(Message) if f.name not in {"recipients", "attachments"}]
_OF_FILE = [f.name for f in fields(Attachment)]


def _add_search_keys(db: Session, news: Sequence[NewMessage]) -> None:
    keys = [_key(new) for new in news]
    db.run(
        "messages.add_search_keys",
        message_ids=[new.id for new in news],
        conversation_ids=[new.conversation_id for new in news],
        mailbox_ids=[new.mailbox_id for new in news],
        sent_at=[new.sent_at for new in news],
        search_keys=[key.words for key in keys],
        texts=[key.text for key in keys],
        senders=[key.sender for key in keys],
        recipients=[key.recipients for key in keys],
        subjects=[key.subject for key in keys],
    )
    likeness.remember(db, [(n.id, key.tokens) for n, key in zip(news, keys, strict=True)])


def _key(new: NewMessage) -> Key:
    return search.key(
        subject=new.subject,
        body=new.body_text,
        sender=(new.from_name, new.from_address),
        recipients=words_of(new.recipients),
        files=[a.filename for a in new.attachments],
    )


def _add_attachments(db: Session, news: Sequence[NewMessage]) -> None:
    pairs = [(new, a) for new in news for a in new.attachments]
    if pairs:
        db.run(
            "messages.add_attachments",
            message_ids=[new.id for new, _ in pairs],
            conversation_ids=[new.conversation_id for new, _ in pairs],
            filenames=[a.filename for _, a in pairs],
            content_types=[a.content_type for _, a in pairs],
            sizes=[a.size_bytes for _, a in pairs],
            digests=[a.sha256 for _, a in pairs],
            content_ids=[a.content_id for _, a in pairs],
            inlines=[a.is_inline for _, a in pairs],
        )


def _own(new: NewMessage) -> str:
    return (new.rfc_message_id or "").lower()


def _add_references(db: Session, news: Sequence[NewMessage]) -> None:
    """In small letters: some programs answer an id in letters of another case."""
    known = [
        (new.mailbox_id, reference, new.conversation_id, reference == _own(new))
        for new in news
        for reference in {*(r.lower() for r in new.references), _own(new)} - {""}
    ]
    if known:
        mailbox_ids, references, conversation_ids, own = zip(*known, strict=True)
        db.run(
            "messages.add_references",
            mailbox_ids=list(mailbox_ids),
            rfc_message_ids=list(references),
            conversation_ids=list(conversation_ids),
            own=list(own),
        )
