"""Servers that number their mails anew, say so or not, while the line breaks again and again.

A folder restored from a backup or moved to another server is where a cursor fails: old mail comes
twice, or new mail hides behind numbers that are taken for known.
"""

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from inbox.errors import MailboxUnreachable
from inbox.house import House
from ingest import jail, poll
from ingest.line import Line
from tests import servers
from tests.conftest import NOON
from tests.faults import imap_account as account
from tests.faults.imap_proxy import Fault, proxy
from tests.faults.length import rounds
from tests.ingest.conftest import furnished, mail, rows
from tests.servers import MailServer

INBOX = ("INBOX",)


_users = iter(range(1, 1000))
_mails = iter(range(1, 100_000))


@pytest.fixture
def server(own_dovecot) -> MailServer:
    own_dovecot.user = f"user{next(_users)}"
    return own_dovecot


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[House]:
    opened = furnished(tmp_path_factory.mktemp("numbers") / "data")
    yield opened
    jail.close(opened.settings)
    assert account.is_sound(opened)
    opened.close()


def another() -> bytes:
    n = next(_mails)
    return mail("Words " * (n % 700), subject=f"Mail {n}", message_id=f"n{n}@customer.test")


def after(minutes: float):
    return NOON + timedelta(minutes=minutes)


def number_anew(server: MailServer, uidvalidity: int, *mails: bytes) -> None:
    """INBOX is made anew and holds these mails, from UID 1 on, under this UIDVALIDITY."""
    shutil.rmtree(server.config.parent / "mail" / server.user / "Maildir")
    servers.doveadm(server, "mailbox", "create", "-u", server.user, "INBOX")
    number = ("--uid-validity", str(uidvalidity), "INBOX")
    servers.doveadm(server, "mailbox", "update", "-u", server.user, *number)
    server.append(*mails)


def once_each(home, mailbox, server, also=()) -> None:
    held = account.held(server, INBOX)
    assert account.here(home, mailbox) == held
    assert account.unfiled(home, mailbox) == []
    digests = {digest for *_, digest in held} | set(also)
    assert account.shown(home, mailbox) == Counter(dict.fromkeys(digests, 1))


def uidvalidity_of(server) -> int:
    with server.client() as client:
        return client.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"]


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("is_told", [True, False], ids=["told", "untold"])
def test_other_mails_under_used_numbers_are_new_mails(home, server, is_told, count):
    """Told by another UIDVALIDITY, or only by a UIDNEXT that went back. A folder that grew beyond
    its old UIDNEXT before anybody looked, and says nothing, cannot be told from the old one."""
    server.append(*(another() for _ in range(5)))
    mailbox = account.another_mailbox(home, server.url)
    poll.poll(home, mailbox, now=NOON)
    before = account.shown(home, mailbox)

    kept = account.raws(server)[:1]
    number = uidvalidity_of(server) + is_told
    number_anew(server, number, *kept, *(another() for _ in range(count)))
    for minutes in (1, 2):
        poll.poll(home, mailbox, now=after(minutes))
        once_each(home, mailbox, server, also=before)

    number_anew(server, number, *(another() for _ in range(count)))
    poll.poll(home, mailbox, now=after(3))
    once_each(home, mailbox, server, also=account.shown(home, mailbox))
    assert sum(account.shown(home, mailbox).values()) == 5 + 2 * count


def test_a_server_whose_next_number_is_always_wrong_is_not_read_anew_without_end(home, server):
    server.append(*(another() for _ in range(3)))
    with proxy(server) as wire:
        wire.change = lambda line: line.replace(b"UIDNEXT 4", b"UIDNEXT 2")
        mailbox = account.another_mailbox(home, wire.url)
        for minutes in range(3):
            poll.poll(home, mailbox, now=after(minutes))
    assert rows(
        home, "select count(*) from raw_messages where mailbox_id = $id", id=mailbox.id
    ) == [(3,)]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(rounds(sample=2, long=8)))
def test_a_growing_mailbox_on_a_bad_line_is_read_to_the_last_mail(home, server, seed):
    """One line kept open, as the worker does, that breaks at bytes drawn by lot while mail
    arrives, is deleted, and the folder is numbered anew."""
    lot = random.Random(seed)
    server.append(another())
    broken = 0
    with proxy(server) as wire:
        mailbox = account.another_mailbox(home, wire.url)
        line = Line(home, mailbox)
        for minutes in range(rounds(sample=12, long=40)):
            change(server, lot)
            kind = lot.choice(["cut", "reset"])
            way = lot.choice(["server", "server", "client"])
            fault = Fault(kind, lot.randrange(2500 if way == "server" else 350), way)
            if lot.random() < 0.8:
                line.hang_up()
                wire.fault = fault
            with suppress(MailboxUnreachable):
                line.poll(now=after(minutes))
            broken += fault.is_reached
            wire.fault = None
        line.hang_up()
        poll.poll(home, mailbox, now=after(100))
    assert broken >= 4
    once_each(home, mailbox, server, also=account.shown(home, mailbox))


def change(server: MailServer, lot: random.Random) -> None:
    what = lot.random()
    if what < 0.75:
        server.append(*(another() for _ in range(lot.randrange(1, 4))))
    elif what < 0.85:
        server.expunge("INBOX", [lot.randrange(1, 8)])
    elif what < 0.95:
        number_anew(server, uidvalidity_of(server) + 1, *account.raws(server), another())
