"""What news interrupts is drawn by the run that follows."""

from collections.abc import Iterator
from typing import Any

import pytest

from inbox import conversations
from inbox.agents import Agent
from inbox.house import House
from pages.parts import desk, drawing
from tests.conftest import NOON
from tests.furniture import INVOICE


class Rerun(Exception):
    pass


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, home: House) -> Iterator[list[Any]]:
    """What was asked to be drawn; None for the whole page."""
    found: list[Any] = []
    desk.hand_over(home)

    def rerun(scope: Any = None) -> None:
        found.append(scope)
        raise Rerun

    monkeypatch.setattr(drawing.st, "session_state", {})
    monkeypatch.setattr(drawing.st, "rerun", rerun)
    yield found
    desk.hand_over(None)


def ask(*panes: str) -> None:
    with pytest.raises(Rerun):
        drawing.again(*panes)


def drawn(pane: str) -> None:
    with drawing.pane(pane):
        pass


def test_what_was_drawn_is_not_drawn_again(asked: list[Any]) -> None:
    ask("list", "conversation")
    drawn("list")
    drawn("conversation")
    ask("rail")

    assert asked == [["conversation", "list"], ["rail"]]


def test_news_makes_up_for_the_redraw_that_it_interrupts(asked: list[Any]) -> None:
    ask("list", "conversation")
    drawn("list")
    with pytest.raises(Rerun), drawing.pane("conversation"):
        raise Rerun
    ask("rail", "list")

    assert asked[-1] == ["conversation", "list", "rail"]


def test_a_page_that_was_interrupted_is_drawn_whole(asked: list[Any]) -> None:
    with pytest.raises(Rerun), drawing.page():
        drawn("rail")
        raise Rerun
    ask("rail")
    assert asked == [None]

    with drawing.page():
        drawn("rail")
    ask("list")
    assert asked[-1] == ["list"]


def test_a_dialog_is_closed_by_the_whole_page(asked: list[Any]) -> None:
    with pytest.raises(Rerun):
        drawing.everything()
    ask("rail", "list")

    assert asked == [None, None]


def claimed(home: House, ada: Agent) -> int:
    """The line of the diary that a claim has left."""
    with home.store.write() as db:
        conversations.claim(db, ada, INVOICE, now=NOON)
    return home.store.head.event_id


def test_news_of_what_is_shown_already_draws_nothing(
    asked: list[Any], home: House, ada: Agent
) -> None:
    drawn("rail")
    line = claimed(home, ada)
    drawn("list")
    drawing.after_news(("list",), line)
    with pytest.raises(Rerun):
        drawing.after_news(("list", "rail"), line)

    assert asked == [["rail"]]


def test_what_changes_while_a_pane_is_drawn_may_not_be_in_it(
    asked: list[Any], home: House, ada: Agent
) -> None:
    with drawing.pane("list"):
        line = claimed(home, ada)
    with pytest.raises(Rerun):
        drawing.after_news(("list",), line)

    assert asked == [["list"]]


def test_news_after_a_time_without_any_draws_all_and_what_is_owed_is_made_up_for(
    asked: list[Any], home: House, ada: Agent
) -> None:
    line = claimed(home, ada)
    drawn("list")
    with pytest.raises(Rerun):
        drawing.after_news(("list",), None)
    drawn("list")
    ask("conversation")
    with pytest.raises(Rerun):
        drawing.after_news(("list",), line)

    assert asked == [["list"], ["conversation"], ["conversation"]]
