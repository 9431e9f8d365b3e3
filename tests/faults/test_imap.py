"""The wire to the mail server breaks at any byte: what a later poll finds is what is there.

Mails lost or doubled after a dropped connection are the oldest complaint about shared inboxes.
Each break is followed by one poll over a sound wire; then the server's mails are counted against
ours by UID and by bytes, and the conversations compared with those of an undisturbed mailbox.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from inbox.errors import MailboxUnreachable
from inbox.house import House
from ingest import jail, poll
from tests.conftest import NOON
from tests.faults import imap_account as account
from tests.faults.imap_lines import points
from tests.faults.imap_proxy import Fault, Kind, Proxy, Way, proxy
from tests.faults.length import rounds
from tests.ingest.conftest import furnished
from tests.servers import MailServer

SLACK = 40
"""Servers tell in some answers how long they took: no two sessions are of quite one length."""


@pytest.fixture(scope="module")
def server(own_dovecot: MailServer) -> MailServer:
    account.fill(own_dovecot)
    return own_dovecot


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[House]:
    opened = furnished(tmp_path_factory.mktemp("wire") / "data")
    yield opened
    jail.close(opened.settings)
    opened.close()


@pytest.fixture(scope="module")
def wire(server) -> Iterator[Proxy]:
    with proxy(server) as found:
        yield found


@pytest.fixture(scope="module")
def truth(server, home, wire):
    """What the server holds, its marks, and how a mailbox looks that nothing disturbed."""
    undisturbed = account.another_mailbox(home, server.url)
    poll.poll(home, undisturbed, now=NOON)
    return account.held(server), account.marks(server), account.picture(home, undisturbed)


@pytest.fixture(scope="module")
def session(home, wire, truth):
    """The words of one whole session over the sound wire, of the server and of the client."""
    poll.poll(home, account.another_mailbox(home, wire.url), now=NOON)
    return wire.sessions[-1]


def places(session, way: Way, count: int, first: int = 0) -> list[int]:
    """So many bytes of the session, evenly over its commands and answers and some way into its
    literals, beginning with the first."""
    said = bytes(getattr(session, way))[:-SLACK]
    found = points(said, literal_step=50)
    return [found[(n * len(found) + first) // count] for n in range(count)]


def broken(home: House, wire: Proxy, fault: Fault):
    """A new mailbox whose first poll meets the fault; answers it, and whether the poll told."""
    mailbox = account.another_mailbox(home, wire.url)
    wire.fault = fault
    try:
        poll.poll(home, mailbox, now=NOON)
    except MailboxUnreachable:
        return mailbox, True
    finally:
        assert fault.is_reached, f"the session ended before byte {fault.at}"
    return mailbox, False


def mended(home: House, mailbox, server: MailServer, truth) -> None:
    """One more poll, and nothing is lost, doubled, torn or changed on the server."""
    mails, _, picture = truth
    poll.poll(home, mailbox, now=NOON + timedelta(minutes=1))
    assert account.here(home, mailbox) == mails
    assert account.unfiled(home, mailbox) == []
    assert account.picture(home, mailbox) == picture


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("way", "share"), [("server", 1.0), ("client", 0.2)])
@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_a_line_that_ends_at_any_byte_loses_no_mail_and_doubles_none(
    home, server, wire, truth, session, kind: Kind, way: Way, share
):
    count = int(rounds(sample=20, long=400) * share)
    told = 0
    for at in places(session, way, count, first=0 if kind == "cut" else 7):
        mailbox, has_told = broken(home, wire, Fault(kind, at, way))
        told += has_told
        mended(home, mailbox, server, truth)
    assert told >= count * 0.9, "a poll that was cut short told nobody"
    assert account.marks(server) == truth[1]
    assert account.held(server) == truth[0]
    assert account.is_sound(home)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("way", "share"), [("server", 1.0), ("client", 0.3)])
def test_a_server_that_falls_silent_at_any_byte_is_given_up_and_read_later(
    home, server, wire, truth, session, way: Way, share
):
    hasty = replace(home, settings=replace(home.settings, read_seconds=0.4, connect_seconds=0.4))
    for at in places(session, way, int(rounds(sample=4, long=60) * share), first=3):
        mailbox, has_told = broken(hasty, wire, Fault("stall", at, way))
        assert has_told
        mended(home, mailbox, server, truth)
    assert account.marks(server) == truth[1]
    assert account.is_sound(home)
    jail.close(hasty.settings)


def test_an_answer_that_comes_byte_by_byte_is_read_whole(home, server, wire, truth):
    mailbox = account.another_mailbox(home, wire.url)
    wire.a_byte_a_time = True
    try:
        mended(home, mailbox, server, truth)
    finally:
        wire.a_byte_a_time = False
