"""“@” in a note offers colleagues, by keys and by pointer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, ledger
from tests.browser.test_inbox import open_row

pytestmark = [pytest.mark.browser, pytest.mark.feature("NT01", "NT02", "NT03")]
SignedIn = Callable[..., Page]


def note(page: Page, subject: str) -> None:
    open_row(page, subject)
    page.locator(".composer .tab", has_text="Note").click()
    page.locator(".composer textarea").click()


def test_a_name_is_picked_with_the_arrows_and_enter(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    note(page, "Order 13")
    names = page.locator(".composer .names")
    page.keyboard.type("please @")
    expect(names.locator("[role=option]")).to_have_count(2)
    page.keyboard.type("b")
    expect(names.locator("[role=option]")).to_have_text(["BEBo Ek"])
    page.keyboard.press("Enter")
    expect(page.locator(".composer textarea")).to_have_value("please @Bo Ek ")
    expect(names).to_be_hidden()
    page.keyboard.type("look")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".mail-card.note")).to_contain_text("please @Bo Ek look")
    rows = ledger(app, "select agent_id, kind from notifications")
    assert rows == [(2, "mention")]


def test_escape_leaves_the_names_and_the_text(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    note(page, "Order 14")
    page.keyboard.type("@b")
    page.keyboard.press("Escape")
    expect(page.locator(".composer .names")).to_be_hidden()
    expect(page.locator(".composer textarea")).to_be_focused()
    page.keyboard.type("o")
    page.locator(".composer .names [role=option]").click()
    expect(page.locator(".composer textarea")).to_have_value("@Bo Ek ")


def test_a_reply_offers_nobody(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    open_row(page, "Order 15")
    page.locator(".composer textarea").click()
    page.keyboard.type("mail me @b")
    expect(page.locator(".composer .names")).to_be_hidden()


@pytest.mark.feature("NT07")
def test_the_tab_and_the_desktop_tell_what_is_new_and_forget_what_was_seen(
    app: App, signed_in: SignedIn
) -> None:
    bo = signed_in("bo")
    bo.evaluate(
        """() => {
          window.rang = [];
          document.hasFocus = () => false;
          window.Notification = class {
            static permission = "granted";
            constructor(title, about) { window.rang.push([title, about.body]); }
          };
        }"""
    )
    before = bo.title()
    ada = signed_in("ada")
    note(ada, "Order 18")
    ada.keyboard.type("@Bo Ek look")
    ada.keyboard.press("Control+Enter")

    for _ in range(100):
        if bo.evaluate("window.rang.length"):
            break
        bo.wait_for_timeout(100)
    assert bo.evaluate("window.rang") == [["Ada Lind mentioned you", "Order 18"]]
    assert bo.title().startswith("(") and bo.title().endswith(before.split(") ")[-1])
    told = bo.locator(".rail .entry", has_text="Notifications")
    expect(told.locator(".count")).to_be_visible()

    told.click()
    bo.get_by_role("button", name="Open", exact=True).first.click()
    expect(bo.locator(".head h1")).to_have_text("Order 18")
    bo.locator(".rail .entry", has_text="Notifications").click()
    expect(bo.get_by_text("Order 18")).to_have_count(0)
