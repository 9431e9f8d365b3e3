"""What follows on a rescue, until all of it is done: file what no poller files, give our own mail
back to its conversations, extract attachments that are missing.
"""

from datetime import datetime, timedelta

from inbox import mailboxes, rescued
from inbox.blobs import Place
from inbox.errors import NotFound
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.rescued import Rescued
from ingest import archive, doubted, filing, jail

PATIENCE = timedelta(minutes=15)
"""How long our own mail waits for the first look into the Sent folder."""


def settle(house: House, *, now: datetime) -> str:
    """One round, for the worker; a sentence when it gave something back."""
    told = house.memory.answer(rescued.last, "rescued", tables=("settings",))
    if told is None or told.is_settled:
        return ""
    with house.store.read() as db:
        unpolled = db.column("rescue.without_poller")
    for mailbox_id in unpolled:
        filing.file_pending(house, _mailbox(house, mailbox_id), now=now)
    given = doubted.give_back(house, is_late=now - told.at > PATIENCE, now=now)
    with house.store.read() as db:
        is_done = not db.value("rescue.is_left")
    if is_done:
        _finish(house, told, now)
    return f"{given} mails of ours given back" if given else ""


def _finish(house: House, told: Rescued, now: datetime) -> None:
    with house.store.read() as db:
        every = mailboxes.every(db)
    for mailbox in every:
        archive.open_waiting(house, mailbox, now=now)
    _extract_missing(house)
    with house.store.write() as db:
        latest = rescued.last(db) or told
        latest.is_settled = True
        rescued.keep(db, latest)


def _extract_missing(house: House) -> None:
    """Attachments whose file is gone, once more from their mail."""
    with house.store.read() as db:
        rows = db.rows("rescue.files")
    wanted: dict[Place, None] = {}
    for sha256, raw_sha256, segment, position, size_bytes in rows:
        if not house.files.path(sha256).exists():
            place = Place(
                sha256=raw_sha256, segment=segment, position=position, size_bytes=size_bytes
            )
            wanted[place] = None
    for place in wanted:
        try:
            raw = house.raw.read(place)
        except NotFound:
            continue
        filing.keep_files(house, jail.of(house.settings).parse_all([raw]))


def _mailbox(house: House, mailbox_id: int) -> Mailbox:
    with house.store.read() as db:
        found = mailboxes.by_id(db, mailbox_id)
    assert found is not None
    return found
