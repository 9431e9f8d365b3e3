"""The page Stopped answers."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from inbox import drafts, stops
from inbox.agents import Agent
from inbox.errors import Stale
from inbox.house import House
from tests.conftest import NOON
from tests.inbox import post

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("OW09")
HOSTILE = "![x](http://evil.test/p.png) <script> [y](z)"


def visit(at_desk: AtDesk, who: str) -> AppTest:
    app = at_desk(who).run()
    return app.switch_page("work/stopped.py").run()


def shown(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


def stop(home: House, ada: Agent, bo: Agent) -> drafts.Draft:
    """Ada's answer is refused, as Bo was faster."""
    post.connect(home)
    draft = post.written(home, ada)
    post.send(home, bo, post.written(home, bo))
    with pytest.raises(Stale):
        post.send(home, ada, draft)
    return draft


def test_a_quiet_week(at_desk: AtDesk) -> None:
    app = visit(at_desk, "cy")

    assert not app.exception
    assert "Nothing was stopped" in shown(app)


def test_who_when_what_was_newer_and_what_became_of_it(
    at_desk: AtDesk, home: House, ada: Agent, bo: Agent
) -> None:
    draft = stop(home, ada, bo)
    app = visit(at_desk, "cy")
    for words in ("Ada Lind", "[Invoice 12](/?c=1)", "An answer of Bo Ek", "Still a draft"):
        assert words in shown(app)
    assert "1 answer was stopped: **1** still a draft." in shown(app)

    post.send(home, ada, draft, anyway=True)
    assert "Sent anyway" in shown(visit(at_desk, "cy"))


def test_what_strangers_and_colleagues_call_themselves_stays_text(
    at_desk: AtDesk, home: House, ada: Agent, bo: Agent
) -> None:
    stop(home, ada, bo)
    with home.store.export() as cursor:
        cursor.execute("update conversations set subject = $t", {"t": HOSTILE})
        cursor.execute("update agents set name = $t where id <= 2", {"t": HOSTILE})
    app = visit(at_desk, "cy")

    assert not app.exception
    assert "![x](" not in shown(app)
    assert "<script>" not in shown(app)


def test_a_stranger_to_the_mailbox_learns_nothing(
    at_desk: AtDesk, home: House, ada: Agent, bo: Agent, eve: Agent
) -> None:
    stop(home, ada, bo)
    app = visit(at_desk, "eve")

    assert "Nothing was stopped" in shown(app)
    with home.store.read() as db:
        assert stops.listed(db, eve, since=stops.since(7, now=NOON)) == []


def test_the_page_costs_few_statements(at_desk: AtDesk, home: House, ada: Agent, bo: Agent) -> None:
    stop(home, ada, bo)
    app = visit(at_desk, "cy")
    before = home.store.tally.statements
    app.run()

    assert home.store.tally.statements - before <= 2
