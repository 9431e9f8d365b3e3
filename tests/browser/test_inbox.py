"""An agent's day in a real browser: claim, answer, undo, note, permalink, colleagues, drafts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, settle, sign_in

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


def open_row(page: Page, subject: str) -> None:
    page.locator(".row", has_text=subject).first.click()
    expect(page.locator(".head h1")).to_have_text(subject)
    settle(page)


def write(page: Page, text: str) -> None:
    page.locator(".composer textarea").fill(text)


def saved(page: Page) -> None:
    expect(page.locator(".composer .saved")).to_contain_text("Saved", timeout=4_000)


def test_another_page_opens_while_something_is_searched_for(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    page.locator(".st-key-q input").fill("nobody wrote this")
    expect(page.locator(".row")).to_have_count(0)
    page.locator(".rail .entry", has_text="Health").click()
    expect(page.get_by_role("heading", name="Health")).to_be_visible()


def test_signing_in_opens_the_inbox_and_signing_out_closes_it(
    app: App, newcomer: Callable[[], Page]
) -> None:
    page = newcomer()
    page.goto(app.url)
    expect(page).to_have_url(f"{app.url}/signin?next=%2F")
    sign_in(page, "ada")
    expect(page.locator(".rail .brand")).to_contain_text("Delad")

    page.locator(".leave").click()

    expect(page).to_have_url(f"{app.url}/signin")


def test_claiming_moves_a_conversation_to_mine_and_can_be_undone(signed_in: SignedIn) -> None:
    page = signed_in("ada", "/?view=unassigned")
    open_row(page, "Order 3")
    page.locator(".st-key-claim button").click()

    expect(page.locator(".head .chip.mine")).to_have_text("Mine")
    expect(page.locator(".rail .entry", has_text="Mine").locator(".count")).to_have_text("1")
    expect(page.locator(".row", has_text="Order 3")).to_have_count(0)

    expect(page.locator(".undo-box .bar")).to_contain_text("Claimed")
    page.keyboard.press("u")

    expect(page.locator(".head .about")).to_contain_text("Unassigned")
    expect(page.locator(".undo-box .bar")).to_have_count(0)
    expect(page.locator(".row", has_text="Order 3")).to_have_count(1)


def test_a_reply_waits_to_be_undone_and_comes_back_exactly(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    open_row(page, "Order 4")
    text = "Hello Erik,\n\n  it left *today*. “Åäö” 🚚\n"
    write(page, text)
    saved(page)
    page.keyboard.press("Control+Enter")

    expect(page.locator(".composer .bar")).to_be_visible()
    expect(page.locator(".composer .bar")).to_contain_text("Sending in")
    expect(page.locator(".composer textarea")).to_have_value("")
    expect(page.locator(".stream")).to_contain_text("it left")

    page.locator(".composer .bar .undo").click()

    expect(page.locator(".composer textarea")).to_have_value(text)
    expect(page.locator(".composer .bar")).to_be_hidden()


def test_a_note_is_yellow_and_never_queued(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    open_row(page, "Order 5")
    page.locator(".composer .tab", has_text="Note").click()
    write(page, "Ask the warehouse first.")
    saved(page)
    page.locator(".composer .primary").click()

    expect(page.locator(".stream .note")).to_contain_text("Ask the warehouse first.")
    expect(page.locator(".composer .bar")).to_be_hidden()
    expect(page.locator(".composer textarea")).to_have_value("")


def test_a_permalink_survives_signing_in(app: App, newcomer: Callable[[], Page]) -> None:
    page = newcomer()
    page.goto(f"{app.url}/?c=5&m=5")
    sign_in(page, "bo")

    expect(page.locator(".head h1")).to_have_text("Order 5")
    expect(page.locator("#m5")).to_be_visible()
    assert "c=5" in page.url and "m=5" in page.url


def test_a_strangers_conversation_is_not_here(signed_in: SignedIn) -> None:
    page = signed_in("eve", "/?c=5")

    expect(page.locator(".st-key-silence")).to_contain_text("This conversation is not here")


def test_two_browsers_see_each_others_claim_and_presence(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    open_row(ada, "Order 6")
    open_row(bo, "Order 6")
    expect(ada.locator(".head .faces .avatar")).to_have_attribute("title", "Bo Ek looks at this")

    bo.locator(".st-key-claim button").click()

    expect(ada.locator(".head .about")).to_contain_text("Bo Ek", timeout=2_000)
    expect(ada.locator(".row", has_text="Order 6")).to_contain_text("Bo Ek")

    write(bo, "I am on it")
    expect(ada.locator(".head .replying-banner")).to_have_text("Bo Ek is replying")


def test_what_is_typed_survives_a_push_and_a_reload(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    open_row(ada, "Order 7")
    open_row(bo, "Order 7")
    write(ada, "Half a sent")
    bo.locator(".st-key-claim button").click()
    expect(bo.locator(".head .about")).to_contain_text("Mine")
    expect(ada.locator(".head .about")).to_contain_text("Bo Ek", timeout=2_000)
    ada.locator(".composer textarea").press_sequentially("ence", delay=30)
    expect(ada.locator(".composer textarea")).to_have_value("Half a sentence")
    saved(ada)

    ada.reload()
    settle(ada)

    expect(ada.locator(".composer textarea")).to_have_value("Half a sentence")


def test_sending_into_a_conversation_that_moved_on_asks_first(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    open_row(ada, "Order 8")
    write(ada, "It left yesterday.")
    saved(ada)
    open_row(bo, "Order 8")
    bo.locator(".composer .tab", has_text="Note").click()
    write(bo, "Stop: it never left.")
    saved(bo)
    bo.locator(".composer .primary").click()
    expect(bo.locator(".stream .note")).to_contain_text("Stop")

    ada.locator(".composer .primary").click()

    dialog = ada.locator(".guard")
    expect(dialog).to_contain_text("Stop: it never left.")
    dialog.locator("button", has_text="Keep editing").click()
    expect(ada.locator(".composer textarea")).to_have_value("It left yesterday.")
    expect(ada.locator(".composer .bar")).to_be_hidden()

    ada.locator(".composer .primary").click()
    expect(ada.locator(".composer .bar")).to_contain_text("Sending in")


def test_a_strangers_html_runs_nothing_and_loads_nothing(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_row(page, "Order 3")

    frame = page.frame_locator("iframe.sheet")
    expect(frame.locator("body")).to_contain_text("Where is it?")
    expect(page.locator(".blocked")).to_contain_text("1 picture from elsewhere was not loaded.")
    assert page.title() == "Delad"
    assert not [url for url in asked if "spy.gif" in url]


def test_keys_move_through_the_list_and_stay_out_of_fields(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    page.keyboard.press("j")
    expect(page.locator(".row.chosen")).to_have_count(1)
    first = page.locator(".row.chosen").get_attribute("data-id")
    settle(page)
    page.keyboard.press("j")
    expect(page.locator(".row.chosen")).not_to_have_attribute("data-id", first or "")
    settle(page)
    page.locator(".composer textarea").fill("")
    page.locator(".head h1").click()
    page.keyboard.press("a")
    page.keyboard.type("jke?")

    expect(page.locator(".composer textarea")).to_have_value("jke?")
    expect(page.locator(".help")).to_be_hidden()
