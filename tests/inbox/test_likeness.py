"""What may be about the same matter: a shared number, a shared file, a similar subject."""

from datetime import timedelta

import pytest

from inbox import (
    contact_history,
    contacts,
    hiding,
    likeness,
    merging,
    putting_away,
    removal,
    tokens,
)
from inbox.errors import NotFound
from tests.conftest import NOON
from tests.furniture import SALES, SUPPORT
from tests.inbox.letters import letter

ASA = ("Åsa Öberg", "asa@malmo-frakt.test")
KIM = ("Kim Berg", "kim@store.test")


def found(db, who, number, mailbox_id=SUPPORT):
    """What stands beside a conversation, with its contact where it has one."""
    contact = contacts.of_conversation(db, who, number).contact if mailbox_id == SUPPORT else None
    history = (
        contact_history.of_nobody(db, who, mailbox_id, number)
        if contact is None
        else contact_history.of(db, who, contact, number)
    )
    alike = history.alike
    return [(one.id, one.why, one.what) for one in alike]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Order ORD-48213 please", ["ord-48213", "48213"]),
        ("faktura 2026-4711, kund 99120", ["2026-4711", "99120"]),
        ("Ärende SE/2026/0099", ["se/2026/0099"]),
        ("12345 kr, 1500kr, 250gb, 2026-11-30, 30-11-2026, 20261130", ["12345"]),
        ("Ring 070-123 45 67 eller +46 70 12345 67", []),
        ("kim92@store.test https://x.test/t/a1b2c3d4 www.x.test/99999", []),
        ("covid office a1b ab1c2", ["ab1c2"]),
        ("x" * 30 + "1 1234", []),
    ],
)
def test_what_is_like_the_number_of_an_order(text, named):
    assert list(tokens.of("", text)) == named


def test_a_mail_full_of_numbers_is_cut():
    assert len(tokens.of("", " ".join(str(n) for n in range(10_000, 11_000)))) == tokens.MOST


@pytest.mark.parametrize(
    ("one", "other", "is_similar"),
    [
        ("Where is my delivery?", "SV: delivery, where?", True),
        ("Sen leverans", "VB: sen leveräns", True),
        ("Order 5", "Order 6", False),
        ("Invoice 12", "Invoice 12 again", True),
        ("Re:", "", False),
        ("Ny stol", "Nytt bord", False),
    ],
)
def test_which_subjects_are_similar(one, other, is_similar):
    assert likeness.is_similar(one, other) is is_similar


def test_who_names_the_same_number_is_found_with_it(db, bo):
    one = letter(db, subject="Frakt", body="Var är ORD-48213?", sender=ASA)
    other = letter(db, subject="Hello", body="about ord-48213", sender=KIM)
    letter(db, subject="Other", body="about ord-48214", sender=ASA)

    assert found(db, bo, one) == [(other, "token", "ord-48213")]
    assert found(db, bo, other) == [(one, "token", "ord-48213")]


def test_a_number_that_many_name_tells_nothing(db, bo):
    some = [letter(db, body="org 556677-8899", sender=KIM) for _ in range(likeness.COMMONEST)]
    assert len(found(db, bo, some[0])) == likeness.MOST
    letter(db, body="org 556677-8899", sender=KIM, subject="Nothing like it")
    assert [why for _id, why, _what in found(db, bo, some[0])].count("token") == 0


def of(db, who):
    """The contact behind a name and address, as columns of a conversation."""
    known = contacts.known_as(db, SUPPORT, {who[1]: who[0]}, now=NOON)
    return {"sender": who, "contact_id": known[who[1]]}


def test_the_same_contact_with_a_similar_subject_within_two_weeks(db, bo):
    here = letter(db, subject="Sen leverans till Malmö", **of(db, ASA), created_at=NOON)
    near = letter(
        db,
        subject="SV: leverans Malmö sen",
        **of(db, ASA),
        created_at=NOON - timedelta(days=13),
        at=NOON - timedelta(days=13),
    )
    old = NOON - timedelta(days=15)
    letter(db, subject="Sen leverans till Malmö", **of(db, ASA), created_at=old, at=old)
    letter(db, subject="Sen leverans till Malmö", **of(db, KIM), created_at=NOON)
    letter(db, subject="En helt annan sak", **of(db, ASA), created_at=NOON)

    assert found(db, bo, here) == [(near, "subject", "")]


