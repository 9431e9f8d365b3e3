"""Who looks at what and who is replying: in the head, in the list, there at once and soon gone."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.test_composer import visit

pytestmark = [pytest.mark.browser, pytest.mark.feature("OW07", "OW08")]
SignedIn = Callable[..., Page]
AT_ONCE = 1_000


def faces(page: Page) -> Locator:
    return page.locator(".head .faces .avatar")


def mark(page: Page, subject: str) -> Locator:
    return page.locator(".row", has=page.get_by_text(subject, exact=True)).locator(
        ".present .avatar"
    )


def reruns(page: Page) -> list[str]:
    """What the page says to Streamlit from now on: each rerun begins with it."""
    said: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda _frame: said.append(socket.url)),
    )
    page.reload()
    return said


def test_who_looks_and_who_replies_is_seen_in_head_and_list(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    visit(ada, "Order 6")
    visit(bo, "Order 6")
    expect(faces(ada)).to_have_attribute("title", "Bo Ek looks at this", timeout=AT_ONCE)
    expect(mark(ada, "Order 6")).to_have_attribute("title", "Bo Ek looks at this")
    expect(faces(bo)).to_have_attribute("title", "Ada Lind looks at this")

    bo.locator(".composer textarea").press_sequentially("On it")
    expect(mark(ada, "Order 6")).to_have_attribute("title", "Bo Ek is replying", timeout=AT_ONCE)
    expect(ada.locator(".replying-banner")).to_have_text("Bo Ek is replying")

    visit(bo, "Order 7")
    expect(mark(ada, "Order 7")).to_have_attribute("title", "Bo Ek looks at this", timeout=AT_ONCE)
    expect(mark(ada, "Order 6")).to_have_count(0)
    expect(faces(ada)).to_have_count(0)
    expect(ada.locator(".replying-banner")).to_be_hidden()


def test_it_outlives_a_redraw_of_the_list_and_is_there_for_who_comes_later(
    signed_in: SignedIn,
) -> None:
    bo = signed_in("bo")
    visit(bo, "Order 8")
    ada = signed_in("ada")
    expect(mark(ada, "Order 8")).to_have_count(1)

    visit(ada, "Order 5")
    ada.locator(".st-key-claim button").click()
    expect(ada.locator(".head .about")).to_contain_text("Mine")
    expect(mark(ada, "Order 8")).to_have_count(1)
    row = ada.locator(".row", has=ada.get_by_text("Order 8", exact=True))
    expect(row).to_have_attribute("aria-description", "Bo Ek looks at this")


def test_a_closed_tab_is_gone_at_once(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    visit(bo, "Order 9")
    expect(mark(ada, "Order 9")).to_have_count(1, timeout=2 * AT_ONCE)
    bo.context.close()

    expect(mark(ada, "Order 9")).to_have_count(0, timeout=5_000)


def test_a_dead_network_is_gone_within_half_a_minute(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    is_dead: list[bool] = []

    def carry(socket: WebSocketRoute) -> None:
        """The line stands, but nothing comes over it any more: a router has died."""
        server = socket.connect_to_server()
        socket.on_message(lambda said: None if is_dead else server.send(said))

    bo.route_web_socket("**/live", carry)
    bo.reload()
    visit(bo, "Order 10")
    expect(mark(ada, "Order 10")).to_have_count(1, timeout=2 * AT_ONCE)
    is_dead.append(True)
    began = time.monotonic()

    expect(mark(ada, "Order 10")).to_have_count(0, timeout=30_000)
    assert time.monotonic() - began <= 30


def test_presence_is_painted_without_a_word_to_streamlit(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    said = reruns(ada)
    visit(ada, "Order 11")
    visit(bo, "Order 12")
    ada.wait_for_timeout(1_500)
    before = [url for url in said if "/_stcore/" in url]
    visit(bo, "Order 12")
    bo.evaluate(
        "window.dispatchEvent(new CustomEvent('delad:typing', { detail: { conversation: 12 } }))"
    )
    expect(mark(ada, "Order 12")).to_have_attribute("title", "Bo Ek is replying")
    ada.wait_for_timeout(1_000)

    assert [url for url in said if "/_stcore/" in url] == before


def test_a_tab_behind_others_shows_nobody_after_a_while(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    visit(bo, "Order 13")
    expect(mark(ada, "Order 13")).to_have_count(1)
    # A minute is a second here.
    bo.evaluate(
        "const real = window.setTimeout;"
        "window.setTimeout = (act, ms) => real(act, ms === 60000 ? 1000 : ms);"
        "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    ada.wait_for_timeout(500)
    expect(mark(ada, "Order 13")).to_have_count(1)
    expect(mark(ada, "Order 13")).to_have_count(0)

    bo.evaluate(
        "Object.defineProperty(document, 'hidden', { configurable: true, get: () => false });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(mark(ada, "Order 13")).to_have_count(1)


def test_a_tab_behind_others_draws_news_less_often_and_at_once_when_it_is_looked_at(
    signed_in: SignedIn,
) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    for where in (ada, bo):
        where.goto(where.url.split("?")[0] + "?view=open&c=14")
        expect(where.locator(".head h1")).to_be_visible()
    subject = bo.locator(".head h1").text_content() or ""
    row = bo.locator(".row", has=bo.get_by_text(subject, exact=True))
    bo.evaluate(
        "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    ada.locator(".st-key-claim button").click()
    expect(row).to_contain_text("Ada Lind", timeout=8_000)
    ada.locator(".st-key-release button").click()
    ada.wait_for_timeout(2_000)
    expect(row).to_contain_text("Ada Lind")

    bo.evaluate(
        "Object.defineProperty(document, 'hidden', { configurable: true, get: () => false });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(row).not_to_contain_text("Ada Lind", timeout=2_000)


def test_nobody_is_seen_in_a_mailbox_one_may_not_read(signed_in: SignedIn) -> None:
    eve, bo = signed_in("eve"), signed_in("bo")
    visit(bo, "Order 14")
    eve.wait_for_timeout(1_500)

    assert eve.evaluate("window.deladPresence.size") == 0
