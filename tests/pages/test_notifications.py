from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from inbox import notes, notifications, weekly
from inbox.house import House
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("NT03", "NT07")


def tell(home: House, words: str = "@Bo Ek look") -> None:
    with home.store.write() as db:
        notes.add(db, agent(home.store, ADA), INVOICE, words, now=NOON)


def unseen(home: House) -> int:
    with home.store.read() as db:
        return len(notifications.unseen(db, agent(home.store, BO)))


def page(at_desk: AtDesk) -> AppTest:
    return at_desk("bo").run().switch_page("work/notifications.py").run()


def test_nothing_new_is_said(at_desk: AtDesk) -> None:
    assert "Nothing new" in page(at_desk).markdown[-1].value


def test_what_was_told_stands_there_and_can_be_seen_at_once(at_desk: AtDesk, home: House) -> None:
    tell(home)
    shown = page(at_desk)
    assert any("mentioned you" in line.value for line in shown.markdown)

    shown.button(key="seen_all").click().run()
    assert unseen(home) == 0
    assert not shown.exception


def test_a_mention_leads_to_its_conversation_and_is_seen_there(
    at_desk: AtDesk, home: House
) -> None:
    tell(home)
    shown = page(at_desk)
    opened = next(button for button in shown.button if button.label == "Open")
    opened.click().run()
    assert shown.query_params["c"] in (str(INVOICE), [str(INVOICE)])
    assert unseen(home) == 0
    assert not shown.exception


def test_wishes_are_kept(at_desk: AtDesk, home: House) -> None:
    shown = at_desk("bo").run().switch_page("work/account.py").run()
    shown.checkbox(key="told_mention_mail").uncheck()
    shown.checkbox(key="told_answered").uncheck()
    next(button for button in shown.button if button.label == "Save notifications").click().run()
    with home.store.read() as db:
        wished = notifications.wishes(db, agent(home.store, BO))
    assert wished == {
        "mention": frozenset({"ring"}),
        "assigned": frozenset({"ring", "mail"}),
    }


def test_managers_may_ask_for_last_weeks_numbers_by_mail(at_desk: AtDesk, home: House) -> None:
    app = at_desk("ada").run().switch_page("work/account.py").run()
    app.checkbox(key="told_weekly").check()
    next(button for button in app.button if button.label == "Save notifications").click().run()
    assert not app.exception
    with home.store.read() as db:
        assert weekly.is_wanted(db, agent(home.store, ADA))

    app = at_desk("bo").run().switch_page("work/account.py").run()
    assert "told_weekly" not in [one.key for one in app.checkbox]
