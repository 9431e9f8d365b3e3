"""Whom nobody answered, told of the stories that turns are told of."""

from datetime import timedelta

import pytest

from tests.conftest import NOON
from tests.sql.test_report import STORIES, tell

pytestmark = pytest.mark.feature("AN19")
# Story → kind and since which minute; every other story has nobody whom nobody answered.
UNANSWERED = {
    "never answered": ("open", 0),
    "closed without reply": ("open", 0),
    "a note is no reply": ("open", 0),
    "history that came closed": ("closed", 0),
}


@pytest.mark.parametrize("story", STORIES)
def test_each_story(home, story):
    with home.store.export() as cursor:
        tell(cursor, STORIES[story][0])
        found = cursor.execute(
            "select kind, waiting_since from report.unanswered where conversation_id = 1"
        ).fetchall()
    kind, minute = UNANSWERED.get(story, ("", 0))
    assert found == ([(kind, NOON + timedelta(minutes=minute))] if kind else [])


def test_the_last_word_counts_once_it_was_closed_over(home):
    with home.store.export() as cursor:
        tell(cursor, [(0, "in"), (5, "out"), (9, "in"), (12, "in")])
        asked = "select kind, waiting_since from report.unanswered where conversation_id = 1"
        assert cursor.execute(asked).fetchall() == []
        cursor.execute("update conversations set status = 'closed', closed_at = $x", {"x": NOON})
        found = cursor.execute(asked).fetchall()
    assert found == [("last_word", NOON + timedelta(minutes=9))]
