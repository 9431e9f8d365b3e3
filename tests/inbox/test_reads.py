from dataclasses import replace

import pytest

from inbox import bulk, bulk_undo, conversations, delivery, lists, merging, notes
from inbox.chosen import Choice
from inbox.migrations import SQL
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox.post import connect, send, written
from tests.inbox.queue_rows import row

THIS = Choice(ids=(INVOICE,))


def is_unread(db, viewer):
    found = {s.id: s for s in lists.listed(db, viewer, "all", now=NOON)}
    return found[INVOICE].is_unread


def arrive(db):
    """The invoice has a newest message."""
    db._cursor.execute("update conversations set last_message_id = 1 where id = 1").fetchall()


def test_opening_makes_it_read_for_who_opened_it_alone(db, ada, bo):
    arrive(db)
    assert is_unread(db, bo) and conversations.by_id(db, bo, INVOICE).is_unread

    conversations.opened(db, bo, INVOICE, fold=300, now=NOON)

    assert not is_unread(db, bo) and not conversations.by_id(db, bo, INVOICE).is_unread
    assert is_unread(db, ada)


def test_opening_within_the_fold_still_makes_news_read(db, bo):
    arrive(db)
    conversations.opened(db, bo, INVOICE, fold=300, now=NOON)
    db._cursor.execute("update conversations set last_message_id = 9 where id = 1").fetchall()
    assert is_unread(db, bo)

    conversations.opened(db, bo, INVOICE, fold=300, now=NOON)
    assert not is_unread(db, bo)


def test_a_note_is_news_to_colleagues_and_not_to_its_author(db, ada, bo):
    arrive(db)
    for viewer in (ada, bo):
        conversations.opened(db, viewer, INVOICE, fold=300, now=NOON)

    notes.add(db, bo, INVOICE, "Look", now=NOON)

    assert not is_unread(db, bo)
    assert is_unread(db, ada)


def test_what_was_unread_before_one_wrote_stays_unread(db, bo):
    arrive(db)

    notes.add(db, bo, INVOICE, "Look", now=NOON)

    assert is_unread(db, bo)


def test_marking_and_its_way_back(db, bo):
    arrive(db)
    done = bulk.mark_read(db, bo, THIS, now=NOON)
    assert (done.count, is_unread(db, bo)) == (1, False)
    bulk_undo.take_back(db, bo, done.action_id, now=NOON)
    assert is_unread(db, bo)

    assert bulk.mark_unread(db, bo, THIS, now=NOON).count == 0
    bulk.mark_read(db, bo, THIS, now=NOON)
    done = bulk.mark_unread(db, bo, THIS, now=NOON)
    assert is_unread(db, bo)
    bulk_undo.take_back(db, bo, done.action_id, now=NOON)
    assert not is_unread(db, bo)


def test_what_is_closed_is_no_news_unless_somebody_wants_it_so(db, bo):
    arrive(db)
    conversations.close(db, bo, INVOICE, now=NOON)
    assert not is_unread(db, bo)

    bulk.mark_unread(db, bo, THIS, now=NOON)
    assert is_unread(db, bo)


def test_a_reader_marks_for_himself(db, cy):
    arrive(db)

    bulk.mark_read(db, cy, THIS, now=NOON)

    assert not is_unread(db, cy)


@pytest.mark.feature("QV22")
def test_a_reply_is_no_news_to_who_sent_it_and_tells_who_answered_last(home, ada, bo):
    connect(home)
    with home.store.write() as db:
        arrive(db)
        for viewer in (ada, bo):
            conversations.opened(db, viewer, INVOICE, fold=300, now=NOON)
    queued = send(home, bo, written(home, bo))
    with home.store.write() as db:
        parcel = delivery.lease(db, queued.outbox_id, home.settings, now=queued.due_at)
        delivery.arrived(db, replace(parcel, state="sending"), now=queued.due_at)

    with home.store.read() as db:
        assert not is_unread(db, bo)
        assert is_unread(db, ada)
        (row,) = lists.listed(db, ada, "open", now=queued.due_at)
        assert (row.last_reply_agent_id, row.last_reply_name) == (bo.id, "Bo Ek")


def test_merged_mail_is_as_new_as_its_newest_message(home, bo):
    with home.store.write() as db:
        arrive(db)
        conversations.opened(db, bo, INVOICE, fold=300, now=NOON)
        other = row(db)
        notes.add(db, bo, other, "Look", now=NOON)
        merging.merge(db, bo, other, INVOICE, now=NOON)
        assert is_unread(db, bo)


def test_the_backfill_tells_the_newest_message_and_who_answered_last(home, bo):
    with home.store.write() as db:
        notes.add(db, bo, INVOICE, "Look", now=NOON)
        run = db._cursor.execute
        run("update messages set direction = 'out' where agent_id = 2").fetchall()
        run(
            "update conversations set last_message_id = null, last_reply_agent_id = null"
        ).fetchall()
        script = (SQL / "schema" / "011_queue.sql").read_text()
        for statement in script.split(";")[2:4]:
            run(statement).fetchall()
        told = run(
            "select last_message_id, last_reply_agent_id from conversations order by id"
        ).fetchall()
        assert told == [(3, bo.id), (2, None)]
