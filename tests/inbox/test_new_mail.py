"""A mail that answers nothing: nobody sees it before it is sent, and then it is a conversation."""

import pytest

from inbox import (
    contact_history,
    conversations,
    drafts,
    lists,
    merging,
    message_ids,
    new_mail,
    newcomers,
    outbox,
    repairs,
)
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.messages import Address, Recipients
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, CY, EVE, INVOICE, SALES, SUPPORT
from tests.inbox.post import connect, every, kinds, one, send, to, written

pytestmark = pytest.mark.feature("CR05")
KIM = Address(name="Kim Berg", address="kim@store.test")


@pytest.fixture
def bo(home):
    connect(home)
    connect(home, mailbox_id=SALES)
    return agent(home.store, BO)


def begun(house, who, body="Hello Kim", subject="An offer", recipients=None, mailbox=SUPPORT):
    with house.store.write() as db:
        draft = new_mail.begin(db, who, mailbox, now=NOON)
        return drafts.save(
            *(db, who, draft.id, draft.revision),
            body=body,
            recipients=recipients or Recipients(to=(KIM,)),
            subject=subject,
            kind="reply",
            now=NOON,
        )


def shown(house, who, view="all"):
    with house.store.read() as db:
        return [row.id for row in lists.listed(db, who, view, now=NOON)]


def undo(house, who, outbox_id):
    with house.store.write() as db:
        return outbox.undo(db, who, outbox_id, now=NOON)


def test_nobody_sees_it_before_it_is_sent(home, bo):
    draft = begun(home, bo)
    ada = agent(home.store, ADA)

    for view in ("all", "open", "mine", "closed", "unassigned", "sent"):
        assert draft.conversation_id not in shown(home, bo, view)
    with home.store.read() as db:
        assert conversations.by_id(db, bo, draft.conversation_id).begun_by == BO
        with pytest.raises(NotFound):
            conversations.by_id(db, ada, draft.conversation_id)
        assert [one.subject for one in new_mail.unsent(db, bo)] == ["An offer"]
        assert new_mail.unsent(db, ada) == []
    counted = one(home, "select count(*) from report.conversations")
    assert counted == (2,)


def test_sent_it_is_a_conversation_of_whoever_wrote_it(home, bo):
    draft = begun(home, bo)
    send(home, bo, draft, is_sure=False)

    with home.store.read() as db:
        found = conversations.by_id(db, agent(home.store, ADA), draft.conversation_id)
    assert (found.subject, found.contact_name, found.contact_address) == (
        "An offer",
        "Kim Berg",
        "kim@store.test",
    )
    assert (found.status, found.waiting_since, found.assignee_id) == ("open", None, BO)
    assert found.contact_id is not None
    assert draft.conversation_id in shown(home, bo, "mine")
    assert draft.conversation_id in shown(home, bo, "waiting")
    assert kinds(home, draft.conversation_id) == ["claimed", "written", "queued"]


@pytest.mark.feature("CR05")
def test_it_threads_to_nothing_and_its_answer_finds_it(home, bo):
    draft = begun(home, bo)
    send(home, bo, draft)
    rfc_id, answers, raw = one(
        home, "select rfc_message_id, answers_message_id, body_text from outbox"
    )

    assert message_ids.read(home.keys, rfc_id)[0] == draft.conversation_id
    assert answers is None
    assert "wrote:" not in raw


def test_undo_takes_it_out_of_every_list_and_gives_it_back(home, bo):
    draft = begun(home, bo)
    queued = send(home, bo, draft)
    back = undo(home, bo, queued.outbox_id)

    assert (back.body, back.subject, back.recipients.to) == ("Hello Kim", "An offer", (KIM,))
    assert draft.conversation_id not in shown(home, bo)
    with home.store.read() as db, pytest.raises(NotFound):
        conversations.by_id(db, agent(home.store, ADA), draft.conversation_id)
    send(home, bo, back)
    assert draft.conversation_id in shown(home, bo)


