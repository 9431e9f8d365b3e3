"""Health tells what stands between customers and answers, and to whom."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from inbox import health
from inbox.errors import NotAllowed
from tests.conftest import NOON
from tests.furniture import INVOICE, QUOTE, SALES, SUPPORT

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(store):
    """Write plain rows, as ingest and delivery would."""

    def run(sql, **params):
        with store.export() as cursor:
            cursor.execute(sql, params).fetchall()

    def job(name, mailbox_id, ended_at, is_ok=True, detail=""):
        run(
            "insert into job_runs (job, mailbox_id, started_at, ended_at, is_ok, detail) "
            "values ($name, $mailbox_id, $ended_at, $ended_at, $is_ok, $detail)",
            name=name,
            mailbox_id=mailbox_id,
            ended_at=ended_at,
            is_ok=is_ok,
            detail=detail,
        )

    def queued(state, mailbox_id=SUPPORT, conversation_id=INVOICE, attempts=1):
        run(
            "insert into outbox by name select 'reply' as kind, $mailbox_id as mailbox_id, "
            "$conversation_id as conversation_id, '<x@example.com>' as rfc_message_id, "
            "'00' as raw_sha256, 0 as segment, 0 as position, 0 as size_bytes, "
            "'support@example.com' as envelope_from, '' as from_name, "
            "'support@example.com' as from_address, '{}' as recipients, 'Re: Invoice' as subject, "
            "'' as body_text, '' as body_html, '' as reply_text, '[]' as attachments, "
            "0 as seen_event_id, "
            "$now::timestamp as queued_at, $now::timestamp as due_at, $state as state, "
            "'' as stage, false as closes, $attempts as attempts, '' as copy_state, "
            "'' as sent_check",
            state=state,
            mailbox_id=mailbox_id,
            conversation_id=conversation_id,
            attempts=attempts,
            now=NOON,
        )

    def server(mailbox_id):
        run(
            "update mailboxes set imap_url = 'imaps://a@localhost' where id = $mailbox_id",
            mailbox_id=mailbox_id,
        )

    def folder(name, kind, **columns):
        given = {"mailbox_id": SUPPORT, "folder": name, "kind": kind, "uidvalidity": 7}
        given |= {"last_uid": 3, "server_count": 0, **columns}
        marks = ", ".join(f"${column}" for column in given)
        run(f"insert into folders ({', '.join(given)}) values ({marks})", **given)

    return SimpleNamespace(run=run, job=job, queued=queued, server=server, folder=folder)


def alarms(store, viewer, settings, now=NOON):
    with store.read() as db:
        return [(a.kind, a.name, a.count) for a in health.alarms(db, viewer, settings, now=now)]


def test_a_quiet_house_has_nothing_to_say(store, ada, settings):
    with store.read() as db:
        found = health.overview(db, ada, now=NOON)

    assert [m.name for m in found.mailboxes] == ["Sales", "Support"]
    assert (found.outbox, found.troubled, found.jobs, found.unreadable) == ({}, [], [], [])
    assert found.last("backup") is None
    assert alarms(store, ada, settings) == []


@pytest.mark.parametrize("who", ["bo", "cy", "eve"])
def test_the_overview_is_for_admins(request, db, who):
    with pytest.raises(NotAllowed):
        health.overview(db, request.getfixturevalue(who), now=NOON)


def test_counts_follow_the_present_generation_of_a_folder(store, ada, world):
    world.server(SUPPORT)
    world.folder("INBOX", "inbox", server_count=5)
    for uidvalidity, uid in ((6, 1), (7, 1), (7, 2), (7, 3)):
        world.run(
            "insert into raw_messages (mailbox_id, folder, uidvalidity, uid, sha256, head_sha256, "
            "segment, position, size_bytes, server_date, fetched_at, state) values (1, 'INBOX', "
            "$v, $u, '', '', 0, 0, 9, $at::timestamp, "
            "$at::timestamp + interval 90 second, 'filed')",
            v=uidvalidity,
            u=uid,
            at=NOON + uid * MINUTE,
        )
    with store.read() as db:
        support = health.overview(db, ada, now=NOON).mailboxes[1]

    assert (support.on_server, support.stored, support.unreadable) == (5, 3, 0)
    assert (support.last_mail_at, support.lag_seconds) == (NOON + 3 * MINUTE, 90)


def test_missed_polls_count_since_the_last_good_one(store, ada, world):
    for minute, is_ok in ((0, False), (1, True), (2, False), (3, False)):
        world.job("poll", SUPPORT, NOON + minute * MINUTE, is_ok, f"trouble {minute}")
    with store.read() as db:
        sales, support = health.overview(db, ada, now=NOON).mailboxes

    assert (support.last_poll_at, support.missed) == (NOON + MINUTE, 2)
    assert support.error == "trouble 3"
    assert (sales.last_poll_at, sales.missed, sales.error) == (None, 0, None)


def test_a_poll_that_works_again_clears_the_error(store, ada, world):
    world.job("poll", SUPPORT, NOON, False, "trouble")
    world.job("poll", SUPPORT, NOON + MINUTE)
    with store.read() as db:
        support = health.overview(db, ada, now=NOON).mailboxes[1]

    assert (support.missed, support.error) == (0, None)


def test_a_poll_that_works_again_and_brings_nothing_clears_the_error(store, ada, world):
    world.folder("INBOX", "inbox", good_pass_at=NOON + MINUTE)
    world.job("poll", SUPPORT, NOON, False, "trouble")
    with store.read() as db:
        support = health.overview(db, ada, now=NOON).mailboxes[1]

    assert (support.missed, support.error, support.last_poll_at) == (0, None, NOON + MINUTE)


def test_a_sent_folder_that_works_hides_no_inbox_that_does_not(store, ada, bo, settings, world):
    world.server(SUPPORT)
    world.folder("INBOX", "inbox", last_full_scan=NOON, good_pass_at=NOON)
    world.folder("Sent", "sent", last_full_scan=NOON + 5 * MINUTE)
    for minute in (1, 2, 3):
        world.job("poll", SUPPORT, NOON + minute * MINUTE, False, "trouble")
    with store.read() as db:
        support = health.overview(db, ada, now=NOON).mailboxes[1]

    assert alarms(store, bo, settings, NOON + 5 * MINUTE) == [("not_polled", "Support", 3)]
    assert (support.missed, support.error, support.last_poll_at) == (3, "trouble", NOON)


def test_the_outbox_is_counted_and_its_troubles_named(store, ada, world):
    for state, attempts in (("sent", 1), ("sent", 1), ("failed", 1), ("queued", 0), ("queued", 2)):
        world.queued(state, attempts=attempts)
    world.run("insert into outbox_recipients values (3, 'maria@customer.test', 'to', 'x', null)")
    with store.read() as db:
        found = health.overview(db, ada, now=NOON)

    assert found.outbox == {"failed": 1, "queued": 2, "sent": 2}
    assert sorted((t.id, t.state) for t in found.troubled) == [(3, "failed"), (5, "queued")]
    failed = next(t for t in found.troubled if t.id == 3)
    assert (failed.conversation_id, failed.addresses) == (INVOICE, "maria@customer.test")


def test_an_admin_learns_of_trouble_elsewhere_but_not_whose_mail_it_is(store, ada, world):
    world.queued("failed", SALES, QUOTE)
    world.run("insert into outbox_recipients values (1, 'maria@customer.test', 'to', 'x', null)")
    with store.read() as db:
        (trouble,) = health.overview(db, ada, now=NOON).troubled

    assert trouble.mailbox_name == "Sales"
    assert (trouble.conversation_id, trouble.subject, trouble.addresses) == (None, "", "")


def test_unreadable_mail_is_listed_for_those_who_may_read_the_mailbox(store, ada, world):
    world.run("update messages set is_readable = false")
    with store.read() as db:
        found = health.overview(db, ada, now=NOON)

    assert [u.conversation_id for u in found.unreadable] == [INVOICE]
    assert [m.unreadable for m in found.mailboxes] == [1, 1]


def test_each_job_shows_its_newest_run_and_its_failures_of_a_day(store, ada, world):
    world.job("verify", None, NOON - timedelta(days=2), False)
    world.job("verify", None, NOON - timedelta(hours=2), False)
    world.job("verify", None, NOON, True, "12 events")
    with store.read() as db:
        last = health.overview(db, ada, now=NOON).last("verify")

    assert (last.is_ok, last.detail, last.failures) == (True, "12 events", 1)


def test_three_missed_polls_are_told_to_those_who_read_the_mailbox(
    store, ada, bo, eve, settings, world
):
    world.server(SUPPORT)
    world.job("poll", SUPPORT, NOON)

    for minute in (1, 2):
        world.job("poll", SUPPORT, NOON + minute * MINUTE, False)
    assert alarms(store, bo, settings, NOON + 3 * MINUTE) == []

    world.job("poll", SUPPORT, NOON + 3 * MINUTE, False)
    for viewer in (bo, ada):
        late = alarms(store, viewer, settings, NOON + 3 * MINUTE)
        assert late == [("not_polled", "Support", 3)]
    assert alarms(store, eve, settings, NOON + 3 * MINUTE) == []


def test_a_poller_that_died_is_told_without_its_help(store, bo, settings, world):
    world.server(SUPPORT)
    world.folder("INBOX", "inbox", good_pass_at=NOON + MINUTE)

    assert alarms(store, bo, settings, NOON + 13 * MINUTE) == []
    assert alarms(store, bo, settings, NOON + 13.1 * MINUTE) == [("not_polled", "Support", 0)]


def test_a_mailbox_at_rest_or_without_a_server_raises_no_alarm(store, ada, settings, world):
    world.server(SUPPORT)
    world.run("update mailboxes set is_active = false where id = 1")

    assert alarms(store, ada, settings, NOON + 60 * MINUTE) == []


def test_undelivered_mail_is_told_to_those_who_read_the_mailbox(
    store, ada, bo, eve, settings, world
):
    world.queued("failed")
    world.queued("uncertain")
    world.queued("queued")

    assert alarms(store, bo, settings) == [("undelivered", "", 1)]
    assert alarms(store, bo, settings, NOON + 14.9 * MINUTE) == [("undelivered", "", 1)]
    # After a quarter of an hour people are asked about the doubt, and nothing waits so long.
    assert alarms(store, bo, settings, NOON + 15 * MINUTE) == [("undelivered", "", 3)]
    assert alarms(store, eve, settings) == []


def test_three_days_without_a_backup(store, ada, bo, settings):
    late = NOON + timedelta(days=3, minutes=1)
    assert alarms(store, ada, settings, late) == [("no_backup", "", 0)]
    assert alarms(store, bo, settings, late) == []

    (settings.backups / "2026-03-03T12-00-00.part").mkdir(parents=True)
    assert alarms(store, ada, settings, late) == [("no_backup", "", 0)]

    (settings.backups / "2026-03-03T12-00-00").mkdir()
    assert alarms(store, ada, settings, late) == []
    assert alarms(store, ada, settings, NOON + timedelta(days=5)) == [("no_backup", "", 0)]


def test_a_nearly_full_disk_is_told_to_admins(store, ada, bo, settings):
    full = type(settings)(data=settings.data, disk_alarm_bytes=10**18)

    assert alarms(store, ada, full) == [("disk_full", "", 0)]
    assert alarms(store, bo, full) == []


def test_alarms_cost_one_statement(store, ada, settings):
    before = store.tally.statements
    alarms(store, ada, settings)

    assert store.tally.statements == before + 1


def test_a_demo_that_still_plays_its_past_is_not_late(store, ada, settings, world):
    world.server(SUPPORT)
    late = NOON + timedelta(days=1)
    assert [kind for kind, *_ in alarms(store, ada, settings, late)] == ["not_polled"]
    assert alarms(store, ada, replace(settings, demo=True), late) == []
