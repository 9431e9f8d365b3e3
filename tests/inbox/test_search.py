from datetime import timedelta

import pytest

from inbox import bulk, hiding, lists, messages, removal, search_hits
from inbox.bulk import Choice
from inbox.filters import Asked, Filter
from inbox.messages import Address, NewMessage, Recipients
from inbox.queries import NotUnderstood
from tests.conftest import NOON
from tests.furniture import ADA, BO, INVOICE, QUOTE, SALES, SUPPORT
from tests.inbox.letters import letter
from tests.inbox.queue_rows import row

DAY = timedelta(days=1)


@pytest.fixture
def written(db):
    first, second = messages.reserve(db, 2)
    messages.add_all(
        db,
        [
            NewMessage(
                id=message_id,
                conversation_id=conversation_id,
                mailbox_id=mailbox_id,
                direction="in",
                via="imap",
                sent_at=NOON,
                received_at=NOON,
                from_name="Åsa Öberg",
                from_address="asa@malmo-frakt.test",
                recipients=Recipients(),
                subject="Frakt till Malmö",
                thread_reason="new",
                body_text="Order 100% klar, se faktura_12 och o'brien.",
                reply_text="",
            )
            for message_id, conversation_id, mailbox_id in (
                (first, INVOICE, SUPPORT),
                (second, QUOTE, SALES),
            )
        ],
    )


@pytest.mark.parametrize(
    "words",
    ["malmö", "MALMO", "frakt malm", "asa@malmo-frakt.test", "oberg", "faktura_12", "o'brien"],
)
def test_words_are_found_however_they_are_written(db, ada, written, words):
    assert lists.found(db, ada, words, now=NOON) == [INVOICE]


@pytest.mark.parametrize("words", ["", "%", "_", "malmö stockholm", "almö", "\0"])
def test_what_is_not_there_is_not_found(db, ada, written, words):
    assert lists.found(db, ada, words, now=NOON) == []


def test_only_readable_mail_is_found(db, eve, cy, written):
    assert lists.found(db, eve, "malmö", now=NOON) == [QUOTE]
    assert lists.found(db, cy, "malmö", now=NOON) == [INVOICE]


@pytest.mark.parametrize("view", ["open", "unassigned", "spam", "trash", "closed"])
def test_much_newer_mail_elsewhere_hides_nothing(store, db, ada, view):
    """Three hundred newer conversations hold the same word in another view."""
    elsewhere = "open" if view == "closed" else "closed"
    db._cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, message_count, attachment_count, is_readable) "
        "select 1, 'x', 'x', 'x', 'x', $status, $now, $now + interval 1 day, 300, 0, true "
        "from range(300)",
        {"status": elsewhere, "now": NOON},
    )
    db._cursor.execute(
        "insert into search_keys select 1000 + id, id, 1, ' hello ', created_at, '', '', '', '' "
        "from conversations where id > 2"
    )
    db._cursor.execute(
        "update conversations set status = $status, spam_at = $spam, trashed_at = $trash "
        "where id = 1",
        {
            "status": "closed" if view == "closed" else "open",
            "spam": NOON if view == "spam" else None,
            "trash": NOON if view == "trash" else None,
        },
    )
    before = store.tally.statements

    found = lists.listed(db, ada, view, filters=Filter(words="hello"), limit=20, now=NOON)

    assert [f.id for f in found] == [INVOICE]
    assert store.tally.statements - before <= 2


def test_a_long_conversation_does_not_crowd_out_the_others(db, ada, store):
    """The limit counts conversations: one with many messages takes one place."""
    db._cursor.execute(
        "insert into search_keys select 1000 + n, 1, 1, ' hello ', now(), '', '', '', '' "
        "from range(300) r(n)"
    )
    db._cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, message_count, attachment_count, is_readable) "
        "values (1, 'x', 'x', 'x', 'x', 'open', $then, $then, 1, 0, true)",
        {"then": NOON - timedelta(days=400)},
    )
    db._cursor.execute("insert into search_keys values (9, 3, 1, ' hello ', now(), '', '', '', '')")

    assert [
        f.id
        for f in lists.listed(db, ada, "open", filters=Filter(words="hello"), limit=2, now=NOON)
    ] == [1, 3]
    assert (
        lists.listed(db, ada, "open", mailbox_id=2, filters=Filter(words="hello"), now=NOON) == []
    )


