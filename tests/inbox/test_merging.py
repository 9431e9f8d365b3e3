"""Conversations that turn out to be one: merged, seen as one, and taken apart again."""

from datetime import timedelta

import pytest

from inbox import (
    attachments,
    conversations,
    crosslinks,
    delivery,
    drafts,
    events,
    families,
    lists,
    merging,
    messages,
    notes,
    outbox,
    outgoing,
    putting_away,
    queue,
    undo,
    verify,
)
from inbox.errors import Invalid, NotAllowed, NotFound, Stale
from inbox.filters import Filter
from inbox.messages import NewAttachment, NewMessage, Recipients
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE, QUOTE, SALES, SUPPORT
from tests.inbox.post import MARIA, connect, every, kinds, one, send, written

MINUTE = timedelta(minutes=1)


def another(house, words="The second mail", *, minutes=5, mailbox_id=SUPPORT, **row):
    """One more conversation of Maria's, with one mail; answer its id."""
    at = NOON + minutes * MINUTE
    with house.store.export() as cursor:
        (number,) = cursor.execute("select nextval('conversation_ids')").fetchone()
        given = {
            "id": number,
            "mailbox_id": mailbox_id,
            "contact_name": "Maria Holm",
            "contact_address": "maria@customer.test",
            "subject": "Printer",
            "snippet": words,
            "status": "open",
            "created_at": at,
            "last_message_at": at,
            "waiting_since": at,
            "message_count": 1,
            "attachment_count": 1,
            "is_readable": True,
            **row,
        }
        cursor.execute(
            f"insert into conversations ({', '.join(given)}) "
            f"values ({', '.join('$' + name for name in given)})",
            given,
        )
    with house.store.write() as db:
        (message_id,) = messages.reserve(db, 1)
        new = NewMessage(
            id=message_id,
            conversation_id=number,
            mailbox_id=mailbox_id,
            direction="in",
            via="imap",
            sent_at=at,
            received_at=at,
            from_name="Maria Holm",
            from_address="maria@customer.test",
            recipients=Recipients(to=(MARIA,)),
            subject="Printer",
            rfc_message_id=f"n{number}@customer.test",
            thread_reason="new",
            body_text=words,
            reply_text=words,
            attachments=(
                NewAttachment(
                    filename="a.txt", content_type="text/plain", size_bytes=1, sha256="x"
                ),
            ),
        )
        messages.add_all(db, [new])
        events.record(
            db,
            events.Actor(kind="contact"),
            "received",
            number,
            mailbox_id=mailbox_id,
            message_id=message_id,
            now=at,
        )
    return number


def merge(house, agent, number, into=INVOICE, now=NOON + timedelta(hours=1)):
    with house.store.write() as db:
        merging.merge(db, agent, number, into, now=now)


def unmerge(house, agent, number, now=NOON + timedelta(hours=2)):
    with house.store.write() as db:
        merging.unmerge(db, agent, number, now=now)


def row(house, number):
    names = "status, assignee_id, waiting_since, closed_at, message_count, attachment_count, "
    names += "snippet, last_message_at, created_at, alert, merged_into"
    return one(house, f"select {names} from conversations where id = $id", id=number)


def is_whole(house):
    return [f for f in verify.verify(house.store) if f.subject not in {"raw_messages_and_messages"}]


def test_a_merged_conversation_shows_the_one_it_is_in(home, bo):
    number = another(home)
    merge(home, bo, number)

    with home.store.read() as db:
        found = conversations.by_id(db, bo, number)
        told = messages.in_conversation(db, bo, found.id, found.family)
        assert (found.id, found.family, found.message_count) == (INVOICE, (INVOICE, number), 2)
        assert [m.body_text for m in told] == ["Hello", "The second mail"]
        assert messages.in_conversation(db, bo, number) == told
        diary = events.of_conversation(db, bo, found.id, found.family)
        assert diary == events.of_conversation(db, bo, number)
        assert [e.kind for e in diary] == ["received", "merged", "merged"]
        assert len({e.action_id for e in diary[1:]}) == 1
        assert [e.conversation_id for e in diary[1:]] == [number, INVOICE]
    assert is_whole(home) == []


