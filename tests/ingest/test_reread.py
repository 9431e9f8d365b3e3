"""What could not be read, or is not here whole, becomes whole in its own message."""

import pytest

from inbox import agents, messages, rereading, verify
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.store import StoreError
from ingest import archive, filing, jail, poll, reread, worker
from tests import furniture
from tests.conftest import NOON
from tests.ingest.conftest import connect, mail, rows
from tests.ingest.imap_between import GARBLED, between
from tests.ingest.test_worker import until

PARTS = """--x
Content-Type: text/plain

Whole words
--x
Content-Type: application/pdf; name=a.pdf
Content-Disposition: attachment; filename=a.pdf
Content-Transfer-Encoding: base64

QUJD
--x--
"""
STATE = "select state from raw_messages order by id"


def big(message_id="big@customer.test", more=""):
    head = mail("", subject="Huge", message_id=message_id, more=more).split(b"Content-Type")[0]
    words = PARTS.replace("Whole words", f"Whole words {'x' * 5000}").replace("\n", "\r\n")
    return head + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + words.encode()


def message(home):
    (found,) = rows(
        home,
        "select m.id, m.conversation_id, m.is_readable, m.attachment_count, b.body_text "
        "from messages m join bodies b on b.message_id = m.id where m.id > 2",
    )
    return found


def ask(home, message_id, agent_id=furniture.BO):
    with home.store.write() as db:
        rereading.read_again(db, agents.by_id(db, agent_id), message_id, now=NOON)


def kinds(home):
    return [k for (k,) in rows(home, "select kind from events where kind <> 'received'")]


@pytest.fixture
def sound(home):
    """Nothing that a test does leaves the house with a fault it had not before."""
    before = {(f.subject, f.fault) for f in verify.verify(home.store)}
    yield
    assert {(f.subject, f.fault) for f in verify.verify(home.store)} <= before


@pytest.fixture
def unreadable(home, monkeypatch):
    """A good mail that the jail gave up, this once."""
    mailbox = connect(home, None)
    real = jail.Jail.parse_all
    monkeypatch.setattr(jail.Jail, "parse_all", lambda self, raws: [None for _ in raws])
    path = home.settings.data / "a.eml"
    path.write_bytes(big())
    archive.import_paths(home, mailbox, [path], [], now=NOON)
    monkeypatch.setattr(jail.Jail, "parse_all", real)
    return mailbox


def test_a_mail_over_the_cap_is_fetched_when_somebody_wants_it(home, server, sound):
    object.__setattr__(home.settings, "message_cap_bytes", 2_000)
    mailbox = connect(home, server.url)
    server.append(big())
    poll.poll(home, mailbox, now=NOON)
    message_id, conversation_id, is_readable, files, _ = message(home)
    assert (is_readable, files, rows(home, STATE)) == (False, 0, [("too_big",)])
    poll.poll(home, mailbox, now=NOON)
    assert rows(home, STATE) == [("too_big",)], "not by itself"

    ask(home, message_id)
    poll.poll(home, mailbox, now=NOON)

    assert message(home)[:4] == (message_id, conversation_id, True, 1)
    assert message(home)[4].startswith("Whole words")
    assert rows(home, STATE) == [("filed",)]
    (whole,) = [place for place, about in home.raw.records() if about["is_whole"]]
    assert home.raw.read(whole) == big()
    assert rows(home, "select raw_sha256 from messages where id > 2") == [(whole.sha256,)]
    assert kinds(home) == ["read_again", "completed"]
    ((readable, count),) = rows(
        home, "select is_readable, attachment_count from conversations where id > 2"
    )
    assert (readable, count) == (True, 1)
    assert poll.poll(home, mailbox, now=NOON).read == 0


def test_a_good_mail_that_was_given_up_once_is_parsed_again(home, unreadable, sound):
    message_id, _, is_readable, *_ = message(home)
    assert is_readable is False
    ask(home, message_id)

    filing.file_pending(home, unreadable, now=NOON)

    assert message(home)[2:4] == (True, 1)
    assert kinds(home)[-2:] == ["read_again", "completed"]


def test_the_worker_does_it_at_once(home, dovecot):
    object.__setattr__(home.settings, "message_cap_bytes", 2_000)
    connect(home, dovecot.url)
    dovecot.append(big())
    with worker.running(home):
        until(lambda: rows(home, "select id from messages where id > 2"))
        ask(home, message(home)[0])
        until(lambda: message(home)[2])


def test_the_worker_does_it_for_imported_mail_too(home, unreadable):
    with worker.running(home):
        ask(home, message(home)[0])
        until(lambda: message(home)[2])


