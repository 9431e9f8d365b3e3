"""News of what happened elsewhere is drawn in its turn, not into the middle of something else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle
from tests.browser.test_composer import visit

pytestmark = [pytest.mark.browser]
SignedIn = Callable[..., Page]
# What the page hears of elsewhere, and what it asks Streamlit for because of that.
HEARD = """
window.asked = 0;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (what) {
  const isNews = () => new TextDecoder().decode(what).includes('"conversations":[');
  if (this.url.includes("_stcore") && isNews()) window.asked += 1;
  return send.call(this, what);
};
const Socket = WebSocket;
window.WebSocket = class extends Socket {
  constructor(...how) {
    super(...how);
    const isNews = (event) => String(event.data).includes('"changed"');
    if (String(how[0]).endsWith("/live"))
      this.addEventListener("message", (event) => { 
        if (isNews(event)) document.documentElement.classList.add("heard");
      });
  }
};
"""
# As if something were being drawn.
BUSY = """() => {
  const busy = document.createElement("i");
  busy.className = "busy";
  busy.dataset.testScriptState = "running";
  document.querySelector("[data-test-script-state]").before(busy);
}"""
# How often two buttons that take turns were both seen: one of them goes, and moves the other.
TWINS = """
window.twins = 0;
const head = document.querySelector(".st-key-convhead");
const isSeen = (key) => Boolean(head.querySelector(`.st-key-${key} button`)?.offsetParent);
new MutationObserver(() => { if (isSeen("claim") && isSeen("release")) window.twins += 1; })
  .observe(document, { subtree: true, childList: true });
"""


def test_a_button_does_not_move_away_while_the_rest_is_drawn(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    visit(page, "Order 8")
    page.evaluate(f"() => {{ {TWINS} }}")
    for _time in range(5):
        page.locator(".st-key-claim button").click()
        page.locator(".st-key-release button").click()
    page.locator(".st-key-claim button").wait_for()
    assert page.evaluate("window.twins") == 0


def busy_with(page: Page, subject: str) -> None:
    """Ada at a conversation, listening, and as if something were being drawn."""
    page.add_init_script(HEARD)
    page.reload()
    visit(page, subject)
    settle(page)
    # What came of opening it is over.
    page.wait_for_timeout(1_000)
    page.evaluate(BUSY)
    page.evaluate("document.documentElement.classList.remove('heard'), window.asked = 0")


def test_news_waits_until_what_is_being_drawn_has_been(signed_in: SignedIn) -> None:
    page, colleague = signed_in("ada"), signed_in("bo")
    visit(colleague, "Order 6")
    busy_with(page, "Order 6")
    colleague.locator(".st-key-claim button").click()
    expect(page.locator("html.heard")).to_have_count(1)
    page.wait_for_timeout(700)
    assert page.evaluate("window.asked") == 0

    page.evaluate("document.querySelector('.busy').remove()")
    expect(page.locator(".about .chip", has_text="Bo Ek")).to_be_visible()


def test_news_is_not_held_for_ever_by_what_never_ends(signed_in: SignedIn) -> None:
    page, colleague = signed_in("ada"), signed_in("bo")
    visit(colleague, "Order 7")
    busy_with(page, "Order 7")
    colleague.locator(".st-key-claim button").click()
    expect(page.locator(".about .chip", has_text="Bo Ek")).to_be_visible(timeout=8_000)