def test_the_one_that_stays_stands_for_both(home, bo):
    number = another(home, status="open", assignee_id=BO, alert="Look here")
    with home.store.write() as db:
        conversations.close(db, bo, INVOICE, now=NOON)
    merge(home, bo, number)

    status, assignee, waiting, closed, count, files, words, last, created, alert, into = row(
        home, INVOICE
    )
    assert (status, closed, waiting) == ("open", None, NOON + 5 * MINUTE)
    assert (assignee, alert, into) == (BO, "Look here", None)
    assert (count, files, words) == (2, 1, "The second mail")
    assert (last, created) == (NOON + 5 * MINUTE, NOON)


def test_an_answer_in_either_ends_the_wait_that_began_before_it(home, ada, bo):
    number = another(home, minutes=-30)
    connect(home)
    draft = written(home, ada)
    queued = send(home, ada, draft)
    with home.store.export() as cursor:
        cursor.execute(
            "update outbox set state = 'uncertain' where id = $id", {"id": queued.outbox_id}
        )
    with home.store.write() as db:
        outbox.confirm_arrived(db, ada, queued.outbox_id, now=NOON + MINUTE)
    merge(home, bo, INVOICE, number)

    assert row(home, number)[:3] == ("open", ADA, None)
    assert is_whole(home) == []


def test_undo_sets_both_back_exactly(home, bo):
    number = another(home, assignee_id=BO, alert="Look here")
    with home.store.write() as db:
        conversations.close(db, bo, INVOICE, now=NOON)
    before = (row(home, INVOICE), row(home, number))
    merge(home, bo, number)
    with home.store.read() as db:
        event_id = db.value("events.head")
    assert row(home, INVOICE) != before[0]
    with home.store.write() as db:
        undo.take_back(db, bo, merging.unmerge, number, since=event_id, now=NOON)

    assert (row(home, INVOICE), row(home, number)) == before
    assert kinds(home)[-2:] == ["merged", "unmerged"]
    assert kinds(home, number)[-2:] == ["merged", "unmerged"]
    assert one(home, "select count(*) from merge_links where undone_at is null") == (0,)


def test_undo_comes_too_late_when_somebody_built_on_it(home, ada, bo):
    number = another(home)
    merge(home, bo, number)
    with home.store.read() as db:
        event_id = db.value("events.head")
    with home.store.write() as db:
        conversations.claim(db, ada, number, now=NOON)
    with pytest.raises(Exception, match="moved on"), home.store.write() as db:
        undo.take_back(db, bo, merging.unmerge, number, since=event_id, now=NOON)


def test_parting_later_keeps_what_was_done_and_brings_every_wait_back(home, ada, bo):
    number = another(home)
    merge(home, bo, number)
    with home.store.write() as db:
        conversations.claim(db, ada, number, now=NOON)
        notes.add(db, ada, number, "I know her.", now=NOON + MINUTE)
        conversations.close(db, ada, number, now=NOON + 2 * MINUTE)
    unmerge(home, bo, number)

    assert row(home, INVOICE)[:3] == ("closed", ada.id, None)
    assert row(home, INVOICE)[4] == 2, "its mail and the note"
    assert row(home, number)[:3] == ("open", None, NOON + 5 * MINUTE)
    assert is_whole(home) == []


def test_a_chain_is_one_look_and_comes_apart_link_by_link(home, bo):
    first, second = another(home, "one", minutes=5), another(home, "two", minutes=6)
    merge(home, bo, second, first)
    merge(home, bo, first, INVOICE)
    third = another(home, "three", minutes=7)
    merge(home, bo, third, second)

    with home.store.read() as db:
        assert families.of(db, second).members == (INVOICE, first, second, third)
        assert families.of(db, INVOICE) == families.of(db, third)
    unmerge(home, bo, first)
    with home.store.read() as db:
        assert families.of(db, second).members == (first, second)
        assert families.of(db, third).members == (INVOICE, third)
    assert (row(home, first)[4], row(home, INVOICE)[4]) == (2, 2)
    unmerge(home, bo, second)
    unmerge(home, bo, third)
    assert [row(home, n)[4] for n in (INVOICE, first, second, third)] == [1, 1, 1, 1]
    assert is_whole(home) == []


def test_a_link_inside_a_chain_can_be_undone_first(home, bo):
    first, second = another(home, "one", minutes=5), another(home, "two", minutes=6)
    merge(home, bo, second, first)
    merge(home, bo, first, INVOICE)
    unmerge(home, bo, second)

    with home.store.read() as db:
        assert families.of(db, second).members == (second,)
        assert families.of(db, first).members == (INVOICE, first)
    assert is_whole(home) == []


