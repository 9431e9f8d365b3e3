"""The first three minutes: what imported history says, to who decides, until it is put away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import first_look, turns
from inbox.agents import Agent
from inbox.house import House
from tests.conftest import NOON
from tests.pages.test_pilot import labels, mails, unescaped

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("SP09")
MONTH = NOON - timedelta(days=28)


@pytest.fixture
def imported(home: House) -> House:
    mails(home, 60 * 24)
    with home.store.write() as db:
        turns.rebuild(db)
    return home


def seen(app: AppTest) -> str:
    return unescaped(app) + "\n".join(one.label for one in app.get("page_link"))


def test_an_admin_is_told_what_the_last_weeks_say(at_desk: AtDesk, imported: House) -> None:
    app = at_desk("ada").run()

    assert "Your mail of the last 4 weeks" in unescaped(app)
    assert "First response: median 2 h 9 min, of 6" in seen(app).replace("\\", "")
    assert "duplicate repl" in seen(app)
    assert "33 without an answer" in seen(app)


@pytest.mark.parametrize("who", ["bo", "cy", "eve"])
def test_who_answers_mail_is_left_alone(at_desk: AtDesk, imported: House, who: str) -> None:
    assert "Your mail of" not in unescaped(at_desk(who).run())


def test_it_is_put_away_for_good(at_desk: AtDesk, imported: House) -> None:
    app = at_desk("ada").run()
    next(one for one in app.button if one.label == "Hide").click().run()

    assert "Your mail of" not in unescaped(app.run())
    assert "Hide" not in labels(at_desk("ada").run())


def test_a_house_of_two_weeks_knows_its_mail(imported: House, ada: Agent) -> None:
    early, late = NOON + timedelta(days=13), NOON + timedelta(days=14)
    with imported.store.read() as db:
        assert first_look.told(db, ada, MONTH, now=early)
        assert first_look.told(db, ada, MONTH, now=late) is None


def test_going_through_the_inbox_does_not_ask_again(at_desk: AtDesk, imported: House) -> None:
    app = at_desk("ada").run()
    before = imported.store.tally.statements
    app.run()
    with_it = imported.store.tally.statements - before
    next(one for one in app.button if one.label == "Hide").click().run()
    app.run()
    before = imported.store.tally.statements
    app.run()

    assert with_it == imported.store.tally.statements - before <= 8


def test_its_numbers_are_those_of_the_response_page(
    at_desk: AtDesk, imported: House, ada: Agent
) -> None:
    with imported.store.read() as db:
        found = first_look.told(db, ada, MONTH.replace(hour=0) + timedelta(days=1), now=NOON)
    assert found
    app = at_desk("ada").run().switch_page("insight/response.py").run()
    tiles = {one.label: one.value for one in app.metric}

    assert tiles["Answered"] == str(found.answered)
    assert tiles["Median first response"] == "2 h 9 min"
    assert (found.seconds or 0) // 60 == 129


def test_a_pair_that_was_meant_is_no_duplicate(imported: House, ada: Agent) -> None:
    with imported.store.export() as cursor:
        cursor.execute(
            "insert into intended_pairs select first_message_id, second_message_id, 1, $now "
            "from pairs",
            {"now": NOON},
        )
    since = NOON - timedelta(days=90)
    with imported.store.read() as db:
        found = first_look.told(db, ada, since, now=NOON)
    assert found
    assert found.duplicates == 0
