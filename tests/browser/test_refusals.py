"""What a refusal leaves behind on the screen: a word, and everything else as it was."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, settle, sign_in
from tests.browser.test_inbox import open_row

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


def heights(page: Page) -> list[float]:
    found = [page.locator(place).bounding_box() for place in (".st-key-list", ".rail", ".stream")]
    return [box["height"] if box else 0 for box in found]


def test_losing_a_claim_leaves_the_page_as_it_was(
    app: App, newcomer: Callable[[], Page], signed_in: SignedIn
) -> None:
    ada, bo = newcomer(), signed_in("bo", "/?view=unassigned")
    # The news that bo was first does not reach ada before she presses, too.
    ada.route_web_socket(re.compile("/live"), lambda _socket: None)
    ada.goto(f"{app.url}/?view=unassigned")
    sign_in(ada, "ada")
    ada.wait_for_selector(".row")
    settle(ada)
    open_row(ada, "Order 3")
    open_row(bo, "Order 3")
    before = heights(ada)
    assert min(before) > 300
    bo.locator(".st-key-claim button").click()
    expect(bo.locator(".head .chip.mine")).to_be_visible()

    ada.locator(".st-key-claim button").click()

    expect(ada.locator('[data-testid="stToast"]')).to_contain_text("Bo Ek has this conversation")
    settle(ada)
    assert heights(ada) == before
    expect(ada.locator(".row").first).to_be_visible()
