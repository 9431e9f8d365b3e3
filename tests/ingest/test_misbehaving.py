"""Servers that refuse, garble, break off and begin anew: nothing is lost, nothing is doubled."""

import re
from datetime import datetime, timedelta

import pytest

from inbox import health
from inbox.errors import MailboxUnreachable
from ingest import poll
from tests.conftest import NOON
from tests.ingest.conftest import connect, mail, rows
from tests.ingest.imap_between import GARBLED, HANG_UP, NO, between

SUBJECTS = "select subject from messages where id > 2 order by subject"


def some(count=3, first=0):
    return [
        mail(f"Words {n}", subject=f"Mail {n}", message_id=f"p{n}@customer.test")
        for n in range(first, first + count)
    ]


def subjects(home):
    return [subject for (subject,) in rows(home, SUBJECTS)]


def unless(item, answer, uid=None):
    """Answer commands that fetch `item`, of all mails or those in which `uid` is asked for."""

    def script(command):
        if b"FETCH" not in command or item not in command:
            return None
        asked = re.search(rb"FETCH (\S+)", command)[1]
        return answer if uid is None or uid in uids_of(asked) else None

    return script


def uids_of(asked):
    found = set()
    for part in asked.decode().split(","):
        first, _, last = part.partition(":")
        found.update(range(int(first), int(last or first) + 1))
    return found


@pytest.fixture
def middle(dovecot):
    with between(dovecot) as found:
        yield found


def test_mail_the_server_refuses_for_now_is_fetched_by_a_later_poll(home, dovecot, middle):
    mailbox = connect(home, middle.url)
    dovecot.append(*some())
    middle.answer = unless(b"BODY", NO)

    with pytest.raises(MailboxUnreachable) as trouble:
        poll.poll(home, mailbox, now=NOON)
    assert trouble.value.kind == "refused"
    assert rows(home, "select count(*) from raw_messages") == [(0,)]

    middle.answer = lambda command: None
    assert poll.poll(home, mailbox, now=NOON).filed == 3
    assert subjects(home) == ["Mail 0", "Mail 1", "Mail 2"]


def test_one_refused_mail_stops_no_other_and_comes_later_without_doubling(home, dovecot, middle):
    mailbox = connect(home, middle.url)
    dovecot.append(*some())
    middle.answer = unless(b"BODY", NO, uid=2)

    for _ in range(2):
        with pytest.raises(MailboxUnreachable, match="1 mail"):
            poll.poll(home, mailbox, now=NOON)
        assert subjects(home) == ["Mail 0", "Mail 2"]
    dovecot.append(*some(1, first=3))
    with pytest.raises(MailboxUnreachable):
        poll.poll(home, mailbox, now=NOON)
    assert subjects(home) == ["Mail 0", "Mail 2", "Mail 3"]

    middle.answer = lambda command: None
    assert poll.poll(home, mailbox, now=NOON).read == 1
    assert subjects(home) == ["Mail 0", "Mail 1", "Mail 2", "Mail 3"]


def test_mails_of_garbled_answers_are_shown_each_and_become_whole(home, dovecot, middle):
    mailbox = connect(home, middle.url)
    dovecot.append(*some(2))
    middle.answer = unless(b"BODY", GARBLED)

    result = poll.poll(home, mailbox, now=NOON)

    assert (result.filed, result.known, result.unreadable) == (2, 0, 2)
    assert rows(home, "select state from raw_messages") == [("incomplete",), ("incomplete",)]
    assert rows(home, "select raw_sha256 from messages where id > 2") == [(None,), (None,)]
    before = rows(home, "select id, conversation_id from messages where id > 2 order by id")

    middle.answer = lambda command: None
    again = poll.poll(home, mailbox, now=NOON)

    assert again.filed == 2
    assert subjects(home) == ["Mail 0", "Mail 1"]
    assert rows(home, "select id, conversation_id from messages where id > 2 order by id") == before
    assert rows(home, "select state from raw_messages") == [("filed",), ("filed",)]
    standing = rows(
        home,
        "select subject, contact_address, is_readable from conversations where id > 2 order by id",
    )
    assert standing == [
        ("Mail 0", "nils@customer.test", True),
        ("Mail 1", "nils@customer.test", True),
    ]
    assert rows(home, "select body_text from bodies where message_id > 2 order by 1") == [
        ("Words 0",),
        ("Words 1",),
    ]
    assert poll.poll(home, mailbox, now=NOON).filed == 0


