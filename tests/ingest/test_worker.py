"""The threads: new mail comes in by itself, trouble is told, and all ends in time."""

import threading
import time
from dataclasses import replace

from inbox import clock, mailboxes
from inbox.events import SYSTEM
from ingest import worker
from ingest.imap import Connection
from ingest.line import Line
from tests import furniture
from tests.ingest.conftest import connect, mail, rows
from tests.servers import PASSWORD

PATIENCE = 10


def until(condition, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
    return found


def filed(home):
    return rows(home, "select count(*) from messages where id > 2")[0][0]


def test_mail_that_arrives_while_idling_is_filed_at_once(home, dovecot):
    connect(home, dovecot.url)
    dovecot.append(mail())
    with worker.running(home):
        until(lambda: filed(home) == 1)
        until(lambda: worker.state()[furniture.SUPPORT].is_idle)
        time.sleep(0.3)
        began = time.monotonic()
        dovecot.append(mail("b", message_id="p2@customer.test"))
        until(lambda: filed(home) == 2)
        assert time.monotonic() - began < 5, "the poll interval is 60 s: IDLE must have told"
        state = worker.state()[furniture.SUPPORT]
    assert (state.missed_polls, state.last_error) == (0, "")
    assert worker.state() == {}


def test_a_mailbox_added_later_is_picked_up(home, dovecot):
    dovecot.append(mail())
    with worker.running(home):
        assert worker.state() == {}
        connect(home, dovecot.url)
        worker.wake()
        until(lambda: filed(home) == 1)


def test_a_mailbox_is_read_as_soon_as_somebody_connects_it(home, dovecot):
    dovecot.append(mail())
    with worker.running(home):
        time.sleep(0.3)
        began = time.monotonic()
        with home.store.write() as db:
            mailboxes.add(
                db,
                SYSTEM,
                "orders@example.com",
                secret=PASSWORD,
                keys=home.keys,
                now=clock.now(),
                imap_url=dovecot.url,
            )
        until(lambda: filed(home) == 1)
        assert time.monotonic() - began < worker.LOOK_SECONDS / 2


def test_mail_that_arrives_during_a_pass_is_not_left_for_the_next_interval(home, dovecot):
    connect(home, dovecot.url)
    with home.store.read() as db:
        mailbox = mailboxes.by_id(db, furniture.SUPPORT)
    line = Line(home, mailbox)
    try:
        line.poll(now=clock.now())
        dovecot.append(mail())
        began = time.monotonic()
        line.wait(5, threading.Event())
        assert time.monotonic() - began < 2
        assert line.poll(now=clock.now()).filed == 1
        line.wait(0.5, threading.Event())
        assert line.poll(now=clock.now()).read == 0
    finally:
        line.hang_up()


def test_a_server_whose_numbers_never_agree_is_not_asked_without_end(home, dovecot, monkeypatch):
    connect(home, dovecot.url)
    with home.store.read() as db:
        mailbox = mailboxes.by_id(db, furniture.SUPPORT)
    select, numbers = Connection.select, iter(range(10, 1000))

    def restless(self, folder, readonly=True):
        return replace(select(self, folder, readonly), uidnext=next(numbers))

    monkeypatch.setattr(Connection, "select", restless)
    line = Line(home, mailbox)
    began = time.monotonic()
    try:
        for _ in range(5):
            line.poll(now=clock.now())
            line.wait(1, threading.Event())
    finally:
        line.hang_up()
    assert time.monotonic() - began > 1.5


def test_an_unreachable_server_is_told_and_delays_nobody(home, dovecot):
    dovecot.append(mail())
    connect(home, "imap://nobody@127.0.0.1:1", furniture.SALES)
    connect(home, dovecot.url, furniture.SUPPORT)
    with worker.running(home):
        until(lambda: filed(home) == 1)
        bad = until(lambda: (s := worker.state()[furniture.SALES]).missed_polls and s)
    assert "127.0.0.1" in bad.last_error
    failed = rows(home, "select mailbox_id, job from job_runs where not is_ok")
    assert failed[0] == (furniture.SALES, "poll")


def test_it_stops_within_two_seconds(home, dovecot):
    connect(home, dovecot.url)
    with worker.running(home):
        until(lambda: worker.state().get(furniture.SUPPORT, worker.Poller()).last_good_poll_at)
        began = time.monotonic()
    assert time.monotonic() - began < 2.5


def test_a_job_that_breaks_is_noted_without_its_words_and_runs_again(home, caplog):
    runs = []
    words = " ".join(["the", "customer's", "secret"])

    def deliver(house, *, now):
        runs.append(now)
        if len(runs) == 1:
            raise RuntimeError(words)
        return len(runs)

    with worker.running(home, {"deliver": (0.05, deliver)}):
        until(lambda: len(runs) > 2)
    details = [d for (d,) in rows(home, "select detail from job_runs order by id")]
    assert details[0] == "RuntimeError (see the log)"
    assert details[1] == "2"
    assert words not in caplog.text
    assert "test_worker.py" in caplog.text


def test_housekeeping_runs_by_its_table(home):
    runs = []

    def backup(house, *, now):
        runs.append(now)

    with worker.running(home, nightly={"backup": (1, backup)}):
        until(lambda: runs)
