"""Splitting, moving, and notes that ask, in a real browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inbox.house import House
from tests.browser.conftest import App, ledger, running, settle
from tests.browser.house_of_horrors import conversation, mail
from tests.browser.test_stream import choose, opened

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("house") / "data", _fill) as found:
        yield found


def _fill(house: House, cursor: Any) -> None:
    cursor.execute("insert into memberships values (2, 2, 'agent', 'as')")
    for subject in ("Two things", "Wrong door"):
        place = conversation(cursor, subject, "Erik Dahl", "erik@customer.test")
        mail(cursor, place, "Erik Dahl", "The lamp is broken.", None)
        mail(cursor, place, "Erik Dahl", "And where is my invoice?", None)


@pytest.mark.feature("CR14")
def test_a_message_is_split_off_and_both_lead_to_each_other(signed_in: SignedIn) -> None:
    page = opened(signed_in, "Two things")
    choose(page, "invoice", "Split off this message alone")
    expect(page.locator("article")).to_have_count(1)
    expect(page.locator("article")).to_contain_text("invoice")
    expect(page.locator(".diary", has_text="You split this off from #")).to_be_visible()
    page.locator(".diary .way", has_text="Open").click()
    expect(page.locator("article")).to_contain_text("lamp")
    expect(page.locator(".diary", has_text="You split a part of this off to #")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("article")).to_have_count(2)
    expect(page.locator(".diary", has_text="into this")).to_be_visible()


@pytest.mark.feature("QV17")
def test_it_moves_to_the_other_mailbox_and_back(signed_in: SignedIn, app: App) -> None:
    page, other = opened(signed_in, "Wrong door"), opened(signed_in, "Wrong door", "cy")
    page.locator(".st-key-more button").first.click()
    page.get_by_text("Move to another mailbox…").click()
    dialog = page.locator('[role="dialog"]')
    dialog.locator("button", has_text="Sales").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".head .where")).to_contain_text("to Sales")
    expect(other.get_by_text("This conversation is not here")).to_be_visible()
    expect(other.locator(".row", has_text="Wrong door")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator(".head .where")).to_contain_text("to Support")
    expect(other.locator(".row", has_text="Wrong door")).to_have_count(1)
    where = "select mailbox_id from conversations where subject = 'Wrong door'"
    assert ledger(app, where) == [(1,)]


@pytest.mark.feature("NT08")
def test_a_note_asks_and_another_answers_it(signed_in: SignedIn) -> None:
    ada, bo = opened(signed_in, "Order 4", "ada"), opened(signed_in, "Order 4")
    bo.locator(".tab", has_text="Note").click()
    bo.keyboard.type("Is this a warranty case?")
    bo.get_by_text("This is a question").click()
    bo.locator(".composer .primary").click()
    expect(bo.locator(".question.open")).to_contain_text("Open question")
    expect(ada.locator(".head .about")).to_contain_text("1 open question")
    expect(ada.locator(".row", has_text="Order 4").locator(".asked")).to_be_visible()
    ada.locator(".question .way", has_text="Mark answered").click()
    expect(ada.locator(".question")).to_contain_text("Answered by Ada Lind")
    expect(bo.locator(".question")).to_contain_text("Answered by Ada Lind")
    settle(bo)
    expect(bo.locator(".head .about")).not_to_contain_text("open question")
