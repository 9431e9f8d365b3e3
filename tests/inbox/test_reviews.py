import email
from datetime import timedelta
from email import policy

import pytest

from inbox import (
    conversations,
    draft_files,
    drafts,
    events,
    notes,
    notifications,
    outbox,
    outgoing,
    reviews,
)
from inbox.delivery import stop_if_overtaken
from inbox.errors import Invalid, NotAllowed, NotFound, Stale, TooLate
from tests.conftest import NOON
from tests.furniture import ADA, BO, CY, EVE, INVOICE
from tests.inbox import post
from tests.inbox.test_outbox import hear

pytestmark = pytest.mark.feature("CR10")
SOON = NOON + timedelta(minutes=5)


@pytest.fixture
def home(home):
    post.connect(home)
    return home


def do(home, verb, agent, *args, now=SOON):
    with home.store.write() as db:
        return verb(db, agent, *args, now=now)


def asked(home, bo, reviewer_id=ADA, **text):
    draft = post.written(home, bo, body="Bo's words", **text)
    return do(home, reviews.ask, bo, draft.id, reviewer_id, now=NOON)


def seen_by(home, agent):
    with home.store.read() as db:
        return [d.body for d in drafts.with_shared(db, agent, INVOICE)]


def told(home):
    return post.every(home, "select agent_id, kind from notifications order by id")


def edit(home, agent, draft, body="Better words", **given):
    text = {"recipients": draft.recipients, "subject": draft.subject, "kind": "reply", **given}
    with home.store.write() as db:
        return drafts.save(db, agent, draft.id, draft.revision, body=body, **text, now=SOON)


def test_an_ordinary_draft_is_its_authors_alone(home, ada, bo):
    draft = post.written(home, bo)
    assert seen_by(home, ada) == []
    with pytest.raises(NotFound):
        edit(home, ada, draft)
    with pytest.raises(NotFound):
        post.send(home, ada, draft)


def test_a_shared_one_is_seen_by_whoever_may_answer(home, ada, bo, cy, eve):
    draft = asked(home, bo)

    assert draft.shared_at == NOON and draft.reviewer_id == ADA
    assert seen_by(home, ada) == seen_by(home, bo) == ["Bo's words"]
    assert seen_by(home, cy) == seen_by(home, eve) == []
    assert told(home) == [(ADA, "review")]
    assert post.kinds(home) == ["review_asked"]
    with home.store.read() as db:
        assert drafts.all_of(db, ada, INVOICE) == []
        assert notifications.unseen(db, ada)[0].actor_name == "Bo Ek"
        assert '"whom": "Ada Lind"' in (events.of_conversation(db, bo, INVOICE)[-1].after or "")


def test_asking_again_says_nothing_new_and_may_name_nobody(home, ada, bo):
    draft = asked(home, bo)
    do(home, reviews.ask, bo, draft.id, ADA)
    assert told(home) == [(ADA, "review")]

    do(home, reviews.ask, bo, draft.id)
    assert told(home) == [(ADA, "review")]
    assert post.kinds(home) == ["review_asked", "review_asked"]


@pytest.mark.parametrize("reviewer_id", [BO, CY, EVE, 99])
def test_only_a_colleague_who_may_answer_is_asked(home, bo, reviewer_id):
    with pytest.raises(Invalid):
        asked(home, bo, reviewer_id)


def test_what_cannot_be_reviewed(home, ada, bo):
    with pytest.raises(Invalid):
        do(home, reviews.ask, bo, post.written(home, bo, body=" ").id)
    note = post.written(home, bo, kind="note")
    with pytest.raises(Invalid):
        do(home, reviews.ask, bo, note.id)
    with pytest.raises(NotFound):
        do(home, reviews.ask, ada, note.id)
    sent = post.written(home, bo)
    post.send(home, bo, sent)
    with pytest.raises(TooLate):
        do(home, reviews.ask, bo, sent.id)


def test_a_colleague_edits_it_one_at_a_time(home, ada, bo):
    draft = asked(home, bo)
    better = edit(home, ada, draft)

    assert seen_by(home, bo) == ["Better words"]
    with pytest.raises(Stale):
        edit(home, bo, draft, "Mine")
    with home.store.write() as db:
        draft_files.attach(db, ada, home.files, draft.id, "a.txt", "text/plain", b"a", now=SOON)
    with pytest.raises(Stale):
        post.send(home, bo, better, now=SOON)


