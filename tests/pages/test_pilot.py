"""The page of a pilot, and its sheet: what stands there of nothing, of little, and of very much."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import pilots
from inbox.agents import Agent
from inbox.house import House
from inbox.pilot import Rule
from inbox.pilot_plans import Plan
from tests.conftest import NOON
from tests.furniture import SUPPORT

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("SP09", "SP10", "SP14", "U2", "U10")
START = date(2026, 2, 2)
LONG_AGO = datetime(2026, 1, 20, 9, 0)
PLAN = Plan(
    mailboxes=(SUPPORT,),
    rule=Rule(metric="first_response", target=0.3, margin=0.05),
    starts_on=START,
    weeks=5,
    weeks_before=8,
    time_zone="UTC",
)
# Conversations an hour apart up to NOON, answered after a while that is shorter from the start on;
# every twentieth is not, and of every tenth two people answered before.
MAILS = (
    "create temp table told as select 100 + n as number, $now::timestamp - n * interval 60 minute "
    "as began, n from generate_series(1, $count) as series (n)",
    "insert into conversations by name select one.* replace (number as id, began as created_at) "
    "from conversations as one, told where one.id = 1",
    "insert into messages by name select one.* replace (4 * number as id, number as "
    "conversation_id, began as sent_at, began as received_at) from messages as one, told where "
    "one.id = 1",
    "insert into messages by name select one.* replace (4 * number + part as id, number as "
    "conversation_id, began + part * to_minutes((case when began < timestamp '2026-02-02' then 200 "
    "else 70 end + n * 37 % 120)::bigint) as sent_at, began + to_minutes(60) as received_at, 'out' "
    "as direction, 'app' as via, part as agent_id, "
    '\'{"to": [["", "maria@customer.test"]]}\' as recipients, \'support@example.com\' as '
    "from_address) from messages as one, told, (values (1), (2)) as twice (part) where one.id = 1 "
    "and n % 20 > 0 and (part = 1 or (n % 10 = 1 and began < timestamp '2026-02-02'))",
    "insert into bodies select id, conversation_id, 'x', null, 'x' from messages where id >= 400",
)


def mails(house: House, count: int) -> None:
    with house.store.export() as cursor:
        for statement in MAILS:
            wanted = {"now": NOON, "count": count}
            given = {name: value for name, value in wanted.items() if f"${name}" in statement}
            cursor.execute(statement, given or None)


def planned(house: House, ada: Agent, wanted: Plan = PLAN, now: datetime = LONG_AGO) -> int:
    with house.store.write() as db:
        return pilots.plan(db, ada, wanted, now=now)


def visit(at_desk: AtDesk, who: str, **query: str) -> AppTest:
    app = at_desk(who).run().switch_page("insight/pilot.py")
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(one.value for one in (*app.markdown, *app.caption, *app.info))


def test_nothing_planned(at_desk: AtDesk) -> None:
    app = visit(at_desk, "ada")
    print(shown(app))
    assert "No pilot yet" in shown(app)


def test_a_pilot_of_four_weeks(at_desk: AtDesk, home: House, ada: Agent) -> None:
    mails(home, 80 * 24)
    planned(home, ada)
    app = visit(at_desk, "ada")
    print(shown(app))
    assert "Keep it" in shown(app)
