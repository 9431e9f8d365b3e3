"""Numbers in a real browser: what is pressed opens, and the address holds what is asked for."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from inbox import clock
from inbox.house import House
from tests.browser.conftest import App, get_cookie, press_until, running, settle
from tests.pages.test_insight import MANY

pytestmark = [pytest.mark.browser, pytest.mark.feature("U10", "AN01")]
HALF_AN_HOUR = "began + interval 40 minute"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", answered) as found:
        yield found


def answered(_house: House, cursor: Any) -> None:
    """Thirty of Maria's mails, of which 27 were answered after forty minutes each."""
    wanted = {"now": clock.now(), "count": 30}
    for statement in MANY:
        alike = statement.replace("began + (number - 100) * interval 1 minute", HALF_AN_HOUR)
        given = {name: value for name, value in wanted.items() if f"${name}" in alike}
        cursor.execute(alike, given or None)


def visit(app: App, page: Page, path: str) -> None:
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}{path}")
    # Where there is nothing, only the finding says so.
    page.locator(".st-key-figure_arrivals strong").wait_for()
    settle(page)


def tile(page: Page, name: str) -> str:
    return page.get_by_test_id("stMetric").filter(has_text=name).inner_text()


def test_a_bar_that_is_pressed_shows_its_conversations_and_they_open(
    app: App, newcomer: Callable[[], Page]
) -> None:
    page = newcomer()
    visit(app, page, "/response-time")
    assert "27" in tile(page, "Answered")
    expect(page.get_by_text("Behind it")).to_have_count(0)

    bars = page.locator(
        ".st-key-figure_spread [data-testid='stVegaLiteChart'] :is(canvas, svg)"
    ).first
    box = bars.bounding_box()
    assert box
    bars.click(position={"x": box["width"] / 2, "y": box["height"] / 2 - 6})

    expect(page.get_by_text("Waits from 30 min on · 27 conversations")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Invoice 12").first.click()
    expect(opened.value.locator(".head h1")).to_have_text("Invoice 12")


@pytest.mark.parametrize(
    ("figure", "says"), [("trend", "Week of 20"), ("curve", "At least "), ("arrivals", ", from ")]
)
def test_every_chart_opens(app: App, newcomer: Callable[[], Page], figure: str, says: str) -> None:
    page = newcomer()
    visit(app, page, "/response-time")
    chart = page.locator(
        f".st-key-figure_{figure} [data-testid='stVegaLiteChart'] :is(canvas, svg)"
    ).first
    told = page.get_by_text(re.compile(f"{re.escape(says)}.* · [0-9]+ conversation"))
    press_until(chart, cells_of_a_day() if figure == "arrivals" else [(0.4, 0.5)], told)

    expect(told).to_be_visible()
    expect(page.locator(".st-key-table_behind a").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def cells_of_a_day() -> list[tuple[float, float]]:
    """Over the row of the heat map in which mail came in three hours ago; above it are the bars
    and six days at most, below it the hours' names."""
    came = (clock.now() - timedelta(hours=3)).replace(tzinfo=UTC)
    weekday = came.astimezone(ZoneInfo("Europe/Stockholm")).weekday()
    return [(x / 50, (weekday + 1.5) / 8.8) for x in range(4, 46)]


def test_the_address_holds_what_is_asked_for(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page, "/response-time?days=7&by=business")
    # No calendar: nothing can be counted in business time.
    assert "\n0" in tile(page, "Answered")

    page.get_by_role("radio", name="Clock").click()
    expect(page.get_by_test_id("stMetric").filter(has_text="Answered")).to_contain_text("27")
    expect(page).to_have_url(f"{app.url}/response-time?days=7")


def test_definition_sql_and_files_are_at_hand(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page, "/response-time")
    page.locator(".st-key-definition_trend button").click()
    expect(page.get_by_text("First response time is the length of")).to_be_visible()
    expect(page.get_by_text("create view report.first_response")).to_be_visible()
    page.keyboard.press("Escape")

    for ending, begins in (("csv", b"\xef\xbb\xbfconversation_id"), ("parquet", b"PAR1")):
        with page.expect_download() as download:
            page.locator(f".st-key-{ending}_trend button").click()
        assert download.value.path().read_bytes().startswith(begins)
    with page.expect_download() as download:
        page.locator(".st-key-png_trend button").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_tile_opens_as_well(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page, "/response-time")
    waiting = tile(page, "Wait now").split()[2]
    page.locator(".st-key-opened_tile button", has_text="Wait now").click()

    # Three of Maria's, and the orders that everybody finds in the test house.
    assert int(waiting) > 3
    expect(page.get_by_text(f"Wait now · {waiting} conversations")).to_be_visible()
    expect(page.locator(".st-key-table_behind a")).to_have_count(int(waiting))
