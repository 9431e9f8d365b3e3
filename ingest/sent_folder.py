"""The Sent folder: did somebody answer from another mail program?"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Self

from inbox import families, message_ids
from inbox.errors import InboxError, MailboxUnreachable
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.outgoing import Parcel
from ingest import imap, servers
from ingest.imap import Connection

LOOK_BACK_DAYS = 2
NEWEST = 200


def holds_an_answer(house: House, mailbox: Mailbox, parcel: Parcel) -> bool:
    """Whether Sent holds a reply to this conversation that Delad has not filed yet.

    Looks at the newest mails of the last two days. Raises MailboxUnreachable.
    """
    with house.store.read() as db:
        family = families.of(db, parcel.conversation_id or 0)
        filed = set(db.column("outbox.filed_ids", family=family.ids))
    with _connect(house, mailbox) as connection:
        folder = connection.sent_folder(mailbox.sent_folder)
        if folder is None:
            return False
        connection.select(folder)
        since = (parcel.queued_at - timedelta(days=LOOK_BACK_DAYS)).date()
        newest = connection.uids_since(since)[-NEWEST:]
        found = connection.fetch_headers(newest)
    return any(_answers(house, header.raw, filed) for header in found.values())


class Way:
    """The way to a Sent folder: opened when first asked for, and anew after it broke. A server
    that refused it is not called again."""

    def __init__(self, house: House, mailbox: Mailbox) -> None:
        self._house = house
        self._mailbox = mailbox
        self._stack = ExitStack()
        self._found: tuple[Connection, str | None] | None = None
        self._down: InboxError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        self._hang_up()

    @contextmanager
    def open(self) -> Iterator[tuple[Connection, str | None]]:
        """The connection and the folder's name, None when there is none. Raises InboxError."""
        found = self._opened()
        try:
            yield found
        except MailboxUnreachable as error:
            if error.kind != "folder":
                self._hang_up()
            raise

    def _opened(self) -> tuple[Connection, str | None]:
        if self._down is not None:
            raise self._down
        if self._found is None:
            try:
                connection = self._stack.enter_context(_connect(self._house, self._mailbox))
                self._found = connection, connection.sent_folder(self._mailbox.sent_folder)
            except InboxError as error:
                self._down = error
                raise
        return self._found

    def _hang_up(self) -> None:
        self._found = None
        self._stack.close()


def _connect(house: House, mailbox: Mailbox) -> AbstractContextManager[Connection]:
    server = servers.parse(mailbox.imap_url or "", allow_plaintext=house.settings.allow_plaintext)
    credential = servers.credential(mailbox, server, house.keys)
    if credential is None:
        raise MailboxUnreachable(
            "login", "{address} has no user name for IMAP.", address=mailbox.address
        )
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
