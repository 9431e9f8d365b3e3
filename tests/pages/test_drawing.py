"""What news interrupts is drawn by the run that follows."""

from typing import Any

import pytest

from pages.parts import drawing


class Rerun(Exception):
    pass


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked to be drawn; None for the whole page."""
    found: list[Any] = []

    def rerun(scope: Any = None) -> None:
        found.append(scope)
        raise Rerun

    monkeypatch.setattr(drawing.st, "session_state", {})
    monkeypatch.setattr(drawing.st, "rerun", rerun)
    return found


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
