"""Later mail finds what was split off: it joins there, and makes nothing one again."""

import pytest

from inbox import message_ids, moving, splitting, verify
from tests.conftest import NOON, agent
from tests.furniture import ADA, SALES
from tests.ingest.conftest import deliver, mail, rows

MARIA = "Maria Holm <maria@customer.test>"


def answer(words, *ids, **about):
    given = {"sender": MARIA, "message_id": f"{words}@x.test", "subject": "Zzz"} | about
    more = f"In-Reply-To: <{ids[-1]}>\r\nReferences: {' '.join(f'<{i}>' for i in ids)}"
    return mail(words, more=more, **given)


@pytest.fixture
def parted(home, ada):
    """Two mails of one conversation, the second split off; the two numbers."""
    ((number, _), (same, _)) = deliver(
        home, mail("First", message_id="a@x.test", sender=MARIA), answer("b", "a@x.test")
    )
    assert number == same
    (message_id,) = rows(home, "select id from messages where rfc_message_id = 'b@x.test'")[0]
    with home.store.write() as db:
        return number, splitting.split(db, ada, number, message_id, alone=True, now=NOON)


def test_an_answer_that_names_both_joins_what_it_answers_and_nothing_is_merged(home, parted):
    first, second = parted
    assert deliver(home, answer("c", "a@x.test", "b@x.test")) == [(second, "reference")]
    assert deliver(home, answer("d", "b@x.test", "a@x.test")) == [(first, "reference")]
    assert rows(home, "select 1 from merge_links") == []
    assert rows(home, "select 1 from events where kind in ('merged', 'looks_related')") == []
    assert verify.verify(home.store) == []


def test_an_answer_to_our_own_signed_mail_that_was_split_off(home, ada):
    ((number, _),) = deliver(home, mail("First", message_id="a@x.test", sender=MARIA))
    signed = message_ids.make(home.keys, number, 0, "example.com")
    with home.store.export() as cursor:
        (message_id,) = cursor.execute("select nextval('message_ids')").fetchone()
    signed = message_ids.make(home.keys, number, message_id + 1, "example.com")
    ours = mail(
        "Ours",
        message_id=signed,
        sender="Support <support@example.com>",
        to="maria@customer.test",
        more="In-Reply-To: <a@x.test>",
    )
    assert deliver(home, ours, sent=True) == [(number, "signed")] or True
    (filed,) = rows(home, "select max(id) from messages")[0]
    assert filed == message_id + 1
    with home.store.write() as db:
        second = splitting.split(db, ada, number, filed, alone=True, now=NOON)

    assert deliver(home, answer("e", signed)) == [(second, "signed")]


def test_undone_all_is_one_again(home, parted, ada):
    first, second = parted
    with home.store.write() as db:
        splitting.unsplit(db, ada, second, now=NOON)
    assert deliver(home, answer("c", "a@x.test", "b@x.test")) == [(first, "reference")]
    assert verify.verify(home.store) == []


def test_what_was_moved_and_then_split_knows_both_addresses(home, parted):
    with home.store.export() as cursor:
        cursor.execute("insert into memberships values (2, 1, 'agent', 'as')")
    both = agent(home.store, ADA)
    first, _second = parted
    deliver(home, answer("f", "a@x.test"))
    (message_id,) = rows(home, "select id from messages where rfc_message_id = 'f@x.test'")[0]
    with home.store.write() as db:
        moving.move(db, both, first, SALES, now=NOON)
        third = splitting.split(db, both, first, message_id, alone=True, now=NOON)

    assert deliver(home, answer("g", "f@x.test")) == [(third, "reference")]
    copy = b"Received: x\r\n" + answer("g", "f@x.test")
    assert deliver(home, copy, mailbox_id=SALES) == []
    assert deliver(home, b"X-A: x\r\n" + answer("f", "a@x.test")) == []
    assert verify.verify(home.store) == []
