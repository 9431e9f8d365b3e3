"""Every check finds the fault it is for, and none in a house that is whole."""

import pytest

from inbox import verify
from inbox.migrations import SQL
from inbox.store import Session

CHECKS = [f.stem for f in sorted((SQL / "checks").glob("*.sql"))]

NEW_OUTBOX = (
    "insert into outbox (kind, mailbox_id, conversation_id, message_id, rfc_message_id, "
    "raw_sha256, segment, position, size_bytes, envelope_from, from_name, from_address, "
    "recipients, subject, body_text, body_html, reply_text, attachments, seen_event_id, "
    "queued_at, due_at, state, stage, closes, attempts, sent_check, copy_state) "
    "values ('reply', 1, {conversation}, {message}, "
    "'x@example.com', '', 1, 0, 0, '', '', '', '{{}}', '', '', '', '', '[]', 0, now()::timestamp, "
    "now()::timestamp, '{state}', '', false, 0, '', '')"
)
TO_OUTBOX = "insert into outbox_recipients values (1, 'a@customer.test', 'to', 'queued', null)"
NEW_DRAFT = (
    "insert into drafts (conversation_id, agent_id, kind, recipients, subject, body, "
    "seen_event_id, revision, state, created_at, updated_at) values (99, 1, 'reply', '{}', '', "
    "'', 0, 1, 'open', now()::timestamp, now()::timestamp)"
)
NEW_ATTACHMENT = (
    "insert into attachments (message_id, conversation_id, filename, content_type, size_bytes, "
    "sha256, is_inline) values ({message}, {conversation}, 'a.txt', 'text/plain', 1, 'x', false)"
)
NEW_EVENT = (
    "insert into events values (1, 'a', now()::timestamp, now()::timestamp, 'system', null, null, "
    "{conversation}, {message}, 'claimed', '', '')"
)
NEW_MERGE = (
    "insert into merge_links (mailbox_id, conversation_id, into_id, merged_at, action_id, "
    "event_id, status, took_alert) values ({mailbox}, {conversation}, {into}, now()::timestamp, "
    "'a', 1, 'open', false)"
)
NEW_RAW = (
    "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, head_sha256, "
    "segment, position, size_bytes, fetched_at, state, message_id) values ({mailbox}, 'INBOX', 1, "
    "1, 'x', '', 1, 0, 1, now()::timestamp, 'filed', {message})"
)
NEW_BOUNCE = (
    "insert into bounces values ({message}, 1, {conversation}, null, null, 'a@customer.test', "
    "'5.1.1', '', true, now()::timestamp)"
)
NEW_TAG = (
    "insert into tags (mailbox_id, name, created_at) values ({mailbox}, 'x', now()::timestamp); "
    "insert into conversation_tags select 1, 1, {mailbox}, now()::timestamp from range({times})"
)

NEW_CONTACT = (
    "insert into contacts (id, mailbox_id, address, name, created_at, merged_into) "
    "values ({id}, {mailbox}, 'a@customer.test', '', now()::timestamp, {into})"
)
NEW_CONTACT_LINK = (
    "insert into contact_links (mailbox_id, contact_id, into_id, linked_at, event_id, before) "
    "values (1, {contact}, {into}, now()::timestamp, 1, '{{}}')"
)
TWO = NEW_CONTACT.format(id=801, mailbox=1, into="null")

# From here on what is counted is believed.
COUNTED = "insert into derived select 0, seen from metric.seen"
NEW_TURN = (
    "insert into turns values (1, {turn}, 1, '{state}', timestamp '2026-03-02 12:00', {until}, "
    "null, null, 1, {reply})"
)
LATER = "timestamp '2026-03-02 13:00'"
NEW_PAIR = (
    "insert into pairs values (1, 1, 1, now()::timestamp, 1, 2, null, null, now()::timestamp, "
    "now()::timestamp, 0.1, false, false)"
)
NEW_TARGET = (
    "insert into target_versions values (1, 'first_reply', {seconds}, null, "
    "timestamp '2001-01-01', 1)"
)

