"""The running worker on a line that dies while it listens: mail flows again by itself.

A connection that a router has forgotten looks alive for hours. Each mailbox has its own thread,
so that one such line keeps no other mailbox waiting.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from inbox.house import House
from ingest import jail, worker
from tests.faults import imap_account as account
from tests.faults.imap_proxy import Fault, Kind, proxy
from tests.faults.length import rounds
from tests.furniture import SALES, SUPPORT
from tests.ingest.conftest import connect, furnished, mail, rows
from tests.servers import MailServer

PATIENCE = 60


@pytest.fixture(scope="module")
def server(own_dovecot: MailServer) -> MailServer:
    return own_dovecot


@pytest.fixture
def home(tmp_path) -> Iterator[House]:
    """Whose lines are renewed soon and whose mailboxes are looked at soon."""
    opened = furnished(tmp_path / "data")
    rows(opened, "update mailboxes set poll_seconds = 2")
    hasty = replace(opened.settings, idle_renew_seconds=2, read_seconds=1, connect_seconds=1)
    yield replace(opened, settings=hasty)
    jail.close(hasty)
    assert account.is_sound(opened)
    opened.close()


def until(condition, patience=PATIENCE):
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def subjects(home, mailbox_id=SUPPORT):
    found = rows(
        home,
        "select subject from messages where mailbox_id = $id and via = 'imap' and id > 2 "
        "order by subject",
        id=mailbox_id,
    )
    return [subject for (subject,) in found]


def is_listening(mailbox_id=SUPPORT):
    state = worker.state().get(mailbox_id)
    return state is not None and state.is_idle


def hello(n):
    return mail(f"Words {n}", subject=f"Mail {n}", message_id=f"w{n}@customer.test")


@pytest.mark.parametrize("kind", ["cut", "reset", "stall"])
def test_a_line_that_dies_while_it_listens_is_opened_again_and_mail_flows(home, server, kind: Kind):
    server.user = f"listener-{kind}"
    server.append(hello(0))
    with proxy(server) as wire:
        connect(home, wire.url)
        with worker.running(home):
            until(is_listening)
            for n in range(1, 1 + rounds(sample=1, long=4)):
                said = wire.sessions[-1]
                wire.break_now(kind)
                server.append(hello(n))
                until(lambda n=n: len(subjects(home)) == n + 1)
                assert wire.sessions[-1] is not said, "it was read over the line that broke"
    assert subjects(home) == sorted({f"Mail {i}" for i in range(n + 1)})


def test_a_silent_server_delays_no_other_mailbox(home, server):
    server.user = "silent"
    server.append(hello(0))
    with proxy(server) as wire, proxy(server) as other:
        connect(home, wire.url, SUPPORT)
        connect(home, other.url, SALES)
        wire.always = Fault("stall", 120)
        with worker.running(home):
            until(lambda: subjects(home, SALES) == ["Mail 0"], 5)
            until(lambda: is_listening(SALES))
            began = time.monotonic()
            server.append(hello(1))
            until(lambda: subjects(home, SALES) == ["Mail 0", "Mail 1"], 5)
            assert time.monotonic() - began < 5
            until(lambda: worker.state()[SUPPORT].missed_polls >= 1, 10)
            assert subjects(home, SUPPORT) == []
            wire.always = None
            worker.wake()
            until(lambda: subjects(home, SUPPORT) == ["Mail 0", "Mail 1"])
