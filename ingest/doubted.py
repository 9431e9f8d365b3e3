"""Replies of ours whose rows a rescue could not bring back: their bytes are in data/raw, and nobody
knows whether they left.

What the Sent folder or somebody's answer proves stands in its conversation already. The rest is
given back to it as a mail in doubt, which is looked for and asked about like any other.
"""

from dataclasses import dataclass
from datetime import datetime

from inbox import delivery, events, mailboxes, message_ids, outgoing, posting
from inbox.blobs import Place
from inbox.errors import NotFound
from inbox.events import NewEvent
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.messages import Recipients
from inbox.store import Session
from ingest import atlas, filing, jail, threads, traces
from ingest.filing import Stored
from ingest.parse import Parsed

SOME = 50
UNKNOWN = (
    "The database was damaged before it could note whether this mail left. Who got a blind copy "
    "is not known any more."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    id: int
    mailbox_id: int
    sha256: str
    segment: int
    position: int
    size_bytes: int
    server_date: datetime | None

    @property
    def place(self) -> Place:
        return Place(
            sha256=self.sha256,
            segment=self.segment,
            position=self.position,
            size_bytes=self.size_bytes,
        )


def give_back(house: House, *, is_late: bool, now: datetime) -> int:
    """Settle our own mails of the lost time, some at a time; answer how many are in doubt now.

    They wait until what came in is filed and each mailbox was compared with its server, unless
    that takes too long (`is_late`).
    """
    with house.store.read() as db:
        rows = db.all("rescue.own_mail", _Own, is_late=is_late, most=SOME)
    return sum(_give_back(house, row, now) for row in rows)


def _give_back(house: House, row: _Own, now: datetime) -> bool:
    try:
        raw = house.raw.read(row.place)
    except NotFound:
        raw = b""
    (mail,) = jail.of(house.settings).parse_all([raw])
    with house.store.read() as db:
        mailbox = mailboxes.by_id(db, row.mailbox_id)
    rfc_id = mail.rfc_message_id if mail else None
    ours = message_ids.read(house.keys, rfc_id or "")
    if mail is None or mailbox is None or ours is None:
        # The house's own mail, an invitation or a reset, has no conversation and is out of date.
        with house.store.write() as db:
            db.change("rescue.settle_own", id=row.id)
        return False
    filing.keep_files(house, [mail])
    with house.store.write() as db:
        conversation_id = _conversation(db, house, mailbox, mail, ours[0], now=now)
        is_here = db.value("rescue.of_own", mailbox_id=mailbox.id, rfc_message_id=rfc_id)
        if conversation_id is not None or is_here:
            db.change("rescue.settle_own", id=row.id)
        if conversation_id is not None and not is_here:
            _doubt(db, mailbox, mail, row, conversation_id, ours[1], now=now)
    if conversation_id is None and not is_here:
        _file(house, mailbox, row, raw, now)
    return not is_here


def _conversation(
    db: Session, house: House, mailbox: Mailbox, mail: Parsed, named: int, *, now: datetime
) -> int | None:
    """The one its Message-ID names; where that was lost, the one its mails were filed in anew."""
    known = atlas.survey(db, house.keys, mailbox, [mail])
    if named in known.here:
        return named
    return threads.place(known, mail, is_sent=True, sent_at=mail.date or now).conversation_id


def _doubt(
    db: Session,
    mailbox: Mailbox,
    mail: Parsed,
    row: _Own,
    conversation_id: int,
    message_id: int,
    *,
    now: datetime,
) -> None:
    recipients = Recipients(to=traces.people(mail.to), cc=traces.people(mail.cc))
    wrote = dict(db.rows("filing.agents")).get(mail.sender or mail.from_.address)
    outbox_id = outgoing.add(
        db,
        place=row.place,
        recipients=recipients,
        results=outgoing.pending(recipients),
        files=filing.attachments_of(mail),
        kind="reply",
        mailbox_id=mailbox.id,
        conversation_id=conversation_id,
        message_id=message_id,
        agent_id=wrote,
        rfc_message_id=mail.rfc_message_id,
        envelope_from=mailbox.address,
        from_name=mail.from_.name,
        from_address=mail.from_.address,
        subject=mail.subject,
        body_text=mail.text,
        body_html=mail.html or "",
        reply_text=mail.reply_text,
        due_at=now,
        copy_state="due" if mailbox.smtp_url and posting.keeps_copy(mailbox) else "none",
        now=now,
    )
    left_at = min(now, mail.date or row.server_date or now)
    db.change("rescue.doubt", outbox_id=outbox_id, started_at=left_at, error=UNKNOWN)
    _tell(db, mailbox, conversation_id, message_id, outbox_id, left_at, now=now)


def _tell(
    db: Session,
    mailbox: Mailbox,
    conversation_id: int,
    message_id: int,
    outbox_id: int,
    left_at: datetime,
    *,
    now: datetime,
) -> None:
    """`queued` makes the guard stop whoever sends the same draft once more."""
    told = (("queued", left_at, message_id), ("held", now, None))
    news = [
        NewEvent(
            kind=kind,
            actor=events.SYSTEM,
            occurred_at=occurred_at,
            recorded_at=now,
            mailbox_id=mailbox.id,
            conversation_id=conversation_id,
            message_id=message,
            after={"outbox_id": outbox_id},
        )
        for kind, occurred_at, message in told
    ]
    events.record_all(db, news)


def _file(house: House, mailbox: Mailbox, row: _Own, raw: bytes, now: datetime) -> None:
    """Nothing of its conversation is left: it begins one, which says that it may not have left."""
    stored = Stored(
        raw_id=row.id,
        raw=raw,
        sha256=row.sha256,
        is_sent=True,
        is_import=False,
        server_date=row.server_date,
    )
    filing.file_stored(house, mailbox, [stored], now=now)
    with house.store.write() as db:
        filed = db.value("rescue.filed_in", id=row.id)
        db.change("conversations.set_alert", conversation_id=filed, alert=delivery.IN_DOUBT)
