import re
from datetime import timedelta

import duckdb
import pytest

from inbox.migrations import SQL
from tests.conftest import NOON
from tests.furniture import BO, INVOICE, SUPPORT

METRICS = sorted((SQL / "metrics").glob("*.sql"))
DOCS = SQL.parent / "docs" / "report.md"


def dictionary():
    """{view: [(column, type), …]} as docs/report.md says."""
    parts = re.split(r"^## report\.(\w+)$", DOCS.read_text(), flags=re.M)[1:]
    return {
        name: [
            (column, kind)
            for column, kind in re.findall(r"^\| (\w+) \| ([\w\[\]]+) \|", text, re.M)
            if column != "column"
        ]
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def views(cursor, schema="report"):
    return {
        name: [(c[0], c[1]) for c in cursor.execute(f"describe {schema}.{name}").fetchall()]
        for (name,) in cursor.execute(
            "select table_name from information_schema.tables where table_schema = $schema",
            {"schema": schema},
        ).fetchall()
    }


def test_docs_and_views_agree_column_by_column(store):
    with store.export() as cursor:
        assert views(cursor) == dictionary()


def test_the_columns_that_others_build_on_are_there():
    contract = {
        "messages": "message_id, conversation_id, mailbox, direction, sent_at, received_at, "
        "from_email, from_name, to_emails, cc_emails, subject, body_text, reply_text, "
        "rfc_message_id, answers_message_id, is_auto, is_bounce, is_readable, raw_sha256, via, "
        "agent, attachment_count, thread_reason",
        "attachments": "message_id, filename, content_type, size_bytes, sha256, is_inline",
        "first_response": "conversation_id, first_response_seconds, "
        "first_response_business_seconds, answered_by",
        "turns": "conversation_id, turn_no, state, waiting_since, ended_at, wait_seconds, "
        "wait_business_seconds, replied_by",
        "conversations": "conversation_id, mailbox, subject, status, assignee, contact_email, "
        "created_at, last_message_at, message_count, tags",
    }
    documented = dictionary()
    for view, columns in contract.items():
        names = [name for name, _ in documented[view]]
        assert names[: len(columns.split(", "))] == columns.split(", ")


@pytest.mark.parametrize("script", METRICS, ids=lambda f: f.stem)
def test_every_metric_begins_with_its_definition(script):
    first = script.read_text().splitlines()[0]
    assert first.startswith("-- ") and first.endswith(".") and len(first) > 30


def test_views_are_made_anew_at_each_start(home):
    with home.store.export() as cursor:
        cursor.execute("create view report.leftover as select 1 as one").fetchall()
    home.store.migrate(now=NOON)
    with home.store.export() as cursor:
        assert "leftover" not in views(cursor)


# One conversation each: (minutes, what). `in`, `out`, `auto`, `note`, `third` (a mail of ours to
# somebody else), `sent` (found in the Sent folder), `closed`, `reopened`, `spam`, `late` (a Date
# field two days in the future; the server's time stands in), `bounce`.
STORIES = {
    "never answered": ([(0, "in")], [("waiting", 0, None)]),
    "follow-ups do not restart it": (
        [(0, "in"), (5, "in"), (20, "out")],
        [("answered", 0, 20)],
    ),
    "a second wait": (
        [(0, "in"), (20, "out"), (30, "in"), (90, "out"), (95, "out")],
        [("answered", 0, 20), ("answered", 30, 90)],
    ),
    "closed without reply": (
        [(0, "in"), (10, "closed"), (20, "in")],
        [("closed_unanswered", 0, 10), ("waiting", 20, None)],
    ),
    "answered, then closed": ([(0, "in"), (10, "out"), (11, "closed")], [("answered", 0, 10)]),
    "we wrote first": ([(0, "out"), (30, "in"), (40, "out")], [("answered", 30, 40)]),
    "we wrote and nobody came back": ([(0, "out")], []),
    "only machines wrote": ([(0, "auto"), (5, "bounce")], []),
    "only notes": ([(0, "note")], []),
    "a note is no reply": ([(0, "in"), (5, "note")], [("waiting", 0, None)]),
    "a mail to a third party is no reply": (
        [(0, "in"), (5, "third"), (8, "out")],
        [("answered", 0, 8)],
    ),
    "an automatic answer of ours is no reply": (
        [(0, "in"), (1, "autoreply"), (9, "out")],
        [("answered", 0, 9)],
    ),
    "a reply from the Sent folder": ([(0, "in"), (15, "sent")], [("answered", 0, 15)]),
    "the same second": ([(0, "in"), (0, "out")], [("answered", 0, 0)]),
    "spam": ([(0, "in"), (10, "spam"), (15, "in"), (20, "out")], [("void", 0, 10)]),
    "answered before it was spam": (
        [(0, "in"), (5, "out"), (10, "spam")],
        [("answered", 0, 5)],
    ),
    "a Date field in the future": ([(0, "late"), (15, "out")], [("answered", 0, 15)]),
    "history that came closed": (
        [(0, "in"), (5, "imported closed")],
        [("closed_unanswered", 0, 5)],
    ),
    "a bounce after the reply": ([(0, "in"), (5, "out"), (6, "bounce")], [("answered", 0, 5)]),
    "a colleague of the customer asks on": (
        [(0, "in"), (5, "colleague"), (9, "out"), (12, "colleague"), (15, "out")],
        [("answered", 0, 9), ("answered", 12, 15)],
    ),
    "a reply from an alias": ([(0, "in"), (7, "alias")], [("answered", 0, 7)]),
    "two replies in a row, the first from another program": (
        [(0, "in"), (5, "sent"), (6, "out")],
        [("answered", 0, 5)],
    ),
    "reopened by hand": (
        [(0, "in"), (5, "closed"), (6, "reopened"), (7, "in"), (8, "out")],
        [("closed_unanswered", 0, 5), ("answered", 7, 8)],
    ),
}


def tell(cursor, story):
    """Write the story into the invoice's conversation, in an order that is not that of time."""
    cursor.execute("delete from messages where conversation_id = 1").fetchall()
    for number, (minute, what) in enumerate(reversed(story), start=1):
        at = NOON + timedelta(minutes=minute)
        if what in {"closed", "reopened"}:
            cursor.execute(
                "insert into events values ($n, 'a', $at, $at, 'agent', 2, 1, 1, null, $what, "
                "'', '')",
                {"n": number, "at": at, "what": what},
            ).fetchall()
        elif what == "imported closed":
            cursor.execute(
                "update conversations set status = 'closed', closed_at = $at where id = 1",
                {"at": at},
            )
        elif what == "spam":
            cursor.execute("update conversations set spam_at = $at where id = 1", {"at": at})
        else:
            message(cursor, number, at, what)


def message(cursor, number, at, what):
    ours = {"out", "third", "sent", "autoreply", "alias"}
    direction = "out" if what in ours else "in"
    theirs = "boss@customer.test" if what == "colleague" else "maria@customer.test"
    own = "help@example.com" if what == "alias" else "support@example.com"
    to = "other@third.test" if what == "third" else "maria@customer.test"
    cursor.execute(
        "insert into messages (id, conversation_id, mailbox_id, direction, via, agent_id, sent_at, "
        "received_at, from_name, from_address, recipients, subject, is_auto, is_bounce, "
        "is_readable, attachment_count, thread_reason) values ($id, $conversation, $mailbox, "
        "$direction, $via, $agent, $sent_at, $at, '', $sender, $recipients, '', $is_auto, "
        "$is_bounce, true, 0, 'new')",
        {
            "id": 100 + number,
            "conversation": INVOICE,
            "mailbox": SUPPORT,
            "direction": "note" if what == "note" else direction,
            "via": {"sent": "sent", "out": "app"}.get(what, "imap"),
            "agent": BO if what in {"out", "note", "third"} else None,
            "sent_at": at + timedelta(days=2) if what == "late" else at,
            "at": at,
            "sender": own if direction == "out" else theirs,
            "recipients": f'{{"to": [["Someone", "{to}"]]}}' if direction == "out" else "{}",
            "is_auto": what in {"auto", "autoreply"},
            "is_bounce": what == "bounce",
        },
    ).fetchall()


@pytest.mark.parametrize(("story", "waits"), STORIES.values(), ids=STORIES)
def test_turns(store, story, waits):
    with store.export() as cursor:
        tell(cursor, story)
        turns = cursor.execute(
            "select turn_no, state, waiting_since, ended_at, wait_seconds, wait_business_seconds "
            "from report.turns where conversation_id = 1 order by turn_no"
        ).fetchall()
        first = cursor.execute(
            "select first_response_seconds from report.first_response where conversation_id = 1"
        ).fetchall()
    minute = timedelta(minutes=1)
    assert turns == [
        (
            number,
            state,
            NOON + start * minute,
            None if end is None else NOON + end * minute,
            None if end is None else (end - start) * 60,
            None,
        )
        for number, (state, start, end) in enumerate(waits, start=1)
    ]
    answered = [w for w in waits[:1] if w[0] == "answered"]
    assert first == [((end - start) * 60,) for _, start, end in answered]


def test_who_answered_is_who_sent(store):
    with store.export() as cursor:
        tell(cursor, [(0, "in"), (5, "out"), (6, "in"), (9, "sent"), (10, "out")])
        found = cursor.execute(
            "select replied_by from report.turns where conversation_id = 1 order by turn_no"
        ).fetchall()
    assert found == [("bo@example.com",), (None,)]


@pytest.mark.parametrize(
    ("story", "resolution"),
    [
        ([(0, "in"), (5, "closed")], ("closed_without_reply", None, None)),
        ([(0, "in"), (5, "closed"), (9, "out")], ("closed_without_reply", None, None)),
        ([(0, "in"), (5, "out"), (9, "closed")], ("resolved", 540, 540)),
        (
            [(0, "in"), (5, "out"), (9, "closed"), (20, "in"), (25, "closed")],
            ("resolved", 540, 1500),
        ),
        ([(0, "out"), (9, "closed")], ("resolved", 540, 540)),
        ([(0, "in"), (5, "out")], None),
        ([(0, "in"), (5, "out"), (9, "closed"), (10, "spam")], None),
    ],
)
def test_resolution(store, story, resolution):
    with store.export() as cursor:
        tell(cursor, story)
        found = cursor.execute(
            "select outcome, first_resolution_seconds, final_resolution_seconds "
            "from report.resolution where conversation_id = 1"
        ).fetchall()
    assert found == ([resolution] if resolution else [])


def test_recipients_are_lists_of_addresses(store):
    with store.export() as cursor:
        cursor.execute(
            "update messages set recipients = $recipients where id = 1",
            {
                "recipients": '{"to": [["A", "a@x.test"], ["", "b@x.test"]], '
                '"cc": [["C", "c@x.test"]]}'
            },
        ).fetchall()
        found = cursor.execute(
            "select to_emails, cc_emails from report.messages order by message_id"
        ).fetchall()
    assert found == [(["a@x.test", "b@x.test"], ["c@x.test"]), ([], [])]


def test_the_json_functions_need_no_download():
    """The house opens its database with extensions off; reports must not need one."""
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        assert connection.execute("select json_extract_string('{}', '$.to[*][1]')").fetchall()


@pytest.mark.feature("QV18")
def test_tags_are_listed_and_a_conversation_without_has_none(store):
    with store.export() as cursor:
        cursor.execute("update conversations set tags = 'a b' || chr(10) || 'ü' where id = 1")
        found = cursor.execute(
            "select tags from report.conversations order by conversation_id"
        ).fetchall()
    assert found == [(["a b", "ü"],), ([],)]