def test_a_family_of_many_is_read_whole(home, bo):
    for n in range(9):
        merge(home, bo, another(home, f"mail {n}", minutes=20 - n))

    with home.store.read() as db:
        found = conversations.by_id(db, bo, INVOICE)
        told = messages.in_conversation(db, bo, found.id, found.family)
        assert len(found.family) == 10
        assert [m.body_text for m in told] == ["Hello", *[f"mail {n}" for n in reversed(range(9))]]
        assert len(events.of_conversation(db, bo, INVOICE)) == 9 + 18


def refused(house, agent, number, into, error=Invalid):
    with pytest.raises(error) as refusal, house.store.write() as db:
        merging.merge(db, agent, number, into, now=NOON)
    assert row(house, INVOICE)[-1] is None
    return str(refusal.value)


def test_what_cannot_be_merged_is_refused_in_words(home, bo, cy):
    number = another(home)
    assert "one conversation already" in refused(home, bo, INVOICE, INVOICE)
    refused(home, cy, number, INVOICE, NotAllowed)
    refused(home, bo, number, QUOTE, NotFound)
    with home.store.write() as db:
        putting_away.trash(db, bo, number, now=NOON)
    assert "trash" in refused(home, bo, number, INVOICE)
    with home.store.write() as db:
        putting_away.restore(db, bo, number, now=NOON)
    merge(home, bo, number)
    assert "before" in refused(home, bo, number, another(home))
    assert "one conversation already" in refused(home, bo, INVOICE, number)
    with pytest.raises(Invalid, match="not merged"):
        unmerge(home, bo, INVOICE)


def test_never_across_mailboxes(home, store):
    with store.export() as cursor:
        cursor.execute(
            "insert into memberships values ($m, $a, 'agent', 'as')", {"m": SALES, "a": BO}
        )
    assert "two mailboxes" in refused(home, agent(store, BO), QUOTE, INVOICE)


def test_lists_counts_and_the_queue_know_it_once(home, bo):
    number = another(home)
    merge(home, bo, number)

    with home.store.write() as db:
        assert [c.id for c in lists.listed(db, bo, "open", now=NOON)] == [INVOICE]
        assert lists.counts(db, bo, now=NOON).unassigned == 1
        assert queue.take_next(db, bo, now=NOON) == INVOICE
        assert queue.take_next(db, bo, now=NOON) is None


def test_search_leads_to_the_one_that_stays_once(home, bo):
    number = another(home, "Hello zebra")
    merge(home, bo, number)

    with home.store.read() as db:
        assert lists.found(db, bo, "zebra", now=NOON) == [INVOICE]
        assert lists.found(db, bo, "hello", now=NOON) == [INVOICE]
        found = lists.listed(db, bo, "open", filters=Filter(words="zebra"), now=NOON)
        assert [c.id for c in found] == [INVOICE]


def test_acts_on_the_old_number_are_done_to_the_one_that_stays(home, bo):
    number = another(home)
    merge(home, bo, number)
    with home.store.write() as db:
        conversations.opened(db, bo, number, fold=300, now=NOON)
        conversations.claim(db, bo, number, now=NOON)
        conversations.close(db, bo, number, now=NOON)
        notes.add(db, bo, number, "Done.", now=NOON)

    assert row(home, INVOICE)[:2] == ("closed", BO)
    assert row(home, number)[:2] == ("open", None)
    assert kinds(home)[-4:] == ["opened", "claimed", "closed", "noted"]


def test_a_file_of_a_merged_conversation_can_still_be_had_and_only_by_its_readers(home, bo, eve):
    number = another(home)
    merge(home, bo, number)
    with home.store.write() as db:
        assert attachments.download(db, bo, 1, now=NOON).conversation_id == number
    with pytest.raises(NotFound), home.store.write() as db:
        attachments.download(db, eve, 1, now=NOON)
    for question in (conversations.by_id, messages.in_conversation, events.of_conversation):
        with pytest.raises(NotFound), home.store.read() as db:
            question(db, eve, number)
    with home.store.read() as db:
        assert messages._rows(db, eve, [INVOICE, number]) == []
        assert crosslinks.elsewhere(db, bo, number) == []


