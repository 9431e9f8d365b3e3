"""Every page under its own address, opened directly: drawn, and no complaint in the console."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, settle, sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/people", "People"),
        ("/mailboxes", "Mailboxes"),
        ("/health", "Health"),
        ("/account", "Your account"),
    ],
)
def test_a_deep_link_opens_its_page_quietly(
    app: App, newcomer: Callable[[], Page], path: str, title: str
) -> None:
    page, failed = newcomer(), list[str]()
    page.on("response", lambda r: failed.append(r.url) if r.status >= 400 else None)
    page.goto(f"{app.url}{path}")
    sign_in(page, "ada")
    expect(page.locator(".st-key-sheet h1")).to_have_text(title)
    settle(page)
    assert page.url == f"{app.url}{path}"
    assert failed == []

    page.locator(".rail .entry", has_text="All open").click()
    expect(page.locator(".row").first).to_be_visible()
    assert page.url == f"{app.url}/?view=open"
