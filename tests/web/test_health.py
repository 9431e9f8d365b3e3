from dataclasses import replace

import pytest

from tests.web.conftest import serve


def test_healthz_is_open_and_says_nothing_else(served):
    answer = served.browser().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_a_database_that_does_not_answer_is_a_503(served, monkeypatch):
    with served.house.store.export() as cursor:
        cursor.execute("alter table migrations rename to gone")

    answer = served.browser().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False})
    with served.house.store.export() as cursor:
        cursor.execute("alter table gone rename to migrations")


def test_without_a_token_set_there_are_no_metrics(served):
    assert served.browser().get("/metrics").status_code == 404


@pytest.fixture
def watched(home):
    yield from serve(replace(home, settings=replace(home.settings, metrics_token="let me see")))


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer let me se", "Bearer å"])
def test_metrics_need_the_token(watched, given):
    answer = watched.browser().get("/metrics", headers={"Authorization": given.encode()})

    assert answer.status_code == 401
    assert "delad_" not in answer.text


def test_metrics_are_numbers_prometheus_reads(watched):
    answer = watched.browser().get("/metrics", headers={"Authorization": "Bearer let me see"})

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    numbers = dict(line.split() for line in answer.text.splitlines() if not line.startswith("#"))
    assert numbers["delad_conversations"] == "2"
    assert numbers["delad_messages"] == "2"
    assert "Invoice" not in answer.text
    assert "@" not in answer.text
