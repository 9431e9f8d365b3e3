"""Boards: cards that somebody has written in SQL, as files in sql/boards/.

A file begins with `-- title:` and `-- definition:`, and may say `-- chart:` with `-- x:`, `-- y:`
and `-- colour:`. It asks the report tables alone (inbox.allowed_sql), and what it answers is only
what its viewer may read (sql/sandbox/restricted.sql).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from inbox.errors import Invalid
from inbox.migrations import SQL

FOLDER = SQL / "boards"
Kind = Literal["table", "number", "bar", "line", "heat"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_HEAD = re.compile(r"^-- *(title|definition|chart|x|y|colour): *(.*?) *$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`x`, `y` and `colour` are names of columns; empty for a table and for one number."""

    kind: Kind = "table"
    x: str = ""
    y: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`name` is the file's without its ending, or the card's. `wrong` says why it cannot be used,
    empty when it can. A card has its number, and who saved it, when."""

    name: str
    title: str
    definition: str = ""
    question: str = ""
    chart: Chart = Chart()
    wrong: Invalid | None = None
    card_id: int | None = None
    saved_by: str = ""
    saved_at: datetime | None = None


def read(folder: Path | None = None) -> list[Board]:
    """The files as they are now, by title. One with a head that says too little is `wrong`."""
    found = [_read(file) for file in sorted((folder or FOLDER).glob("*.sql"))]
    return sorted(found, key=lambda board: board.title.casefold())


def chart_of(text: str) -> Chart:
    """What a question's head says of how it is drawn: a table when it says nothing. Raises
    Invalid."""
    head = dict(_HEAD.findall(_head(text)))
    kind = next((one for one in KINDS if one == head.get("chart", "table")), None)
    if kind is None:
        raise Invalid(
            "chart",
            "There is no chart “{name}”, only these: {kinds}.",
            name=head["chart"][:40],
            kinds=", ".join(KINDS),
        )
    needs = {"table": (), "number": (), "heat": ("x", "y", "colour")}.get(kind, ("x", "y"))
    for name in needs:
        if not head.get(name):
            raise Invalid(
                "chart", "A chart “{kind}” needs a line “-- {name}: …”.", kind=kind, name=name
            )
    return Chart(kind=kind, x=head.get("x", ""), y=head.get("y", ""), colour=head.get("colour", ""))


def must_fit(chart: Chart, columns: list[str]) -> None:
    """Raises Invalid when a chart names a column that was not answered."""
    for name in (chart.x, chart.y, chart.colour):
        if name and name not in columns:
            raise Invalid(
                "chart",
                "The chart names the column {name}, and there are only these: {columns}.",
                name=name[:60],
                columns=", ".join(columns)[:300],
            )


def _read(file: Path) -> Board:
    try:
        text = file.read_text()
        head = dict(_HEAD.findall(_head(text)))
        for name in ("title", "definition"):
            if not head.get(name):
                raise Invalid("head", "It needs a line “-- {name}: …” at its beginning.", name=name)
        chart = chart_of(text)
    except Invalid as refusal:
        return Board(name=file.stem, title=file.stem, wrong=refusal)
    except (OSError, UnicodeDecodeError):
        unread = Invalid("head", "It cannot be read as text.")
        return Board(name=file.stem, title=file.stem, wrong=unread)
    return Board(
        name=file.stem,
        title=head["title"],
        definition=head["definition"],
        question=text,
        chart=chart,
    )


def _head(text: str) -> str:
    """Its lines of remarks before the question."""
    lines = text.strip().splitlines()
    first = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return "\n".join(lines[:first])
