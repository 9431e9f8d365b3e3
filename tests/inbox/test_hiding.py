"""Hiding a message: its words are nowhere any more, and come back whole."""

from dataclasses import replace

import pytest

from inbox import (
    attachments,
    drafts,
    hiding,
    lists,
    merging,
    messages,
    notes,
    pictures,
    undo,
)
from inbox.errors import Invalid, NotAllowed, NotFound
from tests.conftest import NOON
from tests.furniture import INVOICE, SUPPORT

pytestmark = pytest.mark.feature("CR15")
WORD = "zebrafish"
URL = "http://elsewhere.test/a.png"


@pytest.fixture
def told(home, db):
    """Maria's mail holds a word nobody else uses, a file and a picture."""
    run = db._cursor.execute
    run(
        "update bodies set body_text = 'My password is ' || $w, "
        "reply_text = 'My password is ' || $w, body_html = $html where message_id = 1",
        {"w": WORD, "html": f"<p>{WORD}</p><img src='{URL}'>"},
    )
    run(f"update search_keys set search_key = ' {WORD} my ' where message_id = 1")
    run(f"update conversations set snippet = 'My password is {WORD}' where id = 1")
    sha = home.files.put(WORD.encode())
    run(
        "insert into attachments (message_id, conversation_id, filename, content_type, size_bytes, "
        f"sha256, is_inline) values (1, 1, '{WORD}.txt', 'text/plain', 9, '{sha}', false)"
    )
    place = home.raw.append([(WORD.encode(), {})])[0]
    run(f"update messages set raw_sha256 = '{place.sha256}' where id = 1")
    run(
        "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, segment, "
        "position, size_bytes, head_sha256, fetched_at, state) values "
        f"(1, 'INBOX', 1, 1, '{place.sha256}', 1, {place.position}, 9, 'x', now(), 'filed')"
    )
    return db


def stream(db, who):
    return messages.in_conversation(db, who, INVOICE)


def test_nothing_of_a_hidden_message_is_told_to_anybody(told, ada, bo, cy):
    assert WORD in str(stream(told, cy))
    hiding.hide(told, bo, INVOICE, 1, now=NOON)

    for who in (ada, bo, cy):
        (shown,) = stream(told, who)
        assert (shown.is_hidden, shown.hidden_by, shown.hidden_by_name) == (True, bo.id, bo.name)
        assert (shown.hidden_at, shown.from_name) == (NOON, "Maria Holm")
        assert WORD not in str(shown)
        assert WORD not in str(lists.listed(told, who, "open", now=NOON))
        assert lists.found(told, who, WORD, now=NOON) == []
        with pytest.raises(NotFound):
            attachments.download(told, who, 1, now=NOON)
        with pytest.raises(NotFound):
            attachments.small(told, who, 1)
        with pytest.raises(NotFound):
            attachments.of_message(told, who, 1, now=NOON)
        with pytest.raises(NotFound):
            attachments.original(told, who, 1, now=NOON)
        with pytest.raises(NotFound):
            attachments.head_of(told, who, 1)
        with pytest.raises(NotFound):
            pictures.source(told, who, 1, pictures.path(1, URL).rsplit("/", 1)[1])


def test_it_is_not_quoted_in_an_answer(home, told, bo):
    hiding.hide(told, bo, INVOICE, 1, now=NOON)
    begun = drafts.start(told, bo, INVOICE, "reply", now=NOON)

    found = told.rows("drafts.answerable", family=[INVOICE], message_id=begun.answers_message_id)
    assert found and WORD not in str(found)


def test_reports_hold_no_word_of_it(told, bo):
    hiding.hide(told, bo, INVOICE, 1, now=NOON)
    rows = told._cursor.execute("select body_text, reply_text from report.messages").fetchall()
    assert ("", "") in rows and WORD not in str(rows)