PLANTED = [
    ("turns_by_two_roads", COUNTED),
    (
        "turns_by_two_roads",
        f"{COUNTED}; {NEW_TURN.format(turn=1, state='answered', until=LATER, reply=1)}",
    ),
    (
        "first_response_by_two_roads",
        f"{COUNTED}; {NEW_TURN.format(turn=1, state='answered', until=LATER, reply=2)}",
    ),
    (
        "duplicates_by_two_roads",
        f"{COUNTED}; {NEW_TURN.format(turn=1, state='answered', until=LATER, reply=2)}; {NEW_PAIR}",
    ),
    ("targets_by_two_roads", NEW_TARGET.format(seconds=0)),
    ("contacts_and_merges", NEW_CONTACT.format(id=800, mailbox=1, into=999)),
    (
        "contacts_and_merges",
        f"{TWO}; {NEW_CONTACT.format(id=802, mailbox=2, into=801)}; "
        f"{NEW_CONTACT_LINK.format(contact=802, into=801)}",
    ),
    ("contacts_and_merges", f"{TWO}; {NEW_CONTACT.format(id=802, mailbox=1, into=801)}"),
    ("contacts_and_merges", f"{TWO}; {NEW_CONTACT_LINK.format(contact=801, into=802)}"),
    ("contacts_and_merges", f"{TWO}; update conversations set contact_id = 801 where id = 2"),
    ("contacts_and_merges", "update conversations set contact_id = 999 where id = 1"),
    ("attachments_without_message", NEW_ATTACHMENT.format(message=99, conversation=1)),
    ("attachments_without_message", NEW_ATTACHMENT.format(message=1, conversation=2)),
    ("bodies_and_messages", "delete from bodies where message_id = 1"),
    ("bodies_and_messages", "delete from search_keys where message_id = 1"),
    ("bodies_and_messages", "update search_keys set conversation_id = 2 where message_id = 1"),
    ("bodies_and_messages", "update bodies set message_id = 99 where message_id = 2"),
    ("bodies_and_messages", "update bodies set conversation_id = 2 where message_id = 1"),
    (
        "bodies_and_messages",
        "insert into search_keys values (99, 1, 1, 'x', timestamp '2026-11-30', '', '', '', '')",
    ),
    ("bodies_and_messages", "insert into message_tokens values (99, 'ord-1234')"),
    ("bounces_of_messages", NEW_BOUNCE.format(message=99, conversation=1)),
    ("bounces_of_messages", NEW_BOUNCE.format(message=1, conversation=1)),
    ("conversations_against_messages", "update conversations set message_count = 7 where id = 1"),
    (
        "conversations_against_messages",
        "update conversations set last_message_at = timestamp '2001-01-01' where id = 1",
    ),
    ("waiting_against_messages", "update conversations set waiting_since = null where id = 1"),
    ("waiting_against_messages", "update conversations set status = 'closed' where id = 1"),
    ("waiting_against_messages", "update messages set direction = 'note' where id = 1"),
    ("drafts_of_conversations", NEW_DRAFT),
    (
        "drafts_of_conversations",
        "insert into draft_attachments (draft_id, filename, content_type, size_bytes, sha256) "
        "values (99, 'a', 'b', 1, 'c')",
    ),
    ("events_of_known_things", NEW_EVENT.format(conversation=99, message="null")),
    ("events_of_known_things", NEW_EVENT.format(conversation="null", message=99)),
    ("events_of_known_things", "insert into event_payloads values (99, 's', null, '{}')"),
    ("memberships_of_people", "insert into memberships values (1, 99, 'agent', 'as')"),
    ("memberships_of_people", "insert into memberships values (99, 1, 'agent', 'as')"),
    ("memberships_of_people", "insert into memberships values (1, 1, 'reader', 'as')"),
    ("merges_and_conversations", "update conversations set merged_into = 2 where id = 1"),
    ("merges_and_conversations", NEW_MERGE.format(mailbox=1, conversation=1, into=2)),
    (
        "merges_and_conversations",
        f"{NEW_MERGE.format(mailbox=1, conversation=1, into=2)}; "
        "update conversations set merged_into = 2 where id = 1",
    ),
    (
        "merges_and_conversations",
        f"{NEW_MERGE.format(mailbox=1, conversation=1, into=99)}; "
        "update conversations set merged_into = 99 where id = 1",
    ),
    ("merges_and_conversations", NEW_MERGE.format(mailbox=2, conversation=1, into=2)),
    (
        "merges_and_conversations",
        f"{NEW_MERGE.format(mailbox=1, conversation=1, into=2)}; "
        f"{NEW_MERGE.format(mailbox=1, conversation=2, into=1)}",
    ),
    ("messages_without_conversation", "delete from conversations where id = 1"),
    ("messages_without_conversation", "update messages set mailbox_id = 2 where id = 1"),
    ("messages_without_conversation", "delete from mailboxes where id = 1"),
    (
        "outbox_of_conversations",
        NEW_OUTBOX.format(conversation=1, message="null", state="queued"),
    ),
    (
        "outbox_of_conversations",
        "insert into outbox_recipients values (99, 'a@customer.test', 'to', 'queued', null)",
    ),
    (
        "outbox_of_conversations",
        f"{TO_OUTBOX}; {NEW_OUTBOX.format(conversation=99, message='null', state='queued')}",
    ),
    (
        "outbox_of_conversations",
        f"{TO_OUTBOX}; {NEW_OUTBOX.format(conversation=1, message=2, state='sent')}",
    ),
    ("raw_messages_and_messages", NEW_RAW.format(mailbox=1, message=99)),
    ("raw_messages_and_messages", NEW_RAW.format(mailbox=1, message=2)),
    ("raw_messages_and_messages", "update messages set raw_sha256 = 'x' where id = 1"),
    (
        "references_of_conversations",
        "insert into message_references values (1, 'x@customer.test', 2, true)",
    ),
    (
        "follows_of_conversations",
        "insert into follows values (99, 1, 1, now()::timestamp)",
    ),
    ("follows_of_conversations", "insert into follows values (1, 1, 99, now()::timestamp)"),
    (
        "follows_of_conversations",
        "insert into follows select 1, 1, 1, now()::timestamp from range(2)",
    ),
    ("tags_by_two_roads", "update conversations set tags = 'vip' where id = 1"),
    ("tags_by_two_roads", NEW_TAG.format(mailbox=1, times=1)),
    (
        "tags_by_two_roads",
        f"{NEW_TAG.format(mailbox=2, times=1)}; update conversations set tags = 'x' where id = 1",
    ),
    (
        "tags_by_two_roads",
        f"{NEW_TAG.format(mailbox=1, times=2)}; update conversations set tags = 'x' where id = 1",
    ),
    ("two_roads_to_one_number", "delete from bodies where message_id = 1"),
    ("two_roads_to_one_number", NEW_ATTACHMENT.format(message=1, conversation=1)),
    ("two_roads_to_one_number", "update conversations set message_count = 7 where id = 1"),
]


