"""Which conversation a mail joins, and that strangers cannot choose."""

import itertools
from datetime import timedelta

import pytest

from inbox import message_ids
from ingest import poll
from tests import furniture
from tests.conftest import MAIL, NOON
from tests.ingest.conftest import connect, deliver, mail, rows

MARIA = "Maria Holm <maria@customer.test>"
STRANGER = "Mallory <mallory@elsewhere.test>"


def ours(home, conversation_id=furniture.INVOICE, message_id=99):
    return message_ids.make(home.keys, conversation_id, message_id, "example.com")


def answer(rfc_id, words="Thanks", **about):
    given = {"subject": "Something else", "message_id": f"{words}@x.test", **about}
    return mail(words, more=f"In-Reply-To: <{rfc_id}>", **given)


def test_an_answer_to_our_signed_id_joins(home):
    assert deliver(home, answer(ours(home), sender=MARIA)) == [(furniture.INVOICE, "signed")]


def test_a_forged_id_of_our_shape_never_joins(home):
    right = ours(home)
    seal = right.split(".")[2].split("@")[0]
    forged = right.replace(seal, "0" * 32)
    ((conversation_id, reason),) = deliver(home, answer(forged, sender=STRANGER))

    assert conversation_id != furniture.INVOICE
    assert reason == "new"
    assert rows(home, "select 1 from message_references where rfc_message_id = $i", i=forged) == []


def test_a_signed_id_of_another_mailbox_does_not_join(home):
    ((conversation_id, _),) = deliver(home, answer(ours(home, furniture.QUOTE), sender=MARIA))

    assert conversation_id not in (furniture.INVOICE, furniture.QUOTE)


def test_a_token_in_the_address_joins_and_a_made_up_one_does_not(home):
    token = message_ids.token(home.keys, furniture.INVOICE)
    good = mail("a", message_id="t1@x.test", to=f"support+{token}@example.com")
    bad = mail("b", message_id="t2@x.test", to=f"support+c1.{'0' * 32}@example.com")

    (first, second) = deliver(home, good, bad)

    assert first == (furniture.INVOICE, "plus_address")
    assert second[1] == "new"


def test_out_of_order_mail_and_late_parents_join(home):
    parent = mail("First", message_id="a@x.test")
    child = answer("a@x.test", "Second", message_id="b@x.test")
    grandchild = mail(
        "Third", message_id="c@x.test", more="References: <a@x.test> <b@x.test>", subject="Zzz"
    )

    found = deliver(home, grandchild) + deliver(home, parent) + deliver(home, child)

    assert len({conversation_id for conversation_id, _ in found}) == 1
    assert [reason for _, reason in found] == ["new", "reference", "reference"]


def test_a_stranger_who_knows_an_id_joins_but_is_marked(home):
    found = deliver(home, mail("First", message_id="a@x.test"))
    found += deliver(home, answer("a@x.test", "me too", sender=STRANGER))
    found += deliver(home, answer("a@x.test", "as us", sender="Support <support@example.com>"))

    assert [reason for _, reason in found] == ["new", "reference_stranger", "reference_stranger"]
    contact = rows(home, "select contact_address from conversations where id = $i", i=found[0][0])
    assert contact == [("nils@customer.test",)]


def test_our_id_in_capitals_is_still_ours_and_a_forged_one_still_is_none(home):
    right = ours(home).upper()
    forged = f"C{furniture.INVOICE}.99.{'DEADBEEF' * 4}@EXAMPLE.COM"

    (first, second) = deliver(
        home,
        answer(right, "a", sender=MARIA, message_id="u1@x.test"),
        answer(forged, "b", sender=STRANGER, message_id="u2@x.test"),
    )

    assert first == (furniture.INVOICE, "signed")
    assert (second[0] != furniture.INVOICE, second[1]) == (True, "new")
    remembered = "select 1 from message_references where lower(rfc_message_id) = $i"
    assert rows(home, remembered, i=forged.lower()) == []


@pytest.mark.parametrize("at_once", [True, False], ids=["one pass", "a pass each"])
def test_customers_whose_form_gives_every_mail_the_same_id_stay_apart(home, at_once):
    form = [
        mail(f"From {name}", sender=f"{name} <{name}@x.test>", message_id="Form@shop.test")
        for name in ("ada", "bo")
    ]
    ada_again = answer("form@SHOP.test", "c", sender="ada@x.test", message_id="f3@x.test")
    bo_again = answer("form@SHOP.test", "d", sender="bo@x.test", message_id="f4@x.test")
    mails = [*form, ada_again, bo_again]

    found = deliver(home, *mails) if at_once else [deliver(home, one)[0] for one in mails]

    assert [reason for _, reason in found] == ["new", "new", "reference", "reference"]
    assert [found[0][0], found[1][0]] == [found[2][0], found[3][0]]
    assert found[0][0] != found[1][0]


