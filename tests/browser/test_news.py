"""News of what happened elsewhere is drawn in its turn, not into the middle of something else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle
from tests.browser.test_composer import visit

pytestmark = [pytest.mark.browser]
SignedIn = Callable[..., Page]
# What Streamlit was at whenever the page asked it for something, and what was asked for.
STATES = """
window.asked = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (what) {
  if (this.url.includes("_stcore")) {
    const state = document.querySelector("[data-test-script-state]")?.dataset.testScriptState;
    const text = new TextDecoder().decode(what);
    window.asked.push([state, text.includes('"conversations":[')]);
  }
  return send.call(this, what);
};
"""


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


def test_news_of_ones_own_act_waits_until_its_answer_is_drawn(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    page.add_init_script(STATES)
    page.reload()
    visit(page, "Order 6")
    for _time in range(4):
        page.locator(".st-key-claim button").click()
        page.locator(".st-key-release button").click()
        page.locator(".st-key-claim button").wait_for()
    settle(page)

    news = [state for state, is_news in page.evaluate("window.asked") if is_news]
    assert len(news) > 2
    assert set(news) == {"notRunning"}


def test_news_is_not_held_for_ever_by_what_never_ends(signed_in: SignedIn) -> None:
    page, colleague = signed_in("ada"), signed_in("bo")
    visit(page, "Order 7")
    visit(colleague, "Order 7")
    settle(page)
    page.evaluate(
        """() => {
          const app = document.querySelector("[data-test-script-state]");
          const busy = document.createElement("i");
          busy.dataset.testScriptState = "running";
          app.before(busy);
        }"""
    )
    colleague.locator(".st-key-claim button").click()
    expect(page.locator(".about .chip", has_text="Bo Ek")).to_be_visible(timeout=8_000)
