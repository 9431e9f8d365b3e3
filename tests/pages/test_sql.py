"""Boards and the SQL page: what stands there, for whom, and what is said when it cannot be."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from inbox import boards, cards, snapshot
from inbox.agents import Agent
from inbox.house import House
from tests.conftest import NOON
from tests.inbox.post import every
from tests.pages.test_insight import many

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("U6", "U7", "U13")
BEFORE = NOON - timedelta(hours=2)


@pytest.fixture
def house(home: House, ada: Agent) -> House:
    snapshot.keep(home, ada, now=BEFORE)
    return home


def visit(at_desk: AtDesk, who: str, page: str) -> AppTest:
    return at_desk(who).run().switch_page(f"insight/{page}.py").run()


def shown(app: AppTest) -> str:
    assert not app.exception
    written = (*app.markdown, *app.caption, *app.subheader, *app.warning, *app.info)
    return "\n".join(one.value for one in written)


def ask(app: AppTest, text: str) -> AppTest:
    app.text_area(key="sql_text").set_value(text)
    return app.button(key="sql_ask").click().run()


def test_an_admin_asks_and_sees_the_answer_and_its_age(at_desk: AtDesk, house: House) -> None:
    app = ask(visit(at_desk, "ada", "sql"), "select subject, status from conversations")

    assert "As things stood 10:00, 2 h ago" in shown(app).replace("\\", "")
    assert app.dataframe[0].value.to_dict("records") == [
        {"subject": "Invoice 12", "status": "open"}
    ]


def test_a_refusal_is_shown_in_words(at_desk: AtDesk, house: House) -> None:
    app = ask(visit(at_desk, "ada", "sql"), "from read_csv('/etc/passwd')")

    assert "Rows cannot be read from read\\_csv here" in shown(app)
    assert not app.dataframe


def test_who_is_no_admin_is_turned_away(at_desk: AtDesk, house: House) -> None:
    app = visit(at_desk, "bo", "sql")

    assert "for those who run the house" in shown(app)
    assert not app.text_area


def test_without_a_snapshot_one_can_be_made(at_desk: AtDesk, home: House) -> None:
    app = visit(at_desk, "ada", "sql")
    assert "There is no snapshot" in shown(app)

    app.button(key="make_snapshot").click().run()
    assert app.text_area(key="sql_text")
    assert snapshot.newest(home.settings) is not None


def test_a_chart_is_drawn_when_the_head_says_so_and_a_wrong_head_is_told(
    at_desk: AtDesk, house: House
) -> None:
    query = "select status, count(*) as n from conversations group by status"
    app = ask(visit(at_desk, "ada", "sql"), f"-- chart: bar\n-- x: status\n-- y: n\n{query}")
    assert len(app.get("vega_lite_chart")) == 1

    for head, why in (("-- chart: pie", "no chart “pie”"), ("-- chart: bar", "needs a line")):
        app = ask(app, f"{head}\n{query}")
        assert why in shown(app).replace("\\", "")
        assert len(app.dataframe) == 1


def test_what_is_asked_can_be_kept_as_a_card_shown_and_removed(
    at_desk: AtDesk, house: House, ada: Agent
) -> None:
    app = ask(visit(at_desk, "ada", "sql"), "select count(*) as open from conversations")
    app.text_input(key="card_title").set_value("Everything")
    app.text_input(key="card_definition").set_value("All there is.")
    next(one for one in app.button if one.label == "Save").click().run()
    assert not app.exception

    app = visit(at_desk, "ada", "boards")
    assert "Everything" in [one.value for one in app.subheader]
    assert "Saved by Ada Lind" in shown(app)
    theirs = visit(at_desk, "eve", "boards")
    assert "Everything" in [one.value for one in theirs.subheader]
    assert not [one for one in theirs.button if one.label == "Remove"]

    app = visit(at_desk, "ada", "boards")
    next(one for one in app.button if one.label == "Remove").click().run()
    assert "Everything" not in [one.value for one in app.subheader]
    with house.store.write() as db:
        assert cards.of_house(db, ada) == []
        cards.bring_back(db, ada, 1, now=NOON)
        assert [card.title for card in cards.of_house(db, ada)] == ["Everything"]
    kinds = "select kind from events where kind like 'card%' order by event_id"
    assert every(house, kinds) == [("card_saved",), ("card_removed",), ("card_brought_back",)]


def test_the_boards_that_are_shipped_can_all_be_used(at_desk: AtDesk, house: House) -> None:
    app = visit(at_desk, "ada", "boards")

    assert {one.value for one in app.subheader} == {b.title for b in boards.read()}
    assert len(boards.read()) >= 4
    assert not app.warning


def test_boards_of_very_many(at_desk: AtDesk, home: House, ada: Agent) -> None:
    many(home, 20_000)
    snapshot.keep(home, ada, now=BEFORE)
    app = visit(at_desk, "ada", "boards")

    assert not app.warning
    assert len(app.get("vega_lite_chart")) >= 2


def test_a_stranger_to_a_mailbox_sees_nothing_of_it(at_desk: AtDesk, house: House) -> None:
    app = visit(at_desk, "eve", "boards")

    told = shown(app) + "".join(one.value.to_csv() for one in app.dataframe)
    assert "Quote for 40 units" in told
    assert "Invoice" not in told and "support@" not in told


def test_a_board_that_is_wrong_says_so_in_its_place(
    at_desk: AtDesk, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "-- title: {}\n-- definition: What it counts.\n"
    for name, text in {
        "base": head.format("Base") + "select * from main.agents",
        "bare": "select 1",
        "column": head.format("Column") + "-- chart: bar\n-- x: a\n-- y: b\nselect 1 as a",
        "fine": head.format("Fine") + "select 7 as a",
        "words": head.format("<b>[x](http://evil.test)") + "select 7 as a",
    }.items():
        (tmp_path / f"{name}.sql").write_text(text)
    monkeypatch.setattr(boards, "FOLDER", tmp_path)
    app = visit(at_desk, "ada", "boards")

    told = [one.value.replace("\\", "") for one in app.warning]
    assert len(told) == 3
    assert any("sql/boards/base.sql cannot be used. There is no report table" in t for t in told)
    assert any("sql/boards/bare.sql cannot be used. It needs a line “-- title" in t for t in told)
    assert any("names the column b, and there are only these: a" in t for t in told)
    assert len(app.dataframe) == 2
