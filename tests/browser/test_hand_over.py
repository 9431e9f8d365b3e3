"""Hand over: a colleague and a word in one form; who is away cannot be given anything."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.test_inbox import open_row

pytestmark = [pytest.mark.browser, pytest.mark.feature("OW06", "OW13")]
SignedIn = Callable[..., Page]


def test_a_word_goes_with_the_conversation(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    open_row(page, "Order 16")
    page.keyboard.press("h")
    dialog = page.locator('[role="dialog"]')
    dialog.locator("input").fill("She prefers the phone.")
    dialog.locator("button", has_text="Bo Ek").click()

    expect(dialog).to_have_count(0)
    expect(page.locator(".head .about")).to_contain_text("Bo Ek")
    expect(page.locator(".mail-card.note")).to_contain_text("She prefers the phone.")


def test_who_is_away_cannot_be_chosen(app: App, signed_in: SignedIn) -> None:
    bo = signed_in("bo")
    bo.goto(f"{app.url}/account")
    bo.get_by_text("Away: no new work").click()
    expect(bo.get_by_text("Away", exact=True).last).to_be_visible()
    expect(bo.locator(".stance")).to_have_text("Away")
    ada = signed_in("ada")
    open_row(ada, "Order 17")
    ada.keyboard.press("h")
    expect(ada.locator('[role="dialog"] button', has_text="Bo Ek · Away")).to_be_disabled()
    bo.get_by_text("As my hours and dates say").click()
    expect(bo.get_by_text("Available", exact=True).last).to_be_visible()


def test_the_switch_in_the_rail_goes_away_and_comes_back(signed_in: SignedIn) -> None:
    page = signed_in("bo")
    switch = page.locator(".stance")
    expect(switch).to_have_text("Available")
    switch.click()
    expect(switch).to_have_text("Away")
    expect(switch).to_have_attribute("aria-label", "Away. Be available")
    switch.press("Enter")
    expect(switch).to_have_text("Available")
