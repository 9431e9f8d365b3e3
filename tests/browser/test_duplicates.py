"""Duplicate replies in a real browser: a dot opens both answers, and the mark can be undone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox import clock
from inbox.house import House
from tests.browser.conftest import App, get_cookie, running, settle
from tests.pages.test_duplicates import double

pytestmark = [pytest.mark.browser, pytest.mark.feature("AN05", "U3", "U10")]
DOTS = ".st-key-figure_timeline svg .mark-symbol.role-mark path"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", doubled) as found:
        yield found


def doubled(_house: House, cursor: Any) -> None:
    """Two customers of Maria's twenty were answered twice, five minutes apart."""
    double(cursor, 20, clock.now())


def visit(app: App, page: Page, path: str = "/duplicate-replies") -> None:
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}{path}")
    page.locator(DOTS).first.wait_for()
    settle(page)


def tile(page: Page, name: str) -> Any:
    return page.get_by_test_id("stMetric").filter(has_text=name)


def test_a_dot_opens_both_answers(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page)
    expect(page.locator("[class*='st-key-row_case_']")).to_have_count(2)
    expect(page.locator("[class*='st-key-pair_']")).to_have_count(0)
    page.locator(DOTS).first.click()
    opened = page.locator("[class*='st-key-pair_']")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("Where is my order?")
    expect(opened).to_contain_text("it comes on Tuesday.")
    expect(opened).to_contain_text("it comes on *Friday*, sorry.")
    with page.context.expect_page() as conversation:
        opened.get_by_role("link", name="Open conversation").click()
    expect(conversation.value.locator(".head h1")).to_contain_text("Order 1")


def test_meant_and_taken_back(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page, "/duplicate-replies?case=332")
    expect(tile(page, "Answered twice")).to_contain_text("2")
    page.get_by_role("button", name="Both were meant", exact=True).click()
    expect(tile(page, "Answered twice")).to_contain_text("\n1\n", use_inner_text=True)
    expect(page.get_by_role("button", name="They were not meant")).to_be_visible()

    page.locator(".back", has_text="Undo").click()
    expect(tile(page, "Answered twice")).to_contain_text("\n2\n", use_inner_text=True)


def test_a_row_opens_and_the_address_keeps_it(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page)
    page.locator(".st-key-case_332 button").click()
    expect(page.locator(".st-key-pair_332")).to_contain_text("sorry")
    expect(page).to_have_url(f"{app.url}/duplicate-replies?case=332")
    page.reload()
    expect(page.locator(".st-key-pair_332")).to_contain_text("sorry")
    page.locator(".st-key-case_332 button").click()
    expect(page.locator(".st-key-pair_332")).to_have_count(0)
    expect(page).to_have_url(f"{app.url}/duplicate-replies")


def test_what_it_is_made_of_can_be_taken_along(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page)
    for ending, begins in (("csv", b"\xef\xbb\xbfconversation_id"), ("parquet", b"PAR1")):
        with page.expect_download() as download:
            page.locator(f".st-key-{ending}_timeline button").click()
        assert download.value.path().read_bytes().startswith(begins)
    page.locator(".st-key-definition_rate button").click()
    expect(page.get_by_text("create view report.duplicate_rate")).to_be_visible()
