from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox import conversations, filters, lists, people, queue
from inbox.agents import NOBODY
from inbox.filters import Filter
from tests.conftest import NOON
from tests.furniture import ADA, BO, INVOICE, QUOTE, SALES, SUPPORT
from tests.inbox.queue_rows import row

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ids(db, viewer, view="all", *, now=NOON, **narrowed):
    found = lists.listed(db, viewer, view, filters=Filter(**narrowed), limit=500, now=now)
    return [summary.id for summary in found]


@pytest.mark.feature("QV02", "QV14", "QV20")
def test_ones_own_work_begins_with_what_is_urgent_then_with_who_has_waited_longest(db, bo):
    late = row(db, assignee_id=BO, waiting_since=NOON - HOUR)
    answered = row(db, assignee_id=BO, waiting_since=None, last_message_at=NOON - DAY)
    later = row(db, assignee_id=BO, waiting_since=NOON - 5 * HOUR)
    urgent = row(db, assignee_id=BO, is_urgent=True)
    row(db, assignee_id=ADA)

    assert ids(db, bo, "mine") == [urgent, later, late, answered]
    assert ids(db, bo, "mine", sort="oldest")[0] == answered
    assert ids(db, bo, "mine", sort="newest")[-1] == answered


@pytest.mark.feature("QV01", "QV20")
def test_the_next_one_is_the_first_in_the_list_and_what_sleeps_is_not_taken(db, bo):
    row(db, waiting_since=NOON - 9 * HOUR, snoozed_until=NOON + HOUR)
    row(db, waiting_since=NOON - 5 * HOUR)
    row(db, is_urgent=True)
    first = ids(db, bo, "unassigned")[0]

    assert queue.take_next(db, bo, now=NOON) == first


@pytest.mark.feature("QV03", "QV05", "QV06")
def test_each_view_holds_its_own_and_counts_it(db, bo):
    rows = {
        "mine": row(db, assignee_id=BO),
        "waiting": row(db, assignee_id=ADA, waiting_since=None),
        "snoozed": row(db, snoozed_until=NOON + HOUR),
        "closed": row(db, status="closed", closed_at=NOON, waiting_since=None),
        "sent": row(db, assignee_id=ADA, last_reply_at=NOON - HOUR),
        "spam": row(db, spam_at=NOON),
        "trash": row(db, trashed_at=NOON, spam_at=NOON),
        "following": row(db, assignee_id=ADA),
    }
    db._cursor.execute(
        "insert into follows values ($id, 1, $bo, $now)",
        {"id": rows["following"], "bo": BO, "now": NOON},
    )
    counts = lists.counts(db, bo, now=NOON)

    for view, only in rows.items():
        assert ids(db, bo, view) == [only]
        assert getattr(counts, view) == 1
    assert ids(db, bo, "unassigned") == [INVOICE]
    there = {rows[v] for v in ("mine", "waiting", "sent", "following")} | {INVOICE}
    assert set(ids(db, bo, "open")) == there
    assert (counts.unassigned, counts.open, counts.all) == (1, 5, 7)
    assert dict(counts.mailboxes) == {SUPPORT: 5}


def test_what_slept_is_back_when_its_time_has_come(db, bo):
    sleeper = row(db, assignee_id=BO, snoozed_until=NOON + HOUR)

    assert sleeper not in ids(db, bo, "mine")
    assert sleeper in ids(db, bo, "mine", now=NOON + HOUR)
    assert lists.counts(db, bo, now=NOON + HOUR).mine == 1


@pytest.mark.feature("QV01")
def test_the_age_of_what_nobody_has_is_that_of_the_oldest(db, bo):
    row(db, waiting_since=NOON - 3 * HOUR)
    row(db, waiting_since=NOON - 9 * HOUR, assignee_id=ADA)
    row(db, waiting_since=NOON - 9 * HOUR, snoozed_until=NOON + HOUR)

    assert lists.counts(db, bo, now=NOON).unassigned_since == NOON - 3 * HOUR


