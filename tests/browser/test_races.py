"""Two browsers press Send in the same moment. `DELAD_RACES` says how often; 6 without it."""

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, ledger, running
from tests.browser.test_composer import area, saved
from tests.ingest.smtp_script import Script, Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.feature("OW09")]
SignedIn = Callable[..., Page]
RACES = int(os.environ.get("DELAD_RACES", "6"))
SECONDS_EACH = 60
# Both are told to press at one moment so far ahead.
AHEAD = 400


@pytest.fixture(scope="module")
def sink() -> Iterator[Server]:
    with serving(Script()) as server:
        yield server


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, sink: Server) -> Iterator[App]:
    def more(_house: object, cursor: object) -> None:
        run = cursor.execute  # type: ignore[attr-defined]
        run(f"update mailboxes set smtp_url = 'smtp://127.0.0.1:{sink.port}' where id = 1")
        for number in range(RACES):
            run(
                "insert into conversations by name select * exclude (id) replace ($s as subject) "
                "from conversations where subject = 'Order 5'",
                {"s": f"Race {number}"},
            )

    data: Path = tmp_path_factory.mktemp("house") / "data"
    with running(data, more, DELAD_UNDO_SECONDS="1") as found:
        yield found


def has_ended(pages: dict[str, Page]) -> bool:
    """One has sent, the other stands before the dialog."""
    guards = [page.locator(".guard").count() for page in pages.values()]
    texts = [area(page).input_value() for page in pages.values()]
    return sorted(guards) == [0, 1] and not texts[guards.index(0)]


@pytest.mark.timeout(RACES * SECONDS_EACH + 120)
def test_one_answer_leaves_and_the_other_is_told_and_kept(
    app: App, signed_in: SignedIn, sink: Server
) -> None:
    pages = {"Ada Lind": signed_in("ada"), "Bo Ek": signed_in("bo")}
    won: Counter[str] = Counter()
    apart: list[float] = []
    found = ledger(app, "select id from conversations where subject like 'Race %' order by id")
    numbers = [number for (number,) in found]
    for number in range(RACES):
        winner, between = race(app, pages, f"Race {number}", numbers[number])
        won[winner] += 1
        apart.append(between)
    until = time.monotonic() + 30
    while len(sink.script.accepted) < RACES and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(3)  # whatever else would leave

    subjects = Counter(
        re.findall(rb"Subject: Re: (Race \d+)", m.raw)[0] for m in sink.script.accepted
    )
    assert subjects == {f"Race {number}".encode(): 1 for number in range(RACES)}
    print(f"{RACES} races: {dict(won)}; presses apart by at most {max(apart):.0f} ms")  # noqa: T201


def race(app: App, pages: dict[str, Page], subject: str, number: int) -> tuple[str, float]:
    """Both write, both press; answer who won, and how far apart they pressed."""
    for name, page in pages.items():
        page.goto(f"{app.url}/?c={number}")
        expect(page.locator(".head h1")).to_have_text(subject)
        area(page).fill(f"{name} says: {subject} is on its way.")
        saved(page)
    at = pages["Bo Ek"].evaluate("Date.now()") + AHEAD
    for page in pages.values():
        page.locator(".composer").evaluate(
            "(box, at) => setTimeout(() => { window.pressedAt = Date.now();"
            " box.querySelector('.primary').click(); }, at - Date.now())",
            at,
        )
    until = time.monotonic() + 30
    while not has_ended(pages) and time.monotonic() < until:
        time.sleep(0.05)
    pressed = [page.evaluate("window.pressedAt") for page in pages.values()]
    losers = [name for name, page in pages.items() if page.locator(".guard").count()]
    assert len(losers) == 1, f"{subject}: {losers} were stopped"
    (loser,) = losers
    (winner,) = set(pages) - {loser}
    dialog = pages[loser].locator(".guard")
    expect(dialog.locator("h2")).to_contain_text(f"{winner} answered")
    expect(dialog).to_contain_text(f"{winner} says: {subject} is on its way.")
    pages[loser].keyboard.press("Escape")
    expect(area(pages[loser])).to_have_value(f"{loser} says: {subject} is on its way.")
    return winner, abs(pressed[0] - pressed[1])