def test_a_mail_whose_body_alone_is_garbled_shows_its_head_until_it_is_whole(home, dovecot, middle):
    mailbox = connect(home, middle.url)
    dovecot.append(*some(2))
    middle.answer = unless(b"BODY.PEEK[]", GARBLED, uid=1)

    assert poll.poll(home, mailbox, now=NOON).unreadable == 1
    assert subjects(home) == ["Mail 0", "Mail 1"]

    middle.answer = lambda command: None
    poll.poll(home, mailbox, now=NOON)

    assert rows(home, "select is_readable, count(*) from messages where id > 2 group by 1") == [
        (True, 2)
    ]
    originals = "select raw_sha256 from messages where id > 2"
    assert rows(home, originals) == rows(home, "select sha256 from raw_messages order by id")
    assert rows(home, "select kind from events order by event_id") == [
        ("received",),
        ("received",),
        ("completed",),
    ]


def test_two_mails_of_which_nothing_is_here_are_two(home, dovecot, middle):
    mailbox = connect(home, middle.url)
    dovecot.append(*some(2))
    middle.answer = unless(b"BODY", GARBLED)
    poll.poll(home, mailbox, now=NOON)
    dovecot.append(*some(1, first=2))

    poll.poll(home, mailbox, now=NOON)

    assert rows(home, "select count(*) from messages where id > 2") == [(3,)]


def test_a_break_in_the_rescan_does_not_stop_the_folder(home, dovecot, middle):
    mailbox = connect(home, middle.url)
    dovecot.append(*some(5))
    poll.poll(home, mailbox, now=NOON)
    dovecot.renumber()
    dovecot.append(*some(1, first=9))
    middle.answer = unless(b"BODY.PEEK[]", HANG_UP)
    with pytest.raises(MailboxUnreachable):
        poll.poll(home, mailbox, now=NOON)

    middle.answer = lambda command: None
    result = poll.poll(home, mailbox, now=NOON)

    assert (result.read, result.filed) == (1, 1)
    assert len(subjects(home)) == 6
    assert poll.poll(home, mailbox, now=NOON).read == 0


def test_an_earlier_uidvalidity_may_come_back(home, dovecot):
    mailbox = connect(home, dovecot.url)
    dovecot.append(*some())
    poll.poll(home, mailbox, now=NOON)
    with home.store.write() as db:
        db.change("folders.begin_generation", mailbox_id=mailbox.id, folder="INBOX", uidvalidity=99)
    dovecot.append(*some(1, first=3))

    result = poll.poll(home, mailbox, now=NOON)

    assert (result.read, result.filed) == (1, 1)
    assert rows(home, "select last_uid from folders where folder = 'INBOX'") == [(4,)]


def test_import_since_holds_after_a_first_poll_that_broke_off(home, dovecot, middle):
    object.__setattr__(home.settings, "batch_messages", 5)
    connect(home, middle.url)
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set import_since = timestamp '2026-02-25' where id = 1")
    mailbox = connect(home, middle.url)
    dovecot.append(*some(8), when=NOON)
    dovecot.append(*some(4, first=20), when=datetime(2020, 3, 2))
    dovecot.append(*some(2, first=30), when=NOON)
    dovecot.append(*some(2, first=40), when=datetime(2020, 3, 2))
    middle.answer = unless(b"BODY", HANG_UP, uid=6)
    with pytest.raises(MailboxUnreachable):
        poll.poll(home, mailbox, now=NOON)
    assert len(subjects(home)) == 5

    middle.answer = lambda command: None
    for _ in range(2):
        poll.poll(home, mailbox, now=NOON)

    assert subjects(home) == sorted([*(f"Mail {n}" for n in range(8)), "Mail 30", "Mail 31"])


def test_an_inbox_that_cannot_be_read_raises_an_alarm_though_sent_can(home, dovecot, middle, ada):
    mailbox = connect(home, middle.url)
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set poll_seconds = 60")
    dovecot.append(*some(1), folder="Skickat")
    dovecot.append(*some(1, first=1))
    poll.poll(home, mailbox, now=NOON)
    middle.answer = lambda command: NO if b"EXAMINE" in command and b"INBOX" in command else None

    def look(minute):
        now = NOON + timedelta(minutes=minute)
        with pytest.raises(MailboxUnreachable):
            poll.poll(home, mailbox, now=now)
        with home.store.read() as db:
            return [a.kind for a in health.alarms(db, ada, home.settings, now=now)]

    assert look(11) == []
    assert look(13) == ["not_polled"]
