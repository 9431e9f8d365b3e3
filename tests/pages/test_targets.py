"""The page of targets: what was promised and kept, what is due, and how a manager promises."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import calendars, mailboxes, targets
from inbox.agents import Agent
from inbox.house import House
from inbox.targets import Kind
from tests.conftest import NOON
from tests.furniture import SUPPORT
from tests.inbox.post import every
from tests.pages import test_insight
from tests.pages.test_insight import many, tiles

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("AN06", "U10")
HOUR = 3600
LATELY = NOON - timedelta(days=60)


def visit(at_desk: AtDesk, who: str, **chosen: object) -> AppTest:
    app = at_desk(who).run().switch_page("insight/targets.py")
    for name, value in chosen.items():
        app.query_params[name] = str(value)
    return app.run()


def shown(app: AppTest) -> str:
    """As it reads, without what keeps words from being Markdown."""
    return re.sub(r"\\(.)", r"\1", test_insight.shown(app))


def promise(house: House, ada: Agent, hours: float, kind: Kind = "first_reply") -> None:
    with house.store.write() as db:
        seconds = round(hours * HOUR)
        targets.set_target(db, ada, SUPPORT, kind, seconds, since=LATELY, now=NOON)


def test_an_empty_house_says_why_one_would_set_a_target(at_desk: AtDesk, home: House) -> None:
    with home.store.export() as cursor:
        for table in ("conversations", "messages", "events"):
            cursor.execute(f"delete from {table}")
    app = visit(at_desk, "ada")

    assert tiles(app) == {}
    assert "A target tells the team what “soon” means" in shown(app)
    assert "Too little has been answered here lately" in shown(app)


def test_one_mail_that_is_due(at_desk: AtDesk, home: House, ada: Agent) -> None:
    promise(home, ada, 4)
    app = visit(at_desk, "ada")

    assert tiles(app)["First reply"] == "–"
    assert (tiles(app)["At risk now"], tiles(app)["Late, still open"]) == ("0", "0")
    assert "Nothing was due in this period" in shown(app)
    assert "[Invoice 12](/?view=all&c=1)" in shown(app)
    assert "16:00 :gray[4 h left]" in shown(app)


def test_shares_breaches_and_what_is_not_counted_yet(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    """Of a hundred begun an hour apart and answered after 1, 2, … minutes, every tenth waits
    still. One hour is promised: 54 of the first 59 are in time, the others are late; the two of
    the last hour are not counted yet."""
    many(home, 100)
    promise(home, ada, 1)
    app = visit(at_desk, "ada")

    assert tiles(app)["First reply"] == "54%"
    assert "n = 99" in shown(app)
    assert "54% were in time: below the goal of 90%" in shown(app)


def test_a_target_is_set_by_who_may_and_a_refusal_stands_beside_its_field(
    at_desk: AtDesk, home: House
) -> None:
    many(home, 100)
    app = visit(at_desk, "ada")
    assert "Half of your first replies took 50 min; 2 h would have been kept by 89%." in shown(app)
    app.button("target_fill_1").click().run()
    assert app.number_input("target_1_first_reply_h").value == 2
    app.number_input("target_1_next_reply_h").set_value(9000)
    app.button("target_save_1").click().run()
    assert [one.value for one in app.error] == [
        "A target is at least a minute and at most a year\\."
    ]
    assert every(home, "select count(*) from target_versions") == [(0,)]

    app.number_input("target_1_next_reply_h").set_value(None)
    app.button("target_save_1").click().run()
    assert not app.exception
    assert every(home, "select kind, seconds from target_versions order by kind") == [
        ("first_reply", 2 * HOUR)
    ]
    assert tiles(app)["First reply"] == "90%"
    assert "| First reply | 2 h | since 2 Feb |" in shown(app)


def test_versions_stay_in_view(at_desk: AtDesk, home: House, ada: Agent) -> None:
    promise(home, ada, 4)
    with home.store.write() as db:
        calendars.save(db, ada, "Desk", time_zone="UTC", lines=["08:00-16:00"] * 7, now=NOON)
        mailboxes.change(db, ada, SUPPORT, calendar="Desk", now=NOON)
        targets.set_target(db, ada, SUPPORT, "first_reply", None, now=NOON)
        targets.set_target(db, ada, SUPPORT, "first_reply", 90 * 60, now=NOON)
    app = visit(at_desk, "bo")

    assert "| First reply | 1 h 30 min business time | since 12:00 |" in shown(app)
    assert "First reply, since 1 Jan: 4 h" in shown(app)
    assert "no target" in shown(app)
    assert not [one for one in app.number_input if one.key.startswith("target_")]


def test_another_mailboxs_promises_are_nobodys_business(
    at_desk: AtDesk, home: House, ada: Agent
) -> None:
    many(home, 40)
    promise(home, ada, 1)
    app = visit(at_desk, "eve")

    assert tiles(app) == {}
    assert "Invoice" not in shown(app)


def test_what_strangers_write_is_shown_as_it_is(at_desk: AtDesk, home: House, ada: Agent) -> None:
    promise(home, ada, 4)
    with home.store.export() as cursor:
        cursor.execute(
            "update conversations set subject = '[x](javascript:1) | **y**', contact_name = "
            "':red[z]' where id = 1"
        )
    said = test_insight.shown(visit(at_desk, "ada"))

    assert "[x](javascript" not in said and "**y**" not in said and ":red[z]" not in said


def test_very_many_in_eight_statements(at_desk: AtDesk, home: House, ada: Agent) -> None:
    many(home, 20_000)
    promise(home, ada, 100)
    app = visit(at_desk, "ada", days=365)

    assert not app.exception
    assert tiles(app)["Late, still open"] != "0"


@pytest.mark.parametrize(("kind", "goal"), [("x", "7"), ("resolution", "99"), ("", "")])
def test_nonsense_in_the_address_is_the_usual(
    at_desk: AtDesk, home: House, ada: Agent, kind: str, goal: str
) -> None:
    promise(home, ada, 1)
    app = visit(at_desk, "ada", kind=kind, goal=goal)

    assert not app.exception
    assert len(tiles(app)) == 5
