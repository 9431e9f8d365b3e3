"""Mail for a conversation that was moved: it follows, it is never lost and never doubled."""

from datetime import timedelta

import pytest

from inbox import conversations, events, merging, message_ids, messages, moving, verify
from tests import furniture
from tests.conftest import NOON, agent
from tests.furniture import ADA, SALES, SUPPORT
from tests.ingest.conftest import deliver, mail, rows

MARIA = "Maria Holm <maria@customer.test>"


@pytest.fixture
def both(home):
    with home.store.export() as cursor:
        cursor.execute("insert into memberships values (2, 1, 'agent', 'as')")
    return agent(home.store, ADA)


@pytest.fixture
def moved(home, both):
    """A conversation that began at support@ and stands in Sales now; its id."""
    ((number, _),) = deliver(home, mail("First", message_id="a@x.test", sender=MARIA))
    with home.store.write() as db:
        moving.move(db, both, number, SALES, now=NOON)
    return number


def answer(rfc_id="a@x.test", words="More", **about):
    given = {"sender": MARIA, "message_id": f"{words}@x.test", "subject": "Zzz"} | about
    return mail(words, more=f"In-Reply-To: <{rfc_id}>", **given)


def places(home, number):
    return rows(
        home,
        "select mailbox_id, thread_reason from messages where conversation_id = $n order by id",
        n=number,
    )


def is_whole(home):
    return [f for f in verify.verify(home.store) if f.subject != "raw_messages_and_messages"]


@pytest.mark.parametrize("to", [SUPPORT, SALES])
def test_an_answer_to_either_address_joins_where_it_stands_now(home, moved, to):
    assert deliver(home, answer(), mailbox_id=to) == [(moved, "reference")]

    assert places(home, moved) == [(SALES, "new"), (SALES, "reference")]
    told = rows(home, "select mailbox_id from events where kind = 'received' order by event_id")
    assert told == [(SUPPORT,), (SALES,)]
    assert verify.verify(home.store) == [] or is_whole(home) == []


def test_it_is_read_by_the_new_mailbox_alone(home, moved, bo, eve):
    deliver(home, answer(words="secret"))
    with home.store.read() as db:
        assert [m.body_text for m in messages.in_conversation(db, eve, moved)][-1] == "secret"
        with pytest.raises(conversations.NotFound):
            messages.in_conversation(db, bo, moved)
        with pytest.raises(conversations.NotFound):
            events.of_conversation(db, bo, moved)


def test_a_signed_id_of_before_the_move_leads_there(home, moved):
    signed = message_ids.make(home.keys, moved, 99, "example.com")
    assert deliver(home, answer(signed)) == [(moved, "signed")]


def test_by_its_subject_too(home, moved):
    bare = mail("Any news?", subject="Re: Printer", sender=MARIA, message_id="s@x.test")
    assert deliver(home, bare) == [(moved, "subject")]


@pytest.mark.parametrize("first", [SUPPORT, SALES])
def test_one_mail_to_both_addresses_stands_there_once(home, moved, first):
    both_of_them = answer(words="To both")
    second = SALES if first == SUPPORT else SUPPORT
    there = b"Received: by another road\r\n" + both_of_them

    assert deliver(home, both_of_them, mailbox_id=first) == [(moved, "reference")]
    assert deliver(home, there, mailbox_id=second) == []
    assert len(places(home, moved)) == 2


def test_so_it_does_when_it_was_merged_there(home, moved, both):
    ((other, _),) = deliver(home, mail("Theirs", message_id="t@x.test", sender=MARIA), mailbox_id=2)
    with home.store.write() as db:
        merging.merge(db, both, other, moved, now=NOON)
    words = answer("t@x.test", words="To both")
    assert deliver(home, words, mailbox_id=SALES) == [(moved, "reference")]
    assert deliver(home, b"Received: x\r\n" + words, mailbox_id=SUPPORT) == []


def test_a_server_that_offers_it_anew_doubles_nothing(home, moved):
    first = mail("First", message_id="a@x.test", sender=MARIA)
    assert deliver(home, first) == []
    assert deliver(home, b"X-Other: y\r\n" + first) == []
    assert len(places(home, moved)) == 1


def test_a_mail_that_names_one_here_and_one_there_merges_nothing(home, moved):
    ((here, _),) = deliver(home, mail("Here", message_id="h@x.test", sender=MARIA, subject="Q"))
    both_named = mail(
        "Both", message_id="n@x.test", sender=MARIA, more="References: <h@x.test> <a@x.test>"
    )
    ((joined, _),) = deliver(home, both_named)

    assert joined == moved
    assert rows(home, "select 1 from merge_links") == []
    assert rows(home, "select 1 from events where kind in ('merged', 'looks_related')") == []
    assert rows(home, "select merged_into from conversations where id = $i", i=here) == [(None,)]


def test_a_strangers_mail_to_the_old_address_begins_anew_there(home, moved):
    ((number, _),) = deliver(home, mail("Hello", message_id="z@x.test"))
    assert number != moved
    assert places(home, number) == [(SUPPORT, "new")]


def test_taken_back_the_other_mailbox_knows_nothing_of_it(home, moved, both):
    with home.store.write() as db:
        moving.unmove(db, both, moved, now=NOON + timedelta(seconds=5))
    copy = b"Received: x\r\n" + mail("First", message_id="a@x.test", sender=MARIA)

    ((number, _),) = deliver(home, copy, mailbox_id=SALES)
    assert number != moved
    assert deliver(home, answer()) == [(moved, "reference")]
    assert places(home, moved) == [(SUPPORT, "new"), (SUPPORT, "reference")]
    assert moved != furniture.INVOICE
