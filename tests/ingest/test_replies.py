"""What a mail adds to what was written before, in every case of tests/mail/replies.

A file holds the cases of one language, one after the other:

    === what is special about it (html)
    the body as the mail holds it; `(html)` in the title for one that is HTML, else it is text
    --- own
    the exact text that must stay visible

A line of a body that begins with `=== ` or is `--- own` cannot stand in a case.
"""

import re

import pytest

from ingest import replies
from tests.conftest import MAIL

CASE = re.compile(r"^=== ([^\n]+)\n(.*?)^--- own\n(.*?)(?=^=== |\Z)", re.M | re.S)
CASES = [
    pytest.param(body, own, "(html)" in title, id=f"{file.stem}: {title}")
    for file in sorted((MAIL / "replies").glob("*.txt"))
    for title, body, own in CASE.findall(file.read_text("utf-8"))
]


@pytest.mark.parametrize(("body", "own", "is_html"), CASES)
def test_history_and_signatures_are_hidden_and_nothing_else(body: str, own: str, is_html: bool):
    found = replies.of_html(body) if is_html else replies.of_text(body)

    assert found == own.strip("\n")
