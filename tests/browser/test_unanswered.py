"""Unanswered in a real browser: a bar opens its mails, and a mail opens."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox import clock
from inbox.house import House
from tests.browser.conftest import App, get_cookie, running, settle
from tests.pages.test_insight import MANY

pytestmark = [pytest.mark.browser, pytest.mark.feature("AN19", "U10")]
BARS = ".st-key-figure_ages svg .mark-rect.role-mark path"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", missed) as found:
        yield found


def missed(_house: House, cursor: Any) -> None:
    """Of sixty of Maria's mails six were never answered, ten hours apart."""
    wanted = {"now": clock.now(), "count": 60}
    for statement in MANY:
        given = {name: value for name, value in wanted.items() if f"${name}" in statement}
        cursor.execute(statement, given or None)


def test_a_bar_opens_its_mails(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}/unanswered")
    page.locator(BARS).first.wait_for()
    settle(page)
    bars = page.locator(BARS)
    expect(bars).to_have_count(2)
    expect(page.locator(".st-key-table_unanswered a").first).to_have_text("Invoice 12")

    bars.last.click()
    expect(page.get_by_text("Never answered, open, 1 to 3 days · 4 conversations")).to_be_visible()
    expect(page.locator(".st-key-table_unanswered a")).to_have_count(4)
    with page.context.expect_page() as opened:
        page.locator(".st-key-table_unanswered a").first.click()
    expect(opened.value.locator(".head h1")).to_have_text("Invoice 12")
