"""What the composer keeps: addresses as they were typed, files, and the text beside them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


def begin(page: Page, subject: str, text: str) -> None:
    page.locator(".row", has_text=subject).first.click()
    expect(page.locator(".head h1")).to_have_text(subject)
    settle(page)
    page.locator(".composer textarea").fill(text)
    saved(page)


def saved(page: Page) -> None:
    expect(page.locator(".composer .saved")).to_contain_text("Saved", timeout=6_000)


@pytest.mark.parametrize(
    ("typed", "shown", "address"),
    [
        ("kim.berg@store.test", "kim.berg@store.test", "kim.berg@store.test"),
        ("<kim@store.test>", "kim@store.test", "kim@store.test"),
        ("Kim Berg <Kim.Berg@store.test>", "Kim Berg", "kim.berg@store.test"),
        ('"Berg Kim" <kim@store.test>', "Berg Kim", "kim@store.test"),
    ],
)
def test_an_address_stays_whole(signed_in: SignedIn, typed: str, shown: str, address: str) -> None:
    page = signed_in("ada")
    begin(page, "Order 3", "Hello")
    page.locator(".composer .to").click()
    line = page.locator(".composer .line").nth(1)
    line.locator("input").fill(typed)
    line.locator("input").press("Enter")

    expect(line.locator(".person")).to_have_attribute("title", address)
    expect(line.locator(".person bdi")).to_have_text(shown)
    saved(page)
    page.locator(".composer .tool", has_text="Discard").click()
    expect(page.locator(".composer textarea")).to_have_value("")


def test_typing_goes_on_after_a_file_came_and_went(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 4", "The receipt is attached")
    with page.expect_file_chooser() as asked:
        page.locator(".composer .clip").click()
    asked.value.set_files({"name": "receipt.txt", "mimeType": "text/plain", "buffer": b"42"})
    expect(page.locator(".composer .file")).to_contain_text("receipt.txt")
    page.locator(".composer textarea").fill("The receipt is attached, Erik")
    saved(page)
    page.locator(".composer .file .remove").click()
    expect(page.locator(".composer .file")).to_have_count(0)
    page.locator(".composer textarea").fill("Here is the receipt")
    page.wait_for_timeout(1_500)
    saved(page)

    page.reload()
    settle(page)

    expect(page.locator(".composer textarea")).to_have_value("Here is the receipt")
    expect(page.locator(".composer .file")).to_have_count(0)
