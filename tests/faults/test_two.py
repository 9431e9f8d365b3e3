"""Two at once: two instances on one data folder, two postmen on one row."""

import os
import subprocess
import threading
from datetime import timedelta

import pytest

from inbox import house as houses
from ingest import walk
from ingest.deliver import Postman
from tests.conftest import NOON, agent
from tests.faults.length import rounds
from tests.furniture import ADA
from tests.inbox import post
from tests.ingest.smtp_script import Script, serving
from tests.process import python

SECOND = """
import sys
from inbox import clock, house, settings
from inbox.errors import InboxError
try:
    house.open_up(settings.load(), now=clock.now())
except InboxError as refusal:
    sys.exit(str(refusal))
"""
DUE = NOON + timedelta(seconds=21)


def state_of(folder):
    """By another process: one that closes a second handle to the database lets go of its lock."""
    command = "find . -type f | sort | xargs sha256sum"
    return subprocess.check_output(["sh", "-c", command], cwd=folder)


@pytest.mark.parametrize("words", [["-c", SECOND], ["-m", "inbox", "agent", "add", "x@y.test"]])
def test_the_second_says_who_holds_the_folder_and_changes_nothing(home, settings, words):
    before = state_of(settings.data)
    done = python(*words, DELAD_DATA=settings.data)
    assert done.returncode > 0
    assert f"process {os.getpid()}" in done.stderr
    assert "Traceback" not in done.stderr
    assert state_of(settings.data) == before


def test_the_first_goes_on_while_a_second_tries(home, settings, ada):
    assert "in use by process" in python("-c", SECOND, DELAD_DATA=settings.data).stderr
    post.connect(home)
    post.send(home, ada, post.written(home, ada))
    assert post.one(home, "select count(*) from outbox") == (1,)


@pytest.mark.parametrize("n", range(rounds(sample=3, long=50)))
def test_two_walks_at_once_send_each_mail_once(settings, n):
    home = houses.open_up(settings, now=NOON)
    try:
        from tests.furniture import furnish

        furnish(home, now=NOON)
        script = Script()
        with serving(script) as server:
            post.connect(home, f"smtp://127.0.0.1:{server.port}")
            ids = [
                post.send(
                    home,
                    agent(home.store, who),
                    post.written(home, agent(home.store, who)),
                    anyway=True,
                ).outbox_id
                for who in (ADA, 2)
            ]
            gate, taken = threading.Barrier(3), []

            def walker(order):
                gate.wait()
                taken.append(walk.deliver(home, 1, order, DUE))

            threads = [
                threading.Thread(target=walker, args=(order,)) for order in (ids, ids, ids[::-1])
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
            once_more = [Postman(home), Postman(home)]
            for postman in once_more:
                postman.round(now=DUE)
            sum(postman.wait() for postman in once_more)
        assert sorted(post.every(home, "select state from outbox")) == [("sent",), ("sent",)]
        assert len(script.accepted) == len({one.raw for one in script.accepted}) == 2
        assert sum(taken) == 2
    finally:
        home.close()
