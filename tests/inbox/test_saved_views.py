import pytest

from inbox import saved_views
from inbox.errors import Invalid, NotAllowed, NotFound
from tests.conftest import NOON
from tests.furniture import SALES, SUPPORT

pytestmark = pytest.mark.feature("QV09")
ADDRESS = {"view": "open", "box": "", "q": "late", "tag": "vip", "c": "7", "files": "no"}


def titles(db, viewer):
    return [view.title for view in saved_views.of_viewer(db, viewer)]


def test_a_view_keeps_what_the_list_shows_and_nothing_else(db, bo):
    saved_views.create(db, bo, "  Late  ones ", ADDRESS, now=NOON)

    (view,) = saved_views.of_viewer(db, bo)
    assert view.title == "Late ones"
    assert view.query == {"view": "open", "q": "late", "tag": "vip"}
    assert view.may_change and view.mailbox_id is None
    assert db.changes[-1].kind == "view_saved"


def test_ones_own_is_ones_own(db, ada, bo):
    number = saved_views.create(db, bo, "Bo's", ADDRESS, now=NOON)

    assert titles(db, ada) == []
    with pytest.raises(NotFound):
        saved_views.rename(db, ada, number, "Ada's", now=NOON)


def test_the_teams_is_made_by_a_manager_and_seen_by_all_who_may_read(db, ada, bo, cy, eve):
    number = saved_views.create(db, ada, "VIP", ADDRESS, mailbox_id=SUPPORT, now=NOON)

    assert titles(db, bo) == titles(db, cy) == ["VIP"]
    assert titles(db, eve) == []
    assert not saved_views.of_viewer(db, bo)[0].may_change
    with pytest.raises(NotAllowed):
        saved_views.remove(db, bo, number, now=NOON)
    with pytest.raises(NotAllowed):
        saved_views.create(db, bo, "x", ADDRESS, mailbox_id=SUPPORT, now=NOON)
    with pytest.raises(NotFound):
        saved_views.create(db, bo, "x", ADDRESS, mailbox_id=SALES, now=NOON)


def test_it_is_renamed_and_deleted(db, ada):
    number = saved_views.create(db, ada, "VIP", ADDRESS, mailbox_id=SUPPORT, now=NOON)

    saved_views.rename(db, ada, number, "Gold", now=NOON)
    saved_views.rename(db, ada, number, "Gold", now=NOON)
    assert titles(db, ada) == ["Gold"]
    saved_views.remove(db, ada, number, now=NOON)
    assert titles(db, ada) == []
    assert [c.kind for c in db.changes] == ["view_saved", "view_renamed", "view_removed"]


@pytest.mark.parametrize("title", ["", "  \0 ", "x" * 61])
def test_a_name_is_needed_and_is_not_endless(db, bo, title):
    with pytest.raises(Invalid):
        saved_views.create(db, bo, title, ADDRESS, now=NOON)


def test_there_is_an_end_to_views(db, bo, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST", 1)
    saved_views.create(db, bo, "One", ADDRESS, now=NOON)

    with pytest.raises(Invalid, match="Delete one first"):
        saved_views.create(db, bo, "Two", ADDRESS, now=NOON)
