"""Insight's pages: what stands there, with nothing, with one mail and with many."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

AtDesk = Callable[..., AppTest]
pytestmark = pytest.mark.feature("AN01")


def test_it_draws(at_desk: AtDesk) -> None:
    app = at_desk("cy").run()
    app = app.switch_page("insight/response.py").run()
    print([(m.label, m.value, m.delta) for m in app.metric])
    print(app.exception)
    assert not app.exception
    assert app.metric