def test_a_crash_before_the_message_is_filled_in_loses_nothing(home, dovecot, monkeypatch, sound):
    object.__setattr__(home.settings, "message_cap_bytes", 2_000)
    mailbox = connect(home, dovecot.url)
    dovecot.append(big())
    poll.poll(home, mailbox, now=NOON)
    ask(home, message(home)[0])
    real = filing.file_stored

    def crash(*_args, **_about):
        raise KeyboardInterrupt

    monkeypatch.setattr(filing, "file_stored", crash)
    with pytest.raises(KeyboardInterrupt):
        poll.poll(home, mailbox, now=NOON)
    monkeypatch.setattr(filing, "file_stored", real)

    assert filing.file_pending(home, mailbox, now=NOON).filed == 1
    assert message(home)[2]


def test_what_fails_again_is_told_and_can_be_asked_for_again(home, unreadable, monkeypatch):
    message_id = message(home)[0]
    monkeypatch.setattr(jail.Jail, "parse_all", lambda self, raws: [None for _ in raws])
    for _ in range(2):
        ask(home, message_id)
        assert filing.file_pending(home, unreadable, now=NOON).unreadable == 1
    assert message(home)[2] is False
    assert kinds(home)[-4:] == ["read_again", "not_completed"] * 2


def test_a_mail_the_store_refuses_again_stands_in_nobodys_way(home, unreadable, monkeypatch):
    def refuse(*_args):
        raise StoreError("no")

    monkeypatch.setattr(messages, "rewrite", refuse)
    ask(home, message(home)[0])

    assert filing.file_pending(home, unreadable, now=NOON).unreadable == 1
    assert rows(home, STATE) == [("unreadable",)]


def test_a_mail_that_left_the_server_cannot_be_had_and_stays_as_it_is(home, dovecot):
    object.__setattr__(home.settings, "message_cap_bytes", 2_000)
    mailbox = connect(home, dovecot.url)
    dovecot.append(big())
    poll.poll(home, mailbox, now=NOON)
    dovecot.expunge("INBOX", [1])
    ask(home, message(home)[0])

    poll.poll(home, mailbox, now=NOON)

    assert message(home)[2] is False
    assert kinds(home) == ["read_again", "not_completed"]


def test_asking_twice_asks_once_and_readers_may_not(home, unreadable):
    message_id = message(home)[0]
    with pytest.raises(NotAllowed):
        ask(home, message_id, furniture.CY)
    with pytest.raises(NotFound):
        ask(home, message_id, furniture.EVE)
    ask(home, message_id)
    ask(home, message_id)
    assert kinds(home).count("read_again") == 1


def test_a_big_mail_without_a_server_to_fetch_it_from_is_refused(home, server):
    object.__setattr__(home.settings, "message_cap_bytes", 2_000)
    server.append(big())
    poll.poll(home, connect(home, server.url), now=NOON)
    connect(home, None)

    with pytest.raises(Invalid):
        ask(home, message(home)[0])


def test_a_mail_that_is_here_already_is_not_doubled_when_it_becomes_whole(home, dovecot, sound):
    with between(dovecot) as middle:
        connect(home, middle.url)
        with home.store.export() as cursor:
            cursor.execute("""update mailboxes set folders = '["Orders"]' where id = 1""")
        mailbox = connect(home, middle.url)
        dovecot.append(mail())
        dovecot.append(mail(), folder="Orders")
        opened = []

        def garble_the_inbox(command):
            if b"EXAMINE" in command:
                opened.append(b"INBOX" in command)
            return GARBLED if b"BODY" in command and opened[-1] else None

        middle.answer = garble_the_inbox
        poll.poll(home, mailbox, now=NOON)
        assert rows(home, "select is_readable from messages where id > 2 order by id") == [
            (False,),
            (True,),
        ]
        middle.answer = lambda command: None
        result = poll.poll(home, mailbox, now=NOON)

    assert (result.filed, result.known) == (0, 1)
    words = rows(home, "select body_text from bodies where message_id > 2 order by message_id")
    assert words == [(reread.ELSEWHERE,), ("Hello",)]


@pytest.mark.parametrize("is_blocked", [True, False])
def test_who_is_blocked_is_known_when_the_mail_can_be_read(
    home, server, sound, monkeypatch, is_blocked
):
    mailbox = connect(home, server.url)
    real = jail.Jail.parse_all
    monkeypatch.setattr(jail.Jail, "parse_all", lambda self, raws: [None for _ in raws])
    server.append(big())
    poll.poll(home, mailbox, now=NOON)
    monkeypatch.setattr(jail.Jail, "parse_all", real)
    if is_blocked:
        with home.store.export() as cursor:
            cursor.execute(
                "insert into blocked_senders (mailbox_id, address, agent_id, blocked_at) "
                "values (1, 'nils@customer.test', 2, now()::timestamp)"
            )
    message_id, conversation_id, *_ = message(home)
    ask(home, message_id)
    poll.poll(home, mailbox, now=NOON)

    assert message(home)[2]
    (spam,) = rows(
        home, f"select spam_at is not null from conversations where id = {conversation_id}"
    )
    assert spam == (is_blocked,)
    assert ("filed_as_spam" in kinds(home)) is is_blocked
