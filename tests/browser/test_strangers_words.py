"""Nobody's words become a link, wherever Delad repeats them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, settle, sign_in
from tests.browser.test_inbox import open_row

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
ALERT = '[data-testid="stAlert"]'
TOAST = '[data-testid="stToast"]'


def come(app: App, page: Page, who: str, entry: str = "", path: str = "/") -> Page:
    page.goto(f"{app.url}{path}")
    sign_in(page, who)
    page.wait_for_selector(".rail .brand")
    settle(page)
    if entry:
        page.locator(f".rail {entry}").click()
        page.wait_for_selector(".st-key-sheet")
        settle(page)
    return page


def rename(page: Page, name: str) -> None:
    page.get_by_label("Name, as customers see it").fill(name)
    page.locator("button", has_text="Save").first.click()
    expect(page.locator(TOAST)).to_contain_text("Saved.")


def links(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    return [link for link in found if "evil" in link or link.startswith("mailto:")]


@pytest.mark.parametrize("name", ["https://evil.test/pay", "www.evil.test", "pay@evil.test"])
def test_a_name_that_is_an_address_is_no_link(
    app: App, newcomer: Callable[[], Page], name: str
) -> None:
    rename(come(app, newcomer(), "bo", ".account"), name)
    page = come(app, newcomer(), "ada", ".entry:has-text('People')")
    expect(page.locator(".st-key-rows_people")).to_contain_text("evil.test")
    expect(page.locator(".st-key-rows_people")).to_contain_text("bo@example.com")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("E-mail address").fill(f"{len(name)}@evil.test")
    page.locator("button", has_text="Invite").click()
    expect(page.locator(ALERT)).to_contain_text("is invited")
    assert links(page) == []
    page.locator('[class*="st-key-row_person_"]', has_text="bo@example.com").locator(
        "button", has_text="Change"
    ).click()
    page.locator("button", has_text="Deactivate").click()
    expect(page.locator(ALERT).last).to_contain_text("is signed out everywhere")
    assert links(page) == []


def test_a_refusal_that_names_somebody_links_nowhere(
    app: App, newcomer: Callable[[], Page], signed_in: SignedIn
) -> None:
    ada = newcomer()
    # The news that bo was first does not reach ada before she presses, too.
    ada.route_web_socket(re.compile("/live"), lambda _socket: None)
    open_row(come(app, ada, "ada", path="/?view=unassigned"), "Order 3")
    rename(come(app, newcomer(), "bo", ".account"), "https://evil.test/pay")
    bo = signed_in("bo", "/?view=unassigned")
    open_row(bo, "Order 3")
    bo.locator(".st-key-claim button").click()
    expect(bo.locator(".head .chip.mine")).to_be_visible()

    ada.locator(".st-key-claim button").click()

    expect(ada.locator(TOAST)).to_contain_text("evil.test/pay has this conversation")
    assert links(ada) == []
