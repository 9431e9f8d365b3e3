"""Leaving the demo: asked once, done once, and only by who sits at the machine."""

import time

import pytest

from tests.furniture import CY
from tests.web.conftest import serve
from web.demo import DemoDoor

ELSEWHERE = {"X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
def left():
    return []


@pytest.fixture
def shown(home, left):
    door = DemoDoor(accounts=[], password="x", leave=lambda: left.append(1))
    yield from serve(home, door)


def test_looking_does_not_leave(shown, left):
    answer = shown.browser(CY).get("/start-for-real")
    assert "Start for real?" in answer.text
    time.sleep(0.7)
    assert left == []


def test_pressing_leaves_when_the_answer_is_out(shown, left):
    answer = shown.browser(CY).post("/start-for-real")
    assert "Look at the console" in answer.text
    assert answer.headers["refresh"].endswith("url=/signin")
    time.sleep(0.7)
    assert left == [1]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_not_from_elsewhere(shown, left, method):
    answer = shown.browser(CY).request(method, "/start-for-real", headers=ELSEWHERE)
    assert answer.status_code == 403
    time.sleep(0.7)
    assert left == []


def test_not_without_a_session(shown, left):
    assert shown.browser().post("/start-for-real").status_code in (303, 401)
    assert left == []


def test_a_house_that_is_no_demo_has_no_such_door(served):
    """What no route takes is a page, and a page takes no POST."""
    assert served.browser(CY).post("/start-for-real").status_code == 405