def test_an_answer_undone_keeps_its_conversation(home, bo):
    queued = send(home, bo, written(home, bo))
    undo(home, bo, queued.outbox_id)

    assert one(home, "select begun_by, status from conversations where id = 1") == (None, "open")


def test_an_empty_one_is_taken_again_and_a_written_one_never(home, bo):
    with home.store.write() as db:
        first = new_mail.begin(db, bo, SUPPORT, now=NOON)
        assert new_mail.begin(db, bo, SUPPORT, now=NOON).id == first.id
    draft = begun(home, bo)
    assert draft.id == first.id
    with home.store.write() as db:
        other = new_mail.begin(db, bo, SUPPORT, now=NOON)
    assert other.conversation_id != draft.conversation_id


def test_a_discarded_ones_place_is_used_again(home, bo):
    draft = begun(home, bo)
    with home.store.write() as db:
        drafts.discard(db, bo, draft.id, now=NOON)
        again = new_mail.begin(db, bo, SUPPORT, now=NOON)

    assert (again.conversation_id, again.body) == (draft.conversation_id, "")


@pytest.mark.parametrize(("who", "mailbox"), [(CY, SUPPORT), (BO, SALES), (EVE, SUPPORT)])
def test_only_who_may_answer_there_begins_one(home, who, mailbox):
    with home.store.write() as db, pytest.raises((NotAllowed, NotFound)):
        new_mail.begin(db, agent(home.store, who), mailbox, now=NOON)


def test_it_moves_to_another_mailbox_whole(home, bo):
    with home.store.export() as cursor:
        cursor.execute(
            "insert into memberships values ($s, $bo, 'agent', 'as')", {"s": SALES, "bo": BO}
        )
    bo = agent(home.store, BO)
    draft = begun(home, bo)
    sha = home.files.put(b"offer")
    with home.store.export() as cursor:
        cursor.execute(
            "insert into draft_attachments (draft_id, filename, content_type, size_bytes, sha256) "
            "values ($id, 'a.txt', 'text/plain', 5, $sha)",
            {"id": draft.id, "sha": sha},
        )
    with home.store.write() as db:
        moved = new_mail.move(db, bo, draft.id, SALES, now=NOON)

    assert (moved.mailbox_id, moved.body, moved.subject) == (SALES, "Hello Kim", "An offer")
    assert [file.filename for file in moved.attachments] == ["a.txt"]
    with home.store.read() as db:
        assert [u.conversation_id for u in new_mail.unsent(db, bo)] == [draft.conversation_id]
    send(home, bo, moved)
    assert one(home, "select from_address from outbox") == ("sales@example.com",)


def test_an_answer_does_not_move(home, bo):
    draft = written(home, bo)
    with home.store.write() as db, pytest.raises(NotFound):
        new_mail.move(db, bo, draft.id, SALES, now=NOON)
    with home.store.write() as db, pytest.raises(Invalid):
        new_mail.move(db, bo, draft.id, SUPPORT, now=NOON)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"subject": "Hi\r\nBcc: x@evil.test"}, "subject"),
        ({"recipients": to()}, "to"),
        ({"recipients": to("a@b.test\r\nBcc: x@evil.test")}, "to"),
        (
            {
                "recipients": Recipients(
                    to=(Address(name="x\r\nBcc: y@z.test", address="a@b.test"),)
                )
            },
            "to",
        ),
        ({"body": " \n"}, "body"),
    ],
)
def test_what_cannot_be_mailed_leaves_it_where_it_was(home, bo, changes, field):
    draft = begun(home, bo, **changes)
    with pytest.raises(Invalid) as refusal:
        send(home, bo, draft, is_sure=False)

    assert refusal.value.field == field
    assert one(home, "select count(*) from outbox") == (0,)
    assert draft.conversation_id not in shown(home, bo)


def test_one_of_us_is_asked_about_and_nobody_else(home, bo):
    draft = begun(home, bo, recipients=to("kim@store.test", "ada@example.com"))
    with home.store.read() as db:
        found = newcomers.of_draft(db, bo, draft)

    assert [(n.address, n.why) for n in found] == [("ada@example.com", "colleague")]


