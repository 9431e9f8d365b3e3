"""From durable bytes to filed messages: the jail, then the second transaction.

What a crash left between the two transactions is filed by `file_pending`.
"""

import hashlib
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from inbox import beats
from inbox.blobs import Place
from inbox.errors import NotFound
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.messages import NewAttachment
from inbox.store import StoreError
from ingest import jail, load, reread
from ingest.addresses import Address
from ingest.intake import UNREADABLE, Item, Result, State
from ingest.mime import HEADER_BYTES
from ingest.parse import Parsed

EMPTY = "The original of this mail is missing from data/raw, or damaged."
TOO_BIG = (
    "This mail is {mb:.0f} MB, more than Delad fetches by itself. Only its head was read; "
    "the whole mail is on the mail server."
)
NOT_FETCHED = "The mail server would not hand over this mail whole. It is still on the server."
FILES_AT_ONCE = 8
IMPORTED = 0
"""The UIDVALIDITY of imported mail: no server uses it (RFC 3501)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One mail whose bytes are durable. `trouble` tells why `raw` is not the whole mail;
    `message_id` is the message it was filed as before, when it is read again."""

    raw_id: int
    raw: bytes
    sha256: str
    is_sent: bool
    is_import: bool
    server_date: datetime | None
    trouble: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    id: int
    folder: str
    uidvalidity: int
    sha256: str
    segment: int
    position: int
    size_bytes: int
    server_date: datetime | None
    error: str | None
    message_id: int | None
    kind: str


def file_stored(
    house: House, mailbox: Mailbox, stored: Sequence[Stored], *, now: datetime
) -> Result:
    """Parse the mails in the jail and file them; each stands or falls alone."""
    if not stored:
        return Result()
    child = jail.of(house.settings)
    found = child.parse_all([one.raw for one in stored])
    failpoint("mails parsed")
    beats.go_on()
    keep_files(house, found)
    failpoint("attachments kept")
    items = [
        _item(one, parsed or _head_only(child, one.raw), is_read=parsed is not None)
        for one, parsed in zip(stored, found, strict=True)
    ]
    result = _file(house, mailbox, [i for i in items if i.message_id is None], now=now)
    for item in items:
        if item.message_id is not None:
            result.add(reread.file_again(house, mailbox, item, now=now))
    return result


def file_pending(house: House, mailbox: Mailbox, *, now: datetime) -> Result:
    """File what an earlier run made durable and did not come to file."""
    result = Result()
    after = 0
    while True:
        with house.store.read() as db:
            rows = db.all(
                "raw_messages.pending",
                _Pending,
                mailbox_id=mailbox.id,
                after=after,
                most=house.settings.batch_messages,
            )
        if not rows:
            return result
        after = rows[-1].id
        stored = [_read(house, row) for row in rows]
        result.add(file_stored(house, mailbox, stored, now=now))


def _file(house: House, mailbox: Mailbox, items: Sequence[Item], *, now: datetime) -> Result:
    """One transaction for all; if the store refuses it, halves, down to the one it refuses."""
    if not items:
        return Result()
    try:
        with house.store.write() as db:
            result = load.file_all(db, house.keys, mailbox, items, now=now)
            failpoint("mails filed")
        failpoint("filing recorded")
        return result
    except (StoreError, ValueError):
        if len(items) == 1 and items[0].trouble == UNREADABLE and not items[0].parsed.subject:
            raise
        if len(items) == 1:
            return _file(house, mailbox, [_without_words(items[0])], now=now)
    middle = len(items) // 2
    result = _file(house, mailbox, items[:middle], now=now)
    result.add(_file(house, mailbox, items[middle:], now=now))
    return result


def _without_words(item: Item) -> Item:
    return replace(item, parsed=nothing(), trouble=UNREADABLE, state="unreadable", attachments=())


def nothing() -> Parsed:
    """What is known of a mail of which nothing can be read."""
    return Parsed(from_=Address(name="", address=""))


def _head_only(child: jail.Jail, raw: bytes) -> Parsed:
    """Sender and subject of a mail that cannot be read whole, if at least its head can."""
    head = re.split(rb"\r?\n\r?\n", raw[:HEADER_BYTES], maxsplit=1)[0]
    plain = b"\n".join(
        line for line in head.splitlines() if not line.lower().startswith(b"content-")
    )
    (parsed,) = child.parse_all([plain + b"\n\n"])
    return replace(parsed, identity=None) if parsed else nothing()


def keep_files(house: House, mails: Sequence[Parsed | None]) -> None:
    """Attachments side by side: each waits for the disk, and the disk waits for all at once."""
    contents = [a.content for mail in mails if mail for a in mail.attachments]
    if contents:
        with ThreadPoolExecutor(max_workers=FILES_AT_ONCE) as pool:
            list(pool.map(house.files.put, contents))


def attachments_of(mail: Parsed) -> tuple[NewAttachment, ...]:
    """As they are stored; see `keep_files` for their bytes."""
    return tuple(
        NewAttachment(
            filename=a.filename,
            content_type=a.content_type,
            size_bytes=len(a.content),
            sha256=digest(a.content),
            content_id=a.content_id,
            is_inline=a.is_inline,
        )
        for a in mail.attachments
    )


def in_pieces(size_bytes: int, cap_bytes: int) -> str:
    """Why a mail of this size on the server is not here whole."""
    return TOO_BIG.format(mb=size_bytes / 1_000_000) if size_bytes > cap_bytes else NOT_FETCHED


def _item(one: Stored, parsed: Parsed, *, is_read: bool) -> Item:
    trouble = one.trouble or ("" if is_read else UNREADABLE)
    return Item(
        raw_id=one.raw_id,
        sha256=one.sha256,
        is_sent=one.is_sent,
        via="import" if one.is_import else "imap",
        server_date=one.server_date,
        parsed=replace(parsed, identity=None, attachments=()) if trouble else parsed,
        trouble=trouble,
        state=_state(one.trouble, is_read=is_read),
        message_id=one.message_id,
        attachments=attachments_of(parsed),
    )


def _state(trouble: str, *, is_read: bool) -> State:
    """What becomes of a mail's row: `incomplete` ones are asked for again by themselves, those
    `too_big` when somebody wants them."""
    if trouble in (NOT_FETCHED, EMPTY):
        return "incomplete"
    return "too_big" if trouble else "filed" if is_read else "unreadable"


def _read(house: House, row: _Pending) -> Stored:
    place = Place(
        sha256=row.sha256, segment=row.segment, position=row.position, size_bytes=row.size_bytes
    )
    try:
        raw, trouble = house.raw.read(place), row.error or ""
    except NotFound:
        raw, trouble = b"", EMPTY
    return Stored(
        raw_id=row.id,
        raw=raw,
        sha256=row.sha256,
        is_sent=row.kind == "sent",
        is_import=row.uidvalidity == IMPORTED,
        server_date=row.server_date,
        trouble=trouble,
        message_id=row.message_id,
    )


def digest(raw: bytes) -> str:
    """The sha256 under which a mail's exact bytes are known."""
    return hashlib.sha256(raw).hexdigest()


def head_digest(raw: bytes, size_bytes: int) -> str:
    """What finds a mail again from its header block and size, whoever wrote the line ends."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0].replace(b"\r\n", b"\n").strip()
    return hashlib.sha256(b"%d\n" % size_bytes + head).hexdigest()
