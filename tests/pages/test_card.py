"""What a board's rows become: files, words of numbers, and the conversations behind a mark."""

import datetime as dt

import pandas as pd
import pytest

from inbox.boards import Chart
from pages.parts import card, figure
from pages.parts.charts import board
from pages.parts.charts.look import LIGHT

pytestmark = pytest.mark.feature("U7", "U13")
ROWS = pd.DataFrame(
    {
        "day": [dt.date(2026, 3, 2), dt.date(2026, 3, 9)],
        "who": ["=cmd|' /C calc'!A0", "@x"],
        "n": [1, 2],
        "conversation_ids": [[1, 2], [2, 3]],
    }
)


def test_strangers_words_are_no_formulas_in_a_csv() -> None:
    text = figure.csv(ROWS.rename(columns={"n": "=n"})).decode("utf-8-sig")
    assert text.splitlines()[0] == "day,who,'=n,conversation_ids"
    assert "'=cmd|" in text and "'@x" in text and ",1," in text
    assert ",=" not in text and ",@" not in text


@pytest.mark.parametrize(
    "how",
    [
        Chart(kind="bar", x="who", y="n"),
        Chart(kind="bar", x="day", y="n", colour="who"),
        Chart(kind="line", x="day", y="n", colour="who"),
        Chart(kind="line", x="who", y="n"),
        Chart(kind="heat", x="day", y="who", colour="n"),
    ],
)
def test_each_chart_is_drawn_and_a_mark_leads_to_its_rows(how: Chart) -> None:
    spec = board.drawn(ROWS, how, LIGHT).to_dict()
    (chosen,) = [one for one in spec["params"] if one["name"] == "chosen"]
    fields = chosen["select"]["fields"]
    first = {"key_day": "2026-03-02", "key_who": ROWS["who"][0]}
    pressed = {name: first[name] for name in fields}

    assert pressed
    assert card.ids(board.inside(ROWS, pressed, how)) == [1, 2]
    assert card.ids(ROWS) == [1, 2, 3]


@pytest.mark.parametrize(
    ("value", "column", "words"),
    [
        (1234, "n", "1\u202f234"),
        (1.25, "n", "1.2"),
        (90, "wait_seconds", "2 min"),
        (None, "n", "–"),
    ],
)
def test_numbers_are_said_as_people_say_them(value: object, column: str, words: str) -> None:
    assert board.said(value, column) == words