def test_right_to_left_words_stay_as_they_are(home, bo):
    draft = begun(home, bo, body="שלום", subject="הצעה \u202eexe")
    send(home, bo, draft)

    assert every(home, "select subject from outbox") == [("הצעה \u202eexe",)]
    assert draft.conversation_id != INVOICE


def fail(house):
    with house.store.export() as cursor:
        cursor.execute("update outbox set state = 'failed', error = 'No such user'")


def test_one_that_failed_and_is_cancelled_is_begun_again_and_leaves_nothing(home, bo):
    draft = begun(home, bo)
    queued = send(home, bo, draft)
    fail(home)
    assert draft.conversation_id in shown(home, bo)
    with home.store.write() as db:
        back = repairs.cancel(db, bo, queued.outbox_id, now=NOON)

    assert back is not None and back.body == "Hello Kim"
    assert draft.conversation_id not in shown(home, bo)
    with home.store.write() as db:
        assert [one.subject for one in new_mail.unsent(db, bo)] == ["An offer"]
        drafts.discard(db, bo, back.id, now=NOON)
        assert new_mail.unsent(db, bo) == []
        again = drafts.restore(db, bo, back.id, now=NOON)
    assert draft.conversation_id not in shown(home, bo)
    send(home, bo, again)
    assert draft.conversation_id in shown(home, bo)


def test_a_colleague_who_cancels_it_sees_it_no_longer_and_its_author_has_it(home, bo):
    draft = begun(home, bo)
    queued = send(home, bo, draft)
    fail(home)
    ada = agent(home.store, ADA)
    with home.store.write() as db:
        assert repairs.cancel(db, ada, queued.outbox_id, now=NOON) is None

    assert draft.conversation_id not in shown(home, ada)
    with home.store.read() as db:
        assert [one.conversation_id for one in new_mail.unsent(db, bo)] == [draft.conversation_id]


def test_undone_it_stays_where_a_colleague_has_answered_in_it(home, bo):
    draft = begun(home, bo)
    queued = send(home, bo, draft)
    ada = agent(home.store, ADA)
    other = written(home, ada, conversation_id=draft.conversation_id)
    send(home, ada, other, anyway=True)
    undo(home, bo, queued.outbox_id)

    assert draft.conversation_id in shown(home, ada)
    with home.store.read() as db:
        assert drafts.own(db, bo, draft.id).state == "open"


def test_from_another_mailbox_it_is_sent_as_it_was_saved(home, bo):
    """Send pressed right after the sender was changed names the draft and revision of before."""
    with home.store.export() as cursor:
        cursor.execute("insert into memberships values ($s, $bo, 'agent', 'as')", {"s": 2, "bo": 2})
    bo = agent(home.store, BO)
    draft = begun(home, bo)
    queued = send(home, bo, draft)
    back = undo(home, bo, queued.outbox_id)
    with home.store.write() as db:
        new_mail.move(db, bo, back.id, SALES, now=NOON)
    send(home, bo, back)

    assert every(home, "select from_address from outbox where state = 'queued'") == [
        ("sales@example.com",)
    ]
    with home.store.read() as db:
        assert conversations.by_id(db, bo, draft.conversation_id).mailbox_id == SALES


def test_unsent_it_is_in_no_report_no_history_and_no_choice(home, bo):
    draft = begun(home, bo, subject="Canary")
    queued = send(home, bo, draft)
    undo(home, bo, queued.outbox_id)
    with home.store.export() as cursor:
        views = cursor.execute(
            "select view_name from duckdb_views() where schema_name = 'report'"
        ).fetchall()
        for (view,) in views:
            rows = cursor.execute(f"select * from report.{view}").fetchall()
            assert "Canary" not in str(rows), view
            # Whom it was sent to for a moment stays a contact.
            assert view == "contacts" or "kim@store" not in str(rows), view
    with home.store.read() as db:
        number = draft.conversation_id
        assert merging.candidates(db, agent(home.store, ADA), INVOICE, f"#{number}") == []
        alike = contact_history.of_nobody(db, bo, SUPPORT, INVOICE).alike
        assert number not in {one.id for one in alike}
