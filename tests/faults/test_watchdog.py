"""A thread of the worker that dies or hangs is told, replaced, and does nothing when it wakes."""

import threading
import time

import pytest

from inbox import clock, failpoints, health
from ingest import jobs, pollers, watchdog, worker
from tests.conftest import agent
from tests.faults.hasty import hasty
from tests.faults.length import some
from tests.furniture import ADA, EVE, SUPPORT
from tests.inbox import post
from tests.ingest.conftest import connect, dovecot, mail, one_dovecot, rows
from tests.ingest.smtp_script import Script, serving, wait_until
from tests.web.conftest import serve

__all__ = ["dovecot", "one_dovecot"]

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
STALL = 1.0
SCALED_MINUTE = 20
"""A minute with threads that may be silent for five, here for one second, on a busy machine."""

READING = [
    *("mailbox to be read", "folder opened", "raw bytes to be written", "cursor moved"),
    *("batch recorded", "mails parsed", "mails filed", "filing recorded", "pass noted"),
]
IN_THE_LANE = {"cursor moved", "mails filed"}
"""Whoever hangs there holds the writer lane. Nobody can take that away, only say so."""
SENDING = ["lease recorded", "envelope given", "stage data recorded"]
LOOPS = ["round of deliver", "mailboxes looked at", "watchdog looks", "housekeeping looks"]


@pytest.fixture
def home(settings, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(worker, "LONGEST_ERRAND", 1)
    with hasty(settings, stall_seconds=STALL, lease_seconds=STALL, data_seconds=STALL) as opened:
        yield opened


def subjects(home):
    return [s for (s,) in rows(home, "select subject from messages where id > 2 order by subject")]


def told(home):
    return {detail for (detail,) in rows(home, "select detail from job_runs where not is_ok")}


@pytest.mark.parametrize("fault", ["hang", "die"])
@pytest.mark.parametrize("place", some(READING, 3))
def test_a_poller_that_stops_is_replaced_and_mail_flows_again(home, dovecot, place, fault):
    connect(home, dovecot.url)
    dovecot.append(mail("One", subject="One", message_id="one@x.test"))
    armed = failpoints.arm(f"{place}={fault}")
    with jobs.running(home):
        assert armed.struck.wait(10)
        dovecot.append(mail("Two", subject="Two", message_id="two@x.test"))
        if place in IN_THE_LANE and fault == "hang":
            wait_until(home.beats.silent)
            failpoints.disarm()
        wait_until(lambda: subjects(home) == ["One", "Two"], SCALED_MINUTE)
        failpoints.disarm()
        wait_until(lambda: not home.beats.silent())
        if fault == "hang" and place not in IN_THE_LANE:
            wait_until(lambda: pollers.HUNG in told(home))
        time.sleep(0.5)
    assert subjects(home) == ["One", "Two"]


@pytest.mark.parametrize("fault", ["hang", "die"])
@pytest.mark.parametrize("place", some(SENDING, 2))
def test_a_walk_that_stops_sends_nothing_twice_when_it_wakes(home, dovecot, place, fault):
    ada, script = agent(home.store, ADA), Script()
    armed = failpoints.arm(f"{place}={fault}")
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        now = clock.now()
        post.send(home, ada, post.written(home, ada, now=now), now=now)
        with jobs.running(home):
            assert armed.struck.wait(10)
            wait_until(lambda: states(home)[0] in ("sent", "uncertain"), SCALED_MINUTE)
            before = len(script.accepted)
            failpoints.disarm()
            time.sleep(1)
            assert len(script.accepted) == before
    has_left = place != "stage data recorded"
    assert states(home) == ["sent" if has_left else "uncertain"]
    assert len(script.accepted) == has_left


def states(home):
    return [state for (state,) in rows(home, "select state from outbox order by id")]


@pytest.mark.parametrize("fault", ["hang", "die"])
@pytest.mark.parametrize("place", LOOPS)
def test_each_loop_of_the_worker_is_brought_back(home, place, fault):
    armed = failpoints.arm(f"{place}#2={fault}")
    with jobs.running(home):
        assert armed.struck.wait(10)
        reached = armed.reached[place]
        wait_until(lambda: armed.reached[place] > reached + 1, SCALED_MINUTE)
        wait_until(lambda: not home.beats.silent(), 10)
        wait_until(lambda: told(home) & {watchdog.HUNG, watchdog.DIED}, 10)


def test_all_hear_of_it_and_healthz_says_no_more_than_no(home):
    ada, eve = (agent(home.store, n) for n in (ADA, EVE))
    served = next(running := serve(home))
    with home.beats.of("poll", SUPPORT, name="Support", patience=-1):
        answer = served.browser().get("/healthz")
        assert (answer.status_code, answer.json()) == (503, {"ok": False})
        assert [a.name for a in health.stalled(home.beats, ada)] == ["Support"]
        assert health.stalled(home.beats, eve) == []
    assert served.browser().get("/healthz").status_code == 200
    assert health.stalled(home.beats, ada) == []
    next(running, None)


def test_what_hangs_again_and_again_is_not_started_without_end(home):
    over = threading.Event()
    crew = watchdog.Crew(home)
    crew.add("stubborn", lambda beat: over.wait(30), patience=0.05)
    crew.start()
    for _ in range(10):
        time.sleep(0.1)
        crew.look()
    hanging = [t for t in threading.enumerate() if t.name == "stubborn"]
    assert len(hanging) == watchdog.MOST_HANGING + 1
    wait_until(lambda: watchdog.STUCK in told(home))
    over.set()
    crew.end()
    for thread in hanging:
        thread.join(5)


def test_a_house_at_work_is_never_taken_for_dead(home, dovecot):
    """Longer than the stall, in IDLE and between rounds."""
    connect(home, dovecot.url)
    object.__setattr__(home.settings, "idle", True)
    with home.store.export() as cursor:
        cursor.execute("update mailboxes set poll_seconds = 60")
    with jobs.running(home):
        wait_until(lambda: worker.state().get(SUPPORT, worker.Poller()).is_idle)
        for _ in range(12):
            time.sleep(STALL / 4)
            assert home.beats.silent() == []
    assert told(home) == set()
