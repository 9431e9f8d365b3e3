"""Some messages of a conversation become one of their own, and all that hangs on them follows."""

import json
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
    notes,
    outbox,
    putting_away,
    reads,
    splitting,
    transcripts,
    undo,
)
from inbox.errors import Invalid, NotAllowed, NotFound, TooLate
from inbox.messages import Address, NewAttachment, NewMessage, Recipients
from tests.conftest import NOON
from tests.furniture import BO, INVOICE, QUOTE
from tests.inbox.post import connect, every, kinds, one, send, written
from tests.inbox.test_merging import another, is_whole, merge

MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=1)


def more_mail(home, words, *, minutes, sender="jo@other.test", direction="in", **given):
    """One more mail of Maria's conversation; answer its number."""
    at = NOON + minutes * MINUTE
    with home.store.write() as db:
        number = given.pop("id", None) or messages.reserve(db, 1)[0]
        new = NewMessage(
            id=number,
            conversation_id=INVOICE,
            mailbox_id=1,
            direction=direction,
            via="imap" if direction == "in" else "sent",
            sent_at=at,
            received_at=at,
            from_name="Jo" if direction == "in" else "Support",
            from_address=sender if direction == "in" else "support@example.com",
            recipients=Recipients(to=(Address(name="Jo", address="jo@other.test"),)),
            subject=f"About {words}",
            rfc_message_id=f"{words}@other.test",
            thread_reason="reference",
            body_text=words,
            reply_text=words,
            attachments=(
                NewAttachment(
                    filename=f"{words}.txt", content_type="text/plain", size_bytes=1, sha256="x"
                ),
            ),
            **given,
        )
        messages.add_all(db, [new])
        db._cursor.execute(
            "update conversations set message_count = message_count + 1, attachment_count = "
            "attachment_count + 1, last_message_at = $at, last_message_id = $id where id = 1",
            {"at": at, "id": number},
        )
    return number


def split(home, who, message_id, *, alone=True, number=INVOICE, now=LATER):
    with home.store.write() as db:
        return splitting.split(db, who, number, message_id, alone=alone, now=now)


def texts(home, who, number):
    with home.store.read() as db:
        return [m.body_text for m in messages.in_conversation(db, who, number)]


@pytest.fixture
def mails(home):
    """Three mails: Maria's, and two of Jo's about another thing."""
    return [more_mail(home, "parcel", minutes=10), more_mail(home, "again", minutes=20)]


def test_one_mail_alone_becomes_a_conversation(home, bo, mails):
    number = split(home, bo, mails[0])

    assert texts(home, bo, number) == ["parcel"]
    assert texts(home, bo, INVOICE) == ["Hello", "again"]
    with home.store.read() as db:
        found = conversations.by_id(db, bo, number)
        stays = conversations.by_id(db, bo, INVOICE)
    assert (found.subject, found.contact_address) == ("About parcel", "jo@other.test")
    assert (found.message_count, found.status) == (1, "open")
    assert found.waiting_since == NOON + 10 * MINUTE
    assert (stays.message_count, stays.contact_address) == (2, "maria@customer.test")
    assert is_whole(home) == []


def test_from_here_on_all_that_is_later_goes_along(home, bo, mails):
    with home.store.write() as db:
        notes.add(db, bo, INVOICE, "a word", now=LATER)
    number = split(home, bo, mails[0], alone=False)

    assert texts(home, bo, number) == ["parcel", "again", "a word"]
    assert texts(home, bo, INVOICE) == ["Hello"]
    assert is_whole(home) == []


def test_both_diaries_tell_of_it_as_one_act(home, bo, mails):
    number = split(home, bo, mails[0])
    with home.store.read() as db:
        here = events.of_conversation(db, bo, INVOICE)[-1]
        there = events.of_conversation(db, bo, number)[-1]
    assert (here.kind, here.after) == ("split", f'{{"into": {number}}}')
    assert there.kind == "split"
    assert json.loads(there.after) == {
        "from": INVOICE,
        "assignee_id": None,
        "status": "open",
        "snoozed_until": None,
    }
    assert here.action_id == there.action_id
    assert here.message_id == there.message_id == mails[0]


def test_files_search_links_and_what_was_seen_follow(home, bo, mails):
    (file_id,) = one(home, "select id from attachments where message_id = $m", m=mails[0])
    with home.store.write() as db:
        reads.saw(db, BO, [INVOICE], now=LATER)
        follows.follow(db, bo, INVOICE, now=LATER)
    number = split(home, bo, mails[0])

    with home.store.write() as db:
        assert attachments.small(db, bo, file_id).conversation_id == number
        assert lists.found(db, bo, "parcel", now=LATER) == [number]
        assert splitting.place_of(db, bo, mails[0]) == number
        found = conversations.by_id(db, bo, number)
        assert not found.is_unread
        assert found.is_followed
        taken = transcripts.export(db, bo, number, "page", with_notes=True, now=LATER)
    assert "parcel" in str(taken)
    assert "Hello" not in str(taken)


def test_an_answer_that_is_being_written_goes_with_its_mail(home, bo, mails):
    with home.store.write() as db:
        begun = drafts.start(db, bo, INVOICE, "reply", answers_message_id=mails[0], now=LATER)
    number = split(home, bo, mails[0])
    with home.store.read() as db:
        assert [d.id for d in drafts.all_of(db, bo, number)] == [begun.id]
        assert drafts.all_of(db, bo, INVOICE) == []


