"""What the documents name exists."""

import re

from inbox.settings import HOUSE
from tests import features

FAULTS = (HOUSE / "docs" / "faults.md").read_text()


def test_every_test_that_the_table_of_faults_names_is_there():
    written = "\n".join(file.read_text() for file in (HOUSE / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", FAULTS)
    files = re.findall(r"`(tests/[\w/]+\.py)`", FAULTS)

    assert len(named) >= 20
    assert [name for name in named if f"def {name}(" not in written] == []
    assert [file for file in files if not (HOUSE / file).is_file()] == []


def test_the_table_of_features_is_up_to_date():
    assert features.TABLE.read_text() == features.table()
