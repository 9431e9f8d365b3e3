"""A mail passed on: whole, with chosen files, and never the customer's answer."""

from datetime import timedelta

import pytest

from inbox import delivery, drafts, forwarding, hiding, new_mail, people, posting
from inbox.errors import Invalid, NotAllowed, NotFound
from inbox.messages import Recipients
from tests.conftest import NOON, agent
from tests.furniture import BO, EVE, INVOICE, QUOTE, SALES
from tests.inbox.letters import letter
from tests.inbox.post import connect, every, kinds, one, send, to

LATER = NOON + timedelta(minutes=5)
pytestmark = pytest.mark.feature("CR06")


@pytest.fixture
def bo(home):
    connect(home)
    return agent(home.store, BO)


@pytest.fixture
def file(home):
    return given(home)


def given(house, restricted_by=None, message_id=INVOICE):
    sha = house.files.put(b"receipt")
    return one(
        house,
        "insert into attachments (message_id, conversation_id, filename, content_type, size_bytes, "
        "sha256, is_inline, restricted_by) values ($message, $place, 'r.pdf', 'application/pdf', "
        "7, $sha, false, $by) returning id",
        message=message_id,
        place=min(message_id, INVOICE) if message_id != QUOTE else QUOTE,
        sha=sha,
        by=restricted_by,
    )[0]


def begun(house, who, *files, conversation=INVOICE, message=INVOICE):
    with house.store.write() as db:
        return forwarding.begin(
            db, who, conversation, [message], files, files=house.files, now=NOON
        )


def ready(house, who, draft, **changes):
    given = {"body": "Can you look?", "recipients": to("kim@store.test"), "kind": "reply"}
    given |= {"subject": draft.subject} | changes
    with house.store.write() as db:
        return drafts.save(db, who, draft.id, draft.revision, **given, now=NOON)


def leave(house, outbox_id):
    with house.store.write() as db:
        parcel = delivery.lease(db, outbox_id, house.settings, now=NOON.replace(hour=13))
        parcel = delivery.enter_data(db, parcel, [], "none", house.settings, now=NOON)
        delivery.arrived(db, parcel, now=NOON)


def test_it_is_the_mail_below_ones_own_words_in_a_conversation_of_its_own(home, bo, file):
    draft = ready(home, bo, begun(home, bo, file))
    send(home, bo, draft)
    text, html, subject, answers = one(
        home, "select body_text, body_html, subject, answers_message_id from outbox"
    )

    assert subject == "Fwd: Invoice 12"
    assert answers is None
    assert draft.conversation_id != INVOICE
    assert text.startswith("Can you look?\n\n---------- Forwarded message ----------\nFrom: Maria")
    assert "\nSubject: Invoice 12\n" in text
    assert text.endswith("\n\nHello\n")
    assert "Forwarded message" in html
    assert [f.filename for f in draft.attachments] == ["r.pdf"]


def test_the_customer_goes_on_waiting_and_the_diary_says_to_whom_it_went(home, bo):
    before = one(home, "select * from conversations where id = 1")
    draft = ready(home, bo, begun(home, bo))
    queued = send(home, bo, draft)
    leave(home, queued.outbox_id)

    assert one(home, "select * from conversations where id = 1") == before
    assert kinds(home)[-1] == "forwarded"
    assert kinds(home, draft.conversation_id)[-1] == "replied"
    (after,) = one(
        home,
        "select after from events join event_payloads using (event_id) where kind = 'forwarded'",
    )
    assert "kim@store.test" in after
    answered = "select count(*) from report.first_response where conversation_id = 1 "
    assert one(home, answered + "and answered_by is not null") == (0,)


def test_what_is_not_sent_is_not_told(home, bo):
    send(home, bo, ready(home, bo, begun(home, bo)))

    assert "forwarded" not in kinds(home)


def test_a_strangers_words_stay_words(home, bo):
    with home.store.export() as cursor:
        cursor.execute(
            "update messages set from_name = $x, subject = $x", {"x": "<b>x</b>\r\nBcc: y"}
        )
        cursor.execute("update bodies set body_text = '<script>x</script> **b** [x](javascript:y)'")
    draft = begun(home, bo)
    with home.store.read() as db:
        body = posting.preview(db, bo, draft.id, "x")

    assert "<script" not in body.below
    assert "<b>" not in body.below
    assert "<strong>" not in body.below
    assert "\nBcc" not in body.text
    assert draft.subject == "Fwd: <b>x</b> Bcc: y"