def test_a_mail_of_ours_goes_with_its_delivery_and_its_contact_is_whom_it_was_for(home, bo):
    connect(home)
    send(home, bo, written(home, bo, now=NOON), now=NOON)
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = 'sent', copy_state = 'none'")
        (ours,) = cursor.execute("select message_id from outbox").fetchone()
    more_mail(home, "ours", minutes=5, direction="out", agent_id=BO, id=ours)
    number = split(home, bo, ours)

    assert every(home, "select conversation_id from outbox") == [(number,)]
    with home.store.read() as db:
        found = conversations.by_id(db, bo, number)
        assert (found.contact_address, found.waiting_since) == ("jo@other.test", None)
        assert conversations.by_id(db, bo, INVOICE).waiting_since == NOON
    assert is_whole(home) == []


def test_refusals(home, bo, cy, eve, mails):
    with home.store.write() as db:
        note = notes.add(db, bo, INVOICE, "a word", now=LATER)
    before = kinds(home)
    for who, refusal in ((cy, NotAllowed), (eve, NotFound)):
        with pytest.raises(refusal):
            split(home, who, mails[0])
    with pytest.raises(Invalid, match="note"):
        split(home, bo, note)
    with pytest.raises(Invalid, match="Nothing would stay"):
        split(home, bo, 1, alone=False)
    with pytest.raises(NotFound):
        split(home, bo, QUOTE)
    with home.store.read() as db, pytest.raises(NotFound):
        splitting.place_of(db, eve, mails[0])
    assert kinds(home) == before


@pytest.mark.parametrize("state", ["queued", "sending", "failed", "uncertain"])
def test_it_waits_while_a_mail_is_on_its_way(home, bo, mails, state):
    connect(home)
    send(home, bo, written(home, bo, now=LATER), now=LATER)
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = $state", {"state": state})
    with pytest.raises(Invalid, match="on its way"):
        split(home, bo, mails[0])


def test_not_from_spam(home, bo, mails):
    with home.store.write() as db:
        putting_away.mark_spam(db, bo, INVOICE, now=LATER)
    with pytest.raises(Invalid, match="spam"):
        split(home, bo, mails[0])


def test_undo_makes_them_one_again(home, bo, mails):
    number = split(home, bo, mails[0])
    with home.store.write() as db:
        since = db.head.event_id
        undo.take_back(db, bo, splitting.unsplit, number, since=since, now=LATER + MINUTE)
        assert families.of(db, number).members == (INVOICE, number)
    assert texts(home, bo, INVOICE) == ["Hello", "parcel", "again"]
    with home.store.read() as db:
        found = conversations.by_id(db, bo, INVOICE)
    assert (found.message_count, found.waiting_since) == (3, NOON)
    assert is_whole(home) == []


def test_undo_refuses_once_something_has_happened(home, bo, ada, mails):
    number = split(home, bo, mails[0])
    with home.store.write() as db:
        conversations.claim(db, ada, number, now=LATER)
    with home.store.write() as db, pytest.raises(TooLate):
        splitting.unsplit(db, bo, number, now=LATER)
    with home.store.write() as db, pytest.raises(Invalid, match="not split off"):
        splitting.unsplit(db, bo, INVOICE, now=LATER)


def test_out_of_a_family_and_merged_and_split_again(home, bo):
    other = another(home)
    merge(home, bo, other)
    (second,) = one(home, "select id from messages where conversation_id = $c", c=other)
    third = more_mail(home, "third", minutes=30)
    number = split(home, bo, second, alone=True)
    assert texts(home, bo, number) == ["The second mail"]
    assert texts(home, bo, INVOICE) == ["Hello", "third"]
    with home.store.write() as db:
        merging.merge(db, bo, number, INVOICE, now=LATER)
    again = split(home, bo, third)
    assert texts(home, bo, again) == ["third"]
    assert texts(home, bo, INVOICE) == ["Hello", "The second mail"]
    with home.store.write() as db:
        merging.unmerge(db, bo, number, now=LATER + MINUTE)
    assert texts(home, bo, number) == ["The second mail"]
    assert is_whole(home) == []


def test_what_was_dealt_with_before_it_was_closed_stays_so(home, bo):
    """Maria's first mail was closed without an answer; a later mail took it up again."""
    with home.store.write() as db:
        conversations.close(db, bo, INVOICE, now=NOON + MINUTE)
        conversations.reopen(db, bo, INVOICE, now=NOON + 9 * MINUTE)
    later = more_mail(home, "later", minutes=10)
    number = split(home, bo, 1)
    with home.store.read() as db:
        found = conversations.by_id(db, bo, number)
        assert (found.status, found.waiting_since) == ("closed", None)
        assert found.closed_at == NOON + MINUTE
        stays = conversations.by_id(db, bo, INVOICE)
        assert (stays.status, stays.waiting_since) == ("open", NOON + 10 * MINUTE)
        assert [e.kind for e in events.of_conversation(db, bo, number)] == ["split", "closed"]
    assert later
    assert is_whole(home) == []


def test_the_answer_to_a_stale_page_is_still_stopped(home, bo, ada, mails):
    """A customer's mail that comes to the new conversation stands in the way of an answer there."""
    connect(home)
    number = split(home, bo, mails[0])
    draft = written(home, bo, conversation_id=number, now=LATER)
    with home.store.write() as db:
        notes.add(db, ada, number, "wait", now=LATER)
    with pytest.raises(outbox.Stale):
        send(home, bo, draft, now=LATER)
