"""The reading of mailboxes, against Dovecot and pymap alike."""

from datetime import datetime, timedelta

import pytest

from inbox import health
from inbox.errors import MailboxUnreachable
from ingest import poll
from ingest.imap import Connection
from ingest.line import Line
from tests import furniture
from tests.conftest import NOON
from tests.ingest.conftest import connect, mail, rows

MAILS = "select count(*) from messages where mailbox_id = 1 and via <> 'app' and id > 2"


def numbered(count, first=0):
    return [
        mail(f"Mail {n}", message_id=f"p{n}@customer.test") for n in range(first, first + count)
    ]


def read(home, mailbox, now=NOON):
    return poll.poll(home, mailbox, now=now)


def test_new_mail_is_filed_once_and_nothing_is_touched(home, server):
    mailbox = connect(home, server.url)
    server.append(mail(), mail("Other", subject="Toner", message_id="p2@customer.test"))

    first, second = read(home, mailbox), read(home, mailbox)

    assert (first.read, first.filed, first.known, second.read) == (2, 2, 0, 0)
    assert rows(home, MAILS) == [(2,)]
    assert server.flags() == [(), ()]
    inbox = next(f for f in first.folders if f.kind == "inbox")
    assert (inbox.server_count, inbox.stored, inbox.unreadable) == (2, 2, 0)


def test_the_bytes_on_disk_are_the_mail_exactly(home, server):
    mailbox = connect(home, server.url)
    server.append(mail("Räksmörgås"))

    read(home, mailbox)

    (record,) = list(home.raw.records())
    assert home.raw.read(record[0]) == mail("Räksmörgås")
    assert record[1]["folder"] == "INBOX"


def test_mail_read_on_a_phone_before_we_saw_it_is_filed(home, server):
    mailbox = connect(home, server.url)
    server.append(mail(), flags=(rb"\Seen",))

    assert read(home, mailbox).filed == 1


def test_mail_missed_below_the_cursor_is_found_by_the_rescan(home, server):
    mailbox = connect(home, server.url)
    server.append(mail(), mail("b", message_id="p2@customer.test"), when=NOON)
    read(home, mailbox)
    with home.store.export() as cursor:
        cursor.execute("delete from raw_messages where uid = (select min(uid) from raw_messages)")

    assert read(home, mailbox).read == 1
    assert rows(home, MAILS) == [(2,)], "known by its bytes, so not doubled"


def inbox_of(result):
    (found,) = (f for f in result.folders if f.kind == "inbox")
    return found.server_count, found.stored, found.unreadable


def test_old_mail_that_was_missed_is_found_by_comparing_all(home, server):
    mailbox = connect(home, server.url)
    server.append(*numbered(3), when=NOON - timedelta(days=10))
    read(home, mailbox)
    with home.store.export() as cursor:
        cursor.execute("delete from raw_messages where uid = (select min(uid) from raw_messages)")

    result = read(home, mailbox)

    assert result.read == 1
    assert inbox_of(result) == (3, 3, 0)
    assert rows(home, MAILS) == [(3,)], "known by its bytes, so not doubled"


def test_a_missed_mail_hidden_by_one_that_left_is_found_when_it_is_time(home, dovecot):
    mailbox = connect(home, dovecot.url)
    dovecot.append(*numbered(3), when=NOON - timedelta(days=10))
    read(home, mailbox)
    dovecot.expunge("INBOX", [1])
    with home.store.export() as cursor:
        cursor.execute("delete from raw_messages where uid = 2")
    assert read(home, mailbox).read == 0

    assert read(home, mailbox, NOON + timedelta(hours=7)).read == 1


def test_the_first_pass_after_a_start_compares_all(home, dovecot):
    mailbox = connect(home, dovecot.url)
    dovecot.append(*numbered(3), when=NOON - timedelta(days=10))
    read(home, mailbox)
    dovecot.expunge("INBOX", [1])
    with home.store.export() as cursor:
        cursor.execute("delete from raw_messages where uid = 2")
    line = Line(home, mailbox)

    assert [line.poll(now=NOON).read, line.poll(now=NOON).read] == [1, 0]
    line.hang_up()


