"""Boards in a browser: a mark that is pressed opens its conversations, and files come along."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox import agents, clock, snapshot
from inbox.house import House
from tests.browser.conftest import App, get_cookie, running, settle
from tests.browser.test_insight import answered

pytestmark = [pytest.mark.browser, pytest.mark.feature("U6", "U7", "U13")]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", answered_and_copied) as found:
        yield found


def answered_and_copied(house: House, cursor: Any) -> None:
    answered(house, cursor)
    snapshot.keep(house, agents.the_house(), now=clock.now())


def visit(app: App, page: Page, path: str) -> None:
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}{path}")
    settle(page)


def test_a_mark_that_is_pressed_opens_its_conversations(
    app: App, newcomer: Callable[[], Page]
) -> None:
    page = newcomer()
    visit(app, page, "/boards")
    chart = page.locator(
        ".st-key-board_companies [data-testid='stVegaLiteChart'] :is(canvas, svg)"
    ).first
    chart.wait_for()
    settle(page)
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] / 2, "y": 24})

    expect(page.get_by_text("Behind it")).to_be_visible()
    expect(page.get_by_text("Companies that write most · customer.test")).to_be_visible()
    expect(page.locator(".st-key-table_behind a").first).to_be_visible()


@pytest.mark.parametrize(
    ("ending", "begins"), [("csv", b"\xef\xbb\xbf"), ("parquet", b"PAR1"), ("png", b"\x89PNG")]
)
def test_a_card_comes_along_as_a_file(
    app: App, newcomer: Callable[[], Page], ending: str, begins: bytes
) -> None:
    page = newcomer()
    visit(app, page, "/boards")
    with page.expect_download() as download:
        page.locator(f".st-key-{ending}_companies button").click()
    assert download.value.path().read_bytes().startswith(begins)


def test_a_question_is_typed_and_answered(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page, "/sql")
    page.locator(".st-key-sql_text textarea").fill("select count(*) as n from main.agents")
    page.locator(".st-key-sql_ask button").click()
    expect(page.get_by_text("There is no report table “main.agents”")).to_be_visible()

    page.locator(".st-key-sql_text textarea").fill("select conversation_id from conversations")
    page.locator(".st-key-sql_ask button").click()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
