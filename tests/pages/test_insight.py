"""Insight's pages: what stands there of nothing, of one mail, and of very many."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from inbox import calendars, mailboxes
from inbox.agents import Agent
from inbox.house import House
from tests.conftest import NOON
from tests.furniture import SUPPORT

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("AN01", "AN12", "U10")
# Conversations from 101 on, an hour apart up to NOON; Ada and Bo answer in turn, after as many
# minutes as the number has; every tenth waits still.
MANY = (
    "create temp table told as select 100 + n as number, $now::timestamp - n * interval 1 hour as "
    "began from generate_series(1, $count) as series (n)",
    "insert into conversations by name select one.* replace (number as id, began as created_at) "
    "from conversations as one, told where one.id = 1",
    "insert into messages by name select one.* replace (2 * number as id, number as "
    "conversation_id, began as sent_at, began as received_at) from messages as one, told where "
    "one.id = 1",
    "insert into messages by name select one.* replace (2 * number + 1 as id, number as "
    "conversation_id, began + (number - 100) * interval 1 minute as sent_at, began + (number - "
    "100) * interval 1 minute as received_at, 'out' as direction, 1 + number % 2 as agent_id, "
    '\'{"to": [["", "maria@customer.test"]]}\' as recipients, '
    "'support@example.com' as from_address) from messages as one, told where one.id = 1 and "
    "number % 10 > 0",
)


def visit(at_desk: AtDesk, who: str, **chosen: object) -> AppTest:
    app = at_desk(who).run()
    app = app.switch_page("insight/response.py")
    for name, value in chosen.items():
        app.query_params[name] = str(value)
    return app.run()


def many(house: House, count: int) -> None:
    with house.store.export() as cursor:
        for statement in MANY:
            wanted = {"now": NOON, "count": count}
            given = {name: value for name, value in wanted.items() if f"${name}" in statement}
            cursor.execute(statement, given or None)


def tiles(app: AppTest) -> dict[str, str]:
    assert not app.exception
    return {one.label: one.value for one in app.metric}


def shown(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption))


def test_an_empty_house(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        for table in ("conversations", "messages", "events"):
            cursor.execute(f"delete from {table}")
    app = visit(at_desk, "ada")

    assert tiles(app)["Answered"] == "0"
    assert tiles(app)["Median first response"] == "–"
    assert "No first response in this period" in shown(app)


def test_one_mail_that_waits(at_desk: AtDesk) -> None:
    found = tiles(visit(at_desk, "ada"))

    assert (found["Answered"], found["Wait now"]) == ("0", "1")


def test_a_normal_month_and_what_came_before(at_desk: AtDesk, home: House) -> None:
    many(home, 100)
    app = visit(at_desk, "ada")
    found = tiles(app)

    assert (found["Answered"], found["Wait now"]) == ("90", "11")
    assert found["Median first response"] == "50 min"
    assert "Ada Lind" in shown(app)
    assert "Bo Ek" in shown(app)
    week = tiles(visit(at_desk, "ada", days=7))
    # From midnight six days before on.
    assert int(week["Answered"]) == sum(n % 10 > 0 for n in range(1, 6 * 24 + 12)) - sum(
        n % 10 > 0 for n in range(101, 6 * 24 + 12)
    )


def test_colleagues_are_compared_for_managers_alone(at_desk: AtDesk, home: House) -> None:
    many(home, 40)
    app = visit(at_desk, "bo")

    assert tiles(app)["Answered"] == "36"
    assert "By mailbox" in [one.value for one in app.subheader]
    assert "By colleague" not in [one.value for one in app.subheader]
    assert "Ada Lind" not in shown(app)


@pytest.mark.feature("AN14")
def test_tags_and_how_mail_came_are_compared(at_desk: AtDesk, home: House) -> None:
    """Twenty waits of 1 to 19 minutes and one that goes on: eleven are tagged, five twice."""
    many(home, 20)
    with home.store.export() as cursor:
        cursor.execute("update conversations set tags = 'a' || chr(10) || 'b|' where id <= 105")
        cursor.execute("update conversations set tags = 'a' where id between 106 and 111")
        cursor.execute("update conversations set channel = 'form' where id between 101 and 104")
    said = shown(visit(at_desk, "ada")).replace(":gray[", "").replace("]", "")

    # Of 1 to 9 and 11 minutes the middle is five and a half; of 1 to 4, two and a half.
    assert "| a | 10 | 6 min | 9 min |" in said
    assert "| Form | 4 | 2 min | 4 min |" in said
    assert "What has two tags is counted for both" in said


def test_another_mailboxs_numbers_are_nobodys_business(at_desk: AtDesk, home: House) -> None:
    many(home, 40)

    assert tiles(visit(at_desk, "eve"))["Answered"] == "0"


def test_business_time_counts_open_hours(at_desk: AtDesk, home: House, ada: Agent) -> None:
    many(home, 40)
    assert tiles(visit(at_desk, "ada", by="business"))["Answered"] == "0"
    with home.store.write() as db:
        lines = ["00:00-24:00"] * 7
        calendars.save(db, ada, "Always", time_zone="UTC", lines=lines, now=NOON)
        mailboxes.change(db, ada, SUPPORT, calendar="Always", now=NOON)

    found = tiles(visit(at_desk, "ada", by="business"))
    assert (found["Answered"], found["Median first response"]) == ("36", "20 min")


def test_very_many(at_desk: AtDesk, home: House) -> None:
    many(home, 8_000)
    app = visit(at_desk, "ada", days=365)

    assert tiles(app)["Answered"] == "7 200"
    assert app.session_state["page"] == "response"


@pytest.mark.parametrize("days", ["0", "-7", "1e9", "x", ""])
def test_nonsense_in_the_address_is_the_usual_month(at_desk: AtDesk, days: str) -> None:
    assert tiles(visit(at_desk, "ada", days=days, mailbox="999", tag="none"))["Wait now"] == "1"
