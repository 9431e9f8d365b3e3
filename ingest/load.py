"""The second transaction: parsed mails become messages, conversations and events, in bulk."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

from inbox import contacts, echoes, events, handover, message_ids, messages
from inbox.events import SYSTEM, Actor, NewEvent
from inbox.keys import Keys
from inbox.mailboxes import Mailbox
from inbox.messages import Address, NewAttachment, NewMessage, Recipients
from inbox.store import Session
from ingest import quotes, standing, threads
from ingest.parse import Parsed
from ingest.standing import Standing

NO_BYTES = hashlib.sha256(b"").hexdigest()
"""What every mail has in common of which nothing is here: it tells none of them apart."""

UNREADABLE = "This mail could not be read. Its original is kept unchanged and can be downloaded."

State = Literal["filed", "unreadable", "too_big", "incomplete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One mail on its way in. `trouble` says why it is not shown whole ("" when it is), `state`
    what its row in raw_messages becomes; `message_id` is set when it is read again."""

    raw_id: int | None
    sha256: str
    is_sent: bool
    via: Literal["imap", "import"]
    server_date: datetime | None
    parsed: Parsed
    trouble: str = ""
    state: State = "filed"
    message_id: int | None = None
    attachments: tuple[NewAttachment, ...] = ()


@dataclass(slots=True, kw_only=True)
class Result:
    """How many mails were new, known already, and not to be read; `arrived` are the
    outbox rows in doubt that this settled, because their Message-ID turned up."""

    filed: int = 0
    known: int = 0
    unreadable: int = 0
    arrived: list[int] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.filed += other.filed
        self.known += other.known
        self.unreadable += other.unreadable
        self.arrived += other.arrived


@dataclass(slots=True)
class _Batch:
    """What one transaction knows and gathers."""

    db: Session
    mailbox: Mailbox
    now: datetime
    atlas: threads.Atlas
    agents: dict[str, int]
    known: dict[str, int]
    by_rfc_id: dict[str, int]
    outbox: dict[str, "_Ours"]
    contact_ids: dict[str, int] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)
    begun: list[int] = field(default_factory=list)
    times: dict[int, list[datetime]] = field(default_factory=dict)
    news: list[NewMessage] = field(default_factory=list)
    diary: list[NewEvent] = field(default_factory=list)
    settled: list[tuple[int, str, int | None, str | None]] = field(default_factory=list)
    result: Result = field(default_factory=Result)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ours:
    """A row of the outbox whose Message-ID turned up in somebody's mail."""

    id: int
    rfc_message_id: str
    state: str
    conversation_id: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    id: int
    conversation_id: int
    raw_sha256: str | None
    identity: str | None
    rfc_message_id: str | None
    direction: str


def file_all(
    db: Session, keys: Keys, mailbox: Mailbox, items: Sequence[Item], *, now: datetime
) -> Result:
    """File the mails, in order, in the caller's transaction; what is known changes nothing."""
    batch = _prepare(db, keys, mailbox, items, now)
    fresh = _fresh(batch, items)
    _place_all(batch, fresh)
    _write(batch)
    batch.result.arrived = echoes.named(db, mailbox.id, list(batch.outbox), now=now)
    return batch.result


def _prepare(
    db: Session, keys: Keys, mailbox: Mailbox, items: Sequence[Item], now: datetime
) -> _Batch:
    mails = [item.parsed for item in items]
    named = {i for m in mails for i in (m.rfc_message_id, *threads.references(keys, m)) if i}
    batch = _Batch(
        db=db,
        mailbox=mailbox,
        now=now,
        atlas=threads.survey(db, keys, mailbox, mails),
        agents={email.lower(): agent_id for email, agent_id in db.rows("filing.agents")},
        known={},
        by_rfc_id={},
        outbox={},
    )
    for row in db.all(
        "filing.known",
        _Known,
        mailbox_id=mailbox.id,
        digests=[item.sha256 for item in items],
        identities=[m.identity for m in mails if m.identity],
        ids=list(named),
    ):
        batch.known.update({k: row.id for k in (row.raw_sha256, row.identity) if k})
        if row.rfc_message_id:
            batch.by_rfc_id[row.rfc_message_id] = row.id
            if row.direction == "out":
                batch.known[f"out {row.rfc_message_id}"] = row.id
    signed = [i for i in named if message_ids.read(keys, i)]
    if signed:
        rows = db.all("filing.ours", _Ours, mailbox_id=mailbox.id, ids=signed)
        batch.outbox = {row.rfc_message_id: row for row in rows}
    return batch


