import pytest

from inbox import conversations, events, undo
from inbox.errors import NotFound, TooLate
from tests.conftest import NOON
from tests.furniture import BO, INVOICE


def newest(db):
    return db.changes[-1].event_id


def test_a_claim_is_taken_back(db, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    since = newest(db)
    conversations.opened(db, bo, INVOICE, fold=0, now=NOON)

    undo.take_back(db, bo, conversations.release, INVOICE, since=since, now=NOON)

    assert conversations.by_id(db, bo, INVOICE).assignee_id is None


def test_a_colleagues_claim_is_not_taken_back_with_ones_own(db, ada, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    since = newest(db)
    conversations.release(db, ada, INVOICE, now=NOON)
    conversations.claim(db, ada, INVOICE, now=NOON)

    with pytest.raises(TooLate, match="moved on"):
        undo.take_back(db, bo, conversations.release, INVOICE, since=since, now=NOON)

    assert conversations.by_id(db, bo, INVOICE).assignee_id == ada.id


@pytest.mark.parametrize("kind", ["received", "noted", "assigned"])
def test_what_came_in_after_reopening_is_not_closed_away(db, ada, kind):
    conversations.close(db, ada, INVOICE, now=NOON)
    conversations.reopen(db, ada, INVOICE, now=NOON)
    since = newest(db)
    events.record(db, events.SYSTEM, kind, INVOICE, mailbox_id=1, now=NOON)

    with pytest.raises(TooLate):
        undo.take_back(db, ada, conversations.close, INVOICE, since=since, now=NOON)

    assert conversations.by_id(db, ada, INVOICE).status == "open"


def test_a_released_conversation_goes_back_to_whoever_had_it(db, ada, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    conversations.release(db, ada, INVOICE, now=NOON)
    since = newest(db)

    undo.take_back(db, ada, conversations.assign, INVOICE, BO, since=since, now=NOON)

    assert conversations.by_id(db, ada, INVOICE).assignee_id == BO


def test_a_stranger_does_not_learn_that_it_moved_on(db, eve):
    with pytest.raises(NotFound):
        undo.take_back(db, eve, conversations.close, INVOICE, since=0, now=NOON)


def test_taking_a_close_back_lets_the_customer_wait_as_before(home, bo):
    with home.store.write() as db:
        before = conversations.by_id(db, bo, INVOICE).waiting_since
        conversations.close(db, bo, INVOICE, now=NOON)
        since = db.head.event_id
        assert conversations.by_id(db, bo, INVOICE).waiting_since is None
        undo.take_back(db, bo, conversations.unclose, INVOICE, since=since, now=NOON)
        found = conversations.by_id(db, bo, INVOICE)
    assert before is not None
    assert (found.status, found.waiting_since, found.closed_at) == ("open", before, None)


def test_to_reopen_later_is_no_undo(home, bo):
    with home.store.write() as db:
        conversations.close(db, bo, INVOICE, now=NOON)
        conversations.reopen(db, bo, INVOICE, now=NOON)
        assert conversations.by_id(db, bo, INVOICE).waiting_since is None
