"""Hostile words wherever Delad repeats what others wrote: they stand there as words."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from inbox.clock import now
from inbox.house import House
from inbox.messages import Address, Recipients
from tests import hostile
from tests.browser.conftest import App, running, settle, sign_in
from tests.browser.house_of_horrors import STRANGE, Watch, attachment, conversation, mail
from tests.faults.length import some
from tests.furniture import ADA, SUPPORT
from tests.listener import Listener, listening

pytestmark = pytest.mark.browser
COUNT = len(hostile.words(""))
FIRST = 30


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def words(listener: Listener) -> list[str]:
    return hostile.words(f"127.0.0.1:{listener.port}")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[App]:
    fill = partial(_fill, words(listener))
    with running(tmp_path_factory.mktemp("house") / "data", fill) as found:
        yield found


def _fill(found: list[str], house: House, cursor: Any) -> None:
    for number, word in enumerate(found):
        _mail(house, cursor, word)
        _person(cursor, number, word)
        if number % 5 == 0:
            _mailbox(cursor, number, word)
        cursor.execute(
            "insert into job_runs (job, mailbox_id, started_at, ended_at, is_ok, detail) "
            "values ($word, 1, $now, $now, false, $word)",
            {"word": word, "now": now()},
        )


def _mail(house: House, cursor: Any, word: str) -> None:
    """One conversation with the word wherever a mail, a note or a draft brings words."""
    place = conversation(cursor, word, word, word, alert=word)
    people = Recipients(
        to=(Address(name=word, address=word),), cc=(Address(name="", address=word),)
    )
    given = {"subject": word, "people": people.as_json(), "from_address": word}
    stranger = mail(cursor, place, word, word, None, **given, thread_reason="reference_stranger")
    attachment(cursor, house, (place, stranger), word, word, b"x")
    mail(cursor, place, "Ada", word, None, direction="note", thread_reason="note")
    cursor.execute(
        "insert into drafts (conversation_id, agent_id, kind, recipients, subject, body, "
        "seen_event_id, revision, state, created_at, updated_at) "
        "values ($c, $ada, 'reply', $people, $word, $word, 0, 1, 'open', $now, $now)",
        {"c": place, "ada": ADA, "people": people.as_json(), "word": word, "now": now()},
    )


def _person(cursor: Any, number: int, word: str) -> None:
    cursor.execute(
        "insert into agents (email, name, is_admin, is_active, signature, created_at) "
        "values ($email, $word, false, true, $word, $now)",
        {"email": f"{word[:20]}{number}@evil.test", "word": word, "now": now()},
    )
    cursor.execute(
        "insert into memberships select $support, max(id), 'agent', 'as' from agents",
        {"support": SUPPORT},
    )


def _mailbox(cursor: Any, number: int, word: str) -> None:
    cursor.execute(
        "insert into mailboxes (address, name, auth, signature, save_sent, folders, poll_seconds, "
        "is_active, created_at) values ($address, $word, 'password', $word, 'auto', '[]', 60, "
        "true, $now)",
        {"address": f"box{number}@evil.test", "word": word, "now": now()},
    )
    cursor.execute(
        "insert into memberships select max(id), $ada, 'manager', 'as' from mailboxes",
        {"ada": ADA},
    )


@pytest.fixture(scope="module")
def looking(app: App, listener: Listener, chromium: Browser) -> Iterator[tuple[Page, Watch]]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    watch = Watch(page, app.url, listener)
    page.goto(f"{app.url}/?view=open&c=1")
    sign_in(page, "ada")
    page.wait_for_selector(".stream article")
    yield page, watch
    context.close()


def nothing_happened(page: Page, watch: Watch) -> None:
    settle(page)
    assert page.evaluate(STRANGE) == []
    assert watch.traces() == []


@pytest.mark.parametrize("number", some(range(COUNT), 16))
def test_words_of_a_conversation_are_words(
    app: App, listener: Listener, looking: tuple[Page, Watch], number: int
) -> None:
    page, watch = looking
    page.goto(f"{app.url}/?view=open&c={FIRST + number}")
    page.wait_for_selector(".stream .note")
    nothing_happened(page, watch)
    if number % 5 == 0:
        page.locator(".st-key-assign button").click()
        page.wait_for_selector('[role="dialog"]')
        nothing_happened(page, watch)


@pytest.mark.parametrize("path", ["/health", "/people", "/mailboxes", "/account", "/?view=open"])
def test_words_on_every_page_are_words(app: App, looking: tuple[Page, Watch], path: str) -> None:
    page, watch = looking
    page.goto(f"{app.url}{path}")
    page.wait_for_selector(".st-key-inbox, .st-key-sheet")
    nothing_happened(page, watch)
    assert page.get_by_text("evil.test").count() or path == "/account"


@pytest.mark.parametrize("number", some(range(COUNT), 6))
def test_what_is_searched_for_stays_words(
    app: App, listener: Listener, looking: tuple[Page, Watch], number: int
) -> None:
    page, watch = looking
    page.goto(f"{app.url}/?view=open&q={quote(words(listener)[number], safe='')}")
    page.wait_for_selector(".st-key-inbox")
    nothing_happened(page, watch)


def test_words_at_the_door_are_words(app: App, listener: Listener, chromium: Browser) -> None:
    """A refused sign-in and voided links repeat what was typed, if anything, as words."""
    context = chromium.new_context()
    page = context.new_page()
    watch = Watch(page, app.url, listener)
    for word in words(listener)[:12]:
        page.goto(f"{app.url}/signin?next={quote(word, safe='')}")
        page.eval_on_selector("form", "form => form.noValidate = true")
        page.fill("input[name=email]", word)
        page.fill("input[name=password]", word)
        page.locator("form button").first.click()
        page.wait_for_load_state()
        assert page.evaluate(STRANGE.replace("form|", "")) == []
    watch.page.goto(f"{app.url}/invitation?token={quote(words(listener)[0], safe='')}")
    assert page.locator("script").count() == 0
    assert watch.seen == [] and listener.calls == 0
    context.close()
