"""The queue in a real browser: filters, saved views, many rows at once, what is unread, keys."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox.house import House
from tests.browser.conftest import App, ledger, running, settle

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]
MANY = 130


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", many) as found:
        yield found


def many(_house: House, cursor: Any) -> None:
    """A hundred and thirty complaints beside the orders; every order has a newest message."""
    cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, waiting_since, message_count, attachment_count, "
        "is_readable, tags) select 1, 'Nora ' || n, 'nora' || n || '@customer.test', "
        "'Complaint ' || n, 'Broken', 'open', last_message_at, last_message_at - to_days(9), "
        "last_message_at - to_days(9), 0, 0, true, 'complaint' from conversations, "
        f"range(1, {MANY + 1}) r(n) where id = 1"
    ).fetchall()
    cursor.execute(
        "insert into tags (mailbox_id, name, created_at) select 1, 'complaint', created_at "
        "from conversations where id = 1"
    ).fetchall()
    cursor.execute(
        "update conversations set last_message_id = (select max(id) from messages "
        "where conversation_id = conversations.id)"
    ).fetchall()


def closed(app: App) -> int:
    ((number,),) = ledger(app, "select count(*) from conversations where status = 'closed'")
    return int(number)


@pytest.mark.feature("QV11", "QV14", "QV15", "QV18")
def test_a_filter_stands_in_the_address_survives_a_reload_and_has_one_way_out(
    signed_in: SignedIn,
) -> None:
    page = signed_in("bo")
    expect(page.locator(".filters .beside")).to_have_text(re.compile(r"^1\d\d conversations"))
    page.locator(".filters .open").click()
    panel = page.locator(".filters .panel.narrow")
    panel.get_by_label("Tag").select_option("complaint")
    expect(page.locator(".filters .beside")).to_have_text(f"{MANY} conversations")
    panel.get_by_label("Contact").fill("nora12@")
    panel.get_by_label("Contact").press("Tab")
    panel.locator(".done").click()
    expect(page.locator(".row")).to_have_count(1)
    assert "tag=complaint" in page.url and "contact=nora12" in page.url

    page.reload()
    settle(page)
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".filters .chip.on")).to_have_count(2)

    page.locator(".filters .link", has_text="Clear").click()
    expect(page.locator(".filters .chip.on")).to_have_count(0)
    expect(page.locator(".row")).to_have_count(50)
    assert "tag=" not in page.url


@pytest.mark.feature("QV15")
def test_clear_ends_what_is_searched_for_too(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&tag=complaint&q=nothinglikethis")
    expect(page.locator(".row")).to_have_count(0)

    page.locator(".filters .link", has_text="Clear").click()

    expect(page.locator(".row")).to_have_count(50)
    expect(page.locator(".st-key-q input")).to_have_value("")
    assert "tag=" not in page.url and "q=" not in page.url


@pytest.mark.feature("QV09", "QV16")
def test_a_view_is_saved_found_again_renamed_and_deleted(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&tag=complaint&sort=oldest")
    page.locator(".filters .link", has_text="Save").click()
    page.locator(".panel.naming input").fill("Angry ones")
    page.keyboard.press("Enter")
    entry = page.locator(".rail .entry", has_text="Angry ones")
    expect(entry).to_have_class(re.compile("chosen"))

    page.locator(".rail .entry", has_text="Mine").click()
    expect(page.locator(".row")).to_have_count(0)
    entry.click()
    expect(page.locator(".filters .chip.on")).to_have_text("complaint×")
    assert "sort=oldest" in page.url

    page.locator(".filters .link", has_text="Rename").click()
    page.locator(".panel.naming input").fill("Calm ones")
    page.keyboard.press("Enter")
    expect(page.locator(".rail .entry", has_text="Calm ones")).to_have_count(1)

    page.locator(".filters .link", has_text="Delete view").click()
    page.locator(".filters .link", has_text="Delete it?").click()
    expect(page.locator(".rail .entry", has_text="Calm ones")).to_have_count(0)


@pytest.mark.feature("QV19")
def test_all_that_match_are_closed_after_a_word_and_taken_back(
    app: App, signed_in: SignedIn
) -> None:
    page = signed_in("bo", "/?view=open&tag=complaint")
    page.locator(".row .face").nth(0).click()
    page.locator(".row .face").nth(3).click(modifiers=["Shift"])
    expect(page.locator(".bulk strong")).to_have_text("4 chosen")
    page.locator(".bulk .every", has_text=f"Choose all {MANY}").click()
    page.locator(".bulk .way", has_text="Close").click()
    expect(page.locator(".bulk .sure")).to_have_text(f"Close {MANY} conversations?")
    assert closed(app) == 0
    page.locator(".bulk .way.first").click()

    expect(page.locator(".undo-box .bar")).to_contain_text(f"Closed {MANY} conversations")
    expect(page.locator(".row")).to_have_count(0)
    assert closed(app) == MANY
    page.keyboard.press("u")

    expect(page.locator(".row")).to_have_count(50)
    assert closed(app) == 0


@pytest.mark.feature("QV19")
def test_rows_are_chosen_by_keys_and_let_go(signed_in: SignedIn) -> None:
    page = signed_in("bo", "/?view=open&tag=complaint")
    page.keyboard.press("x")
    expect(page.locator(".row.ticked")).to_have_count(1)
    expect(page.locator(".bulk strong")).to_have_text("1 chosen")
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()
    expect(page.locator(".row.ticked")).to_have_count(0)


def test_what_is_new_stands_out_until_it_is_opened_and_z_makes_it_new_again(
    signed_in: SignedIn,
) -> None:
    page = signed_in("bo", "/?view=open&sort=newest")
    row = page.locator(".row", has=page.get_by_text("Order 9", exact=True))
    expect(row).to_have_class(re.compile("unread"))
    row.click()
    expect(page.locator(".head h1")).to_have_text("Order 9")
    settle(page)
    page.reload()
    settle(page)
    expect(row).not_to_have_class(re.compile("unread"))

    page.keyboard.press("z")
    expect(row).to_have_class(re.compile("unread"))
    expect(page.locator(".head h1")).to_have_count(0)

    colleague = signed_in("ada", "/?view=open&sort=newest")
    other = colleague.locator(".row", has=colleague.get_by_text("Order 9", exact=True))
    expect(other).to_have_class(re.compile("unread"))


@pytest.mark.feature("QV01", "QV02")
def test_the_landing_page_is_ones_own_work_and_what_nobody_has_is_a_click_away(
    signed_in: SignedIn,
) -> None:
    page = signed_in("bo", "/")
    expect(page.locator(".rail .entry.chosen").first).to_contain_text("Mine")
    beside = page.locator(".filters .beside")
    expect(beside).to_have_text(re.compile(r"^1\d\d unassigned, oldest 9 days$"))
    beside.click()
    expect(page.locator(".rail .entry.chosen").first).to_contain_text("Unassigned")
    expect(page.locator(".row").first).to_contain_text("Complaint")
    expect(page.locator(".row .waits").first).to_have_text("9 days")
