"""Tags of a mailbox, on conversations and in the hands of its managers."""

import pytest

from inbox import conversations, events, merging, people, tags, undo, verify
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from tests.conftest import NOON, agent
from tests.furniture import BO, INVOICE, QUOTE, SALES, SUPPORT
from tests.inbox.test_merging import another

pytestmark = pytest.mark.feature("QV18")


def on(db, viewer, number=INVOICE):
    return conversations.by_id(db, viewer, number).tags


def row(db, number=INVOICE):
    return db._cursor.execute(
        "select tags from conversations where id = $id", {"id": number}
    ).fetchone()[0]


def told(db, viewer, number=INVOICE):
    return [(e.kind, e.before, e.after) for e in events.of_conversation(db, viewer, number)]


def named(db, viewer, name):
    return next(t for t in tags.of_mailbox(db, viewer, SUPPORT) if t.name == name)


def test_a_new_name_becomes_a_tag_and_stands_on_the_row_sorted(db, bo):
    for name in ("zebra", "Invoice", "älg"):
        tags.add(db, bo, INVOICE, name, now=NOON)

    assert on(db, bo) == ("Invoice", "zebra", "älg")
    assert row(db) == "Invoice\nzebra\nälg"
    assert tags.offered(db, bo, SUPPORT) == ["Invoice", "zebra", "älg"]
    assert told(db, bo)[0] == ("tagged", None, '{"tag": "zebra"}')


def test_a_tag_put_twice_or_in_other_case_is_one(db, bo):
    tags.add(db, bo, INVOICE, "Invoice", now=NOON)
    tags.add(db, bo, INVOICE, "  iNVOICE ", now=NOON)

    assert on(db, bo) == ("Invoice",)
    assert len(told(db, bo)) == 1


def test_taking_it_off_and_both_undone(db, bo):
    tags.add(db, bo, INVOICE, "vip", now=NOON)
    since = db.changes[-1].event_id
    undo.take_back(db, bo, tags.remove, INVOICE, "vip", since=since, now=NOON)
    assert on(db, bo) == ()

    tags.add(db, bo, INVOICE, "vip", now=NOON)
    tags.remove(db, bo, INVOICE, "vip", now=NOON)
    since = db.changes[-1].event_id
    undo.take_back(db, bo, tags.add, INVOICE, "vip", since=since, now=NOON)
    assert on(db, bo) == ("vip",)
    tags.remove(db, bo, INVOICE, "never there", now=NOON)
    assert [kind for kind, *_ in told(db, bo)] == [
        "tagged",
        "untagged",
        "tagged",
        "untagged",
        "tagged",
    ]


def test_undo_is_refused_when_it_has_moved_on(db, ada, bo):
    tags.add(db, bo, INVOICE, "vip", now=NOON)
    since = db.changes[-1].event_id
    conversations.claim(db, ada, INVOICE, now=NOON)

    with pytest.raises(TooLate):
        undo.take_back(db, bo, tags.remove, INVOICE, "vip", since=since, now=NOON)


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "x" * 41, "\x00"])
def test_what_is_no_name_is_refused(db, bo, name):
    with pytest.raises(Invalid):
        tags.add(db, bo, INVOICE, name, now=NOON)
    assert tags.of_mailbox(db, bo, SUPPORT) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a\nb\u2028c", "a b c"),
        ("exe\u202egpj", "exegpj"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("'; drop table tags; --", "'; drop table tags; --"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("e\u0301", "é"),
        ("%_", "%_"),
    ],
)
def test_hostile_names_are_one_visible_line_and_nothing_else(db, bo, name, kept):
    tags.add(db, bo, INVOICE, name, now=NOON)

    assert on(db, bo) == (kept,)
    assert row(db) == kept


def test_who_may(db, cy, eve):
    with pytest.raises(NotAllowed):
        tags.add(db, cy, INVOICE, "x", now=NOON)
    with pytest.raises(NotFound):
        tags.add(db, eve, INVOICE, "x", now=NOON)
    with pytest.raises(NotFound):
        tags.offered(db, eve, SUPPORT)


def test_tags_are_a_mailboxs_own(db, bo, eve):
    tags.add(db, bo, INVOICE, "vip", now=NOON)
    tags.add(db, eve, QUOTE, "VIP", now=NOON)

    assert tags.offered(db, bo, SUPPORT) == ["vip"]
    assert tags.offered(db, eve, SALES) == ["VIP"]


def test_renaming_reaches_every_row_and_never_makes_two_of_a_name(db, ada, bo):
    tags.add(db, bo, INVOICE, "invoice", now=NOON)
    tags.add(db, bo, INVOICE, "vip", now=NOON)
    invoice = named(db, ada, "invoice")
    tags.rename(db, ada, invoice.id, "Bill", now=NOON)
    tags.rename(db, ada, invoice.id, "bill", now=NOON)

    assert on(db, bo) == ("bill", "vip")
    with pytest.raises(Invalid, match="Merge the two"):
        tags.rename(db, ada, invoice.id, "VIP", now=NOON)
    with pytest.raises(NotAllowed):
        tags.rename(db, bo, invoice.id, "x", now=NOON)


def test_a_retired_tag_stays_where_it_is_and_is_offered_no_more(store, ada, bo, home):
    second = another(home)
    with store.write() as db:
        tags.add(db, bo, INVOICE, "old", now=NOON)
        old = named(db, ada, "old")
        tags.retire(db, ada, old.id, now=NOON)

        assert on(db, bo) == ("old",)
        assert tags.offered(db, bo, SUPPORT) == []
        with pytest.raises(Invalid, match="retired"):
            tags.add(db, bo, second, "old", now=NOON)
        tags.bring_back(db, ada, old.id, now=NOON)
        tags.add(db, bo, second, "old", now=NOON)
        assert named(db, ada, "old").uses == 2


def test_merged_tags_stand_once_wherever_either_stood(store, home, ada, bo):
    second = another(home)
    with store.write() as db:
        for number, name in ((INVOICE, "bill"), (INVOICE, "invoice"), (second, "bill")):
            tags.add(db, bo, number, name, now=NOON)
        bill, invoice = named(db, ada, "bill"), named(db, ada, "invoice")
        tags.merge(db, ada, bill.id, invoice.id, now=NOON)

        assert on(db, bo) == on(db, bo, second) == ("invoice",)
        assert named(db, ada, "bill").retired_at == NOON
        with pytest.raises(Invalid):
            tags.merge(db, ada, invoice.id, invoice.id, now=NOON)
    assert verify.verify(store) == []


def test_a_family_shows_the_tags_of_all_and_each_takes_its_own_along(store, home, bo):
    second = another(home)
    with store.write() as db:
        tags.add(db, bo, INVOICE, "one", now=NOON)
        tags.add(db, bo, second, "two", now=NOON)
        merging.merge(db, bo, second, INVOICE, now=NOON)
        assert on(db, bo) == ("one", "two")
        tags.add(db, bo, second, "three", now=NOON)
        tags.remove(db, bo, INVOICE, "two", now=NOON)
    assert verify.verify(store) == []
    with store.write() as db:
        merging.unmerge(db, bo, second, now=NOON)
        assert on(db, bo) == ("one", "three")
        assert on(db, bo, second) == ()
    assert verify.verify(store) == []


def test_who_lost_the_mailbox_tags_there_no_more(store, ada, bo):
    with store.write() as db:
        people.remove_from_mailbox(db, ada, BO, SUPPORT, now=NOON)
    with store.write() as db, pytest.raises(NotFound):
        tags.add(db, agent(store, BO), INVOICE, "x", now=NOON)