def test_shown_again_everything_is_as_before(told, bo):
    before = str(stream(told, bo)[0])
    hiding.hide(told, bo, INVOICE, 1, now=NOON)
    hiding.show(told, bo, INVOICE, 1, now=NOON)

    assert str(stream(told, bo)[0]) == before
    for word in (WORD, "password", "invoice", "maria", f"{WORD}.txt"):
        assert lists.found(told, bo, word, now=NOON) == [INVOICE]
    assert WORD in lists.listed(told, bo, "open", now=NOON)[0].snippet
    assert [c.kind for c in told.changes] == ["hidden", "shown"]


def test_only_who_hid_it_and_admins_show_it(db, ada, bo, cy):
    hiding.hide(db, bo, INVOICE, 1, now=NOON)
    for who in (cy, replace(ada, is_admin=False)):
        with pytest.raises(NotAllowed):
            hiding.show(db, who, INVOICE, 1, now=NOON)
    assert stream(db, cy)[0].is_hidden

    hiding.show(db, ada, INVOICE, 1, now=NOON)
    assert not stream(db, cy)[0].is_hidden


def test_a_reader_hides_nothing(db, cy):
    with pytest.raises(NotAllowed):
        hiding.hide(db, cy, INVOICE, 1, now=NOON)
    assert db.changes == []


def test_hiding_twice_leaves_one_line(db, ada, bo):
    hiding.hide(db, bo, INVOICE, 1, now=NOON)
    hiding.hide(db, ada, INVOICE, 1, now=NOON)
    assert stream(db, bo)[0].hidden_by == bo.id
    assert [(c.kind, c.mailbox_id) for c in db.changes] == [("hidden", SUPPORT)]


def test_showing_what_is_not_hidden_changes_nothing(db, cy):
    hiding.show(db, cy, INVOICE, 1, now=NOON)
    assert db.changes == []


@pytest.mark.parametrize(("number", "error"), [(2, Invalid), (99, NotFound)])
def test_a_message_of_another_conversation_is_none_of_its_business(db, bo, number, error):
    with pytest.raises(error):
        hiding.hide(db, bo, INVOICE, number, now=NOON)
    assert db.changes == []


def test_hiding_is_undone(db, bo):
    hiding.hide(db, bo, INVOICE, 1, now=NOON)
    since = db.changes[-1].event_id
    undo.take_back(db, bo, hiding.show, INVOICE, 1, since=since, now=NOON)
    assert not stream(db, bo)[0].is_hidden


def test_a_note_is_hidden_too_and_the_list_keeps_the_mails_words(db, bo):
    number = notes.add(db, bo, INVOICE, "Nobody should read this", now=NOON)
    db._cursor.execute("update conversations set snippet = 'Hello' where id = 1")
    hiding.hide(db, bo, INVOICE, number, now=NOON)

    assert "Nobody" not in str(stream(db, bo))
    assert lists.listed(db, bo, "open", now=NOON)[0].snippet == "Hello"


def test_a_message_of_a_merged_conversation(db, bo):
    db._cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, message_count, attachment_count, is_readable) "
        "select mailbox_id, contact_name, contact_address, 'Twin', '', status, created_at, "
        "last_message_at, 0, 0, true from conversations where id = 1"
    )
    (twin,) = db._cursor.execute("select max(id) from conversations").fetchone()
    merging.merge(db, bo, INVOICE, twin, now=NOON)

    hiding.hide(db, bo, INVOICE, 1, now=NOON)

    (shown,) = messages.in_conversation(db, bo, twin)
    assert shown.is_hidden
    assert lists.listed(db, bo, "open", now=NOON)[0].snippet == ""
    assert db.changes[-1].conversation_id == twin


def test_what_is_read_again_stays_hidden(told, bo):
    hiding.hide(told, bo, INVOICE, 1, now=NOON)
    given = dict.fromkeys(("subject", "from_name", "from_address", "body_text"), "")
    new = messages.NewMessage(
        id=1,
        conversation_id=1,
        mailbox_id=1,
        direction="in",
        via="imap",
        sent_at=NOON,
        received_at=NOON,
        thread_reason="new",
        reply_text=WORD,
        **(given | {"body_text": WORD}),
    )
    messages.rewrite(told, new)

    assert lists.found(told, bo, WORD, now=NOON) == []
    assert WORD not in str(stream(told, bo))
