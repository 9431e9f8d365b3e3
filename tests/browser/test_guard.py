"""The dialog of a stopped Send: who, when, what; one's own text beside it; three ways on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import App, frozen, ledger, settle
from tests.browser.test_composer import area, begin, bodies, note, sent, visit

pytestmark = [pytest.mark.browser, pytest.mark.feature("OW09", "OW10")]
SignedIn = Callable[..., Page]
THEIRS = "Hello Erik,\n\nyour order leaves on Friday with DHL.\n\nBo"
MINE = "Hello Erik,\n\nyour order leaves on Tuesday by post. Sorry for the wait.\n\nAda"
HOSTILE = "<img src=x onerror=alert(1)>$&{name}**b**"


def stopped(signed_in: SignedIn, subject: str, mine: str = MINE, theirs: str = THEIRS) -> Page:
    """Ada, whose Send was refused because Bo has answered."""
    ada, bo = signed_in("ada"), signed_in("bo")
    begin(ada, subject, mine)
    begin(bo, subject, theirs)
    bo.locator(".composer .primary").click()
    sent(bo)
    ada.locator(".composer .primary").click()
    expect(dialog(ada)).to_be_visible()
    return ada


def dialog(page: Page) -> Locator:
    return page.locator(".guard")


def test_a_colleagues_answer_stands_beside_ones_own_with_the_difference(
    app: App, signed_in: SignedIn
) -> None:
    ada = stopped(signed_in, "Order 4")
    expect(dialog(ada).locator("h2")).to_have_text("Bo Ek answered just now")
    theirs, mine = dialog(ada).locator(".side").all()
    expect(theirs).to_contain_text("your order leaves on Friday with DHL.")
    expect(mine.locator(".name")).to_have_text("Your answer")
    assert [m.inner_text().strip() for m in theirs.locator("mark").all()] == [
        "Friday with DHL.\n\nBo"
    ]
    assert [m.inner_text().strip() for m in mine.locator("mark").all()] == [
        "Tuesday by post. Sorry for the wait.\n\nAda"
    ]
    left, right = theirs.bounding_box(), mine.bounding_box()
    assert left and right
    assert abs(left["y"] - right["y"]) < 2
    assert right["x"] >= left["x"] + left["width"] - 1

    ada.set_viewport_size({"width": 390, "height": 844})
    above, below = theirs.bounding_box(), mine.bounding_box()
    assert above and below
    assert below["y"] >= above["y"] + above["height"] - 1
    whole = dialog(ada).bounding_box()
    assert whole and whole["width"] <= 390
    assert len(frozen(app, "Order 4")) == 1


def test_edit_and_send(app: App, signed_in: SignedIn) -> None:
    ada = stopped(signed_in, "Order 5")
    dialog(ada).locator("button", has_text="Keep editing").click()
    expect(area(ada)).to_have_value(MINE)
    area(ada).fill("As Bo says.")
    expect(ada.locator(".composer .saved")).to_contain_text("Saved", timeout=6_000)
    ada.locator(".composer .primary").click()
    sent(ada)

    assert bodies(app, "Order 5") == ["Hello Erik,", "As Bo says."]
    expect(fate(ada, "Order 5")).to_have_text("Edited and sent")


def test_send_anyway_is_logged(app: App, signed_in: SignedIn) -> None:
    ada = stopped(signed_in, "Order 6")
    dialog(ada).locator("button", has_text="Send anyway").click()
    sent(ada)

    assert len(frozen(app, "Order 6")) == 2
    kinds = "select kind from events where conversation_id = 6 and kind like 'sen%' order by 1"
    assert ledger(app, kinds) == [("send_stopped",), ("sent_anyway",)]
    expect(ada.locator(".stream")).to_contain_text("You sent although something new had come in")
    expect(fate(ada, "Order 6")).to_have_text("Sent anyway")


def test_discard(app: App, signed_in: SignedIn) -> None:
    ada = stopped(signed_in, "Order 7")
    dialog(ada).locator("button", has_text="Discard my reply").click()
    expect(area(ada)).to_have_value("")

    assert len(frozen(app, "Order 7")) == 1
    expect(fate(ada, "Order 7")).to_have_text("Discarded")


def fate(page: Page, subject: str) -> Locator:
    """What became of it, on the page that the rail leads to."""
    page.locator(".rail .entry", has_text="Stopped answers").click()
    page.wait_for_selector(".st-key-table_stopped", timeout=30_000)
    settle(page)
    row = page.locator(".st-key-table_stopped tr", has_text=subject)
    expect(row.locator("td").nth(1)).to_have_text("You")
    return row.locator("td").last


def test_the_list_of_stopped_answers_opens_the_conversation(signed_in: SignedIn) -> None:
    ada = stopped(signed_in, "Order 8")
    ada.keyboard.press("Escape")
    expect(fate(ada, "Order 8")).to_have_text("Still a draft")
    with ada.context.expect_page() as opened:
        ada.locator(".st-key-table_stopped a", has_text="Order 8").click()
    expect(opened.value.locator(".head h1")).to_have_text("Order 8")
    expect(area(opened.value)).to_have_value(MINE)


def test_names_and_words_of_anybody_stay_words(app: App, signed_in: SignedIn) -> None:
    bo = signed_in("bo")
    bo.goto(f"{app.url}/account")
    bo.locator(".st-key-own_name input").fill(HOSTILE)
    bo.locator(".st-key-setting_profile button", has_text="Save").click()
    expect(bo.get_by_text("Saved.")).to_be_visible()
    ada, bo = signed_in("ada"), signed_in("bo")
    visit(ada, "Order 9")
    visit(bo, "Order 9")
    area(bo).press_sequentially("x")
    said = f"{HOSTILE} is replying"
    expect(ada.locator(".replying-banner")).to_have_text(said)
    expect(ada.locator(".head .faces .avatar")).to_have_attribute("title", said)
    begin(ada, "Order 9", "Mine <b>")
    note(bo, "Order 9", "<script>alert(1)</script>")
    ada.locator(".composer .primary").click()
    expect(dialog(ada).locator("h2")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(dialog(ada)).to_contain_text("<script>alert(1)</script>")
    assert ada.locator(".guard img, .head img, .guard script").count() == 0
