"""Duplicate replies: how many, which, and what both said."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from inbox import conversations, reads, stops
from inbox.agents import Agent
from inbox.errors import Stale
from inbox.house import House
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox import post

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("AN05", "U3")
HOSTILE = "![x](http://evil.test/p.png) <script> [y](z)"
# Conversations from 101 on, an hour apart up to NOON. Ada answers each after ten minutes, Bo every
# tenth as well, five minutes after her.
DOUBLED = (
    "create temp table told as select 100 + n as number, $now::timestamp - n * interval 1 hour as "
    "began from generate_series(1, $count) as series (n)",
    "insert into conversations by name select one.* replace (number as id, began as created_at, "
    "'Order ' || number as subject) from conversations as one, told where one.id = 1",
    "insert into messages by name select one.* replace (3 * number as id, number as "
    "conversation_id, began as sent_at, began as received_at) from messages as one, told where "
    "one.id = 1",
    "insert into messages by name select one.* replace (3 * number + who as id, number as "
    "conversation_id, began + (5 + 5 * who) * interval 1 minute as sent_at, began + (5 + 5 * who) "
    "* interval 1 minute as received_at, 'out' as direction, 'app' as via, who as agent_id, "
    '\'{"to": [["", "maria@customer.test"]]}\' as recipients, '
    "'support@example.com' as from_address) from messages as one, told, generate_series(1, 2) as "
    "people (who) where one.id = 1 and (who = 1 or number % 10 = 0)",
    "insert into bodies select id, conversation_id, text, null, text from (select id, "
    "conversation_id, case direction when 'in' then 'Where is my order?' else case agent_id when 1 "
    "then 'Hello Maria,' || chr(10) || chr(10) || 'it comes on Tuesday.' else 'Hello Maria,' || "
    "chr(10) || chr(10) || 'it comes on *Friday*, sorry.' end end as text from messages where "
    "conversation_id > 100)",
)


def double(cursor: Any, count: int, now: object = NOON) -> None:
    for statement in DOUBLED:
        wanted = {"now": now, "count": count}
        given = {name: value for name, value in wanted.items() if f"${name}" in statement}
        cursor.execute(statement, given or None)


def doubled(home: House, count: int) -> None:
    with home.store.export() as cursor:
        double(cursor, count)


def visit(at_desk: AtDesk, who: str, **chosen: object) -> AppTest:
    app = at_desk(who).run()
    app = app.switch_page("insight/duplicates.py")
    for name, value in chosen.items():
        app.query_params[name] = str(value)
    return app.run()


def tiles(app: AppTest) -> dict[str, str]:
    assert not app.exception
    return {one.label: one.value.replace("\\", "") for one in app.metric}


def shown(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption))


def test_an_empty_house(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        for table in ("conversations", "messages", "events"):
            cursor.execute(f"delete from {table}")
    app = visit(at_desk, "ada")

    assert tiles(app) == {
        "Per 100 answered turns": "–",
        "Answered twice": "0",
        "Both were meant": "0",
        "Stopped in time": "0",
    }
    assert "Nobody was answered twice" in shown(app)
    assert "No such pair in this period." in shown(app)


def test_one_mail_that_waits(at_desk: AtDesk) -> None:
    assert tiles(visit(at_desk, "ada"))["Per 100 answered turns"] == "–"


def test_a_month_and_the_month_before(at_desk: AtDesk, home: House) -> None:
    doubled(home, 1000)
    app = visit(at_desk, "bo")
    found = tiles(app)
    # From midnight 27 days before on, and one of ten.
    hours = 27 * 24 + 12

    assert found["Answered twice"] == str(hours // 10)
    assert found["Per 100 answered turns"] == f"{100 * (hours // 10) / hours:.1f}"
    assert "duplicates per 100 answered turns" in shown(app)
    assert "**Order 110**" in shown(app)
    assert "5 min later · Overlapping" in shown(app)


def test_fewer_than_before_is_said_when_it_is_sure(at_desk: AtDesk, home: House) -> None:
    doubled(home, 1300)
    with home.store.export() as cursor:
        cursor.execute("delete from messages where id % 3 = 2 and id < 3 * 600").fetchall()
    app = visit(at_desk, "ada")

    assert "Fewer duplicates\\: 2\\.6 per 100 answered turns, 10\\.0 before" in shown(app)


def test_a_case_side_by_side_and_the_mark(at_desk: AtDesk, home: House) -> None:
    doubled(home, 30)
    app = visit(at_desk, "bo")
    assert tiles(app)["Answered twice"] == "3"
    app.button(key="case_332").click().run()

    told = shown(app)
    assert "Where is my order?" in told
    assert ":orange-background[Tuesday\\.]" in told
    assert ":orange-background[\\*Friday\\*, sorry\\.]" in told
    assert app.query_params["case"] == "332"

    app.button(key="meant_332").click().run()
    assert tiles(app)["Answered twice"] == "2"
    assert tiles(app)["Both were meant"] == "1"
    app.button(key="meant_332").click().run()
    assert tiles(app)["Answered twice"] == "3"
    assert post.kinds(home, 110) == ["opened", "duplicate_intended", "duplicate_unintended"]


def test_comparing_is_told_in_the_diary_once_and_reads_nothing_else(
    at_desk: AtDesk, home: House, bo: Agent
) -> None:
    doubled(home, 10)
    with home.store.write() as db:
        reads.forget(db, bo.id, [110], now=NOON)
    app = visit(at_desk, "bo", case=332)
    app.run()

    assert post.kinds(home, 110) == ["opened"]
    with home.store.read() as db:
        assert conversations.by_id(db, bo, 110).is_unread


def test_a_reader_sees_both_and_marks_nothing(at_desk: AtDesk, home: House) -> None:
    doubled(home, 10)
    app = visit(at_desk, "cy", case=332)

    assert "sorry" in shown(app)
    assert "meant_332" not in [one.key for one in app.button]


def test_another_mailboxs_answers_are_nobodys_business(at_desk: AtDesk, home: House) -> None:
    doubled(home, 30)
    app = visit(at_desk, "eve", case=332)

    assert tiles(app)["Answered twice"] == "0"
    assert "Order 110" not in shown(app)
    assert "sorry" not in shown(app)


def test_a_kind_is_chosen(at_desk: AtDesk, home: House) -> None:
    doubled(home, 30)
    app = visit(at_desk, "ada")
    app.button_group(key="kind").set_value("is_outside").run()
    assert "No such pair in this period." in shown(app)
    app.button_group(key="kind").set_value("is_collision").run()
    assert "**Order 110**" in shown(app)


def test_strangers_words_stay_text(at_desk: AtDesk, home: House) -> None:
    doubled(home, 10)
    with home.store.export() as cursor:
        cursor.execute("update conversations set subject = $x where id = 110", {"x": HOSTILE})
        cursor.execute("update messages set from_name = $x", {"x": HOSTILE})
        cursor.execute("update messages set agent_id = null where id = 332")
        for column in ("body_text", "reply_text"):
            cursor.execute(f"update bodies set {column} = $x || chr(10) || $x", {"x": HOSTILE})
    app = visit(at_desk, "ada", case=332)

    assert tiles(app)["Answered twice"] == "1"
    for raw in ("](http", "<script>", "[y](z)"):
        assert raw not in shown(app)
    assert "\\<script\\>" in shown(app)


def test_what_was_hidden_stays_hidden(at_desk: AtDesk, home: House) -> None:
    doubled(home, 10)
    with home.store.export() as cursor:
        cursor.execute(
            "update messages set hidden_by = 1, hidden_at = $x where id = 332", {"x": NOON}
        )

    app = visit(at_desk, "ada", case=332)
    assert "Tuesday" in shown(app)
    assert "Friday" not in shown(app)
    assert "There is nothing to read" in shown(app)


def test_what_the_guard_stopped(at_desk: AtDesk, home: House, ada: Agent, bo: Agent) -> None:
    post.connect(home)
    draft = post.written(home, ada)
    post.send(home, bo, post.written(home, bo))
    with pytest.raises(Stale):
        post.send(home, ada, draft)
    app = visit(at_desk, "cy")

    assert tiles(app)["Stopped in time"] == "1"
    assert f"[Invoice 12](/?c={INVOICE})" in shown(app)
    assert tiles(visit(at_desk, "eve"))["Stopped in time"] == "0"
    with home.store.read() as db:
        assert stops.listed(db, ada, since=NOON, until=NOON) == []
        assert stops.listed(db, ada, since=NOON, tag="x") == []
        assert stops.listed(db, ada, since=NOON, mailbox_id=2) == []


def test_very_many(at_desk: AtDesk, home: House) -> None:
    doubled(home, 20_000)
    app = visit(at_desk, "ada", days=365)

    assert tiles(app)["Answered twice"] == str((364 * 24 + 12) // 10)
    assert "The first 20 are shown" in shown(app)
