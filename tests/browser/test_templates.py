"""Templates in the composer: three keys to the next conversation, nothing unfilled leaves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox.house import House
from tests.browser.conftest import App, frozen, ledger, running, settle
from tests.browser.test_composer import area, saved, visit

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
HOSTILE = "<img src=x onerror=\"document.title='broken'\"> \u202egpj.exe 👨‍👩‍👧 مرحبا"
TEMPLATES = (
    (
        None,
        "",
        "Thanks",
        "Hello {{contact.first_name|there}},\n\nthank you for {{conversation.subject}}.",
        "",
    ),
    (
        1,
        "Invoices",
        "Copy of an invoice",
        "The invoice of {{contact.company}} is attached.",
        '{"tag": "invoice", "assign": "me", "closes": true}',
    ),
    (1, "Invoices", HOSTILE, HOSTILE, ""),
)


def with_templates(_house: House, cursor: Any) -> None:
    for uses, (box, folder, name, body, effects) in enumerate(reversed(TEMPLATES)):
        cursor.execute(
            "insert into templates (mailbox_id, folder, name, body, effects, uses, created_at) "
            "values ($box, $folder, $name, $body, $effects, $uses, now())",
            {
                "box": box,
                "folder": folder,
                "name": name,
                "body": body,
                "effects": effects,
                "uses": uses,
            },
        )


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", with_templates) as found:
        yield found


def picker(page: Page) -> Any:
    return page.locator("dialog.templates")


@pytest.mark.feature("CR07", "CR17")
def test_reply_with_a_template_and_close_landing_on_the_next_is_three_keys(
    app: App, signed_in: SignedIn
) -> None:
    page = signed_in("ada")
    visit(page, "Order 4")

    page.keyboard.press("t")
    expect(picker(page).locator(".template")).to_have_count(3)
    page.keyboard.press("Enter")
    expect(picker(page)).to_have_count(0)
    expect(area(page)).to_have_value("Hello Erik,\n\nthank you for Order 4.")
    page.keyboard.press("Control+Shift+Enter")

    expect(page.locator(".head h1")).not_to_have_text("Order 4")
    expect(area(page)).to_have_value("")
    (mail,) = frozen(app, "Order 4")
    assert "thank you for Order 4." in mail.get_body(("plain",)).get_content()
    # The way back stays: with the text, where it was written.
    page.locator(".undo-box .back").click()
    expect(page.locator(".head h1")).to_have_text("Order 4")
    expect(area(page)).to_have_value("Hello Erik,\n\nthank you for Order 4.")
    settle(page)
    assert ledger(app, "select state from outbox") == [("cancelled",)]


@pytest.mark.feature("CR07", "CR09")
def test_search_folders_and_the_caret(app: App, signed_in: SignedIn) -> None:
    page = signed_in("bo")
    visit(page, "Order 6")
    area(page).fill("First.\nLast.")
    area(page).evaluate("text => text.setSelectionRange(7, 7)")
    page.locator(".composer .template-tool").click()

    picker(page).locator(".folder", has_text="Invoices").click()
    expect(picker(page).locator(".template")).to_have_count(2)
    picker(page).locator(".folder").first.click()
    page.keyboard.type("thank you for")
    expect(picker(page).locator(".template-name")).to_have_text(["Thanks"])
    page.keyboard.press("Enter")
    expect(area(page)).to_have_value("First.\nHello Erik,\n\nthank you for Order 6.Last.")
    saved(page)
    page.reload()
    settle(page)
    expect(area(page)).to_have_value("First.\nHello Erik,\n\nthank you for Order 6.Last.")


@pytest.mark.feature("CR08")
def test_what_is_not_filled_in_is_marked_and_keeps_it_from_leaving(
    app: App, signed_in: SignedIn
) -> None:
    page = signed_in("ada")
    visit(page, "Order 8")
    area(page).focus()
    page.locator(".composer .template-tool").click()
    page.keyboard.type("copy")
    page.keyboard.press("Enter")
    expect(picker(page)).to_have_count(0)

    expect(page.locator(".composer .effect")).to_have_text(
        ["Tags “invoice”×", "Assigns to you×", "Closes×"]
    )
    unfilled = page.locator(".composer .unfilled")
    expect(unfilled).to_have_text("Not filled in:{{contact.company}}")
    page.locator(".composer .primary").click()
    expect(page.locator(".composer .saved")).to_contain_text("{{contact.company}} is not filled in")
    assert frozen(app, "Order 8") == []

    unfilled.click()
    page.keyboard.type("Holm AB")
    expect(area(page)).to_have_value("The invoice of Holm AB is attached.")
    page.locator(".composer .effect .remove").nth(2).click()
    expect(page.locator(".composer .effect")).to_have_count(2)
    saved(page)
    page.reload()
    settle(page)
    expect(page.locator(".composer .effect")).to_have_count(2)


def test_strangers_words_stay_words(app: App, signed_in: SignedIn) -> None:
    page = signed_in("bo")
    visit(page, "Order 10")
    page.locator(".composer .template-tool").click()
    picker(page).locator(".template").last.click()

    expect(area(page)).to_have_value(HOSTILE)
    assert page.title() != "broken"
    assert page.locator(".composer img, .templates img").count() == 0


def test_escape_leaves_it_and_readers_have_none(app: App, signed_in: SignedIn) -> None:
    page = signed_in("bo")
    visit(page, "Order 12")
    page.locator(".composer .template-tool").click()
    page.keyboard.press("Escape")
    expect(picker(page)).to_have_count(0)
    expect(area(page)).to_be_focused()
    assert Path(app.data).exists()
