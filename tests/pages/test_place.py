"""Where one is: the browser's address, but for what was said here a moment ago."""

from types import SimpleNamespace

import pytest

from pages.parts import place


@pytest.fixture
def st(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    fake = SimpleNamespace(session_state={}, query_params={})
    monkeypatch.setattr(place, "st", fake)
    monkeypatch.setattr(place.time, "monotonic", lambda: fake.session_state.get("clock", 0.0))
    return fake


def test_news_with_the_address_of_before_does_not_take_a_click_back(st: SimpleNamespace) -> None:
    st.query_params["c"] = "1"
    place.open_conversation(2)
    place.open_conversation(3)
    for late in ({"c": "1"}, {"c": "2"}, {"c": "3"}):
        st.query_params = late
        assert place.conversation_id() == 3
        assert st.query_params == {"c": "3"}

    place.leave()
    st.query_params = {"c": "3"}
    assert place.conversation_id() is None
    assert st.query_params == {}


def test_the_browsers_own_way_back_counts(st: SimpleNamespace) -> None:
    st.query_params["c"] = "1"
    place.open_conversation(2)
    st.session_state["clock"] = place.ON_ITS_WAY_SECONDS
    st.query_params = {"c": "1"}
    assert place.conversation_id() == 1
    st.query_params = {"c": "7"}
    assert place.conversation_id() == 7
