from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import conversations, drafts, events, leases, merging, notes
from inbox.attendance import MOST, Attendance
from tests.conftest import NOON, agent
from tests.furniture import ADA, BO, INVOICE
from tests.inbox import post

pytestmark = pytest.mark.feature("OW17")
HOUR = timedelta(hours=1)
LATE = NOON + 25 * HOUR


@pytest.fixture
def home(home, bo):
    """Claims last a day; Bo has claimed the invoice at noon."""
    post.connect(home)
    home = replace(home, settings=replace(home.settings, claim_lease_hours=24))
    act(home, conversations.claim, bo, INVOICE)
    return home


def act(home, verb, *args, now=NOON, **options):
    with home.store.write() as db:
        return verb(db, *args, **options, now=now)


def lapse(home, now=LATE):
    return act(home, leases.let_lapse, home.settings, home.attendance, now=now)


def has(home):
    return post.one(home, "select assignee_id from conversations where id = $id", id=INVOICE)[0]


def told(home, viewer):
    with home.store.read() as db:
        return [claim.conversation_id for claim in leases.told(db, viewer)]


def test_a_claim_that_nobody_works_on_goes_back_and_is_told(home, ada, bo):
    assert lapse(home, NOON + 24 * HOUR - HOUR) == 0
    assert has(home) == BO
    assert lapse(home) == 1
    assert lapse(home) == 0

    assert has(home) is None
    with home.store.read() as db:
        last = events.of_conversation(db, bo, INVOICE)[-1]
    assert (last.kind, last.actor_kind) == ("released", "system")
    assert last.before == f'{{"assignee_id": {BO}}}'
    assert (told(home, bo), told(home, ada)) == ([INVOICE], [])
    act(home, leases.seen, bo, 1)
    assert told(home, bo) == []


def test_who_takes_it_again_is_not_told_any_more(home, bo):
    lapse(home)
    act(home, conversations.claim, bo, INVOICE, now=LATE)

    assert told(home, bo) == []


def test_without_the_setting_a_claim_lasts(home):
    home = replace(home, settings=replace(home.settings, claim_lease_hours=0))

    assert lapse(home, NOON + 9000 * HOUR) == 0


def note(home, bo):
    act(home, notes.add, bo, INVOICE, "I asked the workshop.", now=NOON + 3 * HOUR)


def save_draft(home, bo):
    draft = post.written(home, bo, body="", now=NOON + 3 * HOUR)
    assert not draft.body


def look(home, bo):
    home.attendance.note(BO, INVOICE, now=NOON + 3 * HOUR)


def open_it(home, bo):
    act(home, conversations.opened, bo, INVOICE, fold=300, now=NOON + 3 * HOUR)


def be_given_it(home, bo):
    ada = agent(home.store, ADA)
    act(home, conversations.assign, ada, INVOICE, ADA, now=NOON + 2 * HOUR)
    act(home, conversations.assign, ada, INVOICE, BO, now=NOON + 3 * HOUR)


@pytest.mark.parametrize("work", [note, save_draft, look, open_it, be_given_it])
def test_work_on_it_begins_the_day_anew(home, bo, work):
    work(home, bo)

    assert lapse(home) == 0
    assert lapse(home, LATE + 3 * HOUR) == 1


def test_words_in_a_draft_keep_it_for_good(home, bo):
    draft = post.written(home, bo, body="Half a sent")

    assert lapse(home, NOON + 900 * HOUR) == 0
    act(home, drafts.discard, bo, draft.id)
    assert lapse(home, NOON + 900 * HOUR) == 1


@pytest.mark.parametrize("state", ["queued", "sending", "uncertain"])
def test_mail_on_its_way_keeps_it(home, bo, state):
    post.send(home, bo, post.written(home, bo))
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = $state", {"state": state})

    assert lapse(home, NOON + 900 * HOUR) == 0


def test_what_waits_for_the_customer_is_kept(home):
    with home.store.export() as cursor:
        cursor.execute("update conversations set waiting_since = null")
    assert lapse(home, NOON + 900 * HOUR) == 0

    with home.store.export() as cursor:
        cursor.execute(
            "update conversations set waiting_since = $late where id = 1", {"late": LATE}
        )
    assert lapse(home, LATE + 23 * HOUR) == 0
    assert lapse(home, LATE + 24 * HOUR) == 1


def test_a_colleagues_note_is_not_the_assignees_work(home, ada):
    act(home, notes.add, ada, INVOICE, "Bo?", now=NOON + 20 * HOUR)

    assert lapse(home) == 1


def test_a_draft_in_what_was_merged_into_it_counts(home, bo):
    with home.store.export() as cursor:
        cursor.execute(
            "insert into conversations by name select * exclude (id) from conversations "
            "where id = 1"
        )
    (number,) = post.one(home, "select max(id) from conversations")
    post.written(home, bo, body="Half a sent", conversation_id=number)
    act(home, merging.merge, bo, number, INVOICE)

    assert lapse(home, NOON + 900 * HOUR) == 0


def test_attendance_forgets_the_oldest_first():
    seen = Attendance()
    for number in range(MOST + 1):
        seen.note(1, number, now=NOON)

    assert seen.last(1, 0) is None
    assert seen.last(1, MOST) == NOON
