from datetime import timedelta

import pytest

from inbox import lists, view_files
from inbox.errors import Invalid, StoreDamaged
from inbox.filters import Filter
from inbox.store import SQL
from tests.conftest import NOON
from tests.furniture import INVOICE, QUOTE
from tests.inbox.queue_rows import row

pytestmark = pytest.mark.feature("QV09")
HEAD = "-- title: Mine\n-- definition: What I have.\n"


def shown(db, viewer, name):
    found = lists.listed(db, viewer, "all", filters=Filter(sql=name), now=NOON)
    return [summary.id for summary in found]


def test_the_view_that_is_shipped_holds_what_its_definition_says(home, bo):
    assert [view.title for view in home.views] == ["Waits more than a day"]
    with home.store.write() as db:
        late = row(db, waiting_since=NOON - timedelta(hours=25))
        row(db, waiting_since=NOON - timedelta(hours=23))
        assert shown(db, bo, "long_wait") == [late]


def test_a_file_may_name_who_looks_and_shows_only_what_they_may_read(home, tmp_path, bo, eve):
    query = HEAD + "select id from conversations where $agent_id > 0 -- and $nothing\n;\n"
    (tmp_path / "any.sql").write_text(query)
    (view,) = view_files.learn(home.store, tmp_path)
    assert (view.name, view.title, view.definition) == ("any", "Mine", "What I have.")

    with home.store.read() as db:
        assert shown(db, bo, "any") == [INVOICE]
        assert shown(db, eve, "any") == [QUOTE]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("select id from conversations", "it needs a line “-- title: …”"),
        (HEAD + "select id from conversation", "conversation does not exist"),
        (HEAD + "select id, subject from conversations", "one column"),
        (HEAD + "select subject from conversations", "one column"),
        (HEAD + "delete from conversations", "one question"),
        (HEAD + "select 1::bigint; drop table events", "one question"),
        (HEAD + "select id from conversations where id = $other", "other"),
        (HEAD + "selekt", "selekt"),
        (HEAD, "one question"),
    ],
)
def test_what_is_wrong_is_told_with_the_files_name(home, tmp_path, text, why):
    (tmp_path / "odd.sql").write_text(text)

    with pytest.raises(StoreDamaged, match=r"sql/views/odd\.sql cannot be used") as refusal:
        view_files.learn(home.store, tmp_path)
    assert why in str(refusal.value)


def test_one_that_is_gone_or_fails_says_so(home, tmp_path, db, bo):
    with pytest.raises(Invalid, match="not here any more"):
        shown(db, bo, "nowhere")
    (tmp_path / "fails.sql").write_text(HEAD + "select error('oh no')::bigint from conversations")
    view_files.learn(home.store, tmp_path)
    with pytest.raises(Invalid, match=r"fails\.sql cannot be answered"):
        shown(db, bo, "fails")


def test_the_files_that_are_shipped_have_heads():
    for file in (SQL / "views").glob("*.sql"):
        assert file.read_text().startswith("-- title: ")