def faults(store, check):
    with store.export() as cursor:
        return cursor.execute((SQL / "checks" / f"{check}.sql").read_text()).fetchall()


@pytest.mark.parametrize("check", CHECKS)
def test_a_whole_house_has_no_fault(store, check):
    assert faults(store, check) == []


@pytest.mark.parametrize(("check", "plant"), PLANTED)
def test_a_planted_fault_is_found(store, check, plant):
    with store.export() as cursor:
        cursor.execute(plant).fetchall()

    assert faults(store, check)
    assert check in {f.subject for f in verify.verify(store)}


def test_every_check_has_a_planted_fault_and_says_what_it_is():
    assert {check for check, _ in PLANTED} == set(CHECKS)
    for check in CHECKS:
        first = (SQL / "checks" / f"{check}.sql").read_text().splitlines()[0]
        assert first.startswith("-- ") and first.endswith(".")


def test_an_index_that_disagrees_with_a_scan_is_found(store, monkeypatch):
    """No statement breaks an index, so the scan's answer is bent on its way instead."""
    rows = Session.rows

    def bent(db, query, **params):
        found = rows(db, query, **params)
        if query == "verify.messages_by_scan":
            return [(conversation, count + 1, ids) for conversation, count, ids in found]
        return found

    monkeypatch.setattr(Session, "rows", bent)
    assert [f.subject for f in verify.verify(store)] == ["index", "index"]