def test_what_left_the_server_stays_here_and_counts_no_more(home, dovecot, ada):
    mailbox = connect(home, dovecot.url)
    dovecot.append(*numbered(5))
    read(home, mailbox)
    dovecot.expunge("INBOX", [1, 2])

    assert inbox_of(read(home, mailbox)) == (3, 3, 0)
    assert rows(home, MAILS) == [(5,)]
    with home.store.read() as db:
        (support,) = (m for m in health.of_mailboxes(db, ada) if m.id == mailbox.id)
    assert (support.on_server, support.stored) == (3, 3)


def test_mail_older_than_the_import_is_left_out_of_both_counts(home, server):
    server.append(*numbered(2), when=datetime(2020, 3, 2))
    server.append(*numbered(3, first=2), when=NOON)
    connect(home, server.url)
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set import_since = timestamp '2026-02-25' where id = 1")
    mailbox = connect(home, server.url)

    assert inbox_of(read(home, mailbox)) == (3, 3, 0)
    server.append(*numbered(1, first=9), when=NOON)
    result = read(home, mailbox)

    assert (result.read, inbox_of(result)) == (1, (4, 4, 0))


def test_a_pass_without_news_compares_only_when_it_is_time(home, dovecot, monkeypatch):
    mailbox = connect(home, dovecot.url)
    dovecot.append(*numbered(2))
    read(home, mailbox)
    asked = []
    real = Connection.all_uids
    monkeypatch.setattr(Connection, "all_uids", lambda self: (asked.append(1), real(self))[1])

    read(home, mailbox)
    assert asked == []
    read(home, mailbox, NOON + timedelta(hours=7))
    assert len(asked) == 2, "INBOX and the Sent folder"


def test_mail_expunged_between_search_and_fetch_stops_nothing(home, server):
    mailbox = connect(home, server.url)
    server.append(mail(), mail("b", message_id="p2@customer.test"))
    with poll.connected(home, mailbox) as connection:
        real = connection.sizes_and_flags

        def expunge_first(uids):
            found = real(uids)
            server.expunge("INBOX", [min(uids)])
            return found

        connection.sizes_and_flags = expunge_first
        result = poll.poll(home, mailbox, now=NOON, connection=connection)

    still_served = 2 if server.kind == "pymap" else 1
    assert (result.read, result.filed) == (still_served, still_served)


def test_after_a_change_of_uidvalidity_nothing_is_doubled(home, server):
    mailbox = connect(home, server.url)
    server.append(*(mail(f"Mail {n}", message_id=f"p{n}@customer.test") for n in range(5)))
    read(home, mailbox)
    before = rows(home, "select uidvalidity from folders where folder = 'INBOX'")
    server.renumber()
    server.append(mail("New", subject="New", message_id="new@customer.test"))

    result = read(home, mailbox)

    assert rows(home, "select uidvalidity from folders where folder = 'INBOX'") != before
    assert (result.filed, result.known) == (1, 5)
    assert rows(home, MAILS) == [(6,)]


def test_known_mail_is_recognised_by_its_head_without_fetching_it_again(home, dovecot):
    mailbox = connect(home, dovecot.url)
    dovecot.append(*(mail(f"Mail {n}", message_id=f"p{n}@customer.test") for n in range(3)))
    read(home, mailbox)
    dovecot.renumber()

    assert read(home, mailbox).read == 0


def test_the_same_mail_in_two_mailboxes_is_two_messages(home, server):
    server.append(mail())
    for mailbox_id in (furniture.SUPPORT, furniture.SALES):
        assert read(home, connect(home, server.url, mailbox_id)).filed == 1

    found = rows(home, "select mailbox_id from messages where id > 2 order by 1")
    assert found == [(furniture.SUPPORT,), (furniture.SALES,)]


@pytest.mark.parametrize("message_id", [None, ""])
def test_mails_without_message_id_are_all_filed(home, server, message_id):
    mailbox = connect(home, server.url)
    server.append(mail("One", message_id=message_id), mail("Two", message_id=message_id))

    assert read(home, mailbox).filed == 2


