"""A mail is passed on from its own menu, and the customer goes on waiting."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox.house import House
from tests.browser.conftest import App, frozen, ledger, running, settle
from tests.browser.test_composer import add, area, saved, send, visit

pytestmark = [pytest.mark.browser, pytest.mark.feature("CR06")]
SignedIn = Callable[..., Page]
FILES = (("receipt.txt", b"the receipt"), ("<b>plan</b>.txt", b"the plan"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Order 4 came with two files."""
    with running(tmp_path_factory.mktemp("house") / "data", _with_files) as found:
        yield found


def _with_files(house: House, cursor: Any) -> None:
    for name, content in FILES:
        cursor.execute(
            "insert into attachments (message_id, conversation_id, filename, content_type, "
            "size_bytes, sha256, is_inline) select messages.id, conversation_id, $name, "
            "'text/plain', $size, $sha, false from messages where subject = 'Order 4'",
            {"name": name, "size": len(content), "sha": house.files.put(content)},
        )
    cursor.execute(
        "update messages set attachment_count = 2 where subject = 'Order 4'",
    )


def forward(page: Page) -> None:
    page.locator(".mail-card .more").first.click()
    page.get_by_role("menuitem", name="Forward…").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Write")).to_be_visible()


def test_a_mail_goes_on_with_the_files_that_are_chosen(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    visit(page, "Order 4")
    forward(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("<b>plan</b>.txt")).to_be_visible()
    dialog.get_by_text("<b>plan</b>.txt").click()
    settle(page)
    dialog.get_by_role("button", name="Write").click()

    expect(page.locator(".composer .about input")).to_have_value("Fwd: Order 4")
    expect(page.locator(".composer .file")).to_have_count(1)
    expect(page.locator(".composer .file")).to_contain_text("receipt.txt")
    add(page, 0, "kim@store.test")
    area(page).fill("Can you look at this?")
    saved(page)
    page.locator(".composer .look").click()
    inside = page.frame_locator(".composer .preview iframe:not(.fresh)").locator("body")
    expect(inside).to_contain_text("Forwarded message")
    expect(inside).to_contain_text("From: Erik Dahl <erik@customer.test>")
    send(page)

    (mail,) = frozen(app, "Fwd: Order 4")
    assert [file.get_content() for file in mail.iter_attachments()] == ["the receipt"]
    assert mail["References"] is None
    waits = "select waiting_since is not null, status from conversations where subject = 'Order 4'"
    assert ledger(app, waits) == [(True, "open")]


def test_who_only_reads_forwards_nothing(signed_in: SignedIn) -> None:
    page = signed_in("cy")
    visit(page, "Order 5")
    page.locator(".mail-card .more").first.click()
    expect(page.get_by_role("menuitem", name="Copy link")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Forward…")).to_have_count(0)
