"""The line below a mail on its way out: what it says, and the ways on that it offers."""

from dataclasses import replace
from datetime import UTC, timedelta
from types import SimpleNamespace

import pytest

from inbox import outbox
from pages.parts import delivery, desk
from pages.parts.thread import Look
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox import post


@pytest.fixture
def row(home, ada, monkeypatch):
    monkeypatch.setattr(desk, "house", lambda: SimpleNamespace(settings=home.settings))
    post.connect(home)
    post.send(home, ada, post.written(home, ada))
    with home.store.read() as db:
        (found,) = outbox.of_conversation(db, ada, INVOICE)
    return replace(found, started_at=NOON, attempts=1)


def said(row, ada, seconds=0):
    look = Look(viewer=ada, files=None, now=NOON + timedelta(seconds=seconds), where=UTC)
    state = delivery.state(row, look)
    return state["tone"], [way["act"] for way in state["ways"]], state["text"]


def test_a_doubt_is_quiet_for_a_quarter_of_an_hour_and_red_after_it(row, ada):
    doubt = replace(row, state="uncertain")

    tone, ways, text = said(doubt, ada, 899)
    assert (tone, ways, "checking" in text) == ("quiet", [], True)
    tone, ways, text = said(doubt, ada, 900)
    assert (tone, ways, "may have arrived" in text) == ("bad", ["arrived", "again"], True)


@pytest.mark.parametrize("check", ["stopped", "overtaken"])
def test_what_was_held_back_is_a_draft_again_and_cannot_be_sent_from_here(row, ada, check):
    held = replace(row, state="failed", sent_check=check, error="Stopped: Bo answered meanwhile.")

    tone, ways, text = said(held, ada)
    assert (tone, ways) == ("bad", ["cancel"])
    assert "Bo answered meanwhile." in text


@pytest.mark.feature("OW09")
def test_what_left_without_a_look_into_sent_says_so(row, ada):
    tone, ways, text = said(replace(row, state="sent", sent_check="skipped"), ada)

    assert (tone, ways) == ("quiet", [])
    assert text.startswith("Sent folder not checked")
    look = Look(viewer=ada, files=None, now=NOON, where=UTC)
    assert delivery.state(replace(row, state="sent", sent_check="done"), look) is None
