"""How often a pane is drawn for one act: each drawing costs everybody's machine."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
NEWS_IS_THROUGH = 2500


def drawings(page: Page) -> list[str]:
    """The components that come over the page's stream from its next load on, as they come."""
    drawn: list[str] = []

    def note(payload: str | bytes) -> None:
        message = ForwardMsg()
        message.ParseFromString(payload if isinstance(payload, bytes) else payload.encode())
        element = message.delta.new_element
        if element.WhichOneof("type") == "bidi_component":
            drawn.append(element.bidi_component.component_name.removeprefix("delad."))

    def listen(socket: WebSocket) -> None:
        if "/_stcore/stream" in socket.url:
            socket.on("framereceived", note)

    page.on("websocket", listen)
    page.reload()
    page.wait_for_selector(".st-key-inbox")
    settle(page)
    return drawn


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


def test_ones_own_act_is_drawn_once_and_a_colleagues_as_well(
    signed_in: Callable[..., Page],
) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    drawn = drawings(ada)
    ada.locator(".row", has_text="Order 5").first.click()
    ada.locator(".st-key-claim button").wait_for()
    ada.wait_for_timeout(NEWS_IS_THROUGH)
    drawn.clear()

    ada.locator(".st-key-claim button").click()
    expect(ada.locator(".about .chip", has_text="Mine")).to_be_visible()
    ada.wait_for_timeout(NEWS_IS_THROUGH)
    of_hers = {name: drawn.count(name) for name in ("conversation_list", "thread", "rail")}
    drawn.clear()
    bo.locator(".row", has_text="Order 6").first.click()
    bo.locator(".st-key-claim button").click()
    ada.wait_for_timeout(NEWS_IS_THROUGH)

    assert of_hers == {"conversation_list": 1, "thread": 1, "rail": 1}
    assert drawn.count("conversation_list") == 1
    assert "thread" not in drawn