@pytest.mark.parametrize("ours", ["the one that stays", "the one that was merged"])
def test_a_reply_begun_before_the_merge_is_refused_when_the_other_was_answered(home, ada, bo, ours):
    number = another(home)
    mine, other = (INVOICE, number) if ours == "the one that stays" else (number, INVOICE)
    connect(home)
    draft = written(home, ada, conversation_id=mine)
    send(home, bo, written(home, bo, conversation_id=other), anyway=True)
    merge(home, bo, number)

    with pytest.raises(Stale) as stale:
        send(home, ada, draft)
    came = dict(every(home, "select event_id, kind from events"))
    assert "queued" in [came[event] for event in stale.value.newer]
    with home.store.write() as db:
        assert drafts.of(db, ada, INVOICE).id == draft.id
        assert [d.id for d in drafts.all_of(db, ada, number)] == [draft.id]
        drafts.acknowledge(db, ada, draft.id, max(came), now=NOON)
    send(home, ada, draft)
    assert one(home, "select conversation_id from outbox where agent_id = 1") == (INVOICE,)


def test_a_queued_reply_is_held_back_when_the_other_was_answered(home, ada, bo):
    number = another(home)
    connect(home)
    queued = send(home, ada, written(home, ada, conversation_id=number))
    send(home, bo, written(home, bo))
    merge(home, bo, number, now=NOON)
    with home.store.write() as db:
        parcel = delivery.lease(db, queued.outbox_id, home.settings, now=queued.due_at)
        assert delivery.stop_if_overtaken(db, parcel, home.settings, now=queued.due_at)

    assert one(home, "select state, sent_check from outbox where id = 1") == ("failed", "overtaken")
    assert "Bo Ek answered" in row(home, INVOICE)[9], "the one that stays shouts"
    assert kinds(home)[-1] == "stopped"


def test_a_mail_under_way_at_the_merge_is_filed_and_moves_the_one_that_stays(home, ada, bo):
    number = another(home)
    connect(home)
    draft = written(home, ada, conversation_id=number, body="Sent.")
    queued = send(home, ada, draft, now=NOON + 8 * MINUTE, closes=True)
    merge(home, bo, number, now=NOON)
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = 'uncertain', seen_event_id = 99")
    with home.store.write() as db:
        assert [o.id for o in outbox.of_conversation(db, bo, INVOICE)] == [queued.outbox_id]
        assert [o.id for o in outbox.of_conversation(db, bo, number)] == [queued.outbox_id]
        outbox.confirm_arrived(db, ada, queued.outbox_id, now=NOON + 9 * MINUTE)

    assert row(home, INVOICE)[:3] == ("closed", ADA, None)
    assert row(home, INVOICE)[4:7] == (3, 1, "Sent.")
    assert kinds(home)[-2:] == ["replied", "closed"]
    assert is_whole(home) == []
    unmerge(home, bo, number)
    assert row(home, number)[4] == 2
    assert row(home, number)[:3] == ("open", ADA, None), "the reply it got counts"
    assert is_whole(home) == []


def test_a_note_begun_in_either_can_be_left(home, ada, bo):
    number = another(home)
    draft = written(home, ada, conversation_id=number, kind="note", body="Call her.")
    merge(home, bo, number)
    with home.store.write() as db:
        notes.from_draft(db, ada, INVOICE, draft.id, draft.revision, now=NOON)
    assert row(home, INVOICE)[4] == 3


def test_an_answer_quotes_and_names_the_mails_of_both(home, ada, bo):
    number = another(home)
    connect(home)
    merge(home, bo, number)
    queued = send(home, ada, written(home, ada))
    (raw,) = [home.raw.read(_place(home, queued.outbox_id))]
    assert b"m1@customer.test" in raw and f"n{number}@customer.test".encode() in raw
    assert b"The second mail" in raw


def _place(house, outbox_id):
    with house.store.read() as db:
        return outgoing.by_id(db, outbox_id).place


def test_the_house_does_not_merge_again_what_an_agent_took_apart(home, bo):
    number = another(home)
    merge(home, bo, number)
    unmerge(home, bo, number)
    for _ in range(2):
        with home.store.write() as db:
            assert not merging.found_to_be_one(db, number, INVOICE, message_id=1, now=NOON)

    assert row(home, number)[-1] is None
    assert kinds(home).count("looks_related") == kinds(home, number).count("looks_related") == 1