def test_a_copy_through_a_list_joins_the_mail_it_is_a_copy_of(home):
    through_list = mail(
        "Hello\n--\nThe list",
        sender="Nils via List <list@lists.test>",
        more="Reply-To: Nils Berg <nils@customer.test>",
    )

    found = deliver(home, mail("Hello"), through_list)

    assert found[1] == (found[0][0], "reference_stranger")


@pytest.mark.parametrize(
    "told", sorted((MAIL / "odd" / "headers").glob("date-*.eml")), ids=lambda m: m.stem
)
def test_no_odd_date_files_a_mail_in_the_future_or_before_it_came(home, told):
    now = NOON + timedelta(minutes=1)

    deliver(home, told.read_bytes(), now=now)

    ((sent_at,),) = rows(home, "select sent_at from messages where id > 2")
    assert now - timedelta(hours=24) <= sent_at <= now


def test_references_never_reach_into_another_mailbox(home):
    ((first, _),) = deliver(home, mail("First", message_id="a@x.test"), mailbox_id=furniture.SALES)
    ((second, reason),) = deliver(home, answer("a@x.test", "b"))

    assert (second != first, reason) == (True, "new")


def test_the_subject_joins_only_with_prefix_known_sender_and_in_time(home):
    again = mail("x", subject="SV: Invoice 12", sender=MARIA, message_id="s1@x.test")
    no_prefix = mail("y", subject="Invoice 12", sender=MARIA, message_id="s2@x.test")
    stranger = mail("z", subject="Re: Invoice 12", sender=STRANGER, message_id="s3@x.test")
    late = mail(
        "w",
        subject="Re: Invoice 12",
        sender=MARIA,
        message_id="s4@x.test",
        date="Fri, 15 May 2026 10:00:00 +0000",
    )

    reasons = [reason for _, reason in deliver(home, again, no_prefix, stranger)]
    reasons += [reason for _, reason in deliver(home, late, now=NOON + timedelta(days=74))]

    assert reasons == ["subject", "new", "new", "new"]


def test_a_number_in_the_subject_opens_no_door(home):
    ((conversation_id, reason),) = deliver(home, mail(subject="[#1] Invoice 12", sender=STRANGER))

    assert (conversation_id != furniture.INVOICE, reason) == (True, "new")


def read(home, server):
    poll.poll(home, connect(home, server.url), now=NOON)
    found = rows(home, "select subject, conversation_id, thread_reason from messages where id > 2")
    assert len({subject for subject, _, _ in found}) == len(found), "each mail is one message"
    return {subject: (conversation_id, reason) for subject, conversation_id, reason in found}


FAMILY = {
    "parent": mail("First", subject="Parent", message_id="a@x.test"),
    "child": answer("a@x.test", "Second", subject="Child", message_id="b@x.test"),
    "grandchild": mail(
        "Third",
        subject="Grandchild",
        message_id="c@x.test",
        more="References: <a@x.test> <b@x.test>",
    ),
}


@pytest.mark.parametrize("at_once", [True, False], ids=["one pass", "a pass each"])
@pytest.mark.parametrize("order", list(itertools.permutations(FAMILY)), ids="-".join)
def test_mail_joins_in_whatever_order_a_server_has_it(home, server, order, at_once):
    for name in order:
        server.append(FAMILY[name], when=NOON)
        if not at_once:
            read(home, server)
    found = read(home, server)

    assert len({conversation_id for conversation_id, _ in found.values()}) == 1
    reasons = [found[name.title()][1] for name in order]
    assert reasons == ["new", "reference", "reference"]


def test_a_parent_from_another_folder_joins_late(home, server):
    """Sent is read first: our answer is here before the customer's mail that it answers."""
    folder = "Skickat" if server.kind == "dovecot" else "Sent"
    ours_sent = mail(
        "We fixed it",
        subject="Answer",
        sender="Bo <bo@example.com>",
        to="nils@customer.test",
        message_id="s1@example.com",
        more="In-Reply-To: <a@x.test>",
    )
    server.append(ours_sent, folder=folder, when=NOON)
    server.append(FAMILY["parent"], when=NOON)

    found = read(home, server)

    assert found["Parent"] == (found["Answer"][0], "reference")


def test_a_parent_that_was_missed_joins_by_the_comparison(home, server):
    server.append(FAMILY["parent"], FAMILY["child"], when=NOON - timedelta(days=30))
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set import_since = timestamp '2026-02-25' where id = 1")
    server.append(FAMILY["grandchild"], when=NOON)
    assert set(read(home, server)) == {"Grandchild"}
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set import_since = null where id = 1")

    poll.poll(home, connect(home, server.url), now=NOON, thorough=True)
    found = read(home, server)

    assert len({conversation_id for conversation_id, _ in found.values()}) == 1
    assert set(found) == {"Parent", "Child", "Grandchild"}
