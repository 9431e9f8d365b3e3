"""One pass over one mailbox: what the server has and we do not becomes durable, then filed.

Raw bytes are on the disk before anything parses them; one transaction then records them and
moves the folder's cursor; parsing and filing follow in another (see ingest.filing), while the
next batch is fetched. Nothing on the server is marked, moved or deleted.
"""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from inbox.errors import MailboxUnreachable
from inbox.failpoints import failpoint
from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest import batches, cursors, filing, generations, imap, incomplete, reconcile, servers
from ingest.cursors import Cursor, Source
from ingest.filing import file_pending
from ingest.imap import Connection
from ingest.imap_answers import Selected
from ingest.intake import Result

REFUSED = "The mail server would not hand over {n} mail(s) for now. Delad goes on asking for them."

__all__ = ["FolderResult", "PollResult", "file_pending", "poll"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderResult:
    """`stored` counts those of the server's mails that are here, under this UIDVALIDITY;
    `uidnext` is what the server said when the folder was opened, before it was read."""

    folder: str
    kind: str
    server_count: int
    stored: int
    unreadable: int
    uidnext: int | None = None


@dataclass(slots=True, kw_only=True)
class PollResult:
    """`read` mails were fetched; each was then filed or known already. `unreadable` and
    `too_big` are among the filed. `refused` are on the server, which would not hand them over
    for now. `troubles` are folders that could not be opened."""

    read: int = 0
    filed: int = 0
    known: int = 0
    unreadable: int = 0
    too_big: int = 0
    refused: int = 0
    arrived: list[int] = field(default_factory=list)
    folders: list[FolderResult] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def add(self, result: Result) -> None:
        self.filed += result.filed
        self.known += result.known
        self.unreadable += result.unreadable
        self.arrived += result.arrived


def poll(
    house: House,
    mailbox: Mailbox,
    *,
    now: datetime,
    connection: Connection | None = None,
    thorough: bool = False,
) -> PollResult:
    """Read Sent, INBOX and the mailbox's other folders once; `thorough` compares all mails.

    Sent comes first, so that an answer written elsewhere is known as ours before its copy in
    INBOX is met. Raises MailboxUnreachable, also when the server refused single mails and gave
    all others; what was filed until then stays filed.
    """
    result = PollResult()
    result.add(file_pending(house, mailbox, now=now))
    with _connected(house, mailbox, connection) as open_connection:
        for folder, kind in _folders(open_connection, mailbox):
            try:
                selected = open_connection.select(folder)
                source = Source(
                    mailbox=mailbox,
                    folder=folder,
                    kind=kind,
                    uidvalidity=generations.of(house, mailbox, folder, open_connection, selected),
                    now=now,
                )
                _read_folder(house, source, open_connection, selected, result, thorough)
            except MailboxUnreachable as error:
                if error.kind != "folder" or kind == "inbox":
                    raise
                result.troubles.append(str(error))
    if result.refused:
        raise MailboxUnreachable("refused", REFUSED, n=result.refused)
    cursors.note_good_pass(house, mailbox, now=now)
    return result


@contextmanager
def connected(house: House, mailbox: Mailbox) -> Iterator[Connection]:
    """A signed-in connection to the mailbox's IMAP server. Raises MailboxUnreachable, Invalid."""
    if not mailbox.imap_url:
        raise MailboxUnreachable(
            "address", "{address} has no mail server to read from.", address=mailbox.address
        )
    server = servers.parse(mailbox.imap_url, allow_plaintext=house.settings.allow_plaintext)
    credential = servers.credential(mailbox, server, house.keys)
    if credential is None:
        raise MailboxUnreachable(
            "login", "No user name is set for {address}.", address=mailbox.address
        )
    with imap.connect(server, credential, house.settings) as connection:
        yield connection


@contextmanager
def _connected(
    house: House, mailbox: Mailbox, connection: Connection | None
) -> Iterator[Connection]:
    if connection is not None:
        yield connection
    else:
        with connected(house, mailbox) as fresh:
            yield fresh


def _folders(connection: Connection, mailbox: Mailbox) -> list[tuple[str, str]]:
    sent = connection.sent_folder(mailbox.sent_folder)
    chosen = {"INBOX": "inbox", **dict.fromkeys(json.loads(mailbox.folders), "extra")}
    if sent:
        chosen.pop(sent, None)
        chosen = {sent: "sent", **chosen}
    return list(chosen.items())


def _read_folder(
    house: House,
    source: Source,
    connection: Connection,
    selected: Selected,
    result: PollResult,
    thorough: bool,
) -> None:
    cursor = cursors.open_folder(house, source, selected.exists)
    refused = result.refused
    is_due = thorough or reconcile.is_due(house, cursor, now=source.now)
    wanted, last = _wanted(house, source, connection, cursor)
    _take_in(house, source, connection, wanted, result)
    _complete(house, source, connection, result, everything=is_due)
    if result.refused > refused:
        return
    cursors.close_folder(house, source, selected.exists - cursor.left_out, last)
    on_server, stored, _ = cursors.counts(house, source)
    if is_due or on_server != stored:
        absent = reconcile.missing(house, source, connection)
        _take_in(house, source, connection, absent, result)
    on_server, stored, unreadable = cursors.counts(house, source)
    result.folders.append(
        FolderResult(
            folder=source.folder,
            kind=source.kind,
            server_count=on_server,
            stored=stored,
            unreadable=unreadable,
            uidnext=selected.uidnext,
        )
    )


def _take_in(
    house: House,
    source: Source,
    connection: Connection,
    uids: list[int],
    result: PollResult,
) -> None:
    """Fetch and file; a batch is filed while the next one is fetched."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="filing") as filer:
        under_way: Future[Result] | None = None
        try:
            for stored in batches.fetch(house, source, connection, uids, result):
                failpoint("between the transactions")
                if under_way is not None:
                    result.add(under_way.result())
                under_way = filer.submit(
                    copy_context().run,
                    partial(filing.file_stored, house, source.mailbox, stored, now=source.now),
                )
        finally:
            if under_way is not None:
                result.add(under_way.result())


def _complete(
    house: House, source: Source, connection: Connection, result: PollResult, *, everything: bool
) -> None:
    """Fetch again what came in pieces, of the last days or all of it, and what was asked for."""
    days = timedelta(days=house.settings.rescan_days)
    since = None if everything else source.now - days
    for stored in incomplete.fetch(house, source, connection, since=since):
        result.add(filing.file_stored(house, source.mailbox, [stored], now=source.now))


def _wanted(
    house: House, source: Source, connection: Connection, cursor: Cursor
) -> tuple[list[int], int]:
    """New UIDs, and those of the last days that were missed; never by what others have read.

    What a broken pass, or an earlier one under this UIDVALIDITY, took in already is left out.
    Answers the newest UID on the server as well.
    """
    fresh = connection.uids_after(cursor.last_uid)
    last = max(fresh, default=cursor.last_uid)
    if not cursor.is_scanned and source.mailbox.import_since:
        since = set(connection.uids_since(source.mailbox.import_since.date()))
        fresh = [uid for uid in fresh if uid in since]
    late: list[int] = []
    if cursor.last_uid:
        day = (source.now - timedelta(days=house.settings.rescan_days)).date()
        late = [uid for uid in connection.uids_since(day) if uid <= cursor.last_uid]
    return sorted(cursors.not_stored(house, source, [*late, *fresh])), last
