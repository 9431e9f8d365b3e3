"""Load: what stands there of nothing, of one mail, of a week's work, and of very many."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import calendars, events, mailboxes, turns
from inbox.agents import Agent
from inbox.house import House
from tests.conftest import NOON
from tests.furniture import INVOICE, SUPPORT
from tests.pages.test_insight import many, shown, tiles
from tests.pages.test_now import empty

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("AN03", "AN04", "AN12", "U10")
# The diary of what MANY writes: each came, was claimed by Ada or Bo after ten minutes, two times of
# three by Ada, and closed after an hour; what waits still was taken by nobody.
DIARY = (
    "insert into events by name select $last + (kinds.place - 1) * 100_000 + number as event_id, "
    "'a' || number as action_id, began + kinds.after as occurred_at, began + kinds.after as "
    "recorded_at, 'agent' as actor_kind, case when number % 3 = 0 then 2 else 1 end as actor_id, "
    "1 as mailbox_id, number as conversation_id, kinds.kind as kind, one.* exclude (event_id, "
    "action_id, occurred_at, recorded_at, actor_kind, actor_id, mailbox_id, conversation_id, kind) "
    "from (select id as number, created_at as began from conversations where id > 100), (values "
    "(1, 'received', interval 0 minute), (2, 'claimed', interval 10 minute), (3, 'closed', "
    "interval 1 hour)) as kinds (place, kind, after), (select * from events limit 1) as one "
    "where kinds.place = 1 or number % 10 > 0"
)


def lived(home: House, count: int, ada: Agent) -> None:
    many(home, count)
    with home.store.write() as db:
        events.record(db, events.SYSTEM, "received", INVOICE, mailbox_id=SUPPORT, now=NOON)
    with home.store.export() as cursor:
        cursor.execute("delete from messages where direction = 'out'")
        cursor.execute(DIARY, {"last": 1000})
        cursor.execute("update conversations set status = 'closed' where id > 100 and id % 10 > 0")
    with home.store.write() as db:
        turns.rebuild(db)


def visit(at_desk: AtDesk, who: str, **chosen: object) -> AppTest:
    app = at_desk(who).run().switch_page("insight/load.py")
    for name, value in chosen.items():
        app.query_params[name] = str(value)
    return app.run()


def test_an_empty_house(at_desk: AtDesk, home: House) -> None:
    empty(home)
    app = visit(at_desk, "ada")

    assert list(tiles(app).values()) == ["0", "0", "–", "0"]
    for words in ("Nothing was open", "No mailbox has closed", "Nothing was handled"):
        assert f"{words} in this period" in shown(app)
    assert "By colleague" not in [one.value for one in app.subheader]


def test_one_mail_that_nobody_has(at_desk: AtDesk, home: House) -> None:
    with home.store.write() as db:
        events.record(db, events.SYSTEM, "received", INVOICE, mailbox_id=SUPPORT, now=NOON)
    found = tiles(visit(at_desk, "ada"))

    assert (found["Open"], found["Unassigned"], found["Handled"]) == ("1", "1", "0")


def test_a_month_of_two(at_desk: AtDesk, home: House, ada: Agent) -> None:
    lived(home, 300, ada)
    app = visit(at_desk, "ada")

    assert tiles(app)["Handled"] == "270"
    assert "Ada Lind had 67% of what was handled; a fair share is 50%" in shown(app)
    table = next(one.value for one in app.markdown if "90th percentile" in one.value)
    assert "Ada Lind | 180 · 67%" in table.replace("\\", "")
    # A conversation an hour, of which nine of ten are taken for fifty minutes.
    assert "Bo Ek | 90 · 33% | 0.3 | 1" in table.replace("\\", "")


@pytest.mark.parametrize(("who", "team"), [("bo", ""), ("ada", "1"), ("cy", "")])
def test_no_colleague_is_named_to_who_may_not_compare_or_wants_the_team(
    at_desk: AtDesk, home: House, ada: Agent, who: str, team: str
) -> None:
    lived(home, 60, ada)
    app = visit(at_desk, who, team=team)

    assert tiles(app)["Handled"] == "54"
    words = shown(app) + "".join(str(one.proto) for one in app.get("vega_lite_chart"))
    assert "Bo Ek" not in words
    assert len(app.toggle) == (1 if who == "ada" else 0)


def test_another_mailboxs_load_is_nobodys_business(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    lived(home, 40, ada)
    assert tiles(visit(at_desk, "eve"))["Handled"] == "0"


def test_at_the_end_of_a_shift(at_desk: AtDesk, home: House, ada: Agent) -> None:
    lived(home, 48, ada)
    with home.store.write() as db:
        lines = ["08:00-17:00"] * 7
        begin = NOON - timedelta(days=9)
        calendars.save(db, ada, "Office", time_zone="UTC", lines=lines, now=begin)
        mailboxes.change(db, ada, SUPPORT, calendar="Office", now=begin)
    app = visit(at_desk, "ada", by="business")

    assert "have nobody on average; at worst" in shown(app)
    assert "in open hours" in shown(app)


def test_very_many_in_a_few_statements(at_desk: AtDesk, home: House, ada: Agent) -> None:
    lived(home, 20_000, ada)
    visit(at_desk, "ada", days=365)
    before = home.store.tally.statements
    app = visit(at_desk, "ada", days=365)
    assert int(tiles(app)["Handled"].replace("\u202f", "").replace(" ", "")) > 7000
    assert home.store.tally.statements - before <= 12


def test_nonsense_in_the_address_is_as_usual(at_desk: AtDesk) -> None:
    assert tiles(visit(at_desk, "ada", team="x", days="-1"))["Handled"] == "0"


def test_the_switch_is_kept_in_the_address(at_desk: AtDesk, home: House, ada: Agent) -> None:
    lived(home, 30, ada)
    app = visit(at_desk, "ada")
    app = app.toggle[0].set_value(True).run()
    assert app.query_params["team"] in ("1", ["1"])
    assert "Bo Ek" not in shown(app)
    app = app.toggle[0].set_value(False).run()
    assert "team" not in app.query_params
    assert "Bo Ek" in shown(app)
