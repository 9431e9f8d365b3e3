"""Compare a folder's mails on the server with ours, one by one.

The cursor tells what is new, and the re-scan looks back some days. What slipped through both, or
left the server since, is found here: at the first pass after a start, every few hours, and
whenever the two counts disagree. So “on server n, stored n” agree when all is well.
"""

from datetime import datetime, timedelta

from inbox.house import House
from ingest import cursors
from ingest.cursors import Cursor, Source
from ingest.imap import Connection


def is_due(house: House, cursor: Cursor, *, now: datetime) -> bool:
    every = timedelta(hours=house.settings.reconcile_hours)
    return cursor.reconciled_at is None or abs(now - cursor.reconciled_at) >= every


def missing(house: House, source: Source, connection: Connection) -> list[int]:
    """The UIDs of mails that are on the server and should be here, and are not.

    Notes which of ours have left the server: they stay here, and no longer count as stored.
    """
    on_server = set(connection.all_uids())
    here = cursors.stored_uids(house, source)
    absent = on_server - here.keys()
    left_out = 0
    if absent and source.mailbox.import_since:
        since = set(connection.uids_since(source.mailbox.import_since.date()))
        left_out = len(absent - since)
        absent &= since
    cursors.note_comparison(
        house,
        source,
        gone=[uid for uid, is_gone in here.items() if not is_gone and uid not in on_server],
        back=[uid for uid, is_gone in here.items() if is_gone and uid in on_server],
        server_count=len(on_server) - left_out,
        left_out=left_out,
    )
    return sorted(absent)
