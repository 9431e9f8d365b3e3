"""Answers are kept exactly as long as nothing they were read from has changed."""

import re

import pytest

from inbox import conversations, memory, notes, sessions
from inbox.memory import Memory
from inbox.migrations import SQL
from inbox.store import load_queries
from tests.conftest import NOON
from tests.furniture import BO, INVOICE


@pytest.fixture
def asked():
    return []


@pytest.fixture
def ask(home, asked):
    """Asks for the invoice's status, remembered."""

    def question(db):
        asked.append(1)
        return db.value("conversations.mailbox_of", conversation_id=INVOICE)

    return lambda: home.memory.answer(question, "status", tables=("conversations",))


def test_an_answer_is_asked_for_once(ask, asked):
    assert (ask(), ask(), len(asked)) == (1, 1, 1)


def test_a_commit_to_its_table_makes_it_ask_again(store, bo, ask, asked):
    ask()
    with store.write() as db:
        conversations.claim(db, bo, INVOICE, now=NOON)
    ask()
    assert len(asked) == 2


def test_a_commit_elsewhere_and_a_rollback_do_not(store, home, bo, ask, asked):
    ask()
    with store.write() as db:
        sessions.start(db, BO, "x", settings=home.settings, now=NOON)
    with pytest.raises(ZeroDivisionError), store.write() as db:
        conversations.claim(db, bo, INVOICE, now=NOON)
        _ = 1 / 0
    ask()
    assert len(asked) == 1


def test_it_is_kept_half_a_minute_at_most(ask, asked, monkeypatch):
    monkeypatch.setattr(memory, "LONGEST_SECONDS", 0)
    ask()
    ask()
    assert len(asked) == 2


def test_nothing_is_not_kept(home, asked):
    def question(db):
        asked.append(1)

    for name in range(3):
        home.memory.answer(question, name, tables=("sessions",))
        home.memory.answer(question, name, tables=("sessions",))
    assert len(asked) == 6
    assert home.memory._known == {}


def test_it_does_not_grow_without_bounds(store):
    small = Memory(store, most=3)
    for name in range(10):
        small.answer(lambda db: 1, name, tables=())
    assert len(small._known) <= 3


def test_a_full_one_forgets_nobody_when_a_name_is_asked_for_again(store, bo):
    small, asked = Memory(store, most=2), []

    def question(db):
        asked.append(1)
        return 1

    for name in ("one", "two", "one", "two"):
        small.answer(question, name, tables=())
    assert len(asked) == 2


def test_a_revoked_session_and_a_lost_role_are_seen_at_once(store, home, bo):
    with store.write() as db:
        token = sessions.start(db, BO, "x", settings=home.settings, now=NOON)
    found = sessions.remembered(home.memory, sessions.digest(token), now=NOON)
    assert found.may("reply", 1)
    with store.write() as db:
        db.change("people.remove_from_mailbox", mailbox_id=1, agent_id=BO)
    assert not sessions.remembered(home.memory, sessions.digest(token), now=NOON).may("read", 1)
    with store.write() as db:
        sessions.end(db, token, now=NOON)
    assert sessions.remembered(home.memory, sessions.digest(token), now=NOON) is None


def test_the_store_knows_the_table_of_every_query_that_writes(store):
    """A write it did not recognise would leave old answers standing."""
    for name, text in load_queries(SQL / "queries").items():
        words = re.sub(r"--.*", "", text).split()
        begins = next((word for word in words if word in {"insert", "update", "delete"}), "")
        writes = words[0] == begins or "returning" in words or (words[0] == "with" and begins != "")
        assert bool(store._written[name]) == writes, name


def test_a_note_leaves_the_counts_and_tells_the_conversation(store, bo):
    """What a verb writes is read off the very statements it ran."""
    before = store.version(("conversations", "messages", "agents"))
    with store.write() as db:
        notes.add(db, bo, INVOICE, "Look", now=NOON)
    after = store.version(("conversations", "messages", "agents"))
    assert [a - b for a, b in zip(after, before, strict=True)] == [1, 1, 0]


def test_memory_of_one_house_is_not_anothers(home, store):
    assert Memory(store).answer(lambda db: "mine", "name", tables=()) == "mine"
    assert home.memory.answer(lambda db: "theirs", "name", tables=()) == "theirs"