def test_it_stays_its_authors(home, ada, bo):
    draft = asked(home, bo)
    for verb in (drafts.discard, drafts.restore, reviews.withdraw, reviews.ask):
        with pytest.raises(NotFound):
            do(home, verb, ada, draft.id)
    with pytest.raises(Invalid):
        edit(home, ada, draft, kind="note")
    with pytest.raises(NotFound):
        do(home, reviews.give_back, bo, draft.id, "x")


def test_its_author_takes_it_out_of_sight_again(home, ada, bo):
    draft = asked(home, bo)
    do(home, reviews.withdraw, bo, draft.id)
    do(home, reviews.withdraw, bo, draft.id)

    assert seen_by(home, ada) == []
    assert seen_by(home, bo) == ["Bo's words"]
    assert post.kinds(home) == ["review_asked", "review_withdrawn"]


def test_it_is_given_back_with_a_word(home, ada, bo):
    draft = asked(home, bo)
    do(home, reviews.give_back, ada, draft.id, "Warmer, please.")

    assert seen_by(home, ada) == []
    assert told(home) == [(ADA, "review"), (BO, "returned")]
    assert post.kinds(home) == ["review_asked", "noted", "review_returned"]
    with pytest.raises(NotFound):
        do(home, reviews.give_back, ada, draft.id, "")


def test_approving_sends_it_under_its_authors_name(home, ada, bo):
    with home.store.export() as cursor:
        cursor.execute("update agents set signature = 'Bo from support' where id = 2")
    better = edit(home, ada, asked(home, bo))
    queued = post.send(home, ada, better, now=SOON)

    with home.store.read() as db:
        parcel = outgoing.by_id(db, queued.outbox_id)
        mail = email.message_from_bytes(home.raw.read(parcel.place), policy=policy.default)
        assert not stop_if_overtaken(db, parcel, home.settings, now=SOON + timedelta(minutes=1))
        assert conversations.by_id(db, ada, INVOICE).assignee_id == BO
        diary = events.of_conversation(db, ada, INVOICE)
    assert mail["From"] == "Bo Ek <support@example.com>"
    assert "Better words" in mail.get_body(("plain",)).get_content()
    assert "Bo from support" in mail.get_body(("plain",)).get_content()
    assert (parcel.agent_id, parcel.approver_id) == (BO, ADA)
    assert told(home)[-1] == (BO, "approved")
    assert post.kinds(home) == ["review_asked", "claimed", "queued", "approved"]
    assert [e.actor_id for e in diary] == [BO, ADA, ADA, ADA]
    assert '"author_id": 2' in (diary[-1].after or "")
    assert post.send(home, bo, better, now=SOON) == queued


def test_who_approved_can_undo_it_and_so_can_the_author(home, ada, bo, cy):
    draft = asked(home, bo)
    for who in (ada, bo):
        queued = post.send(home, ada, draft, now=SOON)
        with pytest.raises(NotAllowed):
            do(home, outbox.undo, cy, queued.outbox_id)
        draft = do(home, outbox.undo, who, queued.outbox_id)
        assert draft.shared_at is not None and draft.state == "open"


def test_the_guard_stands_before_whoever_approves(home, ada, bo):
    draft = asked(home, bo)
    hear(home)
    with pytest.raises(Stale):
        post.send(home, ada, draft, now=SOON)
    do(home, notes.add, bo, INVOICE, "Mind the date")
    with pytest.raises(Stale):
        post.send(home, ada, draft, now=SOON)
    assert post.one(home, "select count(*) from outbox") == (0,)


def test_what_somebody_wrote_who_has_left_goes_out_under_the_senders_name(home, ada, bo):
    draft = asked(home, bo)
    with home.store.export() as cursor:
        cursor.execute("update agents set is_active = false where id = 2")
    queued = post.send(home, ada, draft, now=SOON)

    with home.store.read() as db:
        parcel = outgoing.by_id(db, queued.outbox_id)
    assert (parcel.agent_id, parcel.approver_id, parcel.from_name) == (ADA, None, "Ada Lind")
