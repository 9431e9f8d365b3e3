"""How many clicks and keys each task takes, counted where they arrive: in the page.

A row of the table is a task, the most it may take, how it begins and how it is done. What is typed
as an answer counts nothing; every other key, and every press of a pointer, is one.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, ledger, settle
from tests.browser.test_inbox import open_row

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]

COUNTER = """
window.counted = [];
addEventListener("pointerdown", () => counted.push("click"), true);
addEventListener("keydown", (event) => {
  if (event.repeat || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
  const at = event.composedPath()[0];
  const isText = at.matches?.("textarea, input:not([type=checkbox]):not([type=radio])");
  if (isText && event.key.length === 1 && !event.ctrlKey && !event.metaKey) return;
  counted.push(event.key);
}, true);
"""


@dataclass(frozen=True)
class Task:
    """`before` brings the page to where the task begins; `does` does it, and sees that it is
    done."""

    name: str
    most: int
    before: Callable[[Page], None]
    does: Callable[[Page, App], None]
    view: str = "open"


def nothing(page: Page) -> None:
    settle(page)


def row(subject: str) -> Callable[[Page], None]:
    return lambda page: open_row(page, subject)


def sees_mine(page: Page, app: App) -> None:
    expect(page.locator(".rail .chosen")).to_contain_text("Mine")
    expect(page.locator(".filters")).to_contain_text("unassigned")


def takes_next(page: Page, app: App) -> None:
    page.keyboard.press("n")
    expect(page.locator(".head .about")).to_contain_text("Mine")


def notes_with_mention(page: Page, app: App) -> None:
    page.locator(".tab", has_text="Note").click()
    page.keyboard.type("@Ada Lind, do you know?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.note", has_text="do you know?")).to_be_visible()
    told = "select kind from notifications where agent_id = 1 and kind = 'mention'"
    assert ledger(app, told) == [("mention",)]


def hands_over(page: Page, app: App) -> None:
    page.keyboard.press("h")
    page.locator(".st-key-handing_words input").click()
    page.keyboard.type("yours, I think")
    page.locator(".st-key-assign_1 button").click()
    expect(page.locator(".head .about")).to_contain_text("Ada Lind")
    expect(page.locator("article.note", has_text="yours, I think")).to_be_visible()


def closes(page: Page, app: App) -> None:
    page.keyboard.press("e")
    expect(page.locator(".head .about")).to_contain_text("Closed")


def closed(page: Page) -> None:
    open_row(page, "Order 9")
    page.keyboard.press("e")
    expect(page.locator(".head .about")).to_contain_text("Closed")
    settle(page)


def undoes(page: Page, app: App) -> None:
    page.keyboard.press("u")
    expect(page.locator(".head .about")).to_contain_text("Open")


TASKS = (
    Task("see what is mine", 0, nothing, sees_mine, view=""),
    Task("take the next", 1, nothing, takes_next),
    Task("note with @mention", 2, row("Order 5"), notes_with_mention),
    Task("hand over with a word", 3, row("Order 6"), hands_over),
    Task("close", 1, row("Order 8"), closes),
    Task("undo anything", 1, closed, undoes),
)


@pytest.mark.timeout(400)
def test_each_task_takes_no_more_clicks_and_keys_than_it_may(
    signed_in: SignedIn, app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    took: dict[str, list[str]] = {}
    page = signed_in("bo")
    page.add_init_script(COUNTER)
    for task in TASKS:
        page.goto(app.url + (f"/?view={task.view}" if task.view else "/"))
        page.wait_for_selector(".st-key-inbox")
        task.before(page)
        page.evaluate("counted.length = 0")
        task.does(page, app)
        took[task.name] = page.evaluate("counted")
    with capsys.disabled():
        sys.stdout.write(f"\n{'task':<26}{'goal':>5}{'took':>5}  how\n")
        for task in TASKS:
            how = took[task.name]
            line = f"{task.name:<26}{task.most:>5}{len(how):>5}  {', '.join(how)}\n"
            sys.stdout.write(line)
    assert {t.name: len(took[t.name]) for t in TASKS if len(took[t.name]) > t.most} == {}


def test_what_is_typed_counts_nothing_and_everything_else_does(signed_in: SignedIn) -> None:
    page = signed_in("bo")
    open_row(page, "Order 10")
    page.evaluate(COUNTER)
    page.locator(".composer .text").click()
    page.keyboard.type("Hello there")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    assert page.evaluate("counted") == ["click", "Escape", "a"]
