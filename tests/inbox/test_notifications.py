from datetime import timedelta

import pytest

from inbox import conversations, digests, mentions, notes, notifications, people, words
from inbox.errors import Invalid
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, CY, EVE, INVOICE, SUPPORT

pytestmark = pytest.mark.feature("NT03", "NT07")
LATER = NOON + digests.AFTER


def told(store, agent_id):
    with store.read() as db:
        return [
            (one.kind, one.conversation_id, one.actor_name)
            for one in notifications.unseen(db, agent(store, agent_id))
        ]


def queued(store):
    with store.export() as cursor:
        return cursor.execute(
            "select recipients, subject, body_text from outbox where kind = 'system' order by id"
        ).fetchall()


@pytest.fixture
def can_send(store, home):
    with store.export() as cursor:
        cursor.execute("update mailboxes set smtp_url = 'smtp://support@127.0.0.1:9'")


def test_whoever_reads_the_mailbox_can_be_mentioned(store, ada):
    with store.read() as db:
        found = [member.id for member in mentions.members(db, ada, SUPPORT)]
    assert set(found) == {ADA, BO, CY}


def test_a_mention_is_told_to_whom_it_names_and_to_nobody_else(store, ada):
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@Bo Ek and @Ada Lind: look, not bo@example.com", now=NOON)
    assert told(store, BO) == [("mention", INVOICE, "Ada Lind")]
    assert told(store, ADA) == told(store, CY) == []


def test_who_may_not_read_here_is_told_nothing(store, ada):
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@eve @Eve Berg", now=NOON)
    assert told(store, EVE) == []


def test_what_was_told_is_shown_no_more_to_who_left_the_mailbox(store, ada):
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        people.remove_from_mailbox(db, ada, BO, SUPPORT, now=NOON)
    assert told(store, BO) == []


def test_a_conversation_that_is_given_is_told_and_one_that_is_taken_is_not(store, ada, bo):
    with store.write() as db:
        conversations.claim(db, bo, INVOICE, now=NOON)
    assert told(store, BO) == []
    with store.write() as db:
        conversations.release(db, bo, INVOICE, now=NOON)
        conversations.assign(db, ada, INVOICE, BO, now=NOON)
    assert told(store, BO) == [("assigned", INVOICE, "Ada Lind")]


def test_looking_at_a_conversation_sees_what_is_told_of_it(store, ada, bo):
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        notifications.see(db, bo, INVOICE + 1, now=NOON)
    assert len(told(store, BO)) == 1
    with store.write() as db:
        notifications.see(db, bo, INVOICE, now=NOON)
    assert told(store, BO) == []


def test_what_is_not_wished_is_not_told(store, ada, bo):
    with store.write() as db:
        notifications.set_wishes(db, bo, {"assigned": frozenset({"ring"})}, now=NOON)
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        conversations.assign(db, ada, INVOICE, BO, now=NOON)
        assert notifications.wishes(db, bo) == {"assigned": frozenset({"ring"})}
        with pytest.raises(Invalid):
            notifications.set_wishes(db, bo, {"gossip": frozenset()}, now=NOON)
    assert [kind for kind, *_rest in told(store, BO)] == ["assigned"]


def test_an_answer_is_told_to_whoever_has_or_follows_the_conversation(store, ada, cy):
    with store.export() as cursor:
        cursor.execute(
            "insert into follows values ($c, 1, $cy, $now), ($c, 1, $eve, $now)",
            {"c": INVOICE, "cy": CY, "eve": EVE, "now": NOON},
        )
    with store.write() as db:
        conversations.assign(db, ada, INVOICE, BO, now=NOON)
        notifications.see(db, agent(store, BO), now=NOON)
        notifications.of_answers(db, [(INVOICE, 1), (INVOICE, 2)], now=NOON)
    assert told(store, BO) == told(store, CY) == [("answered", INVOICE, "")]
    assert told(store, ADA) == told(store, EVE) == []


def test_a_digest_comes_once_and_only_for_what_waited(store, home, ada, bo, can_send):
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        assert digests.queue(db, home.settings, home.raw, now=LATER - timedelta(seconds=1)) == 0
        assert digests.queue(db, home.settings, home.raw, now=LATER) == 1
        assert digests.queue(db, home.settings, home.raw, now=LATER) == 0
    ((recipients, subject, text),) = queued(store)
    assert "bo@example.com" in recipients
    assert subject == "One thing waits for you"
    assert f"/?c={INVOICE}" in text


def test_a_digest_is_in_the_language_of_its_reader(store, home, ada, bo, can_send):
    with store.write() as db:
        people.set_preferences(db, bo, "sv", "", now=NOON)
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        assert digests.queue(db, home.settings, home.raw, now=LATER) == 1
    ((_recipients, subject, text),) = queued(store)
    assert subject == "En sak väntar på dig"
    assert "Ada Lind nämnde dig" in text
    assert words.language() == "en"


def test_no_digest_of_what_was_seen_or_is_not_to_be_mailed(store, home, ada, bo, can_send):
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        notifications.see(db, bo, now=NOON)
        notifications.set_wishes(db, bo, {"mention": frozenset({"ring"})}, now=NOON)
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        assert digests.queue(db, home.settings, home.raw, now=LATER) == 0
    assert queued(store) == []


def test_without_a_mailbox_that_sends_the_digest_waits(store, home, ada):
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        assert digests.queue(db, home.settings, home.raw, now=LATER) == 0
    with store.export() as cursor:
        cursor.execute("update mailboxes set smtp_url = 'smtp://support@127.0.0.1:9'")
    with store.write() as db:
        assert digests.queue(db, home.settings, home.raw, now=LATER) == 1


def test_a_subject_cannot_write_the_digest(store, home, ada, can_send):
    with store.export() as cursor:
        cursor.execute(
            "update conversations set subject = '[x](https://evil.test) ![](https://evil.test/p)'"
        )
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@Bo Ek", now=NOON)
        digests.queue(db, home.settings, home.raw, now=LATER)
    with store.export() as cursor:
        (html,) = cursor.execute("select body_html from outbox where kind = 'system'").fetchone()
    assert 'href="https://evil.test' not in html
    assert "<img" not in html


def test_one_whose_address_cannot_be_used_keeps_nobody_elses_digest(store, home, ada, can_send):
    with store.export() as cursor:
        cursor.execute("update agents set email = 'nowhere' where id = $cy", {"cy": CY})
    with store.write() as db:
        notes.add(db, ada, INVOICE, "@Cy Holm @nowhere @Bo Ek", now=NOON)
        notifications.make(db, ada, "assigned", [CY], INVOICE, SUPPORT, now=NOON)
        assert digests.queue(db, home.settings, home.raw, now=LATER) == 1
    assert "bo@example.com" in queued(store)[0][0]
