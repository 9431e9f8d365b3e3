"""Boards as files, as cards and as the house's job tries them."""

from pathlib import Path

import pytest

from inbox import board_answers, boards, cards, cells, snapshot
from inbox.agents import Agent
from inbox.errors import Invalid
from inbox.house import House
from inbox.settings import HOUSE
from ingest import jobs
from tests.conftest import NOON

pytestmark = pytest.mark.feature("U13")
HEAD = "-- title: Mine\n-- definition: What I have.\n"


def test_the_document_shows_the_file_that_is_shipped() -> None:
    text = (HOUSE / "docs" / "boards.md").read_text()
    assert (boards.FOLDER / "companies.sql").read_text().strip() in text


def test_every_shipped_board_has_a_head_and_opens_conversations() -> None:
    found = boards.read()
    assert len(found) >= 4
    assert all(board.wrong is None and board.definition.endswith(".") for board in found)
    assert all("conversation_id" in board.question for board in found)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("select 1", "“-- title: …”"),
        ("-- title: x\nselect 1", "“-- definition: …”"),
        ("select 1\n-- title: x\n-- definition: y", "“-- title: …”"),
        (HEAD + "-- chart: pie\nselect 1", "no chart “pie”"),
        (HEAD + "-- chart: bar\n-- x: a\nselect 1", "“-- y: …”"),
        (HEAD + "-- chart: heat\n-- x: a\n-- y: b\nselect 1", "“-- colour: …”"),
    ],
)
def test_what_is_wrong_with_a_head_is_told(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "odd.sql").write_text(text)
    (found,) = boards.read(tmp_path)
    assert found.name == "odd" and why in str(found.wrong)


def test_one_that_is_no_text_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "odd.sql").write_bytes(b"\xff\xfe")
    (tmp_path / "fine.sql").write_text(HEAD + "select 1")
    assert [board.wrong is None for board in boards.read(tmp_path)] == [True, False]


def test_the_house_tries_them_at_its_start_and_when_they_change(
    home: House, ada: Agent, tmp_path: Path
) -> None:
    (tmp_path / "fine.sql").write_text(HEAD + "select 1 as a")
    job = jobs.Boards(tmp_path)
    assert job(home, now=NOON) == ""
    kept = snapshot.keep(home, ada, now=NOON)
    assert job(home, now=NOON) == "1 boards can be used"
    assert job(home, now=NOON) == ""

    (tmp_path / "base.sql").write_text(HEAD + "select count(*) from main.sessions")
    with pytest.raises(Invalid, match=r"sql/boards/base\.sql: There is no report table"):
        job(home, now=NOON)
    assert job(home, now=NOON) == ""
    assert [name for name, _why in board_answers.faults(home, kept, tmp_path)] == ["base"]


@pytest.mark.parametrize(
    ("title", "definition", "question", "why"),
    [
        ("", "x", "select 1", "needs a title"),
        ("x" * 81, "x", "select 1", "needs a title"),
        ("x", " ", "select 1", "needs a sentence"),
        ("x", "x", " ", "at least one"),
        ("x", "x", "x" * 20_001, "at least one"),
        ("x", "x", "-- chart: pie\nselect 1", "no chart"),
    ],
)
def test_what_is_no_card(
    home: House, ada: Agent, title: str, definition: str, question: str, why: str
) -> None:
    with home.store.write() as db, pytest.raises(Invalid, match=why):
        cards.save(db, ada, title, definition, question, now=NOON)


def test_a_title_is_given_once(home: House, ada: Agent) -> None:
    with home.store.write() as db:
        cards.save(db, ada, "Mine", "x", "select 1", now=NOON)
        with pytest.raises(Invalid, match="of this title"):
            cards.save(db, ada, " mine ", "x", "select 1", now=NOON)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", " =1", "|x", "%x"])
def test_a_cell_is_no_formula(text: str) -> None:
    assert cells.harmless(text) == f"'{text}"
    assert cells.harmless("a=1") == "a=1"
