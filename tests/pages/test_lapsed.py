"""The line that tells whose claim went back to the team."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from inbox import conversations
from inbox.agents import Agent
from inbox.house import House
from ingest import jobs
from tests.conftest import NOON
from tests.furniture import INVOICE

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("OW17")


def lapse(home: House, bo: Agent) -> str:
    with home.store.write() as db:
        conversations.claim(db, bo, INVOICE, now=NOON - timedelta(hours=25))
    with home.store.export() as cursor:
        cursor.execute(
            "update conversations set waiting_since = $at, subject = '![x](y)' where id = 1",
            {"at": NOON - timedelta(hours=25)},
        )
    lasting = replace(home, settings=replace(home.settings, claim_lease_hours=24))
    return jobs.let_lapse(lasting, now=NOON)


def test_the_job_says_what_it_did(home: House, bo: Agent) -> None:
    assert lapse(home, bo) == "1 went back to the team"
    assert jobs.let_lapse(home, now=NOON) == ""


def test_who_had_it_is_told_until_he_has_seen_it(at_desk: AtDesk, home: House, bo: Agent) -> None:
    lapse(home, bo)
    app = at_desk("bo", view="open", c="1").run()
    (line,) = app.info
    assert "Back with the team" in line.value
    assert "/?c=1)" in line.value
    assert "![x]" not in line.value
    app.button(key="lapsed_seen").click().run()
    assert not app.info
    assert not app.exception


def test_nobody_else_is_told(at_desk: AtDesk, home: House, bo: Agent) -> None:
    lapse(home, bo)

    assert not at_desk("ada", view="open").run().info
