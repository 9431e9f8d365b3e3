"""Fetch mails so that each stands or falls alone.

Two troubles look alike and are not. A server that refuses (`NO`, `BAD`) may give the mail a
minute later: nothing is recorded, so that a later poll asks again. An answer that is no proper
IMAP will be no better next time: what can be had of that mail is kept, and shown as not whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inbox.errors import MailboxUnreachable
from ingest.imap import Connection
from ingest.imap_answers import Fetched

OF_ONE_MAIL = ("refused", "protocol")
MOST_REFUSED = 25
"""So many refusals without one mail in between: the trouble is the server, not its mails."""


@dataclass(slots=True)
class Obtained:
    mails: dict[int, Fetched] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)


def bodies(connection: Connection, uids: Sequence[int]) -> Obtained:
    """Whole mails; where the server does not give them all, halves, down to the one it spoils."""
    obtained = Obtained()
    waiting = [list(uids)] if uids else []
    while waiting:
        some = waiting.pop()
        try:
            obtained.mails.update(connection.fetch(some))
            continue
        except MailboxUnreachable as error:
            if error.kind not in OF_ONE_MAIL:
                raise
            trouble = error
        middle = len(some) // 2
        if middle:
            waiting += [some[middle:], some[:middle]]
        elif trouble.kind == "protocol":
            _add_head(connection, some, obtained)
        else:
            obtained.refused += some
            if not obtained.mails and len(obtained.refused) >= MOST_REFUSED:
                raise trouble
    return obtained


def heads(connection: Connection, uids: list[int]) -> Obtained:
    """Header blocks of mails that are too big to fetch unasked."""
    obtained = Obtained()
    for uid in uids:
        _add_head(connection, [uid], obtained)
    return obtained


def _add_head(connection: Connection, one: list[int], obtained: Obtained) -> None:
    try:
        obtained.mails.update(connection.fetch_headers(one))
    except MailboxUnreachable as error:
        if error.kind not in OF_ONE_MAIL:
            raise
        if error.kind == "refused":
            obtained.refused += one
            return
        nothing = Fetched(raw=b"", flags=(), server_date=None, size_bytes=0, is_whole=False)
        obtained.mails[one[0]] = nothing
