"""Mail that was filed before phrases and senders could be searched for can be found by them."""

import duckdb
import pytest

from inbox import search
from inbox.store import SQL

LETTERS = {
    1: ("Frakt till Malmö", "Hej, var är min\norder? asa@x.test | faktura_12", "Åsa Öberg"),
    2: ("RE: (plain)", "nothing but ascii, o'brien-smith", "Erik"),
    3: ("", "", ""),
}


@pytest.mark.feature("QV10")
def test_old_mail_is_found_as_new_mail_is():
    house = duckdb.connect()
    scripts = sorted((SQL / "schema").glob("*.sql"))
    for script in (s for s in scripts if s.stem < "020"):
        house.execute(script.read_text())
    keys = {}
    for number, (subject, body, name) in LETTERS.items():
        keys[number] = search.key(
            subject=subject,
            body=body,
            sender=(name, "asa@x.test"),
            recipients=("Bo Ek", "bo@x.test"),
        )
        house.execute(
            "insert into messages (id, conversation_id, mailbox_id, direction, via, sent_at, "
            "received_at, from_name, from_address, recipients, subject, is_auto, is_bounce, "
            "is_readable, attachment_count, thread_reason) values ($id, 1, 1, 'in', 'imap', now(), "
            "now(), $name, 'asa@x.test', $to, $subject, false, false, true, 0, 'new')",
            {
                "id": number,
                "name": name,
                "subject": subject,
                "to": '{"to": [["Bo Ek", "bo@x.test"]], "bcc": [["Hid", "hid@x.test"]]}',
            },
        )
        house.execute(
            "insert into bodies values ($id, 1, $body, null, '')", {"id": number, "body": body}
        )
        house.execute(
            "insert into search_keys values ($id, 1, 1, $words)",
            {"id": number, "words": keys[number].words},
        )
    house.execute("update messages set hidden_at = now(), hidden_by = 1 where id = 2")
    (script,) = (s for s in scripts if s.stem.startswith("020"))
    house.execute(script.read_text())

    columns = "message_id, search_key, in_order, sender, recipients, subject"
    rows = house.execute(f"select {columns} from search_keys order by 1").fetchall()
    assert [row[0] for row in rows] == [1, 2, 3]
    for number, words, text, sender, recipients, subject in rows:
        key = keys[number]
        assert words == key.words
        assert set(sender.split()) == set(key.sender.split())
        if number == 2:
            assert not set(text.split()) & {"ascii", "plain", "bo"}
            continue
        assert set(text.split()) == set(key.text.split())
        assert set(recipients.split()) == set(key.recipients.split())
        assert set(subject.split()) == set(key.subject.split())
        assert " var ar min order asa x test " in text or number == 3
        assert "hid" not in text