def ids(db, viewer, line, view="all", **more):
    found = lists.listed(db, viewer, view, filters=Filter(words=line, **more), now=NOON)
    assert {r.matching for r in found} <= {len(found)}
    return {r.id for r in found}


@pytest.mark.feature("QV10")
def test_a_mark_that_is_typed_is_meant_and_a_letter_without_one_is_any(db, ada):
    with_ring = letter(db, body="Han åker hem")
    decomposed = letter(db, body="Han A\u030aker hem")
    plain = letter(db, body="aker")

    assert ids(db, ada, "aker") == {with_ring, decomposed, plain}
    assert ids(db, ada, "ÅKER") == {with_ring, decomposed}
    assert ids(db, ada, '"han åker"') == {with_ring, decomposed}
    assert ids(db, ada, "-åker aker") == {plain}


@pytest.mark.feature("QV10")
def test_a_phrase_is_found_as_it_stands(db, ada):
    exact = letter(db, body="Var är min  order?\nDen är sen.")
    letter(db, body="order min var är")
    letter(db, body="Var är min orderbok")
    letter(db, subject="var är min", body="order")

    assert ids(db, ada, '"är min order"') == {exact}
    assert ids(db, ada, '"AR MIN ORDER" "den är"') == {exact}
    assert len(ids(db, ada, '"är min order')) == 2
    assert len(ids(db, ada, "är min order")) == 4


@pytest.mark.feature("QV10", "QV15")
def test_each_operator_narrows(db, bo):
    lena = Address(name="Lena Dahl", address="lena@customer.test")
    late = letter(db, subject="Sen order", body="zebra", to=(lena,), at=NOON - 9 * DAY)
    mine = letter(db, body="zebra", sender=("Erik", "erik@x.test"), assignee_id=BO, tags="vip\nold")
    hers = letter(db, body="zebra", assignee_id=ADA, files=("zebra_karta.pdf",), is_urgent=True)
    closed = letter(db, body="zebra", status="closed", closed_at=NOON, waiting_since=None)
    asleep = letter(db, body="zebra", snoozed_until=NOON + DAY)
    spam = letter(db, body="zebra", spam_at=NOON)
    trash = letter(db, body="zebra", trashed_at=NOON)
    db._cursor.execute(
        "insert into tags (mailbox_id, name, created_at) select 1, unnest(['vip', 'old']), now()"
    )
    db._cursor.execute("insert into follows values ($id, 1, 2, now())", {"id": late})
    there = {late, mine, hers, closed, asleep}
    for line, expected in {
        "": there,
        "from:erik": {mine},
        "from:erik@x": {mine},
        "-from:erik": there - {mine},
        "to:lena": {late},
        "to:customer.test": {late},
        "-to:lena": there - {late},
        "subject:sen": {late},
        'subject:"sen order"': {late},
        "-subject:sen": there - {late},
        "has:attachment": {hers},
        "-has:attachment": there - {hers},
        "karta": {hers},
        "before:2d": {late},
        "after:2d": there - {late},
        "tag:VIP": {mine},
        "tag:vip tag:old": {mine},
        "-tag:old": there - {mine},
        "assignee:me": {mine},
        "assignee:ada": {hers},
        "assignee:ada@example.com assignee:me": {hers, mine},
        "assignee:none": {late, closed, asleep},
        "-assignee:ada": there - {hers},
        "is:mine": {mine},
        "is:unassigned": {late, closed, asleep},
        "is:open": {late, mine, hers},
        "-is:open": {closed, asleep},
        "is:closed": {closed},
        "is:snoozed": {asleep},
        "is:urgent": {hers},
        "-is:urgent": there - {hers},
        "is:vip": set(),
        "is:following": {late},
        "-is:following": there - {late},
        "is:spam": {spam},
        "is:trash": {trash},
        "is:spam is:trash": {spam, trash},
        "mailbox:support": there,
        "-mailbox:support": set(),
        "-zebra": set(),
        "karta -subject:frakt": set(),
    }.items():
        assert ids(db, bo, f"zebra {line}") == expected, line


@pytest.mark.feature("QV13")
def test_trash_and_spam_are_left_out_unless_asked_for(db, bo):
    there = letter(db, body="zebra")
    spam = letter(db, body="zebra", spam_at=NOON)
    trash = letter(db, body="zebra", trashed_at=NOON)

    assert ids(db, bo, "zebra") == {there}
    assert ids(db, bo, "zebra", is_everywhere=True) == {there, spam, trash}
    assert ids(db, bo, "zebra -is:spam", is_everywhere=True) == {there, trash}
    assert ids(db, bo, "zebra", view="trash", is_everywhere=True) == {trash}
    assert [r.lies_in for r in lists.listed(db, bo, "spam", now=NOON)] == ["spam"]


