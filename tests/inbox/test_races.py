"""Two people at one conversation in the same moment; `python -m bench races` does it 200 times."""

import pytest

from bench import races

RACES = 6


@pytest.mark.feature("OW09", "OW01", "OW02")
def test_nobody_answers_twice_and_the_loser_is_told() -> None:
    found = races.run(RACES)

    assert {kind: ran.wrong for kind, ran in found.items()} == {kind: [] for kind in found}
    assert [ran.right for ran in found.values()] == [RACES] * 3
