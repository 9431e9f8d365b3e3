from datetime import timedelta

import pytest

from inbox import lists, messages
from inbox.filters import Filter
from inbox.messages import NewMessage, Recipients
from tests.conftest import NOON
from tests.furniture import INVOICE, QUOTE, SALES, SUPPORT


@pytest.fixture
def written(db):
    first, second = messages.reserve(db, 2)
    messages.add_all(
        db,
        [
            NewMessage(
                id=message_id,
                conversation_id=conversation_id,
                mailbox_id=mailbox_id,
                direction="in",
                via="imap",
                sent_at=NOON,
                received_at=NOON,
                from_name="Åsa Öberg",
                from_address="asa@malmo-frakt.test",
                recipients=Recipients(),
                subject="Frakt till Malmö",
                thread_reason="new",
                body_text="Order 100% klar, se faktura_12 och o'brien.",
                reply_text="",
            )
            for message_id, conversation_id, mailbox_id in (
                (first, INVOICE, SUPPORT),
                (second, QUOTE, SALES),
            )
        ],
    )


@pytest.mark.parametrize(
    "words",
    ["malmö", "MALMO", "frakt malm", "asa@malmo-frakt.test", "oberg", "faktura_12", "o'brien"],
)
def test_words_are_found_however_they_are_written(db, ada, written, words):
    assert lists.found(db, ada, words, now=NOON) == [INVOICE]


@pytest.mark.parametrize("words", ["", "%", "_", "malmö stockholm", "almö", "\0"])
def test_what_is_not_there_is_not_found(db, ada, written, words):
    assert lists.found(db, ada, words, now=NOON) == []


def test_only_readable_mail_is_found(db, eve, cy, written):
    assert lists.found(db, eve, "malmö", now=NOON) == [QUOTE]
    assert lists.found(db, cy, "malmö", now=NOON) == [INVOICE]


@pytest.mark.parametrize("view", ["open", "unassigned", "spam", "trash", "closed"])
def test_much_newer_mail_elsewhere_hides_nothing(store, db, ada, view):
    """Three hundred newer conversations hold the same word in another view."""
    elsewhere = "open" if view == "closed" else "closed"
    db._cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, message_count, attachment_count, is_readable) "
        "select 1, 'x', 'x', 'x', 'x', $status, $now, $now + interval 1 day, 300, 0, true "
        "from range(300)",
        {"status": elsewhere, "now": NOON},
    )
    db._cursor.execute(
        "insert into search_keys select 1000 + id, id, 1, ' hello ', created_at, '', '', '', '' "
        "from conversations where id > 2"
    )
    db._cursor.execute(
        "update conversations set status = $status, spam_at = $spam, trashed_at = $trash "
        "where id = 1",
        {
            "status": "closed" if view == "closed" else "open",
            "spam": NOON if view == "spam" else None,
            "trash": NOON if view == "trash" else None,
        },
    )
    before = store.tally.statements

    found = lists.listed(db, ada, view, filters=Filter(words="hello"), limit=20, now=NOON)

    assert [f.id for f in found] == [INVOICE]
    assert store.tally.statements - before <= 2


def test_a_long_conversation_does_not_crowd_out_the_others(db, ada, store):
    """The limit counts conversations: one with many messages takes one place."""
    db._cursor.execute(
        "insert into search_keys select 1000 + n, 1, 1, ' hello ', now(), '', '', '', '' "
        "from range(300) r(n)"
    )
    db._cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, message_count, attachment_count, is_readable) "
        "values (1, 'x', 'x', 'x', 'x', 'open', $then, $then, 1, 0, true)",
        {"then": NOON - timedelta(days=400)},
    )
    db._cursor.execute("insert into search_keys values (9, 3, 1, ' hello ', now(), '', '', '', '')")

    assert [
        f.id
        for f in lists.listed(db, ada, "open", filters=Filter(words="hello"), limit=2, now=NOON)
    ] == [1, 3]
    assert (
        lists.listed(db, ada, "open", mailbox_id=2, filters=Filter(words="hello"), now=NOON) == []
    )
