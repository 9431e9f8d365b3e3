"""A file of shifts, line by line: whose it may name, and what is wrong with a line."""

from datetime import datetime

import pytest

from inbox import people, shifts
from inbox.errors import Invalid
from tests.conftest import NOON, agent
from tests.furniture import BO, SUPPORT

pytestmark = pytest.mark.feature("OW15")
HEAD = "email,starts,ends\n"
BOS = "bo@example.com,2026-03-02T08:00+01:00,2026-03-02T16:00+01:00\n"
EVES = "eve@example.com,2026-03-02T08:00,2026-03-02T16:00\n"


def previewed(store, viewer, text):
    with store.read() as db:
        return shifts.preview(db, viewer, text)


def test_every_line_is_told_apart(store, ada):
    good, nobody, soon, backwards = previewed(
        store,
        ada,
        HEAD + BOS + "no@example.com,2026-03-02,2026-03-03\nbo@example.com,soon,\n"
        "bo@example.com,2026-03-03,2026-03-02\n",
    )

    assert (good.name, good.starts_at, good.wrong) == ("Bo Ek", datetime(2026, 3, 2, 7), None)
    assert "Line 3: nobody" in str(nobody.wrong)
    assert "Line 4: write" in str(soon.wrong)
    assert "Line 5: this shift ends" in str(backwards.wrong)


def test_what_a_spreadsheet_writes_is_read(store, ada):
    text = "\ufeff" + (HEAD + BOS).replace(",", ";").replace("\n", "\r\n")

    assert [line.wrong for line in previewed(store, ada, text)] == [None]


@pytest.mark.parametrize("text", ["", HEAD, "nothing\x00", "a" * 200_000 + ",b\nx" * 2])
def test_what_is_no_such_file_is_refused(store, ada, text):
    try:
        lines = previewed(store, ada, text)
    except Invalid:
        return
    assert all(line.wrong for line in lines)


def test_a_manager_plans_those_of_her_mailbox_alone(store, ada):
    with store.write() as db:
        people.set_role(db, ada, BO, SUPPORT, "manager", "as", now=NOON)
    bo = agent(store, BO)
    own, stranger = previewed(store, bo, HEAD + BOS + EVES)

    assert own.wrong is None
    assert "nobody with the address eve@example.com" in str(stranger.wrong)
    with store.write() as db, pytest.raises(Invalid, match="Line 3"):
        shifts.take_up(db, bo, HEAD + BOS + EVES, now=NOON)
    with store.write() as db:
        assert shifts.take_up(db, bo, HEAD + BOS, now=NOON) == 1
