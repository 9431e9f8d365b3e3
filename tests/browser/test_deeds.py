"""Tags, snooze and deleting for good with keyboard and mouse in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, ledger
from tests.browser.test_inbox import open_row

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
HOSTILE = "<img src=x onerror=alert(1)>"


def tags(page: Page) -> list[str]:
    return page.locator(".head .chip.tag bdi").all_inner_texts()


def put(page: Page, typed: str, *keys: str) -> None:
    page.keyboard.press("l")
    expect(page.locator(".tag-box input")).to_be_focused()
    page.keyboard.type(typed)
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(".tag-box")).not_to_be_visible()


@pytest.mark.feature("QV18")
def test_tagging_with_completion_by_keyboard_alone(signed_in: SignedIn, app: App) -> None:
    page = signed_in("bo")
    open_row(page, "Order 3")
    put(page, "Warranty", "Enter")
    expect(page.locator(".head .chip.tag")).to_have_count(1)
    put(page, HOSTILE, "Enter")
    expect(page.locator(".head .chip.tag")).to_have_count(2)

    open_row(page, "Order 4")
    expect(page.locator(".head .chip.tag")).to_have_count(0)
    # Two letters find it; down and up choose among what is found.
    put(page, "ra", "ArrowDown", "ArrowUp", "Enter")
    expect(page.locator(".head .chip.tag")).to_have_count(1)
    assert tags(page) == ["Warranty"]

    page.keyboard.press("u")
    expect(page.locator(".head .chip.tag")).to_have_count(0)

    open_row(page, "Order 3")
    page.get_by_label("Take off the tag Warranty").click()
    expect(page.locator(".head .chip.tag")).to_have_count(1)
    assert tags(page) == [HOSTILE]
    assert ledger(app, "select tags from conversations where subject = 'Order 3'") == [(HOSTILE,)]
    expect(page.locator(".diary", has_text="tagged this “Warranty”")).to_have_count(1)


def test_the_box_of_tags_outlives_news_with_the_letters_in_it(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    open_row(ada, "Order 9")
    open_row(bo, "Order 9")
    ada.keyboard.press("l")
    ada.keyboard.type("half a wo")
    bo.locator(".st-key-claim button").click()
    expect(ada.locator(".head .about")).to_contain_text("Bo Ek")
    expect(ada.locator(".tag-box input")).to_have_value("half a wo")
    expect(ada.locator(".tag-box input")).to_be_focused()
    ada.keyboard.press("Escape")
    expect(ada.locator(".tag-box")).not_to_be_visible()


def test_snoozing_by_its_key_and_undo_by_its_key(signed_in: SignedIn, app: App) -> None:
    page = signed_in("bo")
    open_row(page, "Order 5")
    page.keyboard.press("s")
    dialog = page.locator('[role="dialog"]')
    expect(dialog).to_contain_text("Tomorrow morning")
    page.locator(".st-key-snooze_tomorrow button").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".head .about")).to_contain_text("Snoozed until tomorrow 08:00")
    page.wait_for_timeout(800)  # our own act comes back as news
    expect(dialog).to_have_count(0)

    page.keyboard.press("u")
    expect(page.locator(".head .about")).not_to_contain_text("Snoozed")
    assert ledger(app, "select snoozed_until from conversations where subject = 'Order 5'") == [
        (None,)
    ]


def test_following_by_its_key(signed_in: SignedIn) -> None:
    page = signed_in("cy")
    open_row(page, "Order 6")
    page.keyboard.press("f")
    expect(page.locator(".st-key-unfollow")).to_have_count(1)
    page.keyboard.press("f")
    expect(page.locator(".st-key-follow")).to_have_count(1)


@pytest.mark.feature("QV07")
def test_deleting_for_good_asks_twice_and_can_be_left(signed_in: SignedIn, app: App) -> None:
    page = signed_in("ada")
    open_row(page, "Order 8")
    more(page, "Move to trash")
    expect(page.locator(".head .about")).to_contain_text("In trash")
    more(page, "Delete for good…")
    dialog = page.locator('[role="dialog"]')
    expect(dialog).to_contain_text("What goes: 1 mail")
    page.locator(".st-key-erase_ask button").click()
    expect(dialog).to_contain_text("This cannot be undone")
    page.locator(".st-key-erase_keep button").click()
    expect(dialog).to_have_count(0)
    assert ledger(app, "select count(*) from conversations where subject = 'Order 8'") == [(1,)]

    more(page, "Delete for good…")
    page.locator(".st-key-erase_ask button").click()
    page.locator(".st-key-erase button").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".st-key-silence")).to_contain_text("No conversation open")
    assert ledger(app, "select count(*) from conversations where subject = 'Order 8'") == [(0,)]


def test_merging_by_number_and_taking_apart_from_the_line(signed_in: SignedIn, app: App) -> None:
    page = signed_in("bo")
    open_row(page, "Order 11")
    ((number,),) = ledger(app, "select id from conversations where subject = 'Order 13'")
    more(page, "Merge with…")
    page.locator(".st-key-merge_words input").fill(f"#{number}")
    page.locator(f".st-key-merge_{number} button").click()
    page.locator(".st-key-merge button").click()
    expect(page.locator('[role="dialog"]')).to_have_count(0)
    apart = page.locator(".diary .way", has_text="Take apart")
    expect(apart).to_have_count(1)
    apart.click()
    expect(apart).to_have_count(0)


def more(page: Page, way: str) -> None:
    page.locator(".st-key-more button").first.click()
    page.get_by_role("menuitem", name=way).or_(page.get_by_role("option", name=way)).click()
