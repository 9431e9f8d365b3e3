from datetime import timedelta

import pytest

from inbox import (
    availability,
    bulk,
    bulk_tags,
    bulk_undo,
    chosen,
    conversations,
    events,
    follows,
    lists,
    merging,
    notifications,
    snoozing,
    tags,
)
from inbox.chosen import Choice
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from inbox.filters import Asked, Filter
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, CY, INVOICE, QUOTE
from tests.inbox.queue_rows import row

pytestmark = pytest.mark.feature("QV19")
EVERYTHING = Choice(asked=Asked(view="all"))
LATER = NOON + timedelta(seconds=10)


def standing(db, viewer):
    found = lists.listed(db, viewer, "all", limit=500, now=NOON)
    found += lists.listed(db, viewer, "spam", limit=500, now=NOON)
    found += lists.listed(db, viewer, "trash", limit=500, now=NOON)
    return {s.id: conversations.by_id(db, viewer, s.id) for s in found}


def told(db, viewer, conversation_id):
    return [e.kind for e in events.of_conversation(db, viewer, conversation_id)]


@pytest.mark.parametrize(
    ("verb", "args", "kind", "opposite"),
    [
        (bulk.close, (), "closed", "reopened"),
        (bulk.assign, (BO,), "assigned", "released"),
        (bulk.snooze, (NOON + timedelta(days=1),), "snoozed", "woken"),
        (bulk_tags.add, ("late",), "tagged", "untagged"),
        (bulk.mark_spam, (), "marked_spam", "restored"),
        (bulk.trash, (), "trashed", "restored"),
    ],
)
def test_what_is_done_to_many_is_one_action_and_one_way_back(db, bo, verb, args, kind, opposite):
    several = [INVOICE, *(row(db) for _ in range(3))]
    before = standing(db, bo)

    done = verb(db, bo, EVERYTHING, *args, now=NOON)

    assert (done.count, done.left_out) == (4, 0)
    assert [told(db, bo, number) for number in several] == [[kind]] * 4
    lines = [events.of_conversation(db, bo, number)[0] for number in several]
    assert {line.action_id for line in lines} == {done.action_id}
    assert standing(db, bo) != before

    back = bulk_undo.take_back(db, bo, done.action_id, now=LATER)
    assert back.count == 4
    assert standing(db, bo) == before
    assert told(db, bo, INVOICE) == [kind, opposite]


def test_many_cost_as_many_statements_as_few(store, bo):
    with store.write() as db:
        for _number in range(300):
            row(db)
        before = store.tally.statements
        assert bulk.close(db, bo, EVERYTHING, now=NOON).count == 301
        assert store.tally.statements - before <= 6


def test_restoring_is_taken_back_to_where_each_was(db, bo):
    spam, trash = row(db, spam_at=NOON), row(db, trashed_at=NOON, spam_at=NOON)
    before = standing(db, bo)

    done = bulk.restore(db, bo, Choice(ids=(spam, trash, INVOICE)), now=NOON)
    assert done.count == 2
    after = standing(db, bo)
    assert (after[spam].spam_at, after[trash].trashed_at) == (None, None)
    assert after[trash].spam_at == NOON

    bulk_undo.take_back(db, bo, done.action_id, now=LATER)
    assert standing(db, bo) == before


def test_assigned_ones_go_back_to_whoever_had_each(db, bo):
    hers, mine = row(db, assignee_id=ADA), row(db, assignee_id=BO)

    done = bulk.assign(db, bo, EVERYTHING, BO, now=NOON)
    assert done.count == 2
    assert told(db, bo, mine) == []
    (line,) = events.of_conversation(db, bo, hers)
    assert (line.kind, line.assignee_name) == ("assigned", "Bo Ek")

    bulk_undo.take_back(db, bo, done.action_id, now=LATER)
    found = standing(db, bo)
    assert (found[hers].assignee_id, found[INVOICE].assignee_id) == (ADA, None)


def test_who_cannot_answer_there_is_given_nothing(db, bo):
    with pytest.raises(Invalid, match="cannot answer mail"):
        bulk.assign(db, bo, EVERYTHING, CY, now=NOON)
    assert told_nothing(db, bo)


def told_nothing(db, viewer):
    return told(db, viewer, INVOICE) == []


def test_where_one_may_only_read_it_is_left_alone_and_told(store, db, bo):
    db._cursor.execute("insert into memberships values (2, 2, 'reader', 'as')")
    both = conversations.agents.by_id(db, BO)

    done = bulk.close(db, both, EVERYTHING, now=NOON)

    assert (done.count, done.left_out) == (1, 1)
    assert conversations.by_id(db, both, QUOTE).status == "open"
    with pytest.raises(NotAllowed):
        bulk.close(db, both, Choice(ids=(QUOTE,)), now=NOON)


def test_what_one_may_not_read_does_not_exist(db, bo):
    with pytest.raises(NotFound):
        bulk.trash(db, bo, Choice(ids=(QUOTE,)), now=NOON)
    with pytest.raises(NotFound):
        bulk.trash(db, bo, Choice(asked=Asked(view="spam")), now=NOON)


def test_only_what_the_filters_let_through_is_touched(db, bo):
    vip, other = row(db, tags="vip"), row(db)
    asked = Asked(view="open", filters=Filter(tags=("vip",)))

    assert bulk.close(db, bo, Choice(asked=asked), now=NOON).count == 1
    assert conversations.by_id(db, bo, vip).status == "closed"
    assert conversations.by_id(db, bo, other).status == "open"