@pytest.mark.feature("QV08", "QV11", "QV18")
def test_each_filter_lets_through_what_it_names(db, bo):
    vip = row(db, tags="order\nvip")
    phone = row(db, channel="phone", attachment_count=2)
    old = row(db, last_message_at=NOON - 9 * DAY)
    other = row(db, contact_name="Åsa Öberg", contact_address="asa@else.test", assignee_id=ADA)

    assert ids(db, bo, tags=("vip",)) == [vip]
    assert ids(db, bo, tags=("vi",)) == []
    assert ids(db, bo, channels=("phone", "chat")) == [phone]
    assert ids(db, bo, has_files=True) == [phone]
    assert ids(db, bo, until=NOON - DAY) == [old]
    assert old not in ids(db, bo, since=NOON - DAY)
    assert ids(db, bo, contact="ASA@else") == ids(db, bo, contact="öberg") == [other]
    assert ids(db, bo, assignees=(ADA,)) == [other]
    assert other not in ids(db, bo, assignees=(NOBODY,))
    assert len(ids(db, bo, assignees=(NOBODY, ADA))) == 5


@pytest.mark.feature("QV11")
def test_a_status_counts_instead_of_the_views_own(db, bo):
    closed = row(db, assignee_id=BO, status="closed", waiting_since=None, closed_at=NOON)
    asleep = row(db, assignee_id=BO, snoozed_until=NOON + HOUR)

    assert ids(db, bo, "mine") == []
    assert ids(db, bo, "mine", statuses=("closed",)) == [closed]
    assert set(ids(db, bo, "mine", statuses=("closed", "snoozed"))) == {closed, asleep}


@pytest.mark.feature("QV12")
def test_who_has_left_can_still_be_filtered_by(db, ada, bo):
    mine = row(db, assignee_id=BO, status="closed", waiting_since=None, closed_at=NOON)
    people.deactivate(db, ada, BO, now=NOON)

    assert (BO, "Bo Ek", False) in filters.choices(db, ada).assignees
    assert ids(db, ada, assignees=(BO,)) == [mine]


@pytest.mark.feature("QV15")
def test_words_and_filters_narrow_together_before_the_limit_counts(db, bo):
    old = row(db, tags="vip", last_message_at=NOON - 9 * DAY)
    db._cursor.execute(
        "insert into search_keys values (99, $id, 1, ' zebra ', now(), '', '', '', '')", {"id": old}
    )
    for number in range(20):
        other = row(db)
        db._cursor.execute(
            "insert into search_keys values ($key, $id, 1, ' zebra ', now(), '', '', '', '')",
            {"key": 100 + number, "id": other},
        )
    wanted = Filter(words="zebra", tags=("vip",))

    (found,) = lists.listed(db, bo, "open", filters=wanted, limit=2, now=NOON)
    assert (found.id, found.matching) == (old, 1)
    assert lists.listed(db, bo, "open", filters=Filter(words="?!"), now=NOON) == []


@pytest.mark.feature("QV17", "QV25")
def test_a_mailbox_narrows_views_and_tags_and_strangers_see_nothing(db, bo, eve):
    row(db, tags="vip")
    db._cursor.execute("insert into memberships values (2, 2, 'agent', 'as')")
    both = conversations.agents.by_id(db, BO)

    assert lists.counts(db, both, now=NOON).tags == (("vip", 1),)
    in_sales = lists.counts(db, both, mailbox_id=SALES, now=NOON)
    assert (in_sales.open, in_sales.tags) == (1, ())
    assert dict(in_sales.mailboxes) == {SUPPORT: 2, SALES: 1}
    assert ids(db, eve) == [QUOTE]


def test_a_list_tells_how_many_it_would_hold(db, bo):
    for _number in range(5):
        row(db)

    found = lists.listed(db, bo, "open", limit=2, now=NOON)
    assert (len(found), found[0].matching) == (2, 6)


@pytest.mark.feature("QV11")
def test_an_address_is_read_as_far_as_it_makes_sense():
    stockholm = ZoneInfo("Europe/Stockholm")
    found = filters.read(
        {
            "status": "closed,nonsense,open",
            "who": "0,2,x,2,99999999999999999999",
            "tag": "vip\norder",
            "since": "2026-03-01",
            "until": "2026-03-01",
            "files": "1",
            "sort": "sideways",
            "channel": "mail",
            "elsewhere": "x",
        },
        stockholm,
    )

    assert found.statuses == ("open", "closed")
    assert found.assignees == (NOBODY, 2)
    assert found.tags == ("vip", "order")
    assert found.until - found.since == DAY
    assert found.since == NOON.replace(month=2, day=28, hour=23)
    assert (found.has_files, found.sort) == (True, None)
    assert filters.read({"since": "yesterday", "until": "0001-01-01"}, UTC) == Filter()
