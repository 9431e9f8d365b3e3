"""What the house does by itself: once a day where it says so, and never in silence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import backup, clock, job_runs
from inbox.errors import StoreDamaged
from ingest import jobs, welcome
from tests.conftest import NOON
from tests.ingest.conftest import rows
from tests.ingest.test_worker import until

DAY = timedelta(days=1)


def done(home, job):
    return rows(home, "select is_ok, detail from job_runs where job = $job order by id", job=job)


def noted(home, job, now):
    with home.store.write() as db:
        job_runs.add(db, job, mailbox_id=None, started_at=now, is_ok=True, detail="sound", now=now)


def test_the_running_house_backs_up_and_verifies_by_itself(home, monkeypatch):
    monkeypatch.setattr(jobs, "NIGHTLY_LOOK_SECONDS", 1)
    with jobs.running(home):
        until(lambda: done(home, "backup") and done(home, "verify"))
    (made,) = backup.every(home.settings.backups)
    assert done(home, "backup") == [(True, f"{made.folder.name}: {made.files} files")]
    assert done(home, "verify") == [(True, "sound")]


def test_a_demo_is_not_backed_up(home, monkeypatch):
    monkeypatch.setattr(jobs, "NIGHTLY_LOOK_SECONDS", 1)
    shown = replace(home, settings=replace(home.settings, demo=True))
    with jobs.running(shown):
        until(lambda: done(home, "verify"))
    assert backup.every(home.settings.backups) == []


def test_a_day_is_verified_once(home):
    assert jobs.look_over(home, now=NOON) == "sound"
    noted(home, "verify", NOON)
    assert jobs.look_over(home, now=NOON + timedelta(hours=23)) == ""
    assert jobs.look_over(home, now=NOON + DAY) == "sound"


def test_a_house_that_is_not_sound_says_so(home):
    with home.store.export() as cursor:
        cursor.execute(
            "insert into events select 7, 'x', $now, $now, 'agent', 1, 1, 1, null, "
            "'claimed', '', 'forged'",
            {"now": NOON},
        )
    with pytest.raises(StoreDamaged, match="Event 7 stands where event 1 is due"):
        jobs.look_over(home, now=NOON)


def test_what_a_dead_process_left_is_settled_before_the_first_round(home):
    with home.store.export() as cursor:
        cursor.execute(
            "insert into outbox by name select 'reply' as kind, 1 as mailbox_id, "
            "1 as conversation_id, '<x@example.com>' as rfc_message_id, '00' as raw_sha256, "
            "0 as segment, 0 as position, 0 as size_bytes, '' as envelope_from, '' as from_name, "
            "'support@example.com' as from_address, '{}' as recipients, 'Re: x' as subject, "
            "'' as body_text, '' as body_html, '' as reply_text, '[]' as attachments, "
            "0 as seen_event_id, $now::timestamp as queued_at, $now::timestamp as due_at, "
            "'sending' as state, 'data' as stage, false as closes, 1 as attempts, "
            "'' as copy_state, '' as sent_check, $until::timestamp as leased_until",
            {"now": NOON, "until": clock.now() + DAY},
        )
    with jobs.running(home):
        assert rows(home, "select state from outbox") == [("uncertain",)]


def test_the_console_says_how_the_first_admin_comes_in(home):
    assert "/setup?token=" in welcome.words(home, None, now=NOON)
    with home.store.export() as cursor:
        cursor.execute("update agents set password_hash = 'x'")
    assert welcome.words(home, None, now=NOON) == "Delad is ready: http://localhost:8501"
