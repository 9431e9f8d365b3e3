"""Rows of the outbox, as the verbs, the worker and the thread read and write them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from inbox.blobs import Place
from inbox.errors import NotFound
from inbox.messages import NewAttachment, Recipients
from inbox.store import Session

State = Literal["queued", "sending", "sent", "failed", "uncertain", "cancelled"]
Kind = Literal["reply", "system"]
SentCheck = Literal["due", "done", "skipped", "waived", "none", "stopped", "overtaken"]
HELD_BACK: frozenset[SentCheck] = frozenset({"stopped", "overtaken"})
CopyState = Literal["due", "done", "failed", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one recipient: pending, accepted, refused, deferred (queued again on its
    own), bounced or corrected; `answer` is what the server said."""

    address: str
    kind: Literal["to", "cc", "bcc"]
    state: str
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A whole row: a mail frozen as bytes, and how far it has come.

    `stage` is `connect` or, from just before the first byte of DATA on, `data`. `sent_check` says
    whether the Sent folder was searched for a colleague's reply: due, done, skipped (it could
    not be read), waived (the agent sends anyway: nothing holds it back), none (no such folder),
    stopped (it held one), overtaken (the conversation moved on, as its diary tells). The last
    two gave the draft back. `visits` counts failed visits to the Sent folder in a row. `effects`
    are inbox.effects as JSON; `planned_at` is the later moment it was sent for, if any, and
    `approver_id` who sent it, if that was not its author.
    """

    id: int
    kind: Kind
    mailbox_id: int | None
    conversation_id: int | None
    message_id: int | None
    agent_id: int | None
    draft_id: int | None
    answers_message_id: int | None
    rfc_message_id: str
    raw_sha256: str
    segment: int
    position: int
    size_bytes: int
    envelope_from: str
    from_name: str
    from_address: str
    recipients: str
    subject: str
    body_text: str
    body_html: str
    reply_text: str
    attachments: str
    seen_event_id: int
    queued_at: datetime
    due_at: datetime
    state: State
    stage: str
    closes: bool
    attempts: int
    leased_until: datetime | None
    started_at: datetime | None
    sent_check: SentCheck
    copy_state: CopyState
    visits: int
    effects: str
    planned_at: datetime | None
    approver_id: int | None

    @property
    def place(self) -> Place:
        """Where its bytes lie."""
        return Place(
            sha256=self.raw_sha256,
            segment=self.segment,
            position=self.position,
            size_bytes=self.size_bytes,
        )

    @property
    def handed_over_at(self) -> datetime:
        """When it left, or may have left."""
        return self.started_at or self.queued_at

    @property
    def files(self) -> tuple[NewAttachment, ...]:
        return tuple(
            NewAttachment(filename=name, content_type=kind, size_bytes=size, sha256=sha256)
            for name, kind, size, sha256 in json.loads(self.attachments)
        )


def by_id(db: Session, outbox_id: int) -> Parcel:
    """For the worker and for verbs, which check the agent themselves. Raises NotFound."""
    found = db.one("outbox.by_id", Parcel, outbox_id=outbox_id)
    if found is None:
        raise NotFound("outgoing mail")
    return found


def results(db: Session, outbox_id: int) -> list[Result]:
    return db.all("outbox.recipients_of", Result, outbox_id=outbox_id)


def add(
    db: Session,
    *,
    place: Place,
    recipients: Recipients,
    results: list[Result],
    files: tuple[NewAttachment, ...] = (),
    now: datetime,
    **columns: Any,
) -> int:
    """Write a row with its recipients; answer its id. `columns` are the rest of the table."""
    given = dict(_UNSAID) | columns
    outbox_id: int = db.value(
        "outbox.add",
        raw_sha256=place.sha256,
        segment=place.segment,
        position=place.position,
        size_bytes=place.size_bytes,
        recipients=recipients.as_json(),
        attachments=json.dumps(
            [[f.filename, f.content_type, f.size_bytes, f.sha256] for f in files]
        ),
        now=now,
        **given,
    )
    db.run(
        "outbox.add_recipients",
        outbox_id=outbox_id,
        addresses=[r.address for r in results],
        kinds=[r.kind for r in results],
        states=[r.state for r in results],
        answers=[r.answer for r in results],
    )
    return outbox_id


def again(
    db: Session,
    parcel: Parcel,
    results: list[Result],
    *,
    due_at: datetime,
    now: datetime,
    place: Place | None = None,
    recipients: Recipients | None = None,
    copy_state: CopyState = "none",
) -> int:
    """The same mail once more as a new row, to these recipients. It keeps its Message-ID, so that
    whoever got the first does not see two, and an answer to either finds the conversation."""
    copied = {name: getattr(parcel, name) for name in _COPIED}
    return add(
        db,
        place=place or parcel.place,
        recipients=recipients or Recipients.from_json(parcel.recipients),
        results=results,
        files=parcel.files,
        due_at=due_at,
        sent_check="waived",
        copy_state=copy_state,
        now=now,
        **copied,
    )


def give_back(db: Session, parcel: Parcel, *, now: datetime) -> None:
    """The text of a mail that does not leave is a draft again. A new mail, in whose conversation
    nothing stands and nothing else is on its way, is begun again: nobody but its author sees it."""
    if parcel.draft_id is None:
        return
    db.change("drafts.give_back", draft_id=parcel.draft_id, now=now)
    if parcel.conversation_id is not None and parcel.agent_id is not None:
        db.change(
            "new_mail.take_back",
            conversation_id=parcel.conversation_id,
            agent_id=parcel.agent_id,
            now=now,
        )


def pending(recipients: Recipients) -> list[Result]:
    """A result to be for every recipient."""
    return [
        Result(address=a.address, kind=kind, state="pending", answer=None)
        for kind in ("to", "cc", "bcc")
        for a in getattr(recipients, kind)
    ]


_UNSAID: dict[str, Any] = {
    "conversation_id": None,
    "message_id": None,
    "agent_id": None,
    "draft_id": None,
    "draft_revision": None,
    "answers_message_id": None,
    "seen_event_id": 0,
    "closes": False,
    "error": None,
    "sent_check": "none",
    "copy_state": "none",
    "effects": "",
    "planned_at": None,
    "approver_id": None,
}
_COPIED = (
    *("kind", "mailbox_id", "conversation_id", "message_id", "agent_id", "draft_id"),
    *("answers_message_id", "rfc_message_id", "envelope_from", "from_name", "from_address"),
    *("subject", "body_text", "body_html", "reply_text", "seen_event_id", "closes"),
    *("effects", "approver_id"),
)
