"""The picture of this moment in a real browser: bars open, and it moves when somebody acts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import App, get_cookie, press_until, settle

pytestmark = [pytest.mark.browser, pytest.mark.feature("AN13", "AN17", "U10")]


def visit(app: App, page: Page, path: str = "/now") -> None:
    get_cookie(app, page, "ada")
    page.goto(f"{app.url}{path}")
    drawn(page, "hands").wait_for()
    settle(page)


def drawn(page: Page, figure: str) -> Locator:
    inside = f".st-key-figure_{figure} [data-testid='stVegaLiteChart'] :is(canvas, svg)"
    return page.locator(inside).first


@pytest.mark.parametrize(
    ("figure", "says"), [("ages", "Waiting for .* or longer"), ("hands", "Open with Nobody")]
)
def test_a_bar_opens_its_conversations(
    app: App, newcomer: Callable[[], Page], figure: str, says: str
) -> None:
    page = newcomer()
    visit(app, page)
    told = page.get_by_text(re.compile(f"{says} · [0-9]+ conversation"))
    press_until(drawn(page, figure), [(0.34, y) for y in (0.2, 0.35, 0.5, 0.65, 0.8)], told)

    expect(told).to_be_visible()
    with page.context.expect_page() as opened:
        page.locator(".st-key-table_behind a").first.click()
    expect(opened.value.locator(".head h1")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_it_moves_when_a_colleague_acts_and_what_was_opened_stays_open(
    app: App, newcomer: Callable[[], Page], signed_in: Callable[..., Page]
) -> None:
    page = newcomer()
    visit(app, page)
    box = drawn(page, "hands").bounding_box()
    assert box
    drawn(page, "hands").click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.15})
    told = page.get_by_text(re.compile("Open with Nobody · [0-9]+ conversations"))
    expect(told).to_be_visible()
    whole = int(re.search(r"\d+", told.inner_text())[0])  # type: ignore[index]
    unassigned = page.get_by_test_id("stMetric").filter(has_text="Unassigned").first
    before = int(re.search(r"\d+", unassigned.inner_text())[0])  # type: ignore[index]

    colleague = signed_in("bo", "/?view=unassigned")
    colleague.keyboard.press("n")
    expect(colleague.locator(".head h1")).to_be_visible()

    expect(unassigned).to_contain_text(str(before - 1), timeout=20_000)
    expect(told).to_contain_text(f"{whole - 1} conversations")


def test_where_one_looks_stands_in_the_address(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    visit(app, page, "/now?days=7")
    page.get_by_role("link", name="Response time").click()
    expect(page).to_have_url(re.compile("response-time.*days=7"))
