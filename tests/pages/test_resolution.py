"""How long matters take: what stands there of nothing, of one mail, and of very many."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import conversations
from inbox.agents import Agent
from inbox.house import House
from tests.conftest import NOON
from tests.pages.test_insight import many, tiles
from tests.pages.test_targets import shown

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("AN02", "U10")
DAY = timedelta(days=1)


def visit(at_desk: AtDesk, who: str, **chosen: object) -> AppTest:
    app = at_desk(who).run().switch_page("insight/resolution.py")
    for name, value in chosen.items():
        app.query_params[name] = str(value)
    return app.run()


def closed(house: House, ada: Agent, number: int, *ago: timedelta) -> None:
    """Closed so long ago, opened again and closed in turn."""
    with house.store.write() as db:
        for place, since in enumerate(ago):
            verb = conversations.reopen if place % 2 else conversations.close
            verb(db, ada, number, now=NOON - since)


def test_an_empty_house(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        for table in ("conversations", "messages", "events"):
            cursor.execute(f"delete from {table}")
    app = visit(at_desk, "ada")

    assert tiles(app)["Half closed within"] == "not yet"
    assert tiles(app)["Opened again in 7 days"] == "–"
    assert "Nothing began in this period" in shown(app)
    assert "Nothing was resolved in this period" in shown(app)


def test_what_is_open_counts_as_longer_than_it_has_lasted(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    """Twenty began 1 to 20 hours ago. Those of 1 to 9, 11 and 12 hours were answered and are closed
    now. After nine closes 11 of 20 are left; the tenth waits; of the ten that are older one is
    closed at 11 hours: 0.55 × 0.9 is less than a half."""
    many(home, 20)
    for number in (*range(101, 110), 111, 112):
        closed(home, ada, number, timedelta(0))
    app = visit(at_desk, "ada", mailbox=1)

    assert not app.exception
    assert tiles(app)["Half closed within"] == "11 h"
    assert tiles(app)["Replies, half at most"] == "1"
    assert "n = 21" in shown(app)


def test_a_close_counts_once_it_is_a_week_old(at_desk: AtDesk, home: House, ada: Agent) -> None:
    """Four closes are old enough: one was opened again after a day, one after eight."""
    many(home, 600)
    closed(home, ada, 601, 20 * DAY, 19 * DAY, 18 * DAY)
    closed(home, ada, 602, 20 * DAY, 12 * DAY)
    closed(home, ada, 603, 20 * DAY)
    closed(home, ada, 604, 2 * DAY)
    app = visit(at_desk, "ada")

    assert tiles(app)["Opened again in 7 days"] == "25%"
    # Of the three that were resolved before that week, 601 was opened again in time; 602 is open.
    assert tiles(app)["Resolved with one reply"] == "67%"


def test_others_see_their_own(at_desk: AtDesk, home: House, ada: Agent) -> None:
    many(home, 40)
    closed(home, ada, 101, timedelta(0))

    assert tiles(visit(at_desk, "eve"))["Replies, half at most"] == "–"


def test_very_many(at_desk: AtDesk, home: House) -> None:
    many(home, 8_000)
    with home.store.export() as cursor:
        cursor.execute(
            "insert into events select 1000 + id, 'a', created_at + interval 9 day, created_at + "
            "interval 9 day, 'agent', 2, 1, id, null, 'closed', '', '' from conversations where "
            "id > 100 and id % 3 > 0"
        )
        cursor.execute("update conversations set status = 'closed' where id > 100 and id % 3 > 0")
    app = visit(at_desk, "ada", days=365, by="clock")

    assert not app.exception
    assert (
        tiles(app)["Opened again in 7 days"] == "0.0%"
        or "0%" in tiles(app)["Opened again in 7 days"]
    )
