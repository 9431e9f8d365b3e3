"""A house on a temporary folder, with one mailbox, three agents and one conversation."""

import os
import shutil
from collections import Counter
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from inbox import agents
from inbox.agents import Agent
from inbox.house import House
from inbox.settings import Settings
from inbox.store import Session, Store
from tests import furniture, houses

NOON = datetime(2026, 3, 2, 12, 0)
MAIL = Path(__file__).parent / "mail"
CHROMIUM = shutil.which("chromium")
# What Playwright switches off, said again since the last such switch is the one that counts; and
# pages for the address bar, which each new window would load into a renderer of their own.
WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
)
# About what a test takes, by where it stands. A worker has a file to itself: were a long one among
# the last, the others would be idle at the end.
SECONDS = {
    "tests/ingest/test_truth": 15.0,
    "tests/spine/": 15.0,
    "tests/test_command_line": 8.0,
    "tests/browser/": 6.0,
    "tests/faults/": 2.0,
    "tests/ingest/": 0.5,
    "": 0.15,
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium its tests are skipped. Workers begin with the longest files."""
    if hasattr(config, "workerinput"):
        took = Counter[str]()
        for item in items:
            took[_file(item)] += next(s for place, s in SECONDS.items() if place in _file(item))
        items.sort(key=lambda item: -took[_file(item)])
    for item in items if CHROMIUM is None else ():
        if item.get_closest_marker("browser"):
            why = "needs Chromium; on Debian: apt install chromium"
            item.add_marker(pytest.mark.skip(reason=why))


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """CI has all that the tests need: a skip there is a failure."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
    return report


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one module: longer, and Playwright's event loop would stand in the way of
    other tests' own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", f"--disable-features={WITHOUT}"]
        )
        yield browser
        browser.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def home(settings: Settings) -> Iterator[House]:
    opened = houses.furnished(settings, now=NOON)
    yield opened
    opened.close()


@pytest.fixture
def store(home: House) -> Store:
    return home.store


@pytest.fixture
def db(store: Store) -> Iterator[Session]:
    with store.write() as session:
        yield session


def agent(store: Store, agent_id: int) -> Agent:
    with store.read() as session:
        found = agents.by_id(session, agent_id)
    assert found
    return found


@pytest.fixture
def ada(store: Store) -> Agent:
    """Admin, and manager of support."""
    return agent(store, furniture.ADA)


@pytest.fixture
def bo(store: Store) -> Agent:
    """Agent in support."""
    return agent(store, furniture.BO)


@pytest.fixture
def cy(store: Store) -> Agent:
    """Reader in support."""
    return agent(store, furniture.CY)


@pytest.fixture
def eve(store: Store) -> Agent:
    """Agent in sales alone: a stranger to support."""
    return agent(store, furniture.EVE)
