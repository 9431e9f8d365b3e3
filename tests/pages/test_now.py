"""The picture of this moment: of nothing, of one mail, and of very many."""

from collections.abc import Callable

import pyarrow.ipc
import pytest
from streamlit.testing.v1 import AppTest

from inbox import availability, conversations, snoozing, tags, targets
from inbox.agents import Agent
from inbox.house import House
from tests.conftest import NOON
from tests.furniture import ADA, BO, INVOICE, SUPPORT
from tests.pages.test_insight import many, shown, tiles

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("AN13", "AN17", "AN04", "U10")
HOSTILE = "<b>x</b> [a](http://evil.test) :red[no] $x$"


def visit(at_desk: AtDesk, who: str, **chosen: object) -> AppTest:
    app = at_desk(who).run().switch_page("insight/now.py")
    for name, value in chosen.items():
        app.query_params[name] = str(value)
    return app.run()


def empty(home: House) -> None:
    with home.store.export() as cursor:
        for table in ("conversations", "messages", "events"):
            cursor.execute(f"delete from {table}")


def bars(app: AppTest) -> dict[str, str]:
    """What stands before and behind each bar of every chart."""
    found: dict[str, str] = {}
    for chart in app.get("vega_lite_chart"):
        for part in chart.proto.datasets:
            frame = pyarrow.ipc.open_stream(part.data.data).read_pandas()
            found |= dict(zip(frame["name"], frame["text"], strict=True))
    return found


def test_an_empty_house(at_desk: AtDesk, home: House) -> None:
    empty(home)
    app = visit(at_desk, "ada")

    found = tiles(app)
    assert list(found.values()) == ["0", "–", "0", "–", "0"]
    assert "Nobody waits" in shown(app) and "Nothing is open" in shown(app)


def test_one_mail_that_waits(at_desk: AtDesk) -> None:
    app = visit(at_desk, "ada")

    assert list(tiles(app).values()) == ["1", "0 s", "1", "0 s", "1"]
    assert "One customer has waited for 0 s" in shown(app)
    assert "1 of 1 open conversations have nobody" in shown(app)


def test_every_tile_opens(at_desk: AtDesk, home: House, ada: Agent) -> None:
    with home.store.write() as db:
        targets.set_target(db, ada, SUPPORT, "first_reply", 60, now=NOON)
    app = visit(at_desk, "ada")
    assert list(tiles(app)) == [
        "Wait now",
        "Longest wait",
        "Unassigned",
        "Oldest unassigned",
        "Open",
        "Over target",
    ]
    for name in ("waiting", "longest", "unassigned", "oldest", "open", "late"):
        app = app.button_group(key="opened_now").set_value(name).run()
        assert not app.exception
        if name != "late":
            assert "Invoice 12" in shown(app)


def test_who_is_away_is_said_and_who_is_here_stands_there_with_nothing(
    at_desk: AtDesk, home: House, ada: Agent, bo: Agent
) -> None:
    with home.store.write() as db:
        conversations.assign(db, ada, INVOICE, BO, now=NOON)
        availability.switch(db, bo, "away", now=NOON)
    app = visit(at_desk, "cy")

    assert bars(app)["Bo Ek · away"] == "1 waits"
    assert bars(app)["Ada Lind"] == "0"
    assert not any(name.startswith("Eve") for name in bars(app))


def test_mailbox_and_tag_stand_in_the_address(at_desk: AtDesk, home: House, ada: Agent) -> None:
    with home.store.write() as db:
        tags.add(db, ada, INVOICE, "billing", now=NOON)
    assert tiles(visit(at_desk, "ada", tag="billing", mailbox=SUPPORT))["Open"] == "1"
    assert tiles(visit(at_desk, "ada", tag="nonsense", mailbox="999"))["Open"] == "1"


def test_snoozed_ones_are_open_and_nobody_is_asked_to_take_them(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    with home.store.write() as db:
        snoozing.snooze(db, ada, INVOICE, NOON.replace(hour=20), now=NOON)
    found = tiles(visit(at_desk, "ada"))
    assert (found["Open"], found["Unassigned"]) == ("1", "0")


def test_very_many_and_hostile_names(at_desk: AtDesk, home: House) -> None:
    many(home, 20_000)
    with home.store.export() as cursor:
        cursor.execute("update conversations set subject = $words", {"words": HOSTILE})
        cursor.execute("update conversations set assignee_id = $ada where id % 3 = 0", {"ada": ADA})
    app = visit(at_desk, "ada")
    assert tiles(app)["Open"] == "20 001"
    before = home.store.tally.statements
    app = app.button_group(key="opened_now").set_value("waiting").run()
    assert home.store.tally.statements - before <= 8
    assert "<b>" not in shown(app).replace("\\<", "")
    assert "The first 50 are shown" in shown(app)
