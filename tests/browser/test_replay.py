"""Time travel in a real browser: by keys and by the address, and each conversation opens."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, get_cookie, running, settle
from tests.browser.test_load import lived

pytestmark = [pytest.mark.browser, pytest.mark.feature("U1")]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", lived) as found:
        yield found


def test_a_minute_back_by_key_and_the_address_is_the_minute(
    app: App, newcomer: Callable[[], Page]
) -> None:
    page = newcomer()
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}/time-travel")
    page.get_by_role("slider").wait_for()
    settle(page)
    expect(page).to_have_url(re.compile(r"at=\d{4}-\d\d-\d\dT"))
    before = page.url
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(before)
    settle(page)
    later = page.url

    colleague = newcomer()
    get_cookie(app, colleague, "bo")
    colleague.goto(later)
    colleague.get_by_role("slider").wait_for()
    settle(colleague)
    expect(colleague).to_have_url(later)
    told = page.get_by_test_id("stMetric").first.inner_text()
    expect(colleague.get_by_test_id("stMetric").first).to_have_text(told, use_inner_text=True)


def test_a_bar_opens_what_somebody_had(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}/time-travel")
    chart = page.locator(
        ".st-key-figure_replay_load [data-testid='stVegaLiteChart'] :is(canvas, svg)"
    ).first
    chart.wait_for()
    settle(page)
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] * 0.3, "y": min(18, box["height"] / 2)})
    expect(page.get_by_text(re.compile(r"Open with \w+.* · \d+"))).to_be_visible()
    with page.context.expect_page() as opened:
        page.locator(".st-key-table_replayed a").first.click()
    expect(opened.value.locator(".head h1")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
