"""Many conversations go to another mailbox at once, each whole, and come back."""

from datetime import timedelta

import pytest

from inbox import bulk_moves, bulk_undo, conversations, merging, moving, notifications
from inbox.chosen import Choice
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from inbox.filters import Asked
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE, QUOTE, SALES, SUPPORT
from tests.inbox.post import connect, every, send, written
from tests.inbox.queue_rows import row
from tests.inbox.test_merging import is_whole

pytestmark = pytest.mark.feature("QV17", "QV19")
SOON = NOON + timedelta(seconds=20)


@pytest.fixture
def both(home):
    """Ada may handle conversations in both mailboxes."""
    with home.store.export() as cursor:
        cursor.execute("insert into memberships values (2, 1, 'agent', 'as')")
    return agent(home.store, ADA)


def some(home, count=3, **columns):
    with home.store.write() as db:
        return [row(db, **columns) for _ in range(count)]


def move(home, who, ids, mailbox_id=SALES, now=NOON):
    with home.store.write() as db:
        return bulk_moves.move(db, who, Choice(ids=tuple(ids)), mailbox_id, now=now)


def undo(home, who, done, now=SOON):
    with home.store.write() as db:
        return bulk_undo.take_back(db, who, done.action_id, now=now)


def whole(home):
    """All that a move changes, as it stands."""
    return (
        every(home, "select id, mailbox_id, assignee_id, contact_id, tags from conversations"),
        every(home, "select id, mailbox_id from messages"),
        every(home, "select message_id, mailbox_id from search_keys"),
    )


def lies_in(home, ids):
    found = dict(every(home, "select id, mailbox_id from conversations"))
    return {found[number] for number in ids}


def test_all_of_them_go_as_one_action_and_come_back(home, both):
    numbers = [INVOICE, *some(home)]
    before, faults = whole(home), is_whole(home)
    done = move(home, both, numbers)

    assert (done.count, done.left_out) == (4, 0)
    assert lies_in(home, numbers) == {SALES}
    told = every(home, "select conversation_id, action_id from events where kind = 'moved'")
    assert sorted({c for c, _ in told}) == sorted(numbers) and len(told) == 8
    assert {a for _, a in told} == {done.action_id}
    assert is_whole(home) == faults

    back = undo(home, both, done)
    assert back.count == 4
    assert whole(home) == before
    assert is_whole(home) == faults
    with pytest.raises(TooLate):
        undo(home, both, done)


def test_all_that_a_list_holds_go(home, both):
    some(home)
    everything = Choice(asked=Asked(view="open", mailbox_id=SUPPORT))
    with home.store.write() as db:
        assert bulk_moves.move(db, both, everything, SALES, now=NOON).count == 4
    assert every(home, "select count(*) from conversations where mailbox_id = 1") == [(0,)]


def test_what_cannot_go_stays_and_is_counted(home, both):
    (spam,), (trash,), (free,) = (
        some(home, 1, spam_at=NOON),
        some(home, 1, trashed_at=NOON),
        some(home, 1),
    )
    connect(home)
    send(home, both, written(home, both))
    done = move(home, both, [spam, trash, free, INVOICE, QUOTE])

    assert (done.count, done.left_out) == (1, 3)
    assert lies_in(home, [free]) == {SALES}
    assert lies_in(home, [spam, trash, INVOICE]) == {SUPPORT}


def test_what_is_there_already_is_nothing_to_do(home, both):
    done = move(home, both, [QUOTE])
    assert (done.count, done.left_out, done.event_id) == (0, 0, 0)


def test_what_was_merged_goes_along(home, both):
    one, other = some(home, 2)
    with home.store.write() as db:
        merging.merge(db, both, other, one, now=NOON)
    done = move(home, both, [one, INVOICE])

    assert lies_in(home, [one, other]) == {SALES}
    undo(home, both, done)
    assert lies_in(home, [one, other, INVOICE]) == {SUPPORT}


def test_one_of_them_can_be_taken_back_alone_and_then_the_others(home, both):
    one, other = some(home, 2)
    done = move(home, both, [one, other])
    with home.store.write() as db:
        moving.unmove(db, both, one, now=SOON)
    assert lies_in(home, [one]) == {SUPPORT} and lies_in(home, [other]) == {SALES}

    back = undo(home, both, done)
    assert (back.count, back.left_out) == (1, 1)
    assert lies_in(home, [one, other]) == {SUPPORT}


def test_what_has_moved_on_stays_where_it_is(home, both):
    one, other = some(home, 2)
    done = move(home, both, [one, other])
    with home.store.write() as db:
        conversations.close(db, both, one, now=SOON)
    back = undo(home, both, done)

    assert (back.count, back.left_out) == (1, 1)
    assert lies_in(home, [one]) == {SALES}


def test_who_loses_them_is_told_once_and_has_them_back(home, both):
    numbers = some(home, 3, assignee_id=BO)
    done = move(home, both, numbers)

    assert every(home, "select distinct assignee_id from conversations where id > 2") == [(None,)]
    assert every(home, "select agent_id, kind, how_many from notifications") == [(BO, "moved", 3)]
    assert len(every(home, "select 1 from events where kind = 'released'")) == 3
    assert undo(home, both, done).count == 3
    assert every(home, "select distinct assignee_id from conversations where id > 2") == [(BO,)]
    with home.store.read() as db:
        assert notifications.unseen(db, agent(home.store, BO)) == []


def test_only_who_handles_both_may(home, bo, both):
    with pytest.raises((NotAllowed, NotFound)):
        move(home, bo, [INVOICE])
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set is_active = false where id = 2")
    with pytest.raises(Invalid, match="at rest"):
        move(home, both, [INVOICE])
    assert lies_in(home, [INVOICE]) == {SUPPORT}


def test_which_mailboxes_are_offered(home, bo, both):
    assert [sign.id for sign in bulk_moves.targets(both, {SUPPORT})] == [SALES]
    assert {sign.id for sign in bulk_moves.targets(both, {SUPPORT, SALES})} == {SUPPORT, SALES}
    assert bulk_moves.targets(bo, {SUPPORT}) == []


def test_many_cost_as_many_statements_as_few(home, both):
    def cost(ids):
        before = home.store.tally.statements
        move(home, both, ids)
        return home.store.tally.statements - before

    cost(some(home, 1))  # the contact is new to the other mailbox
    few = cost(some(home, 2))
    assert cost(some(home, 200)) == few
