"""A restart in the middle of sending: the mail under way arrives first, and the next ones wait."""

import threading
import time
from dataclasses import replace

import pytest

from inbox import clock
from inbox import house as houses
from ingest import deliver, jobs, worker
from tests.furniture import furnish
from tests.inbox import post
from tests.ingest.smtp_script import STALL, Script, serving, wait_until


class Slow(Script):
    """Answers each step only when it may."""

    def __init__(self, step, **script):
        super().__init__(**script)
        self.step, self.reached, self.may = step, threading.Event(), threading.Event()

    def next(self, step):
        if step == self.step:
            self.reached.set()
            self.may.wait(30)
        return super().next(step)


@pytest.fixture
def settings(settings):
    return replace(
        settings, undo_seconds=0, delivery_seconds=0.05, connect_seconds=5, read_seconds=10
    )


@pytest.fixture
def home(settings):
    opened = houses.open_up(settings, now=clock.now())
    furnish(opened, now=clock.now())
    post.connect(opened)
    yield opened
    opened.close()


def queue(home, *agents):
    now = clock.now()
    for agent in agents:
        post.send(home, agent, post.written(home, agent, now=now), now=now, anyway=True)


def restarted(home, settings):
    home.close()
    again = houses.open_up(settings, now=clock.now())
    deliver.recover(again, now=clock.now())
    try:
        return [state for (state,) in post.every(again, "select state from outbox order by id")]
    finally:
        again.close()


def stop_in_the_middle(home, script, seconds=1.0):
    """Run the house, end it when the step is reached, and let the step go on `seconds` later."""
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        with jobs.running(home):
            assert script.reached.wait(20)
            threading.Timer(seconds, script.may.set).start()
            began = time.monotonic()
        return time.monotonic() - began


def test_the_mail_under_way_arrives_and_the_next_one_waits(home, settings, ada, bo):
    script = Slow("dot")
    queue(home, ada, bo)
    took = stop_in_the_middle(home, script, seconds=worker.STOP_SECONDS + 1)

    assert took < worker.STOP_SECONDS + jobs.LAST_MAIL_SECONDS
    assert len(script.accepted) == 1
    assert restarted(home, settings) == ["sent", "queued"]


@pytest.mark.parametrize("step", ["greet", "mail", "rcpt"])
def test_a_mail_that_is_not_handed_over_yet_waits(home, settings, ada, step):
    script = Slow(step)
    queue(home, ada)
    stop_in_the_middle(home, script)

    assert "DATA" not in script.commands
    assert post.one(home, "select state, attempts from outbox") == ("queued", 0)
    assert restarted(home, settings) == ["queued"]


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(home, settings, ada, monkeypatch):
    monkeypatch.setattr(jobs, "LAST_MAIL_SECONDS", 0.5)
    queue(home, ada)
    with serving(Script(steps={"dot": [STALL]})) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        with jobs.running(home):
            wait_until(lambda: post.one(home, "select stage from outbox") == ("data",), 20)
            began = time.monotonic()
        assert time.monotonic() - began < 4
        assert restarted(home, settings) == ["uncertain"]


def test_once_stopped_no_round_begins(home, ada):
    queue(home, ada)
    script = Script()
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}")
        postman = deliver.Postman(home)
        postman.stop()
        postman.round(now=clock.now())
        assert postman.wait() == 0
    assert script.connections == 0
    assert post.one(home, "select state from outbox") == ("queued",)
