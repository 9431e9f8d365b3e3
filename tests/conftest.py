"""A house on a temporary folder, with one mailbox, three agents and one conversation."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from inbox import agents, house
from inbox.agents import Agent
from inbox.house import House
from inbox.settings import Settings
from inbox.store import Session, Store
from tests import furniture

NOON = datetime(2026, 3, 2, 12, 0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def home(settings: Settings) -> Iterator[House]:
    opened = house.open_up(settings, now=NOON)
    furniture.furnish(opened, now=NOON)
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
