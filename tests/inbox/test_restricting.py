"""Restricted files: their name is seen, their bytes go to a few, and each reading is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import attachments, conversations, events, merging, messages, restricting, undo
from inbox.errors import Invalid, NotAllowed, NotFound
from tests.conftest import NOON
from tests.furniture import INVOICE

pytestmark = pytest.mark.feature("CR13")


@pytest.fixture
def filed(home, db):
    """Maria's mail with two files, and its original."""
    run = db._cursor.execute
    for name in ("passport.png", "letter.txt"):
        run(
            "insert into attachments (message_id, conversation_id, filename, content_type, "
            "size_bytes, sha256, is_inline) values (1, 1, $name, 'x', 9, $sha, false)",
            {"name": name, "sha": home.files.put(name.encode())},
        )
    place = home.raw.append([(b"x", {})])[0]
    run(f"update messages set raw_sha256 = '{place.sha256}' where id = 1")
    run(
        "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, segment, "
        "position, size_bytes, head_sha256, fetched_at, state) values "
        f"(1, 'INBOX', 1, 1, '{place.sha256}', 1, {place.position}, 1, 'x', now(), 'filed')"
    )
    return db


def plain(ada):
    """A manager who is no admin, and an agent like Bo."""
    return replace(ada, is_admin=False)


def test_managers_the_assignee_and_who_restricted_it_open_it(filed, ada, bo, cy):
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    other = replace(bo, id=77)

    assert attachments.download(filed, bo, 1, now=NOON).filename == "passport.png"
    assert attachments.download(filed, plain(ada), 1, now=NOON).id == 1
    for who in (cy, other):
        with pytest.raises(NotAllowed):
            attachments.download(filed, who, 1, now=NOON)
        with pytest.raises(NotAllowed):
            attachments.original(filed, who, 1, now=NOON)
        assert [a.id for a in attachments.of_message(filed, who, 1, now=NOON)] == [2]
        assert attachments.download(filed, who, 2, now=NOON).id == 2
    filed._cursor.execute("update conversations set assignee_id = 77 where id = 1")
    assert attachments.download(filed, other, 1, now=NOON).id == 1


def test_it_is_never_shown_in_passing(filed, ada, bo):
    assert attachments.small(filed, bo, 1).id == 1
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    for who in (ada, bo):
        with pytest.raises(NotAllowed):
            attachments.small(filed, who, 1)


def test_a_stranger_does_not_learn_that_it_is_restricted(filed, bo, eve):
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    with pytest.raises(NotFound):
        attachments.download(filed, eve, 1, now=NOON)
    with pytest.raises(NotFound):
        restricting.lift(filed, eve, INVOICE, 1, now=NOON)


def test_each_reading_of_it_is_told(filed, bo):
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    for minutes in (0, 1, 2):
        attachments.download(filed, bo, 1, now=NOON + timedelta(minutes=minutes))
    attachments.original(filed, bo, 1, now=NOON)
    attachments.of_message(filed, bo, 1, now=NOON)

    told = [e for e in events.of_conversation(filed, bo, INVOICE) if e.kind == "downloaded"]
    assert [e.after for e in told].count('{"restricted_attachment_id": 1}') == 5


def test_the_flag_rides_with_the_message(filed, bo, cy):
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    (shown,) = messages.in_conversation(filed, cy, INVOICE)
    assert [a.restricted_by for a in shown.attachments] == [bo.id, None]


def test_lifted_it_is_as_before(filed, bo, cy):
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    restricting.lift(filed, bo, INVOICE, 1, now=NOON)
    restricting.lift(filed, bo, INVOICE, 1, now=NOON)
    assert attachments.download(filed, cy, 1, now=NOON).id == 1
    assert [c.kind for c in filed.changes][:2] == ["restricted", "unrestricted"]


def test_who_may_not_open_it_may_not_lift_it(filed, ada, bo):
    restricting.restrict(filed, ada, INVOICE, 1, now=NOON)
    with pytest.raises(Invalid):
        restricting.lift(filed, bo, INVOICE, 1, now=NOON)


@pytest.mark.parametrize("verb", [restricting.restrict, restricting.lift])
def test_a_reader_and_a_foreign_file(filed, bo, cy, verb):
    with pytest.raises(NotAllowed):
        verb(filed, cy, INVOICE, 1, now=NOON)
    with pytest.raises(NotFound):
        verb(filed, bo, INVOICE, 99, now=NOON)
    filed._cursor.execute("update attachments set conversation_id = 2, message_id = 2 where id = 2")
    with pytest.raises(Invalid):
        verb(filed, bo, INVOICE, 2, now=NOON)


def test_restricting_is_undone(filed, bo, cy):
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    since = filed.changes[-1].event_id
    undo.take_back(filed, bo, restricting.lift, INVOICE, 1, since=since, now=NOON)
    assert attachments.download(filed, cy, 1, now=NOON).id == 1


def test_the_assignee_of_what_it_was_merged_into_opens_it(filed, ada, bo, cy):
    filed._cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, message_count, attachment_count, is_readable) "
        "select mailbox_id, contact_name, contact_address, 'Twin', '', status, created_at, "
        "last_message_at, 0, 0, true from conversations where id = 1"
    )
    (twin,) = filed._cursor.execute("select max(id) from conversations").fetchone()
    restricting.restrict(filed, ada, INVOICE, 1, now=NOON)
    merging.merge(filed, bo, INVOICE, twin, now=NOON)
    with pytest.raises(NotAllowed):
        attachments.download(filed, bo, 1, now=NOON)

    conversations.claim(filed, bo, twin, now=NOON)
    assert attachments.download(filed, bo, 1, now=NOON).id == 1