def test_unread_is_what_this_viewer_has_not_seen(db, bo):
    new = letter(db, body="zebra", last_message_id=900)
    seen = letter(db, body="zebra", last_message_id=901)
    db._cursor.execute(
        "insert into reads (agent_id, conversation_id, mailbox_id, seen_message_id, seen_at) "
        "values (2, $id, 1, 901, now())",
        {"id": seen},
    )
    assert ids(db, bo, "zebra is:unread") == {new}
    assert ids(db, bo, "zebra is:read") == {seen}


@pytest.mark.feature("QV10")
def test_what_stands_in_another_mailbox_is_neither_found_counted_shown_nor_named(db, ada, eve):
    mine = letter(db, body="zebra here")
    theirs = letter(db, body="zebra secret there", mailbox_id=SALES, files=("zebra.pdf",))
    db._cursor.execute(
        "insert into tags (mailbox_id, name, created_at) values (2, 'sealed', now())"
    )
    db._cursor.execute(
        "update conversations set tags = 'sealed', assignee_id = 4 where id = $id", {"id": theirs}
    )

    assert ids(db, ada, "zebra") == {mine}
    assert ids(db, ada, "-here") & {theirs} == set()
    every = db._cursor.execute("select array_agg(id) from messages").fetchone()[0]
    wanted = search_hits.sought(Filter(words="zebra"), now=NOON).text
    shown = search_hits.places(db, ada, every, wanted)
    assert "secret" not in str(shown)
    assert "secret" in str(search_hits.places(db, eve, every, wanted))
    for line in ("tag:sealed", "assignee:eve", "mailbox:sales"):
        with pytest.raises(NotUnderstood) as refused:
            ids(db, ada, line)
        told = str(refused.value.slip.known)
        assert "sealed" not in told
        assert "Eve" not in told
        assert "Sales" not in told
        assert ids(db, eve, line), line


def test_notes_and_all_messages_of_a_merged_conversation_are_searched(db, cy):
    whole = letter(db, body="start")
    part = letter(db, body="zebra", direction="note")
    db._cursor.execute(
        "update conversations set merged_into = $whole where id = $part",
        {"whole": whole, "part": part},
    )
    assert ids(db, cy, "zebra") == {whole}


@pytest.mark.parametrize("line", ["before:soon zebra", "is:x", "tag:nothing", "assignee:zed"])
def test_what_cannot_be_answered_lists_and_changes_nothing(db, bo, line):
    letter(db, body="zebra")
    choice = Choice(asked=Asked(view="all", filters=Filter(words=line)))

    with pytest.raises(NotUnderstood):
        ids(db, bo, line)
    with pytest.raises(NotUnderstood):
        bulk.close(db, bo, choice, now=NOON)
    assert db._cursor.execute(
        "select count(*) from conversations where status <> 'open'"
    ).fetchone() == (0,)


@pytest.mark.feature("QV10", "QV19")
@pytest.mark.parametrize(
    "line", ["zebra -old", '"zebra two"', "from:erik zebra", "zebra is:unread"]
)
def test_all_that_match_are_those_that_are_shown(db, bo, line):
    letter(db, body="zebra two", last_message_id=5)
    letter(db, body="zebra old", sender=("Erik", "erik@x.test"))
    letter(db, body="zebra two", trashed_at=NOON)
    letter(db, body="zebra two", mailbox_id=SALES)
    shown = ids(db, bo, line)
    choice = Choice(asked=Asked(view="all", filters=Filter(words=line)))

    assert bulk.close(db, bo, choice, now=NOON).count == len(shown) > 0
    closed = db._cursor.execute("select id from conversations where status = 'closed'").fetchall()
    assert {number for (number,) in closed} == shown


HOSTILE = [
    "%", "_", "''; drop table messages; --", "\\", "(?:", "[a-", "*", "\0", "\u202eabc", "🦓",
    '"' * 99, "is:" * 99, "x " * 10_000, "-" * 999, "$pattern_1", "{said}", "from:% tag:_",
]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE)
def test_nothing_that_is_typed_breaks_the_search(db, bo, line):
    letter(db, body="zebra 🦓 100% x_y")
    try:
        found = ids(db, bo, line)
    except NotUnderstood:
        return
    meant = any(c.isalnum() for c in line)
    assert meant or found in (set(), ids(db, bo, ""))