def test_the_house_merges_into_the_older_and_never_spam_with_mail(home, bo):
    older = another(home, minutes=-5)
    spam = another(home, minutes=7)
    with home.store.write() as db:
        putting_away.mark_spam(db, bo, spam, now=NOON)
        assert merging.found_to_be_one(db, older, INVOICE, message_id=1, now=NOON)
        assert merging.found_to_be_one(db, older, INVOICE, message_id=1, now=NOON)
        assert not merging.found_to_be_one(db, spam, INVOICE, message_id=1, now=NOON)

    assert (row(home, INVOICE)[-1], row(home, spam)[-1]) == (older, None)
    assert one(home, "select actor_kind from events where kind = 'merged' limit 1") == ("system",)


def test_what_lies_in_the_trash_hides_nothing_that_is_merged_into_it(home, bo):
    number = another(home)
    with home.store.write() as db:
        putting_away.trash(db, bo, INVOICE, now=NOON)
        merging.found_to_be_one(db, number, INVOICE, message_id=1, now=NOON)
    with home.store.read() as db:
        assert [c.id for c in lists.listed(db, bo, "open", now=NOON)] == [INVOICE]


def test_it_does_not_come_back_to_somebody_who_has_left(home, ada, bo):
    number = another(home, assignee_id=BO)
    with home.store.export() as cursor:
        cursor.execute("update agents set is_active = false where id = $id", {"id": BO})
    merge(home, ada, number)
    assert row(home, INVOICE)[1] is None


def report(house, view, columns):
    return every(house, f"select {columns} from report.{view} order by all")


def test_the_report_tells_of_one_conversation(home, ada, bo):
    number = another(home)
    connect(home)
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
        conversations.claim(db, bo, number, now=NOON + 5 * MINUTE)
    draft = written(home, bo, conversation_id=number)
    queued = send(home, bo, draft, now=NOON + 10 * MINUTE)
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = 'uncertain'")
    merge(home, ada, number, now=NOON + 20 * MINUTE)
    with home.store.write() as db:
        outbox.confirm_arrived(db, bo, queued.outbox_id, now=NOON + 30 * MINUTE)
        conversations.close(db, ada, number, now=NOON + 40 * MINUTE)

    assert [c for (c,) in report(home, "conversations", "conversation_id")] == [INVOICE, QUOTE]
    assert (INVOICE, 3) in every(
        home, "select conversation_id, count(*) from report.messages group by all"
    )
    turns = report(home, "turns", "conversation_id, turn_no, state, wait_seconds")
    assert (INVOICE, 1, "answered", 600.0) in turns
    assert [t[0] for t in turns] == [INVOICE, QUOTE]
    assert report(home, "first_response", "conversation_id, answered_by") == [
        (INVOICE, "bo@example.com")
    ]
    assert report(home, "resolution", "conversation_id, outcome") == [(INVOICE, "resolved")]
    load = report(home, "agent_load", "agent, handled, open_at_end")
    assert load == [("ada@example.com", 1, 0), ("bo@example.com", 1, 0)]
    known = "select distinct conversation_id from report.events order by all"
    assert every(home, known) == [(INVOICE,)]
    unmerge(home, ada, number)
    assert [c for (c,) in report(home, "conversations", "conversation_id")] == [
        INVOICE,
        QUOTE,
        number,
    ]
    assert (number, 2) in every(
        home, "select conversation_id, count(*) from report.messages group by all"
    )


def test_two_answers_from_two_sides_are_a_pair_once_they_are_one(home, ada, bo):
    number = another(home, minutes=1)
    connect(home)
    for minute, (who, where) in enumerate(((ada, INVOICE), (bo, number)), start=10):
        queued = send(
            home, who, written(home, who, conversation_id=where), now=NOON + minute * MINUTE
        )
        with home.store.export() as cursor:
            cursor.execute(
                "update outbox set state = 'uncertain', answers_message_id = null where id = $id",
                {"id": queued.outbox_id},
            )
        with home.store.write() as db:
            outbox.confirm_arrived(db, who, queued.outbox_id, now=NOON + minute * MINUTE)
    assert report(home, "duplicate_replies", "conversation_id") == []
    merge(home, ada, number)
    assert report(home, "duplicate_replies", "conversation_id, first_agent, second_agent") == [
        (INVOICE, "ada@example.com", "bo@example.com")
    ]


def test_two_closes_of_what_is_one_are_one_conversation_handled(home, bo):
    number = another(home)
    with home.store.write() as db:
        for each in (INVOICE, number):
            conversations.close(db, bo, each, now=NOON)
    assert report(home, "agent_load", "handled, closes") == [(2, 2)]
    merge(home, bo, number)
    assert report(home, "agent_load", "handled, closes") == [(1, 2)]
