"""A wrong recipient is noticed before the mail leaves: chips, a calm line, and one question."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import App, frozen, recipients, settle
from tests.browser.test_composer import add, area, begin, saved, sent, visit

pytestmark = [pytest.mark.browser, pytest.mark.feature("CR27")]
SignedIn = Callable[..., Page]


def heed(page: Page) -> Locator:
    return page.locator(".composer .heed")


def question(page: Page) -> Locator:
    return page.locator(".composer dialog.sure")


def press_send(page: Page) -> None:
    page.locator(".composer .primary").first.click()


def test_somebody_new_is_shown_asked_about_once_and_then_sent_to(
    app: App, signed_in: SignedIn
) -> None:
    page = signed_in("ada")
    begin(page, "Order 4", "Hello")
    page.locator(".composer .to").click()
    add(page, 1, "Kim Berg <kim@store.test>")
    chip = page.locator(".composer .person", has_text="Kim Berg")
    expect(chip.locator(".since")).to_have_text("added")
    expect(heed(page)).to_contain_text("Kim Berg is new to this conversation.")

    press_send(page)
    expect(question(page)).to_contain_text("Kim Berg")
    expect(question(page)).to_contain_text("new to this conversation")
    page.keyboard.press("Enter")
    expect(question(page)).to_have_count(0)
    expect(area(page)).to_have_value("Hello")
    assert frozen(app, "Order 4") == []

    press_send(page)
    question(page).locator(".yes").click()
    sent(page)
    assert ("cc", "kim@store.test") in recipients(app, "Order 4")

    page.locator(".composer .bar .undo").click()
    expect(area(page)).to_have_value("Hello")
    press_send(page)
    sent(page)
    expect(question(page)).to_have_count(0)


@pytest.mark.feature("NT04")
def test_a_colleague_is_offered_a_note_instead(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 5", "can you look?")
    page.locator(".composer .to").click()
    add(page, 1, "bo@example.com")
    expect(heed(page)).to_contain_text("Bo Ek is a colleague: a note needs no mail.")
    heed(page).locator(".undo").click()

    expect(area(page)).to_have_value("@Bo Ek can you look?")
    expect(page.locator(".composer .tab.chosen")).to_have_text("Note")
    expect(heed(page)).to_be_hidden()
    page.locator(".composer .primary").click()
    expect(page.locator(".mail-card.note")).to_contain_text("can you look?")
    assert frozen(app, "Order 5") == []


def test_who_was_in_the_last_mail_and_is_not_now_can_be_put_back(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 6", "Hello")
    page.locator(".composer .to").click()
    gone = page.locator(".composer .person.gone")
    expect(gone).to_contain_text("Lena Dahl")
    gone.click()
    expect(page.locator(".composer .person", has_text="Lena Dahl").locator(".since")).to_have_count(
        0
    )
    expect(gone).to_have_count(0)
    page.locator(".composer .person", has_text="Lena Dahl").locator(".remove").click()
    expect(gone).to_contain_text("Lena Dahl")
    saved(page)


def test_the_line_stands_after_a_reload_and_words_of_strangers_stay_words(
    signed_in: SignedIn,
) -> None:
    page = signed_in("ada")
    begin(page, "Order 8", "Hello")
    page.locator(".composer .to").click()
    add(page, 1, '"<img src=x onerror=alert(1)> $& \u202egpj" <kim@store.test>')
    saved(page)
    page.reload()
    settle(page)
    expect(heed(page)).to_contain_text("<img src=x onerror=alert(1)> $& gpj is new")
    expect(heed(page).locator("img")).to_have_count(0)


def test_another_conversation_does_not_ask(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 9", "Hello")
    page.locator(".composer .to").click()
    add(page, 1, "kim@store.test")
    press_send(page)
    expect(question(page)).to_be_visible()
    page.keyboard.press("Escape")
    saved(page)
    settle(page)
    visit(page, "Order 10")
    expect(question(page)).to_have_count(0)
    expect(heed(page)).to_be_hidden()
