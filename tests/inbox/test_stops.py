from datetime import timedelta

import pytest

from inbox import delivery, drafts, guard, notes, outbox, outgoing, stops
from inbox.errors import Stale
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox import post

pytestmark = pytest.mark.feature("OW09")
SOON = NOON + timedelta(seconds=5)
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def home(home):
    post.connect(home)
    return home


@pytest.fixture
def stopped(home, ada, bo):
    """Ada's reply, which Send refused because Bo has answered."""
    draft = post.written(home, ada, body="On Tuesday.")
    post.send(home, bo, post.written(home, bo, body="On Friday."))
    refuse(home, ada, draft)
    return draft


def refuse(home, agent, draft, **options):
    with pytest.raises(Stale):
        post.send(home, agent, draft, now=SOON, **options)


def told(home, viewer, since=NOON):
    with home.store.read() as db:
        return stops.listed(db, viewer, since=since)


def save(home, agent, draft, body):
    given = {"recipients": draft.recipients, "subject": draft.subject, "kind": "reply"}
    with home.store.write() as db:
        return drafts.save(db, agent, draft.id, draft.revision, body=body, **given, now=SOON)


def acknowledge(home, agent, draft):
    newest = post.one(home, "select max(event_id) from events")[0]
    with home.store.write() as db:
        return drafts.acknowledge(db, agent, draft.id, newest, now=SOON)


def test_a_refused_send_leaves_a_line_though_nothing_else_of_it_is_kept(home, ada, bo, stopped):
    (stop,) = told(home, bo)

    assert (stop.agent_name, stop.conversation_id) == ("Ada Lind", INVOICE)
    assert (stop.newer_kind, stop.newer_name, stop.stopped_at) == ("queued", "Bo Ek", SOON)
    assert (stop.fate, stop.is_held_back, stop.newer_count) == ("draft", False, 1)
    assert post.kinds(home) == ["claimed", "queued", "send_stopped"]
    assert post.one(home, "select count(*) from outbox")[0] == 1


def test_pressing_again_at_the_same_moment_is_told_once(home, ada, bo, stopped):
    refuse(home, ada, stopped)
    assert len(told(home, ada)) == 1

    with home.store.write() as db:
        notes.add(db, bo, INVOICE, "Wait.", now=SOON)
    refuse(home, ada, stopped)
    assert [stop.newer_kind for stop in told(home, ada)] == ["noted", "queued"]
    assert [stop.newer_count for stop in told(home, ada)] == [2, 1]


def test_refused_and_caught_inside_the_transaction_is_told_as_well(home, ada, bo):
    draft = post.written(home, ada)
    post.send(home, bo, post.written(home, bo))
    with home.store.write() as db, pytest.raises(Stale):
        guard.check(db, ada, draft, anyway=False, now=SOON)

    assert len(told(home, ada)) == 1


def test_what_became_of_it_sent_anyway(home, ada, stopped):
    newest = told(home, ada)[0]
    post.send(home, ada, stopped, now=LATER, anyway=True)

    assert told(home, ada)[0].fate == "sent_anyway"
    assert told(home, ada)[0].id == newest.id


def test_what_became_of_it_edited(home, ada, stopped):
    acknowledge(home, ada, stopped)
    post.send(home, ada, save(home, ada, stopped, "As Bo says."), now=LATER)

    assert told(home, ada)[0].fate == "edited"


def test_what_became_of_it_sent_as_it_was_after_a_look(home, ada, stopped):
    acknowledge(home, ada, stopped)
    queued = post.send(home, ada, stopped, now=LATER)
    assert told(home, ada)[0].fate == "sent"

    with home.store.write() as db:
        outbox.undo(db, ada, queued.outbox_id, now=LATER)
    assert told(home, ada)[0].fate == "draft"


def test_what_became_of_it_discarded_or_left_as_a_note(home, ada, stopped):
    with home.store.write() as db:
        drafts.discard(db, ada, stopped.id, now=LATER)
    assert told(home, ada)[0].fate == "discarded"
    with home.store.write() as db:
        back = drafts.restore(db, ada, stopped.id, now=LATER)
    assert told(home, ada)[0].fate == "draft"

    given = {"recipients": back.recipients, "subject": back.subject, "body": "Bo, see above."}
    with home.store.write() as db:
        kept = drafts.save(db, ada, back.id, back.revision, kind="note", **given, now=LATER)
        notes.from_draft(db, ada, INVOICE, kept.id, kept.revision, now=LATER)
    assert told(home, ada)[0].fate == "noted"


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_what_is_held_back_on_its_way_is_told_too(home, ada, bo, is_elsewhere):
    queued = post.send(home, ada, post.written(home, ada))
    newer = [] if is_elsewhere else [guard.Between(event_id=1, kind="queued", agent_name="Bo Ek")]
    with home.store.write() as db:
        parcel = delivery.lease(db, queued.outbox_id, home.settings, now=NOON + timedelta(hours=1))
        assert isinstance(parcel, outgoing.Parcel)
        delivery.stop(db, parcel, newer, now=LATER)

    (stop,) = told(home, bo)
    assert stop.is_held_back
    assert (stop.newer_kind is None) == is_elsewhere
    assert (stop.agent_name, stop.fate) == ("Ada Lind", "draft")
    with home.store.read() as db:
        draft = drafts.of(db, ada, INVOICE)
    post.send(home, ada, draft, now=LATER, anyway=True)
    assert told(home, bo)[0].fate in ("sent", "sent_anyway")


def test_only_the_period_and_only_what_one_may_read(home, ada, bo, cy, eve, stopped):
    assert told(home, ada, since=LATER) == []
    assert len(told(home, cy)) == 1
    assert told(home, eve) == []
