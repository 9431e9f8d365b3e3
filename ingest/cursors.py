"""How far each folder of a mailbox has been read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox.failpoints import failpoint
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.store import Session
from ingest.imap_answers import Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One folder in one generation (see ingest.generations), read in one pass."""

    mailbox: Mailbox
    folder: str
    kind: str
    uidvalidity: int
    now: datetime

    def meta(self, uid: int, mail: Fetched) -> dict[str, Any]:
        """What stands beside the mail's bytes on the disk: enough to file it again."""
        return {
            "mailbox": self.mailbox.address,
            "folder": self.folder,
            "uidvalidity": self.uidvalidity,
            "uid": uid,
            "server_date": mail.server_date.isoformat() if mail.server_date else None,
            "flags": mail.flags,
            "via": "sent" if self.kind == "sent" else "imap",
            "is_whole": mail.is_whole,
            "size_bytes": mail.size_bytes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The last UID taken in (0 for a new folder and a new generation), whether the folder has
    been read to its end in this generation, when its mails were last compared one by one, and how
    many on the server are older than the mailbox imports."""

    last_uid: int = 0
    is_scanned: bool = False
    reconciled_at: datetime | None = None
    left_out: int = 0


def open_folder(house: House, source: Source, server_count: int) -> Cursor:
    """The folder's cursor; a folder met for the first time, or anew, begins at its beginning."""
    mailbox_id, folder = source.mailbox.id, source.folder
    with house.store.write() as db:
        row = next(iter(db.rows("folders.by_name", mailbox_id=mailbox_id, folder=folder)), None)
        if row is not None and row[0] == source.uidvalidity:
            return Cursor(
                last_uid=int(row[1]),
                is_scanned=row[2] is not None,
                reconciled_at=row[3],
                left_out=row[4],
            )
        if row is None:
            db.run(
                "folders.add",
                mailbox_id=mailbox_id,
                folder=folder,
                kind=source.kind,
                uidvalidity=source.uidvalidity,
                server_count=server_count,
            )
        else:
            db.change(
                "folders.begin_generation",
                mailbox_id=mailbox_id,
                folder=folder,
                uidvalidity=source.uidvalidity,
            )
        failpoint("generation begun")
    failpoint("folder opened")
    return Cursor()


def close_folder(house: House, source: Source, server_count: int, last_uid: int) -> None:
    """Note that the folder was read to its end, at `last_uid`."""
    with house.store.write() as db:
        db.change(
            "folders.scanned",
            mailbox_id=source.mailbox.id,
            folder=source.folder,
            kind=source.kind,
            server_count=server_count,
            last_uid=last_uid,
            now=source.now,
        )
    failpoint("folder read to its end")


def counts(house: House, source: Source) -> tuple[int, int, int]:
    """(on server, stored of these, unreadable of these)."""
    with house.store.read() as db:
        on_server, stored, unreadable = db.rows(
            "folders.counts",
            mailbox_id=source.mailbox.id,
            folder=source.folder,
            uidvalidity=source.uidvalidity,
        )[0]
    return on_server, stored, unreadable


def stored_uids(house: House, source: Source) -> dict[int, bool]:
    """{UID of every mail that was taken in: whether it has left the server since}."""
    with house.store.read() as db:
        return dict(
            db.rows(
                "raw_messages.of_folder",
                mailbox_id=source.mailbox.id,
                folder=source.folder,
                uidvalidity=source.uidvalidity,
            )
        )


def note_comparison(
    house: House,
    source: Source,
    *,
    gone: list[int],
    back: list[int],
    server_count: int,
    left_out: int,
) -> None:
    """What a comparison one by one has found."""
    about = {"mailbox_id": source.mailbox.id, "folder": source.folder}
    with house.store.write() as db:
        for uids, gone_at in ((gone, source.now), (back, None)):
            if uids:
                db.change(
                    "raw_messages.set_gone",
                    **about,
                    uidvalidity=source.uidvalidity,
                    uids=uids,
                    gone_at=gone_at,
                )
        db.change(
            "folders.reconciled",
            **about,
            server_count=server_count,
            left_out=left_out,
            now=source.now,
        )
    failpoint("folder compared")


def not_stored(house: House, source: Source, uids: Sequence[int]) -> list[int]:
    """Those of the UIDs whose mail is not here in this generation."""
    if not uids:
        return []
    with house.store.read() as db:
        here = set(
            db.column(
                "raw_messages.uids",
                mailbox_id=source.mailbox.id,
                folder=source.folder,
                uidvalidity=source.uidvalidity,
                uids=list(uids),
            )
        )
    return [uid for uid in uids if uid not in here]


def advance(house: House, source: Source, last_uid: int) -> None:
    """Move the folder's cursor on; it never goes back."""
    with house.store.write() as db:
        move(db, source, last_uid)


def move(db: Session, source: Source, last_uid: int) -> None:
    """The same in the transaction that records the mails up to there."""
    db.change(
        "folders.advance",
        mailbox_id=source.mailbox.id,
        folder=source.folder,
        uidvalidity=source.uidvalidity,
        last_uid=last_uid,
    )


def note_good_pass(house: House, mailbox: Mailbox, *, now: datetime) -> None:
    """All folders went well together: what Health calls a good poll, even without new mail."""
    with house.store.write() as db:
        db.change("folders.passed", mailbox_id=mailbox.id, now=now)
    failpoint("pass noted")