def test_the_same_file_is_told_by_its_name_unless_it_is_for_a_few(db, bo):
    one = letter(db, subject="A", sender=ASA, files=("faktura.pdf",))
    other = letter(db, subject="B", sender=KIM, files=("faktura.pdf",))
    assert found(db, bo, one) == [(other, "file", "faktura.pdf")]

    db._cursor.execute("update attachments set restricted_at = now(), restricted_by = 1").fetchall()
    assert found(db, bo, one) == []


def test_a_number_says_more_than_a_subject_and_there_are_three_at_most(db, bo):
    here = letter(db, subject="Sen leverans", body="INV-7788", **of(db, ASA), created_at=NOON)
    similar = [letter(db, subject="Sen leverans", **of(db, ASA), created_at=NOON) for _ in range(3)]
    named = letter(db, body="inv-7788", **of(db, KIM), at=NOON - timedelta(days=90))

    alike = found(db, bo, here)
    assert alike[0] == (named, "token", "inv-7788")
    assert len(alike) == 3 and {number for number, *_ in alike[1:]} < set(similar)


def test_what_was_taken_apart_or_lies_in_the_trash_is_not_offered(db, bo):
    one = letter(db, body="ORD-48213", sender=ASA)
    other = letter(db, body="ORD-48213", sender=KIM)
    merging.merge(db, bo, other, one, now=NOON)
    assert found(db, bo, one) == []
    merging.unmerge(db, bo, other, now=NOON)
    assert found(db, bo, one) == found(db, bo, other) == []

    third = letter(db, body="ORD-48213", sender=KIM)
    assert [number for number, *_ in found(db, bo, one)] == [third]
    putting_away.trash(db, bo, third, now=NOON)
    assert found(db, bo, one) == []


def test_what_is_merged_stands_for_all_that_is_in_it(db, bo):
    one = letter(db, subject="A", body="ORD-48213", sender=ASA)
    plain = letter(db, subject="B", sender=KIM)
    merging.merge(db, bo, one, plain, now=NOON)
    other = letter(db, subject="C", body="ORD-48213", sender=KIM)

    assert found(db, bo, other) == [(plain, "token", "ord-48213")]
    assert found(db, bo, plain) == [(other, "token", "ord-48213")]


def test_what_is_hidden_names_nothing_until_it_is_shown_again(db, bo):
    one = letter(db, body="ORD-48213", sender=ASA)
    other = letter(db, subject="B", body="ORD-48213", sender=KIM)
    (message_id,) = db._cursor.execute(
        "select id from messages where conversation_id = $id", {"id": other}
    ).fetchone()
    hiding.hide(db, bo, other, message_id, now=NOON)
    assert found(db, bo, one) == []
    assert (message_id,) not in db._cursor.execute(
        "select message_id from message_tokens"
    ).fetchall()
    hiding.show(db, bo, other, message_id, now=NOON)
    assert found(db, bo, one) == [(other, "token", "ord-48213")]


def test_nobody_learns_of_another_mailbox(db, bo, eve):
    here = letter(db, body="ORD-48213", sender=ASA)
    there = letter(db, body="ORD-48213", sender=KIM, mailbox_id=SALES)

    assert found(db, bo, here) == []
    assert found(db, eve, here, SALES) == []
    assert contact_history.of_nobody(db, bo, SUPPORT, there).alike == ()
    with pytest.raises(NotFound):
        contact_history.of_nobody(db, eve, SUPPORT, here)


def test_deleted_for_good_nothing_of_it_is_left(db, ada):
    number = letter(db, body="ORD-48213", sender=ASA)
    putting_away.trash(db, ada, number, now=NOON)
    removal.erase(db, ada, number, now=NOON)

    assert db._cursor.execute("select * from message_tokens").fetchall() == []