def test_a_restricted_file_goes_with_nobody_who_may_not_open_it(home, bo):
    number = given(home, restricted_by=EVE)
    with pytest.raises(NotAllowed):
        begun(home, bo, number)
    assert one(home, "select count(*) from drafts") == (0,)

    number = given(home, restricted_by=BO)
    begun(home, bo, number)
    assert kinds(home)[-1] == "downloaded"


def test_a_file_of_another_mail_does_not_go_along(home, bo):
    with pytest.raises(NotFound):
        begun(home, bo, given(home, message_id=QUOTE))


def test_neither_a_hidden_message_nor_another_conversations(home, bo):
    with pytest.raises(NotFound):
        begun(home, bo, message=QUOTE)
    with home.store.write() as db:
        hiding.hide(db, bo, INVOICE, INVOICE, now=NOON)
    with pytest.raises(NotFound):
        begun(home, bo)


def test_what_is_hidden_meanwhile_does_not_leave(home, bo):
    draft = ready(home, bo, begun(home, bo))
    with home.store.write() as db:
        hiding.hide(db, bo, INVOICE, INVOICE, now=NOON)
    with pytest.raises(Invalid):
        send(home, bo, draft)


def test_from_another_mailbox_it_carries_the_same(home, bo):
    connect(home, mailbox_id=SALES)
    with home.store.export() as cursor:
        cursor.execute(
            "insert into memberships values ($s, $b, 'agent', 'as')", {"s": SALES, "b": BO}
        )
    bo = agent(home.store, BO)
    draft = begun(home, bo)
    with home.store.write() as db:
        moved = new_mail.move(db, bo, draft.id, SALES, now=NOON)
        assert "Hello" in posting.preview(db, bo, moved.id, "x").text


def test_nobody_is_asked_about_but_ones_own(home, bo):
    draft = ready(home, bo, begun(home, bo), recipients=Recipients(to=to("kim@store.test").to))
    send(home, bo, draft, is_sure=False)

    assert every(home, "select state from outbox") == [("queued",)]


def test_several_mails_go_in_their_order_with_files_of_each(home, bo, file):
    with home.store.write() as db:
        later = letter(db, conversation_id=INVOICE, subject="Later", body="Second", at=LATER)
        assert later == INVOICE
    (second,) = one(home, "select max(id) from messages")
    other = given(home, message_id=second)
    with home.store.write() as db:
        draft = forwarding.begin(
            db, bo, INVOICE, [second, INVOICE], [file, other], files=home.files, now=NOON
        )
    queued = send(home, bo, ready(home, bo, draft))
    text, subject = one(home, "select body_text, subject from outbox")

    assert subject == "Fwd: Later"
    assert text.count("---------- Forwarded message ----------") == 2
    assert text.index("Hello") < text.index("Second")
    assert len(draft.attachments) == 2
    leave(home, queued.outbox_id)
    (after,) = every(
        home,
        "select after from events join event_payloads using (event_id) where kind = 'forwarded'",
    )
    assert '"mails": 2' in after[0]


def test_none_and_one_too_many_are_refused(home, bo):
    for wanted in ([], range(1, forwarding.MOST + 2)):
        with pytest.raises(Invalid), home.store.write() as db:
            forwarding.begin(db, bo, INVOICE, [*wanted], [], files=home.files, now=NOON)


def test_what_is_said_of_the_mail_is_in_ones_own_language(home, bo):
    with home.store.write() as db:
        people.set_preferences(db, bo, "sv", "", now=NOON)
    bo = agent(home.store, BO)
    send(home, bo, ready(home, bo, begun(home, bo)))
    (text,) = one(home, "select body_text from outbox")

    assert "---------- Vidarebefordrat meddelande ----------\nFrån: Maria" in text
    assert "\nDatum: mån, 2 mars 2026 kl. " in text
    assert "\nÄmne: Invoice 12\nTill: " in text
