"""Which numbering of a folder's mails this is: UIDVALIDITY, or more than the server says.

A server may begin its UIDs anew under the same UIDVALIDITY (a folder made again, a restored
backup), which RFC 3501 forbids. Mails under numbers that others had would be taken for known.
"""

from inbox.house import House
from inbox.mailboxes import Mailbox
from ingest.imap import Connection
from ingest.imap_answers import Selected

BEYOND = 2**32
"""UIDVALIDITY is less than this; each untold beginning adds as much to our own number for it."""


def of(
    house: House, mailbox: Mailbox, folder: str, connection: Connection, selected: Selected
) -> int:
    """The number of the open folder's generation: a new one where its UIDs went back."""
    with house.store.read() as db:
        row = next(iter(db.rows("folders.by_name", mailbox_id=mailbox.id, folder=folder)), None)
    if row is None or row[0] % BEYOND != selected.uidvalidity:
        return selected.uidvalidity
    generation, last_uid = int(row[0]), int(row[1])
    return generation + BEYOND * _began_anew(connection, selected, last_uid)


def _began_anew(connection: Connection, selected: Selected, last_uid: int) -> bool:
    """UIDNEXT never goes back (RFC 3501). One that lies below a mail in the folder is just wrong,
    and believing it would read the folder anew at every pass."""
    if selected.uidnext is None or selected.uidnext > last_uid:
        return False
    return all(uid < selected.uidnext for uid in connection.all_uids())
