from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import conversations, drafts, events, outbox
from inbox.errors import AlreadyClaimed
from tests.conftest import NOON
from tests.furniture import ADA, BO, INVOICE
from tests.inbox import post

pytestmark = pytest.mark.feature("OW01")
SOON = NOON + timedelta(seconds=5)


@pytest.fixture
def home(home):
    post.connect(home)
    return home


def has(home):
    return post.one(home, "select assignee_id from conversations where id = $id", id=INVOICE)[0]


def act(home, verb, *args, **options):
    with home.store.write() as db:
        return verb(db, *args, **options, now=SOON)


def test_who_sends_has_it_from_then_on_in_the_same_action(home, ada, bo):
    post.send(home, ada, post.written(home, ada))

    assert has(home) == ADA
    with home.store.read() as db:
        claimed, queued = events.of_conversation(db, ada, INVOICE)
    assert (claimed.kind, queued.kind) == ("claimed", "queued")
    assert claimed.action_id == queued.action_id
    with pytest.raises(AlreadyClaimed, match="Ada Lind has this"):
        act(home, conversations.claim, bo, INVOICE)


def test_who_answers_for_a_colleague_takes_nothing_away(home, ada, bo):
    act(home, conversations.claim, bo, INVOICE)
    post.send(home, ada, post.written(home, ada))

    assert has(home) == BO
    assert post.kinds(home) == ["claimed", "queued"]


def test_a_house_may_leave_it_to_its_people(home, ada):
    home = replace(home, settings=replace(home.settings, claim_on_send=False))
    post.send(home, ada, post.written(home, ada))

    assert has(home) is None
    assert post.kinds(home) == ["queued"]


def test_undo_gives_back_what_send_has_taken(home, ada):
    queued = post.send(home, ada, post.written(home, ada))
    act(home, outbox.undo, ada, queued.outbox_id)

    assert has(home) is None
    assert post.kinds(home) == ["claimed", "queued", "undone", "released"]
    with home.store.read() as db:
        undone, released = events.of_conversation(db, ada, INVOICE)[-2:]
    assert undone.action_id == released.action_id


def test_undo_leaves_what_was_claimed_by_hand(home, ada):
    act(home, conversations.claim, ada, INVOICE)
    queued = post.send(home, ada, post.written(home, ada))
    act(home, outbox.undo, ada, queued.outbox_id)

    assert has(home) == ADA


@pytest.mark.parametrize("back", [True, False])
def test_undo_leaves_what_somebody_has_assigned_meanwhile(home, ada, bo, back):
    queued = post.send(home, ada, post.written(home, ada))
    act(home, conversations.assign, bo, INVOICE, BO)
    if back:
        act(home, conversations.assign, bo, INVOICE, ADA)
    act(home, outbox.undo, ada, queued.outbox_id)

    assert has(home) == (ADA if back else BO)


def test_sent_undone_and_sent_again_takes_and_gives_each_time(home, ada):
    for _ in range(2):
        with home.store.read() as db:
            draft = drafts.of(db, ada, INVOICE)
        queued = post.send(home, ada, draft or post.written(home, ada))
        assert has(home) == ADA
        act(home, outbox.undo, ada, queued.outbox_id)
        assert has(home) is None