def _fresh(batch: _Batch, items: Sequence[Item]) -> list[tuple[Item, int]]:
    """The mails not known yet, each with the id its message will have."""
    taken = messages.reserve(batch.db, len(items))
    found: list[tuple[Item, int]] = []
    for item, message_id in zip(items, taken, strict=True):
        keys = _keys_of(item)
        earlier = next((batch.known[k] for k in keys if k in batch.known), None)
        ours = batch.outbox.get(item.parsed.rfc_message_id or "")
        if earlier is not None or ours is not None:
            batch.result.known += 1
            _settle(batch, item, "known", earlier or (ours.message_id if ours else None))
        else:
            batch.known.update(dict.fromkeys(keys, message_id))
            found.append((item, message_id))
    return found


def _keys_of(item: Item) -> list[str]:
    """What finds the same mail again; our own in the Sent folder by its Message-ID alone."""
    keys = [item.sha256] if item.sha256 != NO_BYTES else []
    if item.parsed.identity:
        keys.append(item.parsed.identity)
    if item.is_sent and item.parsed.rfc_message_id:
        keys.append(f"out {item.parsed.rfc_message_id}")
    return keys


def _place_all(batch: _Batch, fresh: Sequence[tuple[Item, int]]) -> None:
    everybody: dict[str, str] = {}
    for item, _ in fresh:
        contact = _contact(batch.mailbox, item)
        if contact.address:
            everybody.setdefault(contact.address, contact.name)
    batch.contact_ids = contacts.known_as(batch.db, batch.mailbox.id, everybody, now=batch.now)
    spare = batch.db.column("filing.reserve", count=len(fresh))
    placed: list[tuple[Item, int, datetime, datetime, threads.Place, int]] = []
    for (item, message_id), own_id in zip(fresh, spare, strict=True):
        sent_at, heard_at = _moments(item, batch.now)
        place = threads.place(batch.atlas, item.parsed, is_sent=item.is_sent, sent_at=sent_at)
        conversation_id = place.conversation_id or own_id
        batch.atlas.add(item.parsed, conversation_id, sent_at)
        placed.append((item, message_id, sent_at, heard_at, place, conversation_id))
    _look_up(batch, {p[5] for p in placed if p[4].conversation_id is not None})
    for item, message_id, sent_at, heard_at, place, conversation_id in placed:
        now_standing = batch.standings.get(conversation_id) or _begin(
            batch, item, conversation_id, sent_at
        )
        _join(batch, now_standing, item, message_id, sent_at, heard_at, place.reason)


def _moments(item: Item, now: datetime) -> tuple[datetime, datetime]:
    """(sent, heard). An archive's own dates often tell when it was made: they only fill in."""
    fills_in = item.via == "import" and item.parsed.date is not None
    return standing.moments(item.parsed.date, None if fills_in else item.server_date, now=now)


def _look_up(batch: _Batch, conversation_ids: set[int]) -> None:
    """The rows of conversations that existed before this batch."""
    if not conversation_ids:
        return
    asked = sorted(conversation_ids)
    found = batch.db.all("filing.standing", Standing, conversation_ids=asked)
    batch.standings = {row.id: row for row in found}
    for conversation_id, moment in batch.db.rows("filing.customer_times", conversation_ids=asked):
        batch.times.setdefault(conversation_id, []).append(moment)


def _begin(batch: _Batch, item: Item, conversation_id: int, sent_at: datetime) -> Standing:
    contact = _contact(batch.mailbox, item)
    is_closed = item.is_sent or item.via == "import"
    begun = Standing(
        id=conversation_id,
        contact_id=batch.contact_ids.get(contact.address),
        contact_name=contact.name,
        contact_address=contact.address,
        subject=_title(item),
        snippet="",
        status="closed" if is_closed else "open",
        created_at=sent_at,
        last_message_at=sent_at,
        closed_at=sent_at if is_closed else None,
    )
    batch.standings[conversation_id] = begun
    batch.begun.append(conversation_id)
    return begun


