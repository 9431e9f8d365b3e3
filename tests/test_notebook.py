"""The sample notebook runs, cell by cell, on a snapshot that is made here."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from inbox import snapshot
from inbox.agents import Agent
from inbox.house import House
from inbox.settings import HOUSE
from tests.conftest import NOON
from tests.pages.test_insight import many

pytestmark = pytest.mark.feature("U8")
NOTEBOOK = HOUSE / "docs" / "notebook.py"


def cells() -> Iterator[str]:
    for cell in NOTEBOOK.read_text().split("\n# %%"):
        if not cell.lstrip("# %").startswith("[markdown]"):
            yield cell


def test_every_cell_runs_and_three_figures_are_drawn(
    home: House, ada: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(home, 100)
    kept = snapshot.keep(home, ada, now=NOON + timedelta(hours=1))
    monkeypatch.setenv("DELAD_DATA", str(home.settings.data))
    names: dict[str, object] = {}
    for cell in cells():
        exec(compile(cell, str(NOTEBOOK), "exec"), names)

    assert names["file"] == kept.file
    assert names["first_answers"]["n"].sum() == 90  # type: ignore[index]
    assert names["arrivals"]["mails"].sum() == 2  # type: ignore[index]
    assert len(names["waiting"]) == 12  # type: ignore[arg-type]
    for figure in ("figure_1", "figure_2", "figure_3"):
        assert names[figure].to_dict()["data"]  # type: ignore[attr-defined]
