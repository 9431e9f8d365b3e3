"""What a drawing sends to the browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
NEWS_IS_THROUGH = 2500


def test_opening_a_conversation_brings_its_words_and_no_code_again(
    signed_in: Callable[..., Page],
) -> None:
    """The furniture's mails are short: nearly all of it is what every opening brings."""
    ada = signed_in("ada")
    sizes: list[int] = []
    ada.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda payload: sizes.append(len(payload))),
    )
    ada.reload()
    ada.wait_for_selector(".st-key-inbox")
    settle(ada)
    ada.locator(".row", has_text="Order 8").first.click()
    ada.locator(".st-key-claim button").wait_for()
    ada.wait_for_timeout(NEWS_IS_THROUGH)
    sizes.clear()

    ada.locator(".row", has_text="Order 9").first.click()
    ada.locator(".stream a.when").first.wait_for()
    ada.wait_for_timeout(NEWS_IS_THROUGH)

    assert 5_000 < sum(sizes) < 50_000
