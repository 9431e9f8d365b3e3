"""A conversation goes to another mailbox, whole: out of sight of the one, in sight of the other."""

from datetime import timedelta

import pytest

from inbox import (
    attachments,
    conversations,
    drafts,
    events,
    families,
    follows,
    lists,
    merging,
    messages,
    moving,
    notifications,
    outbox,
    outgoing,
    putting_away,
    removal,
    repairs,
    tags,
    undo,
)
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from inbox.filters import Filter
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE, QUOTE, SALES, SUPPORT
from tests.inbox.post import connect, every, kinds, one, send, written
from tests.inbox.test_merging import another, is_whole, merge

MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.feature("QV17")


@pytest.fixture
def both(home):
    """Ada may handle conversations in both mailboxes."""
    with home.store.export() as cursor:
        cursor.execute("insert into memberships values (2, 1, 'agent', 'as')")
    return agent(home.store, ADA)


def move(home, who, number=INVOICE, mailbox_id=SALES, now=NOON):
    with home.store.write() as db:
        moving.move(db, who, number, mailbox_id, now=now)


def unmove(home, who, number=INVOICE, now=NOON + MINUTE):
    with home.store.write() as db:
        moving.unmove(db, who, number, now=now)


def asked(home, question, *args, **options):
    with home.store.read() as db:
        return question(db, *args, **options)


def test_it_stands_in_the_other_mailbox_and_both_diaries_tell(home, both, eve):
    move(home, both)

    found = asked(home, conversations.by_id, eve, INVOICE)
    assert (found.mailbox_id, found.mailbox_name) == (SALES, "Sales")
    told = [e for e in asked(home, events.of_conversation, eve, INVOICE) if e.kind == "moved"]
    assert len(told) == 2
    assert len({e.action_id for e in told}) == 1
    assert all('"from": "Support"' in e.after and '"to": "Sales"' in e.after for e in told)
    places = every(home, "select mailbox_id from events where kind = 'moved' order by event_id")
    assert places == [(SUPPORT,), (SALES,)]
    assert is_whole(home) == []


def test_who_reads_the_old_mailbox_alone_finds_nothing_of_it(home, both, bo, eve):
    """Mail, diary, drafts, files, search, list, mail on its way: each asked by its own question."""
    another_one = another(home)
    merge(home, bo, another_one)
    written(home, bo)
    (file_id,) = one(home, "select max(id) from attachments")
    move(home, both)

    with home.store.read() as db:
        for number in (INVOICE, another_one):
            for question in (
                conversations.by_id,
                messages.in_conversation,
                events.of_conversation,
            ):
                with pytest.raises(NotFound):
                    question(db, bo, number)
            assert outbox.of_conversation(db, bo, number) == []
            assert drafts.all_of(db, bo, number) == []
        with pytest.raises(NotFound):
            messages.in_conversation(db, bo, INVOICE, (INVOICE, another_one))
        with pytest.raises(NotFound):
            events.of_conversation(db, bo, INVOICE, (INVOICE, another_one))
        with pytest.raises(NotFound):
            attachments.small(db, bo, file_id)
        assert lists.found(db, bo, "printer", now=NOON) == []
        assert lists.found(db, eve, "printer", now=NOON) == [INVOICE]
        assert lists.listed(db, bo, "all", filters=Filter(), now=NOON) == []
        assert lists.listed(db, bo, "all", filters=Filter(words="printer"), now=NOON) == []
        assert {c.id for c in lists.listed(db, eve, "all", filters=Filter(), now=NOON)} == {
            INVOICE,
            QUOTE,
        }
        assert len(messages.in_conversation(db, eve, INVOICE)) == 2
    assert is_whole(home) == []


def test_whoever_may_not_handle_in_both_is_refused(home, bo, cy, eve):
    for who, refusal in ((bo, NotFound), (cy, NotAllowed), (eve, NotFound)):
        with pytest.raises(refusal):
            move(home, who)
    with home.store.export() as cursor:
        cursor.execute("insert into memberships values (2, 2, 'reader', 'as')")
    with pytest.raises(NotAllowed):
        move(home, agent(home.store, BO))
    assert kinds(home) == []
    assert moving.targets(bo, SUPPORT) == []


def test_where_it_can_be_moved_to(both):
    assert [sign.id for sign in moving.targets(both, SUPPORT)] == [SALES]
    assert [sign.id for sign in moving.targets(both, SALES)] == [SUPPORT]


def test_an_assignee_who_may_not_answer_there_loses_it_and_is_told(home, both, bo):
    with home.store.write() as db:
        conversations.claim(db, bo, INVOICE, now=NOON)
    move(home, both)

    assert asked(home, conversations.by_id, both, INVOICE).assignee_id is None
    assert kinds(home)[-3:] == ["moved", "moved", "released"]
    (told,) = asked(home, notifications.unseen, bo)
    assert (told.kind, told.actor_name) == ("moved", "Ada Lind")


def test_an_assignee_who_answers_there_too_keeps_it(home, both):
    with home.store.write() as db:
        conversations.claim(db, both, INVOICE, now=NOON)
    move(home, both)

    assert asked(home, conversations.by_id, both, INVOICE).assignee_id == ADA
    assert asked(home, notifications.unseen, both) == []


def test_tags_follow_by_name_and_the_contact_is_the_other_mailboxs(home, both, eve):
    with home.store.write() as db:
        for name in ("billing", "printer"):
            tags.add(db, both, INVOICE, name, now=NOON)
        tags.add(db, eve, QUOTE, "Billing", now=NOON)
    move(home, both)

    assert asked(home, conversations.by_id, eve, INVOICE).tags == ("Billing",)
    (place,) = one(
        home,
        "select contacts.mailbox_id from conversations join contacts "
        "on conversations.contact_id = contacts.id where conversations.id = $id",
        id=INVOICE,
    )
    assert place == SALES
    assert is_whole(home) == []


