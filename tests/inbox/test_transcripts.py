"""A conversation to keep: what is in it, what is not, and that it is told."""

import pytest

from inbox import hiding, notes, restricting, transcripts
from inbox.errors import NotFound
from tests.conftest import NOON
from tests.furniture import INVOICE
from tests.inbox.test_restricting import filed  # noqa: F401

pytestmark = pytest.mark.feature("CR21")


def test_readers_take_it_along_without_notes(filed, bo, cy):  # noqa: F811
    notes.add(filed, bo, INVOICE, "Between us", now=NOON)
    plain = transcripts.export(filed, cy, INVOICE, "file", now=NOON)
    whole = transcripts.export(filed, cy, INVOICE, "file", with_notes=True, now=NOON)

    assert "Between us" not in str(plain) and "Between us" in str(whole)
    assert plain.places == {}
    told = filed.rows("events.of_family", family=[INVOICE], mailboxes=[1])
    assert [row[11] for row in told if row[9] == "exported"] == [
        '{"as": "file", "with_notes": false}',
        '{"as": "file", "with_notes": true}',
    ]


def test_its_mails_come_as_they_were(filed, cy):  # noqa: F811
    assert list(transcripts.export(filed, cy, INVOICE, "mails", now=NOON).places) == [1]


def test_hidden_mails_and_restricted_files_stay_behind(filed, ada, bo):  # noqa: F811
    restricting.restrict(filed, bo, INVOICE, 1, now=NOON)
    assert transcripts.export(filed, ada, INVOICE, "mails", now=NOON).places == {}
    restricting.lift(filed, bo, INVOICE, 1, now=NOON)
    hiding.hide(filed, bo, INVOICE, 1, now=NOON)
    found = transcripts.export(filed, ada, INVOICE, "mails", now=NOON)
    assert found.places == {} and "Hello" not in str(found.messages)


def test_a_stranger_gets_nothing(filed, eve):  # noqa: F811
    with pytest.raises(NotFound):
        transcripts.export(filed, eve, INVOICE, "file", now=NOON)
    assert filed.changes == []
