"""Sending later from the composer: chosen, shown, taken back, hurried."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, frozen, ledger, settle
from tests.browser.test_composer import area, begin

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


def menu(page: Page) -> None:
    page.locator(".composer .later .opener").click()


def planned(app: App) -> list[datetime]:
    rows = ledger(app, "select due_at from outbox where state = 'queued' order by id")
    return [due_at for (due_at,) in rows]


def test_it_waits_until_tomorrow_and_can_be_taken_back(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 5", "Tomorrow, then.")
    menu(page)
    page.get_by_role("menuitem", name="Tomorrow morning").click()

    mail = page.locator("article", has_text="Tomorrow, then.")
    expect(mail).to_contain_text("Will be sent tomorrow 08:00.")
    expect(area(page)).to_have_value("")
    expect(page.locator(".composer .bar")).to_be_hidden()
    (due_at,) = planned(app)
    assert (due_at + timedelta(hours=1)).strftime("%H:%M") == "08:00"

    mail.get_by_role("button", name="Cancel").click()
    expect(area(page)).to_have_value("Tomorrow, then.")
    settle(page)
    assert planned(app) == [] and frozen(app, "Order 5") == []


def test_a_moment_of_ones_own_and_then_at_once(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 7", "At some time.")
    menu(page)
    page.locator(".composer .moment").fill("2027-01-05T09:30")
    page.locator(".composer .menu-own .second").click()

    mail = page.locator("article", has_text="At some time.")
    expect(mail).to_contain_text("Will be sent Tue 5 Jan 09:30.")
    assert planned(app) == [datetime(2027, 1, 5, 8, 30)]

    mail.get_by_role("button", name="Send now").click()
    expect(page.locator(".composer .bar")).to_contain_text("Sending in")
    settle(page)
    assert len(frozen(app, "Order 7")) == 1


def test_a_moment_that_is_over_is_refused_and_the_text_stays(app: App, signed_in: SignedIn) -> None:
    page = signed_in("ada")
    begin(page, "Order 9", "Too late.")
    menu(page)
    page.locator(".composer .moment").fill("2020-01-05T09:30")
    page.locator(".composer .moment").press("Enter")

    expect(page.locator(".composer .saved")).to_contain_text("still to come")
    expect(area(page)).to_have_value("Too late.")
    menu(page)
    page.keyboard.press("Escape")
    expect(page.locator(".composer .later .menu")).to_be_hidden()
    assert frozen(app, "Order 9") == []
