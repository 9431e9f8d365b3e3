"""The Sent folder: did somebody answer from another mail program, and our own copies."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32

from inbox import echoes, mailboxes, message_ids, outgoing
from inbox.errors import InboxError, MailboxUnreachable, NotFound
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.outgoing import Parcel
from inbox.recipients import cleaned
from ingest import imap, servers
from ingest.imap import Connection

LOOK_BACK_DAYS = 2
NEWEST = 200
DOUBT_LOOKS_HOURS = 24


def holds_an_answer(house: House, mailbox: Mailbox, parcel: Parcel) -> bool:
    """Whether Sent holds a reply to this conversation that Delad has not filed yet.

    Looks at the newest mails of the last two days. Raises MailboxUnreachable.
    """
    with house.store.read() as db:
        filed = set(db.column("outbox.filed_ids", conversation_id=parcel.conversation_id))
    with _connect(house, mailbox) as connection:
        folder = connection.sent_folder(mailbox.sent_folder)
        if folder is None:
            return False
        connection.select(folder)
        since = (parcel.queued_at - timedelta(days=LOOK_BACK_DAYS)).date()
        newest = connection.uids_since(since)[-NEWEST:]
        found = connection.fetch_headers(newest)
    return any(_answers(house, header.raw, filed) for header in found.values())


def copy_to_sent(house: House, *, now: datetime) -> int:
    """File what was sent in the Sent folders that want it, each mail once; answer how many.

    Looks by Message-ID before it files, so that a copy that is there already, by the provider
    or by a run that was cut off, is not doubled. A failure is noted and tried again for two
    days; it never sends anything.
    """
    with house.store.read() as db:
        work = [
            (mailbox, ids)
            for mailbox in mailboxes.active(db)
            if mailbox.imap_url and (ids := db.column("outbox.copies_due", mailbox_id=mailbox.id))
        ]
    return sum(_copy_all(house, mailbox, ids, now=now) for mailbox, ids in work)


def settle_doubts(house: House, *, now: datetime) -> int:
    """Look for mails in doubt in the Sent folders, where some providers file what they accept;
    answer how many were found. Mails older than a day, and unreachable servers, are left."""
    with house.store.read() as db:
        work = [
            (mailbox, [outgoing.by_id(db, i) for i in ids])
            for mailbox in mailboxes.active(db)
            if mailbox.imap_url and (ids := db.column("outbox.in_doubt", mailbox_id=mailbox.id))
        ]
    horizon = now - timedelta(hours=DOUBT_LOOKS_HOURS)
    return sum(
        _settle(house, mailbox, [p for p in parcels if p.queued_at > horizon], now=now)
        for mailbox, parcels in work
    )


def _connect(house: House, mailbox: Mailbox) -> AbstractContextManager[Connection]:
    server = servers.parse(mailbox.imap_url or "", allow_plaintext=house.settings.allow_plaintext)
    credential = servers.credential(mailbox, server, house.keys)
    if credential is None:
        raise MailboxUnreachable("login", f"{mailbox.address} has no user name for IMAP.")
    return imap.connect(server, credential, house.settings)


def _answers(house: House, header: bytes, filed: set[str]) -> bool:
    """Whether this mail answers one that is filed, and is neither filed itself nor our own."""
    fields = BytesHeaderParser(policy=compat32).parsebytes(header)
    if str(fields.get("Auto-Submitted", "no")).strip().lower() != "no":
        return False
    own = str(fields.get("Message-ID", "")).strip().strip("<>")
    if own in filed or message_ids.read(house.keys, own) is not None:
        return False
    named = f"{fields.get('In-Reply-To', '')} {fields.get('References', '')}"
    return any(i in filed for i in named.replace("<", " ").replace(">", " ").split())


def _copy_all(house: House, mailbox: Mailbox, ids: list[int], *, now: datetime) -> int:
    copied = 0
    try:
        with _connect(house, mailbox) as connection:
            folder = connection.sent_folder(mailbox.sent_folder)
            for outbox_id in ids:
                copied += _copy(house, connection, folder, outbox_id)
    except InboxError as error:
        for outbox_id in ids[copied:]:
            _put_off(house, outbox_id, str(error), now=now)
    return copied


def _copy(house: House, connection: Connection, folder: str | None, outbox_id: int) -> int:
    with house.store.read() as db:
        parcel = outgoing.by_id(db, outbox_id)
    if folder is None:
        _mark(house, outbox_id, "failed", "The server has no folder for sent mail.")
        return 1
    try:
        raw = house.raw.read(parcel.place)
    except NotFound as error:
        _mark(house, outbox_id, "failed", str(error))
        return 1
    if not connection.has_message_id(folder, parcel.rfc_message_id):
        connection.append(folder, raw, ["\\Seen"], parcel.started_at or parcel.queued_at)
    _mark(house, outbox_id, "done", None)
    return 1


def _put_off(house: House, outbox_id: int, reason: str, *, now: datetime) -> None:
    with house.store.read() as db:
        parcel = outgoing.by_id(db, outbox_id)
    lost = now - parcel.queued_at > timedelta(hours=house.settings.give_up_hours)
    _mark(house, outbox_id, "failed" if lost else "due", cleaned(reason))


def _mark(house: House, outbox_id: int, state: outgoing.CopyState, reason: str | None) -> None:
    with house.store.write() as db:
        db.change("outbox.mark_copy", outbox_id=outbox_id, copy_state=state, reason=reason)


def _settle(house: House, mailbox: Mailbox, parcels: list[Parcel], *, now: datetime) -> int:
    if not parcels:
        return 0
    try:
        with _connect(house, mailbox) as connection:
            folder = connection.sent_folder(mailbox.sent_folder)
            there = [
                p for p in parcels if folder and connection.has_message_id(folder, p.rfc_message_id)
            ]
    except InboxError:
        return 0
    with house.store.write() as db:
        return echoes.arrived(db, [p.id for p in there], now=now)
