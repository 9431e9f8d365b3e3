"""Mail servers that give up, refuse, move folders, count wrong or begin anew in mid-session.

Whatever a server does, the poll ends in words for the person who set the mailbox up, and one
sound poll later every mail on the server is here once: none is skipped because it was counted,
numbered or sized wrongly, and none twice because its folder began anew.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from inbox.errors import MailboxUnreachable
from inbox.house import House
from ingest import jail, poll
from tests.conftest import NOON
from tests.faults import imap_account as account
from tests.faults.imap_proxy import Proxy, proxy
from tests.faults.length import some
from tests.ingest.conftest import furnished, mail, rows
from tests.ingest.imap_between import BYE, HANG_UP, NO, between
from tests.servers import MailServer

LATER = NOON + timedelta(minutes=1)
COMMANDS = 15
QUOTA = b"%s NO [OVERQUOTA] Too much was fetched today\r\n"
BUSY = b"%s NO [UNAVAILABLE] Temporary failure\r\n"
BAD = b"%s BAD Error in IMAP command\r\n"
ANSWERS = {
    "bye": BYE,
    "hang up": HANG_UP,
    "quota": QUOTA,
    "unavailable": BUSY,
    "no": NO,
    "bad": BAD,
}


@pytest.fixture(scope="module")
def server(own_dovecot: MailServer) -> MailServer:
    account.fill(own_dovecot)
    return own_dovecot


@pytest.fixture
def fresh(server) -> Iterator[MailServer]:
    """The same server, and an account that the test may change."""
    shared, server.user = server.user, f"fresh{next(_users)}"
    account.fill(server)
    yield server
    server.user = shared


_users = iter(range(1, 1000))


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[House]:
    opened = furnished(tmp_path_factory.mktemp("server") / "data")
    hurried = replace(opened, settings=replace(opened.settings, read_seconds=2.0))
    yield hurried
    jail.close(hurried.settings)
    assert account.is_sound(opened)
    opened.close()


@pytest.fixture(scope="module")
def wire(server) -> Iterator[Proxy]:
    with proxy(server) as found:
        yield found


def polled(home, mailbox, now=NOON) -> bool:
    """Whether the pass went through; anything but MailboxUnreachable is a bug."""
    try:
        poll.poll(home, mailbox, now=now)
    except MailboxUnreachable:
        return False
    return True


def once_each(home, mailbox, server, *, folders=(account.SENT, "INBOX")) -> None:
    """Every mail of the server is here under its number, and is one message."""
    held = account.held(server, folders)
    assert account.here(home, mailbox) == held
    assert account.unfiled(home, mailbox) == []
    assert account.shown(home, mailbox) == Counter({digest: 1 for *_, digest in held})


@pytest.mark.parametrize(
    ("nth", "answer"), some([(nth, each) for nth in range(COMMANDS) for each in ANSWERS], 11)
)
def test_a_server_that_refuses_or_leaves_at_any_command_is_read_by_the_next_poll(
    home, server, nth, answer
):
    with between(server) as middle:
        mailbox = account.another_mailbox(home, middle.url)
        left = iter([None] * nth + [ANSWERS[answer]])
        middle.answer = lambda command: next(left, None)
        polled(home, mailbox)
        assert next(left, "over") == "over", "the session was over before this command"
        middle.answer = lambda command: None
        assert polled(home, mailbox, LATER)
    once_each(home, mailbox, server)


def test_a_restart_of_the_server_in_mid_session_costs_one_poll_and_no_mail(home, server):
    mailbox = account.another_mailbox(home, server.url)
    with between(server) as middle:
        through = account.another_mailbox(home, middle.url)

        def restart(command):
            if b"BODY.PEEK[]" in command and not begun.is_set():
                begun.set()
                server.restart()
                is_back.set()

        begun, is_back = threading.Event(), threading.Event()
        middle.answer = restart
        assert not polled(home, through)
        assert is_back.wait(10)
        for each in (through, mailbox):
            assert polled(home, each, LATER)
            once_each(home, each, server)


@pytest.mark.parametrize("word", [b"SELECT", b"EXAMINE", b"SEARCH", b"RFC822.SIZE", b"BODY"])
@pytest.mark.parametrize("way", ["renamed", "deleted"])
def test_a_folder_that_goes_in_mid_session_stops_no_other_and_loses_nothing(home, fresh, word, way):
    """Its mails stay here; where they lie under another name they are known there."""
    fresh.append(mail("Claim 7", message_id="claim7@customer.test"), folder="Claims")
    with between(fresh) as middle:
        mailbox = extra(home, account.another_mailbox(home, middle.url), '["Claims"]')
        gone = []

        def go(command):
            if b"Claims" in command:
                gone.append("selected")
            if gone and word in command and "gone" not in gone:
                gone.append("gone")
                with fresh.client() as client:
                    if way == "renamed":
                        client.rename_folder("Claims", "Cases")
                    else:
                        client.delete_folder("Claims")

        middle.answer = go
        polled(home, mailbox)
        assert "gone" in gone or word == b"SELECT"
        middle.answer = lambda command: None
        polled(home, mailbox, LATER)
        if way == "renamed":
            with fresh.client() as client:
                if client.folder_exists("Cases"):
                    client.rename_folder("Cases", "Claims")
            assert polled(home, mailbox, LATER + timedelta(minutes=1))
            once_each(home, mailbox, fresh, folders=(account.SENT, "INBOX", "Claims"))
        else:
            inbox_and_sent = account.held(fresh)
            here = account.here(home, mailbox)
            assert {k: here[k] for k in inbox_and_sent} == dict(inbox_and_sent)


def extra(home, mailbox, folders):
    rows(
        home,
        "update mailboxes set folders = $folders where id = $id",
        folders=folders,
        id=mailbox.id,
    )
    return replace(mailbox, folders=folders)


def swap(pattern: bytes, new: bytes):
    return lambda line: re.sub(pattern, new, line)


SIZE = rb"RFC822\.SIZE \d+"
BROKE_ONCE = {
    "size negative": swap(SIZE, b"RFC822.SIZE -1"),
    "size no number": swap(SIZE, b"RFC822.SIZE many"),
    "size nil": swap(SIZE, b"RFC822.SIZE NIL"),
    "size in brackets": swap(SIZE, b"RFC822.SIZE (12)"),
    "no uidvalidity": swap(rb".*UIDVALIDITY.*\r\n", b""),
    "no exists": swap(rb"\* \d+ EXISTS\r\n", b""),
    "flags nil": swap(rb"FLAGS \([^)]*\) ?", b"FLAGS NIL "),
    "flags no list": swap(rb"FLAGS \([^)]*\) ?", b"FLAGS 7 "),
    "date no text": swap(rb'INTERNALDATE "[^"]*"', b"INTERNALDATE 7"),
    "search strangers": swap(rb"\* SEARCH ", b"* SEARCH 0 4294967295 "),
}
ODD = {
    "size 0": swap(SIZE, b"RFC822.SIZE 0"),
    "size 1": swap(SIZE, b"RFC822.SIZE 1"),
    "size too small by one": swap(rb"RFC822\.SIZE (\d+)", rb"RFC822.SIZE 9"),
    "size 9 MB": swap(SIZE, b"RFC822.SIZE 9000000"),
    "size missing": swap(SIZE + b" ?", b""),
    "uidvalidity no number": swap(rb"UIDVALIDITY \d+", b"UIDVALIDITY soon"),
    "exists no number": swap(rb"\* \d+ EXISTS", b"* many EXISTS"),
    "exists too few": swap(rb"\* \d+ EXISTS", b"* 1 EXISTS"),
    "exists too many": swap(rb"\* \d+ EXISTS", b"* 999 EXISTS"),
    "no uidnext": swap(rb".*UIDNEXT.*\r\n", b""),
    "uidnext nil": swap(rb"UIDNEXT \d+", b"UIDNEXT NIL"),
    "uidnext no number": swap(rb"UIDNEXT \d+", b"UIDNEXT soon"),
    "flags missing": swap(rb"FLAGS \([^)]*\) ?", b""),
    "flags odd": swap(rb"FLAGS \(", b'FLAGS (NIL 7 "" ('),
    "date nil": swap(rb'INTERNALDATE "[^"]*"', b"INTERNALDATE NIL"),
    "date odd": swap(rb'INTERNALDATE "[^"]*"', b'INTERNALDATE "31-Feb-2026 99:00:00 +0000"'),
    "date far off": swap(rb'INTERNALDATE "[^"]*"', b'INTERNALDATE "01-Jan-0001 00:00:00 +1400"'),
    "search nothing": swap(rb"\* SEARCH.*\r\n", b"* SEARCH\r\n"),
    "search silent": swap(rb"\* SEARCH.*\r\n", b""),
    "search words": swap(rb"\* SEARCH.*\r\n", b"* SEARCH all of them\r\n"),
    "search twice": swap(rb"\* SEARCH (.*)\r\n", b"* SEARCH \\1\r\n* SEARCH \\1\r\n"),
    "uid missing": swap(rb"UID \d+ ", b""),
    "uid no number": swap(rb"UID \d+ ", b"UID one "),
    "uid of none": swap(rb"UID \d+ ", b"UID 77 "),
    "body nil": swap(rb"BODY\[\] \{\d+\}", b"BODY[] NIL"),
    "body too long": swap(rb"BODY\[\] \{(\d+)\}", rb"BODY[] {1\1}"),
    "body too short": swap(rb"BODY\[\] \{\d+\}", b"BODY[] {5}"),
    "body without length": swap(rb"BODY\[\] \{\d+\}", b"BODY[] {}"),
    "list odd": swap(rb"\* LIST \(.*\r\n", b"* LIST\r\n"),
    "list no name": swap(rb"\* LIST (\(.*?\)) .*\r\n", rb"* LIST \1 NIL NIL" + b"\r\n"),
    "capability odd": swap(rb"CAPABILITY [^\]\r]*", b"CAPABILITY \xff\xfe"),
    "latin1 everywhere": swap(rb"completed", b"termin\xe9"),
    "expunged meanwhile": swap(rb"(\S+ OK Fetch)", rb"* 1 EXPUNGE" + b"\r\n" + rb"\1"),
    "no such code": swap(rb"OK \[", b"OK [X-STRANGE {3} "),
}


@pytest.mark.parametrize("line", [*BROKE_ONCE, *some(list(ODD), 7)])
def test_answers_that_are_odd_or_wrong_end_in_words_and_hide_no_mail(home, server, wire, line):
    mailbox = account.another_mailbox(home, wire.url)
    wire.change = (BROKE_ONCE | ODD)[line]
    try:
        polled(home, mailbox)
    finally:
        wire.change = None
    assert polled(home, mailbox, LATER)
    once_each(home, mailbox, server)
