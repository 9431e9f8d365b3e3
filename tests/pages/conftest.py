"""Pages run without a browser: AppTest on the frame, in the furnished house."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from inbox.house import House
from inbox.sessions import digest
from pages.parts import desk
from tests import furniture
from tests.conftest import NOON

FRAME = Path(__file__).parents[2] / "pages" / "frame.py"
WHO = {
    "ada": furniture.ADA,
    "bo": furniture.BO,
    "cy": furniture.CY,
    "eve": furniture.EVE,
}


@pytest.fixture
def at_desk(home: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens the frame as `ada`, `bo`, `cy` or `eve`, or signed out with None."""
    monkeypatch.setattr("inbox.clock.now", lambda: NOON)
    desk.hand_over(home)

    def come(who: str | None, **query: str) -> AppTest:
        token = _session(home, WHO[who]) if who else None
        monkeypatch.setattr(desk, "session_digest", lambda: token)
        app = AppTest.from_file(FRAME, default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        return app

    yield come
    desk.hand_over(None)


def _session(home: House, agent_id: int) -> str:
    token = digest(f"token of {agent_id}")
    with home.store.export() as cursor:
        cursor.execute(
            "insert into sessions (agent_id, token_digest, device, created_at, expires_at) "
            "values ($agent_id, $token, 'Firefox on Linux', $now, $now + interval 1 day)",
            {"agent_id": agent_id, "token": token, "now": NOON},
        )
    return token