def _title(item: Item) -> str:
    """The subject; of one that begins with an answer, what it answers."""
    subject = item.parsed.subject
    title = quotes.bare_subject(subject) if quotes.has_reply_prefix(subject) else subject
    return title or ("(could not be read)" if item.trouble else "(no subject)")


def _contact(mailbox: Mailbox, item: Item) -> Address:
    """The other side: who wrote, or to whom we wrote; never the mailbox itself if it can be."""
    mail = item.parsed
    sides = (*mail.to, *mail.cc) if item.is_sent else (mail.from_, *mail.reply_to)
    others = [a for a in sides if a.address and a.address not in mailbox.addresses]
    found = others[0] if others else (sides[0] if sides else mail.from_)
    return Address(name=found.name, address=found.address)


def _join(
    batch: _Batch,
    conversation: Standing,
    item: Item,
    message_id: int,
    sent_at: datetime,
    heard_at: datetime,
    reason: str,
) -> None:
    mail = item.parsed
    new = _message(batch, conversation, item, message_id, sent_at, reason)
    batch.news.append(new)
    if mail.rfc_message_id:
        batch.by_rfc_id.setdefault(mail.rfc_message_id, message_id)
    shown = sum(not a.is_inline for a in item.attachments)
    was_closed_at_its_end = conversation.closed_at == conversation.last_message_at
    conversation.count(sent_at, new.reply_text, shown, new.is_readable)
    if item.via == "import" and was_closed_at_its_end and conversation.closed_at is not None:
        conversation.closed_at = conversation.last_message_at
    _tell(batch, new, item, conversation, heard_at)
    batch.result.filed += 1
    batch.result.unreadable += bool(item.trouble)
    _settle(batch, item, item.state, message_id)


def _message(
    batch: _Batch,
    conversation: Standing,
    item: Item,
    message_id: int,
    sent_at: datetime,
    reason: str,
) -> NewMessage:
    mail = item.parsed
    words = "\n\n".join(part for part in (item.trouble, mail.text) if part)
    answered = next((batch.by_rfc_id[i] for i in mail.in_reply_to if i in batch.by_rfc_id), None)
    return NewMessage(
        id=message_id,
        conversation_id=conversation.id,
        mailbox_id=batch.mailbox.id,
        direction="out" if item.is_sent else "in",
        via="import" if item.via == "import" else "sent" if item.is_sent else "imap",
        agent_id=_agent(batch, mail) if item.is_sent else None,
        sent_at=sent_at,
        received_at=item.server_date or (sent_at if item.via == "import" else batch.now),
        from_name=mail.from_.name,
        from_address=mail.from_.address,
        recipients=Recipients(
            **{kind: _addresses(getattr(mail, kind)) for kind in ("to", "cc", "reply_to")}
        ),
        subject=mail.subject,
        rfc_message_id=mail.rfc_message_id,
        answers_message_id=answered,
        is_auto=mail.is_auto,
        is_bounce=mail.is_bounce,
        is_readable=not item.trouble,
        raw_sha256=item.sha256 if item.sha256 != NO_BYTES else None,
        identity=mail.identity,
        thread_reason=reason,
        body_text=words,
        body_html=mail.html,
        reply_text=mail.reply_text or words,
        attachments=item.attachments,
        references=tuple(threads.references(batch.atlas.keys, mail)),
    )


def _addresses(found: Sequence[Any]) -> tuple[Address, ...]:
    return tuple(Address(name=a.name, address=a.address) for a in found)


def _agent(batch: _Batch, mail: Parsed) -> int | None:
    """Which of us wrote a mail of the Sent folder, as far as its Sender or From tells."""
    return batch.agents.get(mail.sender) or batch.agents.get(mail.from_.address)


