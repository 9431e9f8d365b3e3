"""The clock jumps: nothing leaves early by more than the jump explains, and nothing is stuck."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox import backup, conversations, sessions
from ingest import deliver, jobs
from tests.conftest import NOON, agent
from tests.furniture import ADA, SUPPORT
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.conftest import deliver as file_mails
from tests.ingest.conftest import mail, rows
from tests.ingest.smtp_script import DROP, Script, serving

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JUMPS = {
    "a day ahead": DAY,
    "an hour back": -HOUR,
    "a day back": -DAY,
    "to 1970": datetime(1970, 1, 1) - NOON,
}
ALL_JUMPS = pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS.keys())
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DST = {
    "to summer time": datetime(2026, 3, 29, 1, 59, 50, tzinfo=STOCKHOLM),
    "to winter time": datetime(2026, 10, 25, 2, 59, 50, tzinfo=STOCKHOLM),
}


def states(home):
    return [state for (state,) in rows(home, "select state from outbox order by id")]


def queued(home, ada, script, *, now=NOON):
    draft = post.written(home, ada, now=now)
    return post.send(home, ada, draft, now=now)


@ALL_JUMPS
def test_in_the_undo_window(home, ada, jump):
    """A jump ahead ends the window, as it would on any clock; one back only shifts its end, and
    does not keep the reply here for as long as the jump was."""
    script = Script()
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        queued(home, ada, script)
        errands.deliver_due(home, now=NOON + timedelta(seconds=5) + jump)
        assert len(script.accepted) == (jump > timedelta(0))
        errands.deliver_due(home, now=NOON + timedelta(seconds=26) + jump)
        assert len(script.accepted) == 1
    assert states(home) == ["sent"]


@ALL_JUMPS
def test_between_two_attempts(home, ada, jump):
    script = Script(steps={"greet": [DROP, 220]})
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        queued(home, ada, script)
        errands.deliver_due(home, now=NOON + timedelta(seconds=21))
        assert states(home) == ["queued"]
        for minutes in range(1, 4):
            errands.deliver_due(home, now=NOON + jump + timedelta(minutes=minutes, seconds=30))
        assert len(script.accepted) == 1
    assert states(home) == ["sent"]


@ALL_JUMPS
@pytest.mark.parametrize(("stage", "state"), [("connect", "sent"), ("data", "uncertain")])
def test_while_a_lease_is_held_by_nobody(home, ada, jump, stage, state):
    script = Script()
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        queued(home, ada, script)
        with home.store.export() as cursor:
            cursor.execute(
                "update outbox set state = 'sending', stage = $stage, started_at = $now, "
                "leased_until = $now + interval 5 minutes",
                {"stage": stage, "now": NOON},
            )
        for minutes in range(0, 30, 2):
            errands.deliver_due(home, now=NOON + jump + timedelta(minutes=minutes))
        assert states(home) == [state]
        assert len(script.accepted) == (state == "sent")


@ALL_JUMPS
def test_a_doubt_is_asked_about_within_half_an_hour_of_the_new_clock(home, ada, jump):
    post.connect(home, "smtp://127.0.0.1:1")
    queued(home, ada, Script())
    with home.store.export() as cursor:
        cursor.execute("update outbox set state = 'uncertain', started_at = $now", {"now": NOON})
    for minutes in range(0, 31, 5):
        errands.deliver_due(home, now=NOON + jump + timedelta(minutes=minutes))
        errands.settle_doubts(home, now=NOON + jump + timedelta(minutes=minutes))
    assert rows(home, "select count(*) from outbox where asked_at is not null") == [(1,)]


@ALL_JUMPS
def test_the_daily_work_is_done_within_a_day_of_the_new_clock(home, jump):
    for now in (NOON, NOON + jump, NOON + jump + DAY, NOON + jump + 2 * DAY):
        jobs.back_up(home, now=now + timedelta(minutes=1))
    made = {b.made_at for b in backup.every(home.settings.backups)}
    assert any(abs(m - (NOON + jump + 2 * DAY)) <= DAY for m in made)


@ALL_JUMPS
def test_mail_that_comes_afterwards_is_shown_and_none_is_from_the_future(home, jump):
    now = NOON + jump
    ((conversation, _),) = file_mails(home, mail(message_id="after@x.test"), now=now)
    with home.store.read() as db:
        found = conversations.by_id(db, agent(home.store, ADA), conversation)
    assert found.status == "open"
    ((latest,),) = rows(home, "select max(sent_at) from messages where id > 2")
    assert latest <= now + timedelta(minutes=5)


@ALL_JUMPS
def test_nobody_is_signed_in_for_longer_than_a_session_and_the_jump(home, jump):
    with home.store.write() as db:
        token = sessions.start(db, ADA, "test", settings=home.settings, now=NOON)
    with home.store.read() as db:
        found = sessions.by_digest(db, sessions.digest(token), now=NOON + jump)
    lasts = timedelta(days=home.settings.session_days)
    assert (found is not None) == (jump < lasts)


@pytest.mark.parametrize("before", DST.values(), ids=DST.keys())
def test_both_changes_of_summer_time_change_nothing(home, ada, before):
    """In UTC there is no jump: 20 s are 20 s, and a retry comes after a minute, not after 61."""
    now = before.astimezone(UTC).replace(tzinfo=None)
    script = Script(steps={"greet": [DROP, 220]})
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        queued(home, ada, script, now=now)
        errands.deliver_due(home, now=now + timedelta(seconds=19))
        assert script.connections == 0
        errands.deliver_due(home, now=now + timedelta(seconds=20))
        assert (script.connections, len(script.accepted)) == (1, 0)
        errands.deliver_due(home, now=now + timedelta(seconds=85))
        assert len(script.accepted) == 1
    later = (before.astimezone(UTC) + HOUR).astimezone(STOCKHOLM)
    assert later.utcoffset() != before.utcoffset()


def test_at_a_start_nothing_waits_for_a_lease_of_the_future(home, ada):
    post.connect(home)
    queued(home, ada, Script())
    with home.store.export() as cursor:
        cursor.execute(
            "update outbox set state = 'sending', stage = 'connect', "
            "leased_until = timestamp '2099-01-01'"
        )
    assert deliver.recover(home, now=NOON) == 1
    assert SUPPORT and states(home) == ["queued"]
