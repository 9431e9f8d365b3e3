"""The threads: new mail comes in by itself, trouble is told, and all ends in time."""

import threading
import time
from dataclasses import replace

import pytest

from inbox import clock, mailboxes
from inbox.agents import the_house
from ingest import line, pollers, worker
from ingest.imap import Connection
from ingest.line import Line
from tests import furniture, servers
from tests.conftest import NOON
from tests.ingest.conftest import connect, mail, rows
from tests.ingest.imap_between import HANG_UP, between

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


def test_a_mailbox_that_is_added_or_set_right_is_read_at_once(home, dovecot, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_SECONDS", 60)
    dovecot.append(mail())
    with worker.running(home):
        time.sleep(0.3)
        with home.store.write() as db:
            mailbox_id = mailboxes.add(
                db,
                the_house(),
                "new@example.com",
                imap_url="imap://nobody@127.0.0.1:1",
                secret=servers.PASSWORD,
                keys=home.keys,
                now=NOON,
            )
        until(lambda: worker.state().get(mailbox_id, worker.Poller()).missed_polls)
        with home.store.write() as db:
            mailboxes.change(db, the_house(), mailbox_id, imap_url=dovecot.url, now=NOON)
        until(lambda: filed(home) == 1)


def test_a_poller_whose_wait_breaks_goes_on_and_tells(home, dovecot, monkeypatch):
    broken = []

    def wait(self, seconds, nudge):
        broken.append(seconds)
        raise AttributeError("x")

    connect(home, dovecot.url)
    dovecot.append(mail())
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set poll_seconds = 1")
    monkeypatch.setattr(Line, "wait", wait)
    with worker.running(home):
        until(lambda: len(broken) > 1)
    told = rows(home, "select mailbox_id, detail from job_runs where not is_ok")
    assert told[0] == (furniture.SUPPORT, "AttributeError (see the log)")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_poller_that_dies_is_started_again_and_told(home, dovecot, monkeypatch):
    real, deaths = Line.wait, []

    def wait(self, seconds, nudge):
        if not deaths:
            deaths.append(1)
            raise KeyboardInterrupt
        real(self, seconds, nudge)

    connect(home, dovecot.url)
    dovecot.append(mail())
    monkeypatch.setattr(Line, "wait", wait)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.2)
    with worker.running(home):
        until(lambda: deaths)
        dovecot.append(mail("b", message_id="p2@customer.test"))
        until(lambda: filed(home) == 2)
    assert rows(home, "select mailbox_id, detail from job_runs where not is_ok") == [
        (furniture.SUPPORT, pollers.DIED)
    ]


def test_a_server_that_hangs_up_on_idle_is_not_signed_in_to_again_and_again(home, dovecot):
    with between(dovecot) as middle:
        middle.answer = lambda command: HANG_UP if command.endswith(b"IDLE") else None
        connect(home, middle.url)
        with worker.running(home):
            until(lambda: middle.count(b" IDLE"))
            time.sleep(2)
        assert middle.count(b"LOGIN") == 1


def test_a_line_dropped_soon_after_idle_waits_and_then_listens_no_more(home, dovecot, monkeypatch):
    mailbox, nudge = connect(home, dovecot.url), threading.Event()
    listened = []

    def idle(self, seconds, stop):
        listened.append(1)
        self.cut()
        return True

    monkeypatch.setattr(Connection, "idle", idle)
    found = Line(home, mailbox)
    for _ in range(6):
        found.poll(now=NOON)
        began = time.monotonic()
        found.wait(0.3, nudge)
        assert time.monotonic() - began >= 0.3
    assert len(listened) == line.DROPS
    found.poll(now=NOON)
    assert not found.can_idle
    found.hang_up()


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


def test_ending_in_the_middle_of_a_poll_is_no_missed_poll(home, dovecot):
    dovecot.append(mail())
    with between(dovecot) as middle:
        held = threading.Event()

        def stall(command):
            if b"BODY" in command:
                held.set()
                time.sleep(1)

        middle.answer = stall
        connect(home, middle.url)
        with worker.running(home):
            assert held.wait(PATIENCE)
    assert rows(home, "select detail from job_runs where not is_ok") == []


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