def _tell(
    batch: _Batch, new: NewMessage, item: Item, conversation: Standing, heard_at: datetime
) -> None:
    """Move the conversation on, and write what happened into the diary."""
    contact = Actor(kind="contact", id=batch.contact_ids.get(new.from_address))
    times = batch.times.setdefault(conversation.id, [])
    if item.is_sent:
        conversation.replied(new.sent_at, times)
        agent = Actor(kind="agent", id=new.agent_id) if new.agent_id else SYSTEM
        _note(batch, new, "replied", agent)
        if conversation.id in batch.begun and conversation.message_count == 1:
            _note(batch, new, "closed", SYSTEM)
    elif item.parsed.is_bounce:
        _bounce(batch, new, item, conversation)
    else:
        _note(batch, new, "received", contact)
        if not item.parsed.is_auto:
            times.append(new.sent_at)
            is_import = item.via == "import"
            for kind in conversation.heard_from_customer(
                new.sent_at, heard_at, is_import=is_import
            ):
                _note(batch, new, kind, contact)


def _bounce(batch: _Batch, new: NewMessage, item: Item, conversation: Standing) -> None:
    """Shout where the bounced mail stands, and mark the recipient it did not reach.

    A report is believed only as far as it names a mail we sent: by its signed Message-ID.
    """
    _note(batch, new, "bounced", SYSTEM)
    ours = batch.outbox.get(item.parsed.bounced_message_id or "")
    for failed in item.parsed.undelivered:
        if ours is not None:
            batch.db.change(
                "filing.bounce",
                outbox_id=ours.id,
                address=failed.address,
                answer=" ".join(part for part in (failed.status, failed.answer) if part),
            )
    if item.via != "import":
        names = ", ".join(failed.address for failed in item.parsed.undelivered[:3])
        conversation.alert = f"A mail to {names} could not be delivered."
        for kind in conversation.take_up():
            _note(batch, new, kind, SYSTEM)


def _note(batch: _Batch, new: NewMessage, kind: str, actor: Actor) -> None:
    batch.diary.append(
        NewEvent(
            kind=kind,
            actor=actor,
            occurred_at=new.sent_at,
            recorded_at=batch.now,
            mailbox_id=new.mailbox_id,
            conversation_id=new.conversation_id,
            message_id=new.id,
            after={"via": new.via, "is_auto": new.is_auto},
        )
    )


def _settle(batch: _Batch, item: Item, state: str, message_id: int | None) -> None:
    if item.raw_id is not None:
        batch.settled.append((item.raw_id, state, message_id, item.trouble or None))


def _write(batch: _Batch) -> None:
    db = batch.db
    begun = [batch.standings[i] for i in batch.begun]
    if begun:
        columns = {f.name for f in fields(Standing)} - {"trashed_at", "snoozed_until"}
        db.run("filing.begin", mailbox_id=batch.mailbox.id, **_columns(begun, columns))
    moved = [s for s in batch.standings.values() if s.id not in set(batch.begun)]
    if moved:
        db.change("filing.advance", **moving_columns(moved))
    messages.add_all(db, batch.news)
    events.record_all(db, batch.diary)
    woken = [e.conversation_id for e in batch.diary if e.kind == "reopened" and e.conversation_id]
    if woken:
        handover.let_go(db, woken, now=batch.now)
    if batch.settled:
        ids, states, found, errors = zip(*batch.settled, strict=True)
        db.change(
            "filing.settle_raw",
            ids=list(ids),
            states=list(states),
            message_ids=list(found),
            errors=list(errors),
        )


def moving_columns(rows: Sequence[Standing]) -> dict[str, list[Any]]:
    """What `filing.advance` writes: all that a mail can change of a conversation."""
    fixed = {"contact_id", "contact_name", "contact_address", "subject"}
    return _columns(rows, {f.name for f in fields(Standing)} - fixed)


def _columns(rows: Sequence[Standing], names: set[str]) -> dict[str, list[Any]]:
    return {name: [getattr(row, name) for row in rows] for name in names}


def as_read_again(
    db: Session,
    keys: Keys,
    mailbox: Mailbox,
    item: Item,
    conversation: Standing,
    *,
    sent_at: datetime,
    reason: str,
    now: datetime,
) -> tuple[NewMessage, int | None]:
    """The message as it would be written now, and the id of another that is the same mail."""
    assert item.message_id is not None
    batch = _prepare(db, keys, mailbox, [item], now)
    twins = {batch.known[k] for k in _keys_of(item) if k in batch.known} - {item.message_id}
    new = _message(batch, conversation, item, item.message_id, sent_at, reason)
    return new, min(twins, default=None)
