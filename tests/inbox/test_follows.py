import pytest

from inbox import conversations, events, follows, merging, people, undo, verify
from inbox.errors import NotFound
from tests.conftest import NOON
from tests.furniture import CY, INVOICE, SUPPORT
from tests.inbox.test_merging import another


def names(db, viewer):
    return [c.name for c in follows.of_conversation(db, viewer, INVOICE)]


def test_a_reader_may_follow_and_leave_again(db, bo, cy):
    follows.follow(db, cy, INVOICE, now=NOON)
    follows.follow(db, cy, INVOICE, now=NOON)
    follows.follow(db, bo, INVOICE, now=NOON)

    assert names(db, bo) == ["Bo Ek", "Cy Dahl"]
    assert conversations.by_id(db, cy, INVOICE).is_followed
    follows.unfollow(db, cy, INVOICE, now=NOON)
    follows.unfollow(db, cy, INVOICE, now=NOON)
    assert not conversations.by_id(db, cy, INVOICE).is_followed
    assert conversations.by_id(db, bo, INVOICE).is_followed
    assert [e.kind for e in events.of_conversation(db, bo, INVOICE)] == [
        "followed",
        "followed",
        "unfollowed",
    ]


def test_undo_both_even_when_a_colleague_follows_meanwhile(db, bo, cy):
    follows.follow(db, cy, INVOICE, now=NOON)
    since = db.changes[-1].event_id
    follows.follow(db, bo, INVOICE, now=NOON)
    undo.take_back(db, cy, follows.unfollow, INVOICE, since=since, now=NOON)
    assert names(db, bo) == ["Bo Ek"]
    undo.take_back(db, cy, follows.follow, INVOICE, since=since, now=NOON)
    assert names(db, bo) == ["Bo Ek", "Cy Dahl"]


def test_a_stranger_may_not(db, eve):
    with pytest.raises(NotFound):
        follows.follow(db, eve, INVOICE, now=NOON)
    with pytest.raises(NotFound):
        follows.of_conversation(db, eve, INVOICE)


def test_who_lost_the_mailbox_is_no_follower(db, ada, cy):
    follows.follow(db, cy, INVOICE, now=NOON)
    people.remove_from_mailbox(db, ada, CY, SUPPORT, now=NOON)
    assert names(db, ada) == []


def test_who_followed_one_follows_the_family(store, home, bo, cy):
    second = another(home)
    with store.write() as db:
        follows.follow(db, cy, second, now=NOON)
        follows.follow(db, bo, INVOICE, now=NOON)
        merging.merge(db, bo, second, INVOICE, now=NOON)
        assert names(db, bo) == ["Bo Ek", "Cy Dahl"]
        assert conversations.by_id(db, cy, INVOICE).is_followed
        follows.unfollow(db, cy, INVOICE, now=NOON)
        assert names(db, bo) == ["Bo Ek"]
    assert verify.verify(store) == []
