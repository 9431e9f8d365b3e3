"""Notes that ask, and what becomes of their questions."""

from datetime import timedelta

import pytest

from inbox import (
    conversations,
    drafts,
    events,
    hiding,
    lists,
    merging,
    messages,
    notes,
    notifications,
    questions,
    splitting,
)
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.filters import Filter, read
from inbox.notes import Role
from tests.conftest import NOON
from tests.furniture import INVOICE, QUOTE
from tests.inbox.post import kinds
from tests.inbox.test_merging import another, is_whole, merge
from tests.inbox.test_splitting import more_mail

pytestmark = pytest.mark.feature("NT08")
LATER = NOON + timedelta(minutes=5)
ASKS, ANSWERS = Role(asks=True), Role(answers=True)


def leave(home, who, words, role=notes.PLAIN, number=INVOICE):
    with home.store.write() as db:
        return notes.add(db, who, number, words, role=role, now=NOON)


def answer(home, who, message_id, number=INVOICE):
    with home.store.write() as db:
        questions.answer(db, who, number, message_id, now=LATER)


def count(home, who, number=INVOICE):
    with home.store.read() as db:
        return conversations.by_id(db, who, number).open_questions


def note(home, who, message_id):
    with home.store.read() as db:
        return next(m for m in messages.in_conversation(db, who, INVOICE) if m.id == message_id)


def test_a_question_is_open_and_counted_until_somebody_answers(home, bo, ada):
    asked = leave(home, bo, "Who knows?", ASKS)
    leave(home, bo, "By the way")
    assert count(home, bo) == 1
    assert (note(home, bo, asked).is_question, note(home, bo, asked).answered_at) == (True, None)

    answer(home, ada, asked)
    found = note(home, bo, asked)
    assert (found.answered_at, found.answered_by_name) == (LATER, "Ada Lind")
    assert count(home, bo) == 0
    assert kinds(home)[-1] == "question_answered"
    before = kinds(home)
    answer(home, bo, asked)
    assert kinds(home) == before


def test_the_asker_is_told_and_nobody_of_their_own_answer(home, bo, ada):
    asked = leave(home, bo, "Who knows?", ASKS)
    answer(home, ada, asked)
    with home.store.read() as db:
        (told,) = notifications.unseen(db, bo)
        assert (told.kind, told.actor_name, told.message_id) == ("explained", "Ada Lind", asked)
    again = leave(home, ada, "And this?", ASKS)
    answer(home, ada, again)
    with home.store.read() as db:
        assert notifications.unseen(db, ada) == []


def test_a_note_answers_what_is_asked_and_may_ask_itself(home, bo, ada):
    first = leave(home, bo, "Who knows?", ASKS)
    second = leave(home, ada, "I do. But why?", Role(asks=True, answers=True))
    assert note(home, bo, first).answered_by_name == "Ada Lind"
    assert note(home, bo, second).answered_at is None
    assert count(home, bo) == 1
    with home.store.read() as db:
        told = events.of_conversation(db, bo, INVOICE)[-1]
        (heard,) = notifications.unseen(db, bo)
    assert (told.kind, told.message_id) == ("question_answered", first)
    assert told.after == f'{{"note_id": {second}}}'
    assert heard.message_id == second
    before = kinds(home)
    leave(home, ada, "That is all", Role())
    assert kinds(home) == [*before, "noted"]


def test_a_draft_asks_when_it_becomes_a_note(home, bo):
    with home.store.write() as db:
        draft = drafts.start(db, bo, INVOICE, "note", now=NOON)
        kept = drafts.save(
            db,
            bo,
            draft.id,
            draft.revision,
            body="Who?",
            recipients=draft.recipients,
            subject="",
            kind="note",
            now=NOON,
        )
        notes.from_draft(db, bo, INVOICE, draft.id, kept.revision, role=ASKS, now=NOON)
    assert count(home, bo) == 1


def test_opened_again(home, bo):
    asked = leave(home, bo, "Who knows?", ASKS)
    answer(home, bo, asked)
    with home.store.write() as db:
        questions.reopen(db, bo, INVOICE, asked, now=LATER)
        questions.reopen(db, bo, INVOICE, asked, now=LATER)
    assert count(home, bo) == 1
    assert kinds(home).count("question_reopened") == 1


def test_refusals(home, bo, cy, eve):
    plain = leave(home, bo, "Only so")
    asked = leave(home, bo, "Who knows?", ASKS)
    with pytest.raises(Invalid, match="ask"):
        answer(home, bo, plain)
    for number, message_id in ((INVOICE, 1), (INVOICE, 999)):
        with pytest.raises(NotFound):
            answer(home, bo, message_id, number)
    with pytest.raises(NotAllowed):
        answer(home, cy, asked)
    with pytest.raises(NotFound):
        answer(home, eve, asked)
    with pytest.raises(NotFound):
        answer(home, eve, asked, QUOTE)


def test_the_list_counts_them_and_a_filter_finds_them(home, bo):
    leave(home, bo, "Who knows?", ASKS)
    other = another(home)
    with home.store.read() as db:
        rows = lists.listed(db, bo, "all", now=NOON)
        assert {r.id: r.open_questions for r in rows} == {INVOICE: 1, other: 0}
        asked = lists.listed(db, bo, "all", filters=Filter(is_asked=True), now=NOON)
        assert [r.id for r in asked] == [INVOICE]
    assert read({"asked": "1"}, NOON.tzinfo).is_asked
    assert not read({"asked": "yes"}, NOON.tzinfo).is_asked


def test_the_count_follows_a_merge_a_split_and_hiding(home, bo, ada):
    other = another(home)
    asked = leave(home, bo, "Who knows?", ASKS, other)
    merge(home, bo, other)
    assert count(home, bo) == 1
    with home.store.write() as db:
        merging.unmerge(db, bo, other, now=NOON + timedelta(hours=2))
    assert (count(home, bo), count(home, bo, other)) == (0, 1)

    mail = more_mail(home, "later", minutes=-1)
    leave(home, bo, "And here?", ASKS)
    with home.store.write() as db:
        number = splitting.split(db, bo, INVOICE, mail, alone=True, now=LATER)
    assert (count(home, bo), count(home, bo, number)) == (1, 0)
    with home.store.write() as db:
        hiding.hide(db, ada, other, asked, now=LATER)
    assert count(home, bo, other) == 0
    assert is_whole(home) == []