def test_a_reused_message_id_with_another_body_is_another_message(home, server):
    mailbox = connect(home, server.url)
    server.append(mail("One"), mail("Two"))
    again = mail("One", more="X-Hop: other").replace(b"Hello", b"Hello")
    server.append(again)

    result = read(home, mailbox)

    assert (result.filed, result.known) == (2, 1)


def test_a_reply_in_the_sent_folder_joins_and_ends_the_wait(home, server):
    mailbox = connect(home, server.url)
    folder = "Skickat" if server.kind == "dovecot" else "Sent"
    server.append(mail(), when=NOON - timedelta(hours=2))
    server.append(
        mail(
            "We fixed it",
            subject="Re: Printer",
            sender="Bo <bo@example.com>",
            to="nils@customer.test",
            message_id="s1@example.com",
            date="Mon, 02 Mar 2026 11:00:00 +0000",
            more="In-Reply-To: <p1@customer.test>",
        ),
        folder=folder,
        when=NOON - timedelta(hours=1),
    )

    read(home, mailbox)

    found = rows(
        home,
        "select conversation_id, direction, via, agent_id from messages where id > 2 "
        "order by sent_at",
    )
    assert [row[1:] for row in found] == [("in", "imap", None), ("out", "sent", furniture.BO)]
    assert found[0][0] == found[1][0]
    standing = "select waiting_since, last_reply_at, contact_address from conversations where id=$i"
    assert rows(home, standing, i=found[0][0]) == [
        (None, datetime(2026, 3, 2, 11), "nils@customer.test")
    ]
    kinds = rows(home, "select kind from events where actor_kind = 'agent'")
    assert kinds == [("replied",)]


def test_a_mail_over_the_cap_is_kept_as_its_head_and_marked(home, server):
    object.__setattr__(home.settings, "message_cap_bytes", 2_000)
    mailbox = connect(home, server.url)
    server.append(mail("small"), mail("x" * 5_000, subject="Huge", message_id="big@customer.test"))

    result = read(home, mailbox)

    assert (result.filed, result.too_big) == (2, 1)
    (found,) = rows(
        home,
        "select m.is_readable, b.body_text from messages m join bodies b on b.message_id = m.id "
        "where subject = 'Huge'",
    )
    assert found[0] is False
    assert "on the mail server" in found[1]


def test_bad_mail_stops_nothing_and_is_shown_as_unreadable(home, server):
    object.__setattr__(home.settings, "jail_cpu_seconds", 0.2)
    mailbox = connect(home, server.url)
    bomb = (
        mail(more="MIME-Version: 1.0", subject="Bomb", message_id="b@x.test").replace(
            b"text/plain", b"text/html"
        )
        + b"<div><i>" * 9_900
    )
    server.append(mail(), bomb, mail("After", message_id="p3@customer.test"))

    result = read(home, mailbox)

    assert (result.filed, result.unreadable) == (3, 1)
    assert rows(home, "select subject from conversations where not is_readable") == [("Bomb",)]


def test_folders_named_by_the_mailbox_are_read_and_a_missing_one_is_told(home, server):
    server.append(mail(), folder="Orders")
    connect(home, server.url)
    with home.store.export() as cursor:
        cursor.execute("""update mailboxes set folders = '["Orders", "Nowhere"]'""")
    mailbox = connect(home, server.url)

    result = read(home, mailbox)

    assert result.filed == 1
    assert ["Nowhere" in trouble for trouble in result.troubles] == [True]


def test_a_wrong_password_is_told_plainly(home, server):
    mailbox = connect(home, server.url.replace("@", "-nobody@", 1))
    with home.store.export() as cursor:
        cursor.execute(
            "update mailboxes set secret = $secret", {"secret": home.keys.encrypt("wrong")}
        )
    with home.store.read() as db:
        from inbox import mailboxes

        mailbox = mailboxes.by_id(db, mailbox.id)

    with pytest.raises(MailboxUnreachable, match="refused the sign-in") as refusal:
        read(home, mailbox)
    assert refusal.value.kind == "login"
