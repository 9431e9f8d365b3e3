"""Every mail of tests/mail/odd says what the expectation beside it says.

`NAME.toml` beside `NAME.eml` holds, written by hand from what a person would read in that mail:

* `why`: what is odd about it, in one line
* `from`, `to`, `subject`, `text`: required; addresses as `Name <address>`, or the address alone
* `attachments`: required, each `name | content type | size in bytes`, inline ones with ` | inline`
* `conversation`: required: `new`, or the reason it joins the one mail of `before`
* `cc`, `reply_to`: lists, empty when left out; `date`: naive UTC, not looked at when left out,
  `"None"` when the mail names no moment;
  `reply`: its own words, not looked at when left out; `auto`: false when left out;
  `bounces`: each `address | status | hard` or `soft`; `protection`: "" when left out
* `before`: names of mails of the same folder that came earlier, in their order
"""

import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.house import House
from ingest import jail
from ingest.addresses import Address
from ingest.jail import Jail
from ingest.parse import Parsed
from tests.conftest import MAIL, NOON
from tests.ingest.conftest import deliver, furnished

ODD = sorted((MAIL / "odd").rglob("*.toml"))
REQUIRED = {"why", "from", "to", "subject", "text", "attachments", "conversation"}
_mailboxes = itertools.count(100)


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = furnished(tmp_path_factory.mktemp("odd") / "data")
    yield opened
    jail.close(opened.settings)
    opened.close()


@pytest.fixture(scope="module")
def child(one_home: House) -> Jail:
    return jail.of(one_home.settings)


def test_every_odd_mail_has_an_expectation_and_every_expectation_a_mail():
    mails = {m.with_suffix("") for m in (MAIL / "odd").rglob("*.eml")}
    told = {t.with_suffix("") for t in ODD}
    begun = {t.parent / name for t in ODD for name in expectation(t).get("before", ())}
    assert mails - told <= begun
    assert told <= mails


@pytest.mark.parametrize("told", ODD, ids=lambda t: f"{t.parent.name}/{t.stem}")
def test_it_says_what_a_person_would_read(child: Jail, told: Path):
    expected = expectation(told)
    assert expected.keys() >= REQUIRED

    (parsed,) = child.parse_all([told.with_suffix(".eml").read_bytes()])

    assert parsed is not None
    assert said(parsed, expected) == {
        "from": expected["from"],
        "to": expected["to"],
        "cc": expected.get("cc", []),
        "reply_to": expected.get("reply_to", []),
        "subject": expected["subject"],
        "text": expected["text"].strip("\n"),
        "attachments": expected["attachments"],
        "auto": expected.get("auto", False),
        "bounces": expected.get("bounces", []),
        "protection": expected.get("protection", ""),
        "date": str(expected["date"]) if "date" in expected else "not looked at",
        "reply": expected["reply"].strip("\n") if "reply" in expected else "not looked at",
    }


@pytest.mark.parametrize("told", ODD, ids=lambda t: f"{t.parent.name}/{t.stem}")
def test_it_stands_in_the_right_conversation(one_home: House, told: Path):
    expected = expectation(told)
    before = [(told.parent / f"{name}.eml").read_bytes() for name in expected.get("before", ())]

    placed = deliver(
        one_home, *before, told.with_suffix(".eml").read_bytes(), mailbox_id=a_mailbox(one_home)
    )

    assert len(placed) == len(before) + 1
    conversation_id, reason = placed[-1]
    assert reason == expected["conversation"]
    assert (conversation_id in {earlier for earlier, _ in placed[:-1]}) == (reason != "new")


def expectation(told: Path) -> dict:
    return tomllib.loads(told.read_text("utf-8"))


def said(parsed: Parsed, expected: dict) -> dict:
    return {
        "from": shown(parsed.from_),
        "to": [shown(a) for a in parsed.to],
        "cc": [shown(a) for a in parsed.cc],
        "reply_to": [shown(a) for a in parsed.reply_to],
        "subject": parsed.subject,
        "text": parsed.text,
        "attachments": [
            f"{a.filename} | {a.content_type} | {len(a.content)}{' | inline' * a.is_inline}"
            for a in parsed.attachments
        ],
        "auto": parsed.is_auto,
        "bounces": [
            f"{u.address} | {u.status} | {'hard' if u.is_permanent else 'soft'}"
            for u in parsed.undelivered
        ],
        "protection": parsed.protection,
        "date": str(parsed.date) if "date" in expected else "not looked at",
        "reply": parsed.reply_text if "reply" in expected else "not looked at",
    }


def shown(address: Address) -> str:
    return f"{address.name} <{address.address}>" if address.name else address.address


def a_mailbox(home: House) -> int:
    """One of its own for each mail: nothing known of another can place it."""
    number = next(_mailboxes)
    with home.store.export() as cursor:
        cursor.execute(
            "insert into mailboxes (id, address, name, auth, signature, save_sent, folders, "
            "poll_seconds, is_active, created_at) values ($id, 'support@example.com', 'Support', "
            "'password', '', 'auto', '[]', 60, true, $now)",
            {"id": number, "now": NOON},
        )
    return number
