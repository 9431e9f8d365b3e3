from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import availability, clock, people
from inbox.house import House
from tests.conftest import NOON, agent
from tests.furniture import BO

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("OW13", "OW14", "OW16")


@pytest.fixture
def page(at_desk: AtDesk, home: House) -> AppTest:
    with home.store.write() as db:
        people.set_preferences(db, agent(home.store, BO), "en", "Asia/Tokyo", now=NOON)
    return at_desk("bo").run().switch_page("work/account.py").run()


def own(home: House) -> availability.Schedule:
    with home.store.read() as db:
        return availability.own(db, agent(home.store, BO), now=clock.now())[0]


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    return page.run()


def test_the_switch_says_what_is_so_now(page: AppTest, home: House) -> None:
    assert "Available" in [caption.value for caption in page.caption]
    page.radio(key="own_stance").set_value("away").run()
    assert own(home).stance == "away"
    assert "Away" in [caption.value for caption in page.caption]
    assert not page.exception


def test_hours_are_kept_and_a_bad_one_is_named_with_its_day(page: AppTest, home: House) -> None:
    page.text_input(key="own_hours_0").set_value("08:00-12:00, 13:00-17:00")
    press(page, "Save hours")
    assert own(home).hours.split("\n")[0] == "08:00-12:00 13:00-17:00"

    page.text_input(key="own_hours_1").set_value("nine to five")
    press(page, "Save hours")
    assert page.error[0].value.startswith("Tuesday")
    assert page.text_input(key="own_hours_1").value == "nine to five"
    assert own(home).hours.split("\n")[1] == ""


def test_out_of_office_takes_whole_days_of_ones_own_zone(page: AppTest, home: House) -> None:
    press(page, "Be out of office")
    with home.store.read() as db:
        found = availability.absences(db, agent(home.store, BO), now=clock.now())
    assert [a.ends_at - a.starts_at for a in found] == [timedelta(days=1)]
    assert found[0].starts_at.hour == 15  # Midnight in Tokyo.

    press(page, "Call off")
    with home.store.read() as db:
        assert availability.absences(db, agent(home.store, BO), now=clock.now()) == []
