"""Replies for later meet crashes, clocks and second thoughts: none is lost, none leaves twice."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from inbox import drafts, later
from inbox import house as houses
from inbox.errors import TooLate
from ingest import deliver
from tests.conftest import NOON, agent
from tests.faults.length import rounds
from tests.furniture import ADA, INVOICE, furnish
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.smtp_script import Script, serving
from tests.ingest.test_deliver_crash import WORKER

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOMORROW = NOON + 20 * HOUR
SECOND = timedelta(seconds=1)
RACES = rounds(sample=6, long=60)
BEFORE_DATA = ("lease recorded", "envelope given", "stage data noted")
IN_DATA = ("stage data recorded", "mail accepted", "sent mail filed")


def plan(home, port, at=TOMORROW):
    post.connect(home, f"smtp://127.0.0.1:{port}")
    ada = agent(home.store, ADA)
    return post.send(home, ada, post.written(home, ada, body="Later"), at=at).outbox_id


def state(home):
    return post.one(home, "select state from outbox")[0]


def kept(home):
    """Ada's open drafts here."""
    with home.store.read() as db:
        return [draft.body for draft in drafts.all_of(db, agent(home.store, ADA), INVOICE)]


@pytest.mark.parametrize("late", [SECOND, HOUR, 30 * DAY], ids=["second", "hour", "month"])
def test_due_while_nothing_runs_it_leaves_once_at_the_next_start(settings, late):
    script = Script()
    with serving(script) as server:
        home = houses.open_up(settings, now=NOON)
        furnish(home, now=NOON)
        plan(home, server.port)
        home.close()
        for n in range(3):
            now = TOMORROW + late + n * HOUR
            home = houses.open_up(settings, now=now)
            deliver.recover(home, now=now)
            errands.deliver_due(home, now=now)
            told = state(home)
            home.close()
            assert (told, len(script.accepted)) == ("sent", 1)


@pytest.mark.parametrize("place", [*BEFORE_DATA, *IN_DATA])
def test_killed_on_its_way_it_is_sent_by_the_next_start_or_asked_about(settings, place, tmp_path):
    """Before DATA nothing can have left: it is sent. From then on an agent decides."""
    script, proof = Script(), tmp_path / "proof"
    with serving(script) as server:
        home = houses.open_up(settings, now=NOON)
        furnish(home, now=NOON)
        plan(home, server.port)
        home.close()
        due = TOMORROW + SECOND
        worker = subprocess.run(
            [sys.executable, "-c", WORKER, str(settings.data), due.isoformat()],
            env={**os.environ, "DELAD_FAILPOINT": place, "DELAD_FAILPOINT_PROOF": str(proof)},
            check=False,
        )
        assert worker.returncode == -signal.SIGKILL and proof.read_text() == f"{place}\n"
        home = houses.open_up(settings, now=due)
        try:
            deliver.recover(home, now=due)
            for n in range(1, 5):
                errands.deliver_due(home, now=due + n * HOUR)
            assert state(home) == ("sent" if place in BEFORE_DATA else "uncertain")
            assert len(script.accepted) <= 1
            assert len(script.accepted) == 1 or state(home) == "uncertain"
            assert kept(home) == []
        finally:
            home.close()


@pytest.mark.parametrize("offset", [-SECOND, timedelta(0), SECOND], ids=["before", "at", "after"])
def test_taken_back_in_the_second_it_is_due_it_leaves_or_is_a_draft(home, ada, offset):
    for n in range(RACES):
        at = TOMORROW + n * DAY
        script = Script()
        with serving(script) as server:
            outbox_id = plan(home, server.port, at)
            came_back = _race(home, ada, outbox_id, at + offset)
            errands.deliver_due(home, now=at + HOUR)
        assert len(script.accepted) == (not came_back)
        assert kept(home) == (["Later"] if came_back else [])
        with home.store.export() as cursor:
            cursor.execute("update drafts set state = 'discarded' where state = 'open'")


def _race(home, ada, outbox_id, now):
    """The postman and its author at once; whether the author had it back."""
    start = threading.Barrier(2)
    came_back = []

    def take_back():
        start.wait()
        try:
            with home.store.write() as db:
                later.cancel(db, ada, outbox_id, now=now)
            came_back.append(True)
        except TooLate:
            came_back.append(False)

    thread = threading.Thread(target=take_back)
    thread.start()
    start.wait()
    errands.deliver_due(home, now=now)
    thread.join()
    return came_back[0]


JUMPS = {
    "over its moment and back": (DAY, -DAY, 2 * DAY),
    "back before it was written, and on": (-3 * DAY, DAY, 4 * DAY),
    "to 1970 and back": (-20_000 * DAY, 19_999 * DAY, 3 * DAY),
    "back and forth around it": (20 * HOUR - SECOND, 2 * SECOND, -2 * SECOND, 2 * SECOND, HOUR),
}


@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS.keys())
def test_a_clock_that_jumps_over_its_moment_sends_it_once_and_never_before(home, jumps):
    script = Script()
    with serving(script) as server:
        plan(home, server.port)
        now, is_due = NOON, False
        for jump in jumps:
            now += jump
            for n in range(2):
                moment = now + n * SECOND
                is_due = is_due or moment >= TOMORROW
                errands.deliver_due(home, now=moment)
                assert len(script.accepted) == is_due, moment
    assert is_due and state(home) == "sent"


def test_a_clock_that_jumps_between_two_attempts_does_not_lose_it(home):
    script = Script(steps={"greet": [421, 220]})
    with serving(script) as server:
        plan(home, server.port)
        errands.deliver_due(home, now=TOMORROW + SECOND)
        assert state(home) == "queued" and script.accepted == []
        for minutes in (1, 3, 5):
            errands.deliver_due(home, now=NOON - DAY + timedelta(minutes=minutes))
        errands.deliver_due(home, now=TOMORROW + DAY)
        errands.deliver_due(home, now=TOMORROW + 2 * DAY)
    assert len(script.accepted) == 1 and state(home) == "sent"
