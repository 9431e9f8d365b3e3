"""A new mail from the first key to the list of what waits for its answer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, frozen, ledger, running, settle
from tests.browser.test_composer import add, area, saved, send, visit

pytestmark = [pytest.mark.browser, pytest.mark.feature("CR05")]
SignedIn = Callable[..., Page]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Ada may write from both mailboxes."""
    with running(tmp_path_factory.mktemp("house") / "data", _both) as found:
        yield found


def _both(_house: object, cursor: Any) -> None:
    cursor.execute("insert into memberships values (2, 1, 'agent', 'as')")


def new_mail(page: Page) -> None:
    expect(page.locator(".st-key-new_mail button").first).to_be_visible()
    settle(page)
    page.keyboard.press("c")
    expect(page.locator(".composer .about input")).to_be_visible()
    settle(page)


def write(page: Page, subject: str, text: str, to: str = "Kim Berg <kim@store.test>") -> None:
    add(page, 0, to)
    page.locator(".composer .about input").fill(subject)
    area(page).fill(text)
    saved(page)


def test_it_is_begun_with_a_key_survives_a_reload_and_leaves(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    new_mail(page)
    write(page, "An offer for you", "Hello **Kim**")
    page.reload()
    settle(page)
    expect(area(page)).to_have_value("Hello **Kim**")
    expect(page.locator(".composer .about input")).to_have_value("An offer for you")
    expect(page.locator(".composer .person")).to_contain_text("Kim Berg")
    expect(page.locator(".row", has_text="An offer for you")).to_have_count(0)

    send(page)
    expect(page.locator(".head h1")).to_have_text("An offer for you")
    (mail,) = frozen(app, "An offer for you")
    assert (mail["Subject"], mail["To"]) == ("An offer for you", "Kim Berg <kim@store.test>")
    assert mail["In-Reply-To"] is None

    page.locator(".composer .bar .undo").click()
    expect(page.locator(".composer .about input")).to_have_value("An offer for you")
    expect(area(page)).to_have_value("Hello **Kim**")
    assert frozen(app, "An offer for you") == []
    send(page)
    assert len(ledger(app, "select id from conversations where contact_address like 'kim@%'")) == 1


def test_it_says_what_is_missing(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    new_mail(page)
    area(page).fill("Hello")
    saved(page)
    page.locator(".composer .primary").click()
    expect(page.locator(".composer .saved")).to_have_text("Say whom this goes to first.")
    add(page, 0, "kim@store.test")
    page.locator(".composer .primary").click()
    expect(page.locator(".composer .saved")).to_have_text("Write a subject first.")
    page.locator(".composer .about input").fill("Now it has one")
    page.keyboard.press("Enter")
    send(page)
    assert len(frozen(app, "Now it has one")) == 1


def test_one_that_was_left_is_found_again_and_nobody_else_sees_it(signed_in: SignedIn) -> None:
    page = signed_in("ada")
    new_mail(page)
    write(page, "Half done", "Not yet")
    address = page.url
    visit(page, "Order 12")
    new_mail(page)
    expect(area(page)).to_have_value("")
    page.get_by_role("button", name="Half done").click()
    expect(area(page)).to_have_value("Not yet")

    other = signed_in("bo", address[address.index("/?") :])
    expect(other.get_by_text("This conversation is not here")).to_be_visible()


def test_who_only_reads_has_no_button(signed_in: SignedIn) -> None:
    page = signed_in("cy")
    expect(page.locator(".st-key-new_mail")).to_have_count(0)
    page.keyboard.press("c")
    settle(page)
    expect(page.locator(".composer .about input")).to_have_count(0)


def support_chosen(page: Page) -> None:
    sender = page.locator(".composer .from select")
    expect(sender).to_have_value("2")
    sender.select_option(label="support@example.com")


def test_it_leaves_from_the_mailbox_that_is_chosen(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    new_mail(page)
    write(page, "From the other", "Hello")
    support_chosen(page)
    settle(page)
    expect(page.locator(".composer .from select")).to_have_value("1")
    expect(area(page)).to_have_value("Hello")
    expect(page.locator(".composer .about input")).to_have_value("From the other")
    send(page)
    (mail,) = frozen(app, "From the other")
    assert mail["From"] == "Ada Lind <support@example.com>"


def test_send_right_after_the_sender_was_changed_sends_from_the_new_one(
    app: App, signed_in: SignedIn
) -> None:
    page = signed_in("ada")
    new_mail(page)
    write(page, "In a hurry", "Hello")
    area(page).fill("Hello at once")
    support_chosen(page)
    page.locator(".composer .primary").click()
    expect(page.locator(".composer .bar .undo")).to_be_visible(timeout=30_000)
    (mail,) = frozen(app, "In a hurry")
    assert mail["From"] == "Ada Lind <support@example.com>"
    assert "Hello at once" in str(mail)
