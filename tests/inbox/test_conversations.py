import threading

import pytest

from inbox import conversations, events, lists, messages, people, putting_away
from inbox.errors import AlreadyClaimed, Invalid, NotAllowed, NotFound
from tests.conftest import NOON
from tests.furniture import BO, CY, INVOICE, SUPPORT


def kinds(db, viewer):
    return [e.kind for e in events.of_conversation(db, viewer, INVOICE)]


@pytest.mark.feature("OW01")
def test_claim_assigns_and_leaves_an_event(db, ada):
    conversations.claim(db, ada, INVOICE, now=NOON)

    assert conversations.by_id(db, ada, INVOICE).assignee_id == ada.id
    assert kinds(db, ada) == ["claimed"]


def test_second_claim_is_told_who_won_and_leaves_no_event(db, ada, bo):
    conversations.claim(db, ada, INVOICE, now=NOON)

    with pytest.raises(AlreadyClaimed, match="Ada Lind has this conversation"):
        conversations.claim(db, bo, INVOICE, now=NOON)

    assert kinds(db, ada) == ["claimed"]


def test_claiming_twice_changes_nothing(db, ada):
    conversations.claim(db, ada, INVOICE, now=NOON)
    conversations.claim(db, ada, INVOICE, now=NOON)

    assert kinds(db, ada) == ["claimed"]


@pytest.mark.feature("OW01")
def test_of_twenty_threads_one_wins_and_the_others_are_told_who(store, ada, bo):
    told, gate = [], threading.Barrier(20)

    def race(agent):
        gate.wait()
        try:
            with store.write() as db:
                conversations.claim(db, agent, INVOICE, now=NOON)
        except AlreadyClaimed as lost:
            told.append((agent.id, lost.winner))

    threads = [threading.Thread(target=race, args=((ada, bo)[n % 2],)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.read() as db:
        winner = conversations.by_id(db, ada, INVOICE).assignee_name
        assert kinds(db, ada) == ["claimed"]
    assert len(told) == 10
    assert {name for _, name in told} == {winner}


def test_a_reader_may_not_claim(db, cy):
    with pytest.raises(NotAllowed):
        conversations.claim(db, cy, INVOICE, now=NOON)


def test_a_stranger_does_not_learn_that_it_exists(db, eve):
    with pytest.raises(NotFound):
        conversations.claim(db, eve, INVOICE, now=NOON)
    with pytest.raises(NotFound):
        messages.in_conversation(db, eve, INVOICE)


@pytest.mark.feature("OW02")
def test_only_those_who_may_answer_are_assigned(db, ada):
    conversations.assign(db, ada, INVOICE, BO, now=NOON)
    with pytest.raises(Invalid):
        conversations.assign(db, ada, INVOICE, CY, now=NOON)

    assert conversations.by_id(db, ada, INVOICE).assignee_id == BO
    (told,) = events.of_conversation(db, ada, INVOICE)
    assert (told.kind, told.assignee_name) == ("assigned", "Bo Ek")


@pytest.mark.parametrize(
    ("verb", "view", "kind"),
    [
        (conversations.close, "closed", "closed"),
        (putting_away.mark_spam, "spam", "marked_spam"),
        (putting_away.trash, "trash", "trashed"),
    ],
)
@pytest.mark.feature("CR17", "CR18", "CR19", "QV06", "QV07")
def test_a_conversation_moves_between_views_once(db, ada, verb, view, kind):
    verb(db, ada, INVOICE, now=NOON)
    verb(db, ada, INVOICE, now=NOON)

    assert [s.id for s in lists.listed(db, ada, view, now=NOON)] == [INVOICE]
    assert lists.listed(db, ada, "open", now=NOON) == []
    assert getattr(lists.counts(db, ada, now=NOON), view) == 1
    assert kinds(db, ada) == [kind]


@pytest.mark.feature("CR18", "CR19")
def test_spam_that_was_trashed_is_spam_again_when_restored(db, ada):
    putting_away.mark_spam(db, ada, INVOICE, now=NOON)
    putting_away.trash(db, ada, INVOICE, now=NOON)

    putting_away.restore(db, ada, INVOICE, now=NOON)
    assert [s.id for s in lists.listed(db, ada, "spam", now=NOON)] == [INVOICE]
    putting_away.restore(db, ada, INVOICE, now=NOON)
    assert [s.id for s in lists.listed(db, ada, "open", now=NOON)] == [INVOICE]


@pytest.mark.feature("CR17")
def test_reopened_mail_goes_back_to_its_assignee(db, bo):
    conversations.claim(db, bo, INVOICE, now=NOON)
    conversations.close(db, bo, INVOICE, now=NOON)
    conversations.reopen(db, bo, INVOICE, now=NOON)

    assert [s.id for s in lists.listed(db, bo, "mine", now=NOON)] == [INVOICE]


@pytest.mark.parametrize("gone", ["deactivated", "removed", "reader"])
def test_reopened_mail_of_who_has_left_goes_back_to_the_team(db, ada, bo, gone):
    conversations.claim(db, bo, INVOICE, now=NOON)
    conversations.close(db, bo, INVOICE, now=NOON)
    if gone == "deactivated":
        people.deactivate(db, ada, BO, now=NOON)
    elif gone == "removed":
        people.remove_from_mailbox(db, ada, BO, SUPPORT, now=NOON)
    else:
        people.set_role(db, ada, BO, SUPPORT, "reader", now=NOON)

    conversations.reopen(db, ada, INVOICE, now=NOON)

    assert [s.id for s in lists.listed(db, ada, "unassigned", now=NOON)] == [INVOICE]
    reopened, released = events.of_conversation(db, ada, INVOICE)[-2:]
    assert (reopened.kind, released.kind) == ("reopened", "released")
    assert released.actor_kind == "system"


@pytest.mark.feature("QV25")
def test_a_view_holds_only_the_viewers_mailboxes(db, eve, ada):
    assert INVOICE not in [s.id for s in lists.listed(db, eve, "open", now=NOON)]
    assert lists.listed(db, ada, "open", mailbox_id=2, now=NOON) == []


def test_the_messages_of_a_conversation_are_read_whole(db, ada):
    (message,) = messages.in_conversation(db, ada, INVOICE)

    assert (message.from_address, message.body_text) == ("maria@customer.test", "Hello")
