"""The door for what components are made of."""

from pages.parts import component, rail
from tests.furniture import BO
from tests.web.conftest import PART


def test_a_part_is_kept_by_the_browser_under_its_name(served):
    answer = served.browser(BO).get("/parts/probe-1.js")

    assert answer.text == PART
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_an_unknown_part_is_not_there_and_not_kept(served):
    answer = served.browser(BO).get("/parts/probe-2.js")

    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


def test_a_part_is_named_after_its_text():
    assert rail.show
    (file,) = [name for name in component._scripts if name.startswith("rail-")]
    code = component.script(file)

    assert code is not None
    assert "export default function" in code
    assert "export const sheet" in code
    assert component.script(file.replace("rail-", "rail-0")) is None
