"""What is pressed is done and drawn, whatever news comes in meanwhile; dialogs close after it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_inbox import open_row

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


def test_assigning_closes_the_dialog_each_time(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    open_row(page, "Order 5")
    dialog = page.locator('[role="dialog"]')
    for name, chip in (("Bo Ek", "Bo Ek"), ("Ada Lind", "Mine"), ("Bo Ek", "Bo Ek")):
        page.locator(".st-key-assign button").click()
        dialog.locator("button", has_text=name).click()

        expect(dialog).to_have_count(0)
        expect(page.locator(".head .about")).to_contain_text(chip)
        page.wait_for_timeout(800)  # our own act comes back as news
        expect(dialog).to_have_count(0)


def test_a_dialog_left_with_escape_stays_away_and_can_be_had_again(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    open_row(page, "Order 6")
    dialog = page.locator('[role="dialog"]')
    page.locator(".st-key-assign button").click()
    expect(dialog).to_contain_text("Bo Ek")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    open_row(page, "Order 7")
    expect(dialog).to_have_count(0)
    open_row(page, "Order 6")
    expect(dialog).to_have_count(0)
    page.locator(".st-key-assign button").click()
    expect(dialog).to_contain_text("Bo Ek")


def test_what_is_clicked_while_news_comes_in_is_drawn(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    open_row(bo, "Order 8")
    for _ in range(4):
        for subject in ("Order 3", "Order 4"):
            bo.evaluate(
                "document.querySelector('.st-key-close button, .st-key-reopen button').click()"
            )
            ada.wait_for_timeout(90)  # about when the news arrives
            ada.locator(".row", has_text=subject).first.click()
            expect(ada.locator(".head h1")).to_have_text(subject, timeout=4_000)


def test_a_press_into_which_news_falls_is_a_click(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    open_row(bo, "Order 12")
    row = ada.locator(".row", has_text="Order 10").first
    row.hover()
    ada.mouse.down()
    bo.locator(".st-key-claim button").click()
    ada.wait_for_timeout(2_000)
    ada.mouse.up()

    expect(ada.locator(".head h1")).to_have_text("Order 10")
    # What was held back under the finger is painted now.
    expect(ada.locator(".row", has_text="Order 12").locator(".has")).to_have_count(1)