def test_too_many_at_once_are_refused(db, bo, monkeypatch):
    monkeypatch.setattr(chosen, "MOST", 2)
    several = tuple(row(db) for _ in range(3))

    for choice in (EVERYTHING, Choice(ids=several)):
        with pytest.raises(Invalid, match="At most 2"):
            bulk.close(db, bo, choice, now=NOON)


def test_a_colleagues_act_since_is_not_undone_by_the_way(db, ada, bo):
    other = row(db)
    done = bulk.close(db, bo, EVERYTHING, now=NOON)
    conversations.reopen(db, ada, INVOICE, now=LATER)

    back = bulk_undo.take_back(db, bo, done.action_id, now=LATER)
    assert (back.count, back.left_out) == (1, 1)
    assert told(db, bo, INVOICE) == ["closed", "reopened"]
    assert conversations.by_id(db, bo, other).waiting_since == NOON


def test_undo_ends_after_half_a_minute_and_is_ones_own(db, ada, bo):
    done = bulk.close(db, bo, EVERYTHING, now=NOON)

    with pytest.raises(NotFound):
        bulk_undo.take_back(db, ada, done.action_id, now=LATER)
    with pytest.raises(TooLate, match="too late"):
        bulk_undo.take_back(db, bo, done.action_id, now=NOON + timedelta(seconds=31))
    bulk_undo.take_back(db, bo, done.action_id, now=LATER)
    with pytest.raises(TooLate, match="moved on"):
        bulk_undo.take_back(db, bo, done.action_id, now=LATER)


def test_the_diary_stays_whole(home, bo):
    with home.store.write() as db:
        done = bulk.close(db, bo, EVERYTHING, now=NOON)
        bulk_undo.take_back(db, bo, done.action_id, now=LATER)
    with home.store.read() as db:
        assert len(events.of_conversation(db, agent(home.store, ADA), INVOICE)) == 2


def test_what_a_colleague_does_for_himself_keeps_nothing_from_being_taken_back(store, ada, bo):
    with store.write() as db:
        done = bulk.close(db, bo, Choice(ids=(INVOICE,)), now=NOON)
        follows.follow(db, ada, INVOICE, now=NOON)
        assert bulk_undo.take_back(db, bo, done.action_id, now=LATER).count == 1


@pytest.mark.feature("OW13")
def test_who_is_away_is_given_nothing_however_many(store, ada, bo):
    with store.write() as db:
        availability.switch(db, bo, "away", now=NOON)
        with pytest.raises(Invalid, match="away"):
            bulk.assign(db, ada, EVERYTHING, BO, now=NOON)
        assert told(db, ada, INVOICE) == []


def test_a_tag_goes_where_it_is_not_yet_and_comes_off_wherever_it_stands(home, bo):
    with home.store.write() as db:
        several = [INVOICE, *(row(db) for _ in range(3))]
        tags.add(db, bo, several[1], "Late", now=NOON)
        merging.merge(db, bo, several[1], several[2], now=NOON)
        done = bulk_tags.add(db, bo, EVERYTHING, "late", now=NOON)
        assert (done.count, done.left_out) == (2, 0)
        assert [conversations.by_id(db, bo, n).tags for n in several] == [("Late",)] * 4
        off = bulk_tags.remove(db, bo, EVERYTHING, "LATE", now=NOON)
        assert off.count == 3
        assert [conversations.by_id(db, bo, n).tags for n in several] == [()] * 4
        back = bulk_undo.take_back(db, bo, off.action_id, now=LATER)
        assert back.count == 3
        assert conversations.by_id(db, bo, several[2]).tags == ("Late",)
        assert bulk_tags.remove(db, bo, EVERYTHING, "unknown", now=NOON).count == 0


def test_a_retired_tag_is_put_on_nothing(db, bo, ada):
    tags.add(db, bo, INVOICE, "old", now=NOON)
    tags.remove(db, bo, INVOICE, "old", now=NOON)
    (tag,) = tags.of_mailbox(db, bo, 1)
    tags.retire(db, ada, tag.id, now=NOON)
    with pytest.raises(Invalid, match="retired"):
        bulk_tags.add(db, bo, EVERYTHING, "old", now=NOON)


def test_only_what_is_open_is_snoozed_and_each_sleeps_on_as_before(db, bo):
    until, sooner = NOON + timedelta(days=2), NOON + timedelta(days=1)
    asleep, closed = row(db), row(db)
    snoozing.snooze(db, bo, asleep, sooner, True, now=NOON)
    conversations.close(db, bo, closed, now=NOON)
    before = standing(db, bo)
    done = bulk.snooze(db, bo, EVERYTHING, until, now=NOON)

    assert (done.count, done.left_out) == (2, 1)
    assert conversations.by_id(db, bo, asleep).snoozed_until == until
    bulk_undo.take_back(db, bo, done.action_id, now=LATER)
    assert standing(db, bo) == before
    assert conversations.by_id(db, bo, asleep).snoozed_until == sooner
    with pytest.raises(Invalid, match="over"):
        bulk.snooze(db, bo, EVERYTHING, NOON, now=NOON)


def test_whoever_is_given_many_is_told_once_and_not_after_all(db, ada, bo):
    for _ in range(3):
        row(db)
    done = bulk.assign(db, ada, EVERYTHING, BO, now=NOON)
    (told_once,) = notifications.unseen(db, bo)
    assert (told_once.kind, told_once.how_many, told_once.actor_name) == ("assigned", 4, "Ada Lind")
    bulk_undo.take_back(db, ada, done.action_id, now=LATER)
    assert notifications.unseen(db, bo) == []


def test_giving_many_to_oneself_tells_nobody(db, bo):
    bulk.assign(db, bo, EVERYTHING, BO, now=NOON)
    assert notifications.unseen(db, bo) == []
