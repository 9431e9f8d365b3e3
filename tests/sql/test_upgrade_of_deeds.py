"""What a house of before knows after its upgrade: the numbers in its mail, and what is urgent."""

import duckdb

from inbox import tokens
from inbox.store import SQL

LETTERS = {
    1: ("Order ORD-48213", "Faktura 2026-4711, kund 99120. Ring 070-123 45 67, +46 70 123 45 67"),
    2: ("SE/2026/0099", "se https://x.test/t/a1b2c3d4, kim92@store.test, www.x.test/99999"),
    3: ("", "12345 kr 1500kr 250gb 2026-11-30 30-11-2026 20261130 ab1c2 a1b"),
    4: ("nothing", ""),
}


def test_old_mail_names_what_new_mail_does_and_what_only_a_vip_made_urgent_is_so_no_more():
    house = duckdb.connect()
    scripts = sorted((SQL / "schema").glob("*.sql"))
    for script in (s for s in scripts if s.stem < "023"):
        house.execute(script.read_text())
    for number, (subject, body) in LETTERS.items():
        house.execute(
            "insert into messages (id, conversation_id, mailbox_id, direction, via, sent_at, "
            "received_at, from_name, from_address, recipients, subject, is_auto, is_bounce, "
            "is_readable, attachment_count, thread_reason) values ($id, 1, 1, 'in', 'imap', now(), "
            "now(), 'A', 'a@x.test', '{}', $subject, false, false, true, 0, 'new')",
            {"id": number, "subject": subject},
        )
        house.execute(
            "insert into bodies values ($id, 1, $body, null, '')", {"id": number, "body": body}
        )
    for number, is_urgent, for_vip in ((1, True, True), (2, True, False), (3, False, False)):
        house.execute(
            "insert into conversations (id, mailbox_id, contact_name, contact_address, subject, "
            "snippet, status, created_at, last_message_at, message_count, attachment_count, "
            "is_readable, is_urgent, urgent_for_vip) values ($id, 1, '', '', '', '', 'open', "
            "now(), now(), 0, 0, true, $is_urgent, $for_vip)",
            {"id": number, "is_urgent": is_urgent, "for_vip": for_vip},
        )
    (script,) = (s for s in scripts if s.stem.startswith("023"))
    house.execute("begin")
    house.execute(script.read_text())
    house.execute("commit")

    for number, (subject, body) in LETTERS.items():
        found = house.execute(
            "select token from message_tokens where message_id = $id", {"id": number}
        ).fetchall()
        assert sorted(token for (token,) in found) == sorted(tokens.of(subject, body)), number
    urgent = house.execute("select id, is_urgent from conversations order by id").fetchall()
    assert urgent == [(1, False), (2, True), (3, False)]
