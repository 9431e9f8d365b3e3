"""What a role opens and closes, on pages that stand open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle
from tests.browser.test_inbox import open_row

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


def choose(page: Page, which: int, label: str) -> None:
    page.locator('[class*="st-key-open_person_"] [data-testid="stSelectbox"]').nth(which).click()
    page.locator('[role="option"]', has_text=label).click()


def test_who_is_removed_from_a_mailbox_sees_it_go(signed_in: SignedIn) -> None:
    ada, bo = signed_in("ada"), signed_in("bo")
    open_row(bo, "Order 5")
    ada.locator(".rail .entry", has_text="People").click()
    person = ada.locator('[class*="st-key-row_person_"]', has_text="Bo Ek")
    person.locator("button", has_text="Change").click()
    settle(ada)

    choose(ada, 0, "no access")

    expect(bo.locator(".row")).to_have_count(0, timeout=3_000)
    expect(bo.locator(".st-key-silence")).to_contain_text("No mailbox yet")
    expect(bo.locator(".stream")).to_have_count(0)
    expect(person).not_to_contain_text("agent")

    choose(ada, 0, "agent: reads and answers")

    expect(bo.locator(".row", has_text="Order 5")).to_have_count(1, timeout=3_000)
    expect(bo.locator(".head h1")).to_have_text("Order 5")


def test_the_last_admin_stays_and_is_seen_to_stay(signed_in: SignedIn) -> None:
    ada = signed_in("ada")
    ada.locator(".rail .entry", has_text="People").click()
    person = ada.locator('[class*="st-key-row_person_"]', has_text="Ada Lind")
    person.locator("button", has_text="Change").click()
    toggle = ada.locator('[class*="st-key-admin_"] input')
    expect(toggle).to_be_checked()

    ada.locator('[class*="st-key-admin_"] label').first.click()

    expect(ada.locator('[data-testid="stAlert"]')).to_contain_text("last admin")
    expect(toggle).to_be_checked()