def test_the_place_that_is_shown_is_that_of_the_newest_message_that_holds_all(db, bo):
    many = letter(db, body="zebra and horse")
    letter(db, body="only zebra", conversation_id=many, at=NOON + DAY)
    file = letter(db, body="see file", files=("zebra horse.pdf",))
    filters = Filter(words="zebra horse")
    rows = lists.listed(db, bo, "all", filters=filters, now=NOON)
    wanted = search_hits.sought(filters, now=NOON)
    places = search_hits.places(db, bo, [r.hit_message_id for r in rows], wanted.text)

    shown = {r.id: places[r.hit_message_id] for r in rows}
    assert shown[many] == [("zebra", True), (" and ", False), ("horse", True)]
    assert shown[file] == [("zebra", True), (" ", False), ("horse", True), (".pdf", False)]


def test_what_is_hidden_or_deleted_is_found_no_more(db, ada):
    gone = letter(db, body='zebra "quiet words"', sender=("Erik", "erik@x.test"), trashed_at=NOON)
    (number,) = db.column("families.of", conversation_id=gone)
    (message,) = db._cursor.execute(
        "select max(id) from messages where conversation_id = $id", {"id": number}
    ).fetchone()
    hiding.hide(db, ada, gone, message, now=NOON)
    assert ids(db, ada, "zebra is:trash") == ids(db, ada, '"quiet words" is:trash') == set()
    assert ids(db, ada, "subject:frakt is:trash") == set()
    assert ids(db, ada, "from:erik is:trash") == {gone}
    hiding.show(db, ada, gone, message, now=NOON)
    assert ids(db, ada, '"quiet words" subject:frakt is:trash') == {gone}
    removal.erase(db, ada, gone, now=NOON)
    assert ids(db, ada, "from:erik", is_everywhere=True) == set()
    left = "select count(*) from search_keys where message_id = $id"
    assert db._cursor.execute(left, {"id": message}).fetchone() == (0,)


@pytest.mark.feature("QV10")
def test_the_history_has_no_end(db, bo):
    old = letter(db, body="zebra", at=NOON - 4000 * DAY)
    long = letter(db, body="ord " + " ".join(f"w{n}" for n in range(15_000)) + " ånej zebra")
    assert ids(db, bo, "zebra") == {old, long}
    assert ids(db, bo, "w14999 ånej") == {long}


@pytest.mark.feature("QV04", "QV24")
def test_all_that_is_closed_is_one_view_and_closing_is_one_act(db, bo):
    closed = row(db, status="closed", closed_at=NOON, waiting_since=None)
    other = row(db)
    assert ids(db, bo, "", view="closed") == {closed}
    bulk.close(db, bo, Choice(ids=(other,)), now=NOON)
    assert ids(db, bo, "", view="closed") == {closed, other}
    assert other not in ids(db, bo, "", view="open")
    assert lists.counts(db, bo, now=NOON).closed == 2


@pytest.mark.feature("QV10")
def test_the_newest_message_that_holds_it_all_is_the_one_to_look_at(db, ada):
    first = letter(db, body="zebra lejon", at=NOON)
    letter(db, body="zebra lejon", conversation_id=first, at=NOON + timedelta(minutes=1))
    letter(db, body="zebra", conversation_id=first, at=NOON + timedelta(minutes=2))
    mails = messages.in_conversation(db, ada, first)

    def found(words):
        return search_hits.in_stream(mails, Filter(words=words), now=NOON)

    assert found("zebra lejon").message_id == mails[1].id
    assert found("ZEBRA").message_id == mails[2].id
    assert found("zebra asa").message_id == mails[2].id
    assert found("giraff") is None
    assert found("from:asa") is None
    assert "\\p{L}" in found("zebra").pattern


@pytest.mark.feature("QV10")
def test_a_word_that_only_the_folded_part_holds_opens_it(db, ada):
    number = letter(db, body="Hej\n> zebra", reply="Hej", at=NOON)
    mails = messages.in_conversation(db, ada, number)

    def is_folded(words):
        return search_hits.in_stream(mails, Filter(words=words), now=NOON).is_folded

    assert is_folded("zebra hej")
    assert not is_folded("hej")