def test_the_answer_leaves_as_the_new_mailbox(home, both):
    connect(home, mailbox_id=SALES)
    move(home, both)
    queued = send(home, both, written(home, both, now=NOON + MINUTE), now=NOON + MINUTE)

    parcel = asked(home, outgoing.by_id, queued.outbox_id)
    assert (parcel.mailbox_id, parcel.from_address) == (SALES, "sales@example.com")
    assert parcel.rfc_message_id.endswith("@example.com")


def test_an_answer_to_everybody_leaves_out_the_address_it_was_moved_from(home, both):
    with home.store.export() as cursor:
        cursor.execute(
            "update messages set recipients = $to where id = 1",
            {"to": '{"to": [["", "support@example.com"], ["", "jo@customer.test"]]}'},
        )
    move(home, both)
    with home.store.write() as db:
        begun = drafts.start(db, both, INVOICE, "reply", everybody=True, now=NOON)
    assert [a.address for a in begun.recipients.cc] == ["jo@customer.test"]


@pytest.mark.parametrize("state", ["queued", "sending", "failed", "uncertain"])
def test_it_waits_while_a_mail_is_on_its_way_or_in_doubt(home, both, state):
    connect(home)
    send(home, both, written(home, both))
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = $state", {"state": state})
    before = kinds(home)

    with pytest.raises(Invalid, match="on its way"):
        move(home, both)
    assert kinds(home) == before


def test_what_left_before_is_not_corrected_from_the_new_mailbox(home, both):
    connect(home)
    connect(home, mailbox_id=SALES)
    queued = send(home, both, written(home, both))
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = 'sent', copy_state = 'none'")
        cursor.execute("update outbox_recipients set state = 'bounced'")
    move(home, both)

    with home.store.write() as db, pytest.raises(Invalid, match="moved to Sales"):
        repairs.correct(
            db,
            both,
            queued.outbox_id,
            "maria@customer.test",
            "m@customer.test",
            raw=home.raw,
            now=NOON,
        )


def test_refused_where_it_is_and_from_spam_and_to_a_mailbox_at_rest(home, both):
    with pytest.raises(Invalid, match="already"):
        move(home, both, mailbox_id=SUPPORT)
    with home.store.write() as db:
        putting_away.mark_spam(db, both, INVOICE, now=NOON)
    with pytest.raises(Invalid, match="spam"):
        move(home, both)
    with home.store.write() as db:
        putting_away.restore(db, both, INVOICE, now=NOON)
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set is_active = false where id = 2")
    with pytest.raises(Invalid, match="at rest"):
        move(home, both)


def test_undo_puts_everything_back(home, both, bo):
    with home.store.write() as db:
        conversations.claim(db, bo, INVOICE, now=NOON)
        tags.add(db, bo, INVOICE, "printer", now=NOON)
        follows.follow(db, bo, INVOICE, now=NOON)
    before = one(home, "select * from conversations where id = 1")
    move(home, both)
    with home.store.write() as db:
        undo.take_back(db, both, moving.unmove, INVOICE, since=db.head.event_id, now=NOON + MINUTE)

    assert one(home, "select * from conversations where id = 1") == before
    assert kinds(home)[-2:] == ["unmoved", "unmoved"]
    assert asked(home, notifications.unseen, bo) == []
    with home.store.read() as db:
        assert [f.id for f in follows.of_conversation(db, bo, INVOICE)] == [BO]
    assert every(home, "select undone_at is not null from moves") == [(True,)]
    assert is_whole(home) == []


def test_undo_refuses_once_something_has_happened(home, both, eve):
    move(home, both)
    with home.store.write() as db:
        conversations.claim(db, eve, INVOICE, now=NOON)
    with pytest.raises(TooLate):
        unmove(home, both)


def test_moved_there_and_back_it_is_one_and_whole(home, both):
    move(home, both)
    move(home, both, mailbox_id=SUPPORT, now=NOON + MINUTE)

    assert asked(home, conversations.by_id, both, INVOICE).mailbox_id == SUPPORT
    with pytest.raises(Invalid, match="not moved"):
        unmove(home, both, QUOTE)
    assert is_whole(home) == []


def test_a_family_moves_whole_and_comes_apart_there(home, both, eve):
    number = another(home)
    merge(home, both, number)
    move(home, both, number)
    with home.store.write() as db:
        merging.unmerge(db, eve, number, now=NOON + MINUTE)

    with home.store.read() as db:
        assert families.of(db, number).members == (number,)
        assert conversations.by_id(db, eve, number).mailbox_id == SALES
        assert conversations.by_id(db, eve, INVOICE).mailbox_id == SALES
    assert is_whole(home) == []


def test_erased_there_it_does_not_come_back_to_where_it_was(home, both):
    with home.store.export() as cursor:
        cursor.execute("update messages set identity = 'same' where id = 1")
        cursor.execute("update memberships set role = 'manager' where agent_id = 1")
    both = agent(home.store, ADA)
    move(home, both)
    with home.store.write() as db:
        putting_away.trash(db, both, INVOICE, now=NOON)
        removal.erase(db, both, INVOICE, now=NOON)
    for mailbox_id in (SUPPORT, SALES):
        assert asked(home, removal.known_again, mailbox_id, ["same"]) == {"same"}


def test_counts_go_along(home, both, bo, eve):
    move(home, both)
    with home.store.read() as db:
        assert lists.counts(db, bo, now=NOON).open == 0
        assert lists.counts(db, eve, now=NOON).open == 2
