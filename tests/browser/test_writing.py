"""Writing formatted text: buttons and keys, the browser's undo, and the mail before it leaves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.conftest import App, frozen, settle
from tests.browser.test_composer import area, begin, saved, send, visit

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
HOSTILE = (
    "<script>parent.document.title = 'taken'</script> <img src=x onerror=alert(1)> "
    "[x](javascript:alert(1)) [y](data:text/html,z) ![z](https://evil.test/p.gif) \u202eright"
)


def mark(page: Page, name: str) -> None:
    page.locator(f".composer .mark.{name}").click()


def choose(page: Page, start: int, end: int) -> None:
    area(page).evaluate("(text, [a, b]) => text.setSelectionRange(a, b)", [start, end])


def shown(page: Page) -> FrameLocator:
    return page.frame_locator(".composer .preview iframe:not(.fresh)")


def preview(page: Page) -> Locator:
    page.locator(".composer .look").click()
    return page.locator(".composer .preview")


@pytest.mark.feature("CR02")
def test_buttons_and_keys_put_marks_and_the_browsers_undo_takes_them_back(
    signed_in: SignedIn,
) -> None:
    page = signed_in("ada")
    visit(page, "Order 4")
    area(page).click()
    page.keyboard.type("one two")
    choose(page, 4, 7)
    mark(page, "bold")
    expect(area(page)).to_have_value("one **two**")
    page.keyboard.press("Control+i")
    expect(area(page)).to_have_value("one ***two***")
    page.keyboard.press("Control+i")
    expect(area(page)).to_have_value("one **two**")
    page.keyboard.press("Control+b")
    expect(area(page)).to_have_value("one two")
    mark(page, "code")
    expect(area(page)).to_have_value("one `two`")
    for _step in range(5):
        page.keyboard.press("Control+z")
    expect(area(page)).to_have_value("one two")
    page.keyboard.press("Control+a")
    mark(page, "bullets")
    expect(area(page)).to_have_value("- one two")
    mark(page, "numbers")
    expect(area(page)).to_have_value("1. one two")
    mark(page, "numbers")
    mark(page, "quotation")
    expect(area(page)).to_have_value("> one two")
    page.keyboard.press("Control+a")
    page.keyboard.type("shop")
    choose(page, 0, 4)
    page.keyboard.press("Control+k")
    page.keyboard.type("https://shop.test")
    expect(area(page)).to_have_value("[shop](https://shop.test)")
    saved(page)


@pytest.mark.feature("CR02")
def test_the_preview_is_the_mail_and_runs_nothing(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 5", f"**Thanks**, Erik\n\n- one\n- two\n\n{HOSTILE}")
    box = preview(page)
    inside = shown(page).locator("body")
    expect(inside.locator("strong")).to_have_text("Thanks")
    expect(inside.locator("li")).to_have_text(["one", "two"])
    expect(inside).to_contain_text("<script>parent.document.title")
    expect(inside.locator("img, script")).to_have_count(0)
    expect(inside.locator("a[href^=javascript], a[href^=data]")).to_have_count(0)
    expect(inside.locator(".below blockquote")).to_contain_text("Where is it?")
    before = inside.inner_text()

    area(page).press("Control+End")
    page.keyboard.type(" more")
    expect(inside).to_contain_text("right more")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    area(page).fill(f"**Thanks**, Erik\n\n- one\n- two\n\n{HOSTILE}")
    saved(page)

    send(page)
    expect(box).to_contain_text("Write something")
    (mail,) = frozen(app, "Order 5")
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain and html
    assert plain.get_content().splitlines()[:4] == ["**Thanks**, Erik", "", "- one", "- two"]
    page.set_content(html.get_content())
    assert page.locator("body").inner_text().split() == before.split()


@pytest.mark.feature("CR16")
def test_more_room_and_the_preview_are_remembered(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    visit(page, "Order 7")
    low = area(page).bounding_box()
    mark(page, "tall")
    tall = area(page).bounding_box()
    assert low and tall
    assert tall["height"] > 3 * low["height"]
    expect(page.locator(".composer .primary")).to_be_in_viewport()
    page.reload()
    settle(page)
    expect(page.locator(".composer .tall")).to_have_attribute("aria-pressed", "true")
    again = area(page).bounding_box()
    assert again and again["height"] == tall["height"]
    mark(page, "tall")


def test_a_note_has_neither_marks_nor_preview(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    visit(page, "Order 8")
    page.locator(".composer .tab", has_text="Note").click()
    expect(page.locator(".composer .mark.bold")).to_have_count(0)
    area(page).fill("kept as it is")
    page.keyboard.press("Control+b")
    expect(area(page)).to_have_value("kept as it is")
