"""Mailboxes on real servers, and mails made of few words."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox import mailboxes
from inbox.house import House
from inbox.mailboxes import Mailbox
from inbox.settings import Settings
from ingest import batches, cursors, filing, jail, poll
from ingest.cursors import Source
from ingest.imap_answers import Fetched
from tests import furniture, houses, servers
from tests.conftest import NOON
from tests.servers import MailServer

_users = itertools.count(1)
_uids = itertools.count(1)


@pytest.fixture(scope="session")
def one_dovecot() -> Iterator[MailServer]:
    if servers.DOVECOT is None:
        pytest.skip(servers.HOW_TO_GET_DOVECOT)
    with servers.dovecot() as server:
        yield server


@pytest.fixture
def dovecot(one_dovecot: MailServer) -> MailServer:
    """An account nobody used before."""
    one_dovecot.user = f"user{next(_users)}"
    return one_dovecot


@pytest.fixture(params=["dovecot", "pymap"])
def server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    if request.param == "dovecot":
        yield request.getfixturevalue("dovecot")
    else:
        with servers.pymap() as found:
            yield found


def furnished(data: Path) -> House:
    """A house of its own, for a module."""
    return houses.furnished(Settings(data=data), now=NOON)


@pytest.fixture
def home(home: House) -> Iterator[House]:
    yield home
    jail.close(home.settings)


def connect(home: House, url: str | None, mailbox_id: int = furniture.SUPPORT) -> Mailbox:
    """Give one of the house's mailboxes a server."""
    with home.store.export() as cursor:
        cursor.execute(
            "update mailboxes set imap_url = $url, secret = $secret where id = $id",
            {"url": url, "secret": home.keys.encrypt(servers.PASSWORD), "id": mailbox_id},
        )
    with home.store.read() as db:
        found = mailboxes.by_id(db, mailbox_id)
    assert found
    return found


def rows(home: House, sql: str, **params: object) -> list[tuple]:
    with home.store.export() as cursor:
        return cursor.execute(sql, params).fetchall()


def mail(
    words: str = "Hello",
    *,
    subject: str = "Printer",
    sender: str = "Nils Berg <nils@customer.test>",
    to: str = "support@example.com",
    message_id: str | None = "p1@customer.test",
    date: str = "Mon, 02 Mar 2026 10:00:00 +0000",
    more: str = "",
) -> bytes:
    """A plain mail; `more` are further header lines."""
    head = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Date: {date}"]
    if message_id is not None:
        head.append(f"Message-ID: <{message_id}>" if message_id else "Message-ID:")
    head += [line for line in more.splitlines() if line]
    head.append("Content-Type: text/plain; charset=utf-8")
    return "\r\n".join([*head, "", words, ""]).encode()


def deliver(
    home: House, *mails: bytes, sent: bool = False, mailbox_id=1, now=NOON, arrived=None
) -> list[tuple]:
    """File mails as a poll of INBOX (or Sent) at `now` would, without a server; they came to it
    when they `arrived`, or just now.

    Answers (conversation_id, thread_reason) of each mail that became a message, in order.
    """
    mailbox = connect(home, None, mailbox_id)
    source = Source(
        mailbox=mailbox,
        folder="Sent" if sent else "INBOX",
        kind="sent" if sent else "inbox",
        uidvalidity=1,
        now=now,
    )
    cursors.open_folder(home, source, len(mails))
    before = rows(home, "select max(id) from messages")[0][0]
    fetched = {
        next(_uids): Fetched(raw=raw, flags=(), server_date=arrived or now, size_bytes=len(raw))
        for raw in mails
    }
    stored = batches.keep(home, source, fetched, poll.PollResult())
    filing.file_stored(home, mailbox, stored, now=now)
    return rows(
        home,
        "select conversation_id, thread_reason from messages where id > $before order by id",
        before=before,
    )
