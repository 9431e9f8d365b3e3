"""Time travel: what stood there at a minute, and what is so now."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import conversations, past
from inbox.agents import Agent
from inbox.house import House
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox.test_workload import came
from tests.pages.test_insight import shown, tiles
from tests.pages.test_load import lived
from tests.pages.test_now import HOSTILE, empty

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("U1")
HOUR = timedelta(hours=1)


@pytest.fixture
def yesterday(home: House, ada: Agent, bo: Agent) -> House:
    """Maria's mail came a day ago; an hour later Bo had it, and two hours ago it was closed."""
    came(home, NOON - 24 * HOUR)
    with home.store.write() as db:
        conversations.claim(db, bo, INVOICE, now=NOON - 23 * HOUR)
        conversations.close(db, bo, INVOICE, now=NOON - 2 * HOUR)
    return home


def visit(at_desk: AtDesk, who: str, at: str = "", **chosen: object) -> AppTest:
    app = at_desk(who).run().switch_page("insight/replay.py")
    for name, value in ({"at": at} if at else {} | chosen).items():
        app.query_params[name] = str(value)
    return app.run()


def test_an_empty_house(at_desk: AtDesk, home: House) -> None:
    empty(home)
    app = visit(at_desk, "ada")
    assert tiles(app)["Open"] == "0"
    assert "Nothing was open" in shown(app)


@pytest.mark.parametrize(
    ("at", "n", "who"),
    [
        ("2026-03-01T11:59Z", "0", ""),
        ("2026-03-01T12:00Z", "1", "Nobody"),
        ("2026-03-01T13:00Z", "1", "Bo Ek"),
        ("2026-03-02T10:00Z", "0", ""),
    ],
)
def test_a_minute_in_the_address(
    at_desk: AtDesk, yesterday: House, at: str, n: str, who: str
) -> None:
    app = visit(at_desk, "cy", at)
    assert tiles(app)["Open"] == n
    assert tiles(app)["Unassigned"] == ("1" if who == "Nobody" else "0")
    app = app.button_group(key="replay_list").set_value("open").run()
    assert (f"| {who} |" in shown(app)) == bool(who)
    assert ("not open" in shown(app)) == bool(who)
    assert ("/?view=all&c=1" in shown(app)) == bool(who)


def test_the_fields_move_the_address(at_desk: AtDesk, yesterday: House) -> None:
    app = visit(at_desk, "ada")
    assert app.query_params["at"] in ("2026-03-02T11:00Z", ["2026-03-02T11:00Z"])
    app = app.date_input[0].set_value(date(2026, 3, 1)).run()
    app = app.slider[0].set_value(time(12, 30)).run()
    assert tiles(app)["Unassigned"] == "1"
    assert app.query_params["at"] in ("2026-03-01T12:30Z", ["2026-03-01T12:30Z"])


@pytest.mark.parametrize("at", ["x", "9999-01-01T00:00Z", "1800-01-01T00:00Z", "2026-13-01T00:00Z"])
def test_nonsense_in_the_address_is_some_minute_there_was(
    at_desk: AtDesk, yesterday: House, at: str
) -> None:
    assert not visit(at_desk, "ada", at).exception


def test_what_one_may_not_read_was_nothing_then(at_desk: AtDesk, yesterday: House) -> None:
    assert tiles(visit(at_desk, "eve", "2026-03-01T13:00Z"))["Open"] == "0"


def test_it_says_what_the_other_questions_say(home: House, ada: Agent) -> None:
    lived(home, 200, ada)
    for hours in (0, 0.5, 3.2, 77):
        at = NOON - hours * HOUR
        with home.store.read() as db:
            found = past.compared(db, ada, at, now=NOON)
            queue = past.queue(db, ada, at)
            now = past.queue(db, ada, NOON)
        then = found.dropna(subset=["then_agent_id"])
        assert sorted(then["conversation_id"]) == [one.id for one in queue]
        told = dict(zip(then["conversation_id"], then["then_agent_id"], strict=True))
        assert all(told[one.id] == (one.assignee_id or 0) for one in queue)
        is_now = found.dropna(subset=["now_agent_id"])
        assert sorted(is_now["conversation_id"]) == [one.id for one in now]


def test_very_many_and_hostile_words(at_desk: AtDesk, home: House, ada: Agent) -> None:
    lived(home, 20_000, ada)
    with home.store.export() as cursor:
        cursor.execute("update conversations set subject = $words", {"words": HOSTILE})
    visit(at_desk, "ada", "2026-03-01T13:30Z")
    before = home.store.tally.statements
    app = visit(at_desk, "ada", "2026-03-01T13:30Z")
    assert int(tiles(app)["Open"].replace("\u202f", "").replace(" ", "")) >= 1990
    assert home.store.tally.statements - before <= 12
    assert "<b>" not in shown(app).replace("\\<", "")
