"""Duplicate replies against cases that were labelled by hand: tests/truth/duplicates.txt."""

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import pytest

from inbox import house
from inbox.settings import Settings
from ingest import replies
from tests import furniture
from tests.conftest import NOON
from tests.furniture import ADA, BO, CY, INVOICE, SUPPORT

TRUTH = Path(__file__).parents[1] / "truth" / "duplicates.txt"
LINE = re.compile(
    r"(?P<minute>\d+) (?P<who>[^\[:<]+?)?(?: ?<(?P<address>[^>]+)>)?(?: \[(?P<flags>[^\]]+)\])?"
    r"(?::(?P<text>.*))?"
)
AGENTS = {"ada": ADA, "bo": BO, "cy": CY}
CUSTOMERS = {"maria": "maria@customer.test", "per": "per@customer.test"}
STATES = {"spam": "spam_at", "trashed": "trashed_at"}
SECOND = 9
FLAGS = ("collision", "outside", "stale")


@dataclass
class Case:
    name: str
    lines: list[dict[str, str]] = field(default_factory=list)
    pairs: list[tuple[object, ...]] = field(default_factory=list)

    @property
    def is_held_out(self):
        return crc32(self.name.encode()) % 2 == 1


def cases():
    for block in TRUTH.read_text().split("\n## ")[1:]:
        name, *rows = block.rstrip().split("\n")
        case = Case(name)
        for row in rows:
            if row.startswith("= "):
                first, second, kind, *flags = row[2:].split()
                case.pairs.append((int(first), int(second), kind, *(f in flags for f in FLAGS)))
            elif row.startswith("  ") or not row:
                case.lines[-1]["text"] += "\n" + row.removeprefix("  ")
            else:
                found = LINE.fullmatch(row).groupdict()
                case.lines.append({name: text or "" for name, text in found.items()})
        yield case


CASES = {case.name: case for case in cases()}


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """One house for all cases; each takes back what it told."""
    opened = house.open_up(Settings(data=tmp_path_factory.mktemp("house") / "data"), now=NOON)
    furniture.furnish(opened, now=NOON)
    yield opened
    opened.close()


def tell(cursor, case):
    """The messages in the order in which they came in, numbered from 101 as the story's lines."""
    for table in ("messages", "bodies"):
        cursor.execute(f"delete from {table} where conversation_id = $c", {"c": INVOICE})
    cursor.execute(
        "insert into conversations by name select * replace ($second as id, $c as merged_into) "
        "from conversations where id = $c",
        {"second": SECOND, "c": INVOICE},
    )
    told = [{**line, **flags(line["flags"]), "number": n} for n, line in enumerate(case.lines, 1)]
    for line in sorted(told, key=lambda one: int(one.get("arrives", one["minute"]))):
        at = NOON + timedelta(minutes=int(line["minute"]))
        if line["who"] in STATES:
            state = STATES[line["who"]]
            cursor.execute(f"update conversations set {state} = $at where id = 1", {"at": at})
        elif line["who"] == "closed":
            cursor.execute(
                "insert into events values (900, 'a', $at, $at, 'agent', 2, 1, 1, null, 'closed', "
                "'', '')",
                {"at": at},
            )
        else:
            put(cursor, line, at)


def flags(text):
    return {
        name: value or True
        for name, _, value in (one.strip().partition(" ") for one in text.split(";"))
        if name
    }


def put(cursor, line, at):
    who, is_note = line["who"], "note" in line
    is_in = who in CUSTOMERS
    is_outside = who.startswith("sent")
    # Both doors keep addresses in small letters.
    address = (CUSTOMERS.get(who) or line["address"] or "support@example.com").lower()
    to = [] if is_in else [["", line.get("to", "other@third.test" if "cc" in line else None)]]
    recipients = {"to": [[name, one or CUSTOMERS["maria"]] for name, one in to]}
    if "cc" in line:
        recipients["cc"] = [["", line["cc"]]]
    conversation = SECOND if "second" in line else INVOICE
    sent_at = NOON + timedelta(minutes=int(line["dated"])) if "dated" in line else at
    cursor.execute(
        "insert into messages (id, conversation_id, mailbox_id, direction, via, agent_id, sent_at, "
        "received_at, from_name, from_address, recipients, subject, answers_message_id, is_auto, "
        "is_bounce, is_readable, attachment_count, thread_reason) values ($id, $conversation, "
        "$mailbox, $direction, $via, $agent, $sent_at, $at, $name, $sender, $to, '', $answers, "
        "$is_auto, $is_bounce, true, $files, 'new')",
        {
            "id": 100 + line["number"],
            "conversation": conversation,
            "mailbox": SUPPORT,
            "direction": "note" if is_note else "in" if is_in else "out",
            "via": "sent" if is_outside else "imap" if is_in else "app",
            "agent": AGENTS.get(who),
            "sent_at": sent_at,
            "at": at,
            "name": who.removeprefix("sent").strip() if is_outside else "Support",
            "sender": address,
            "to": json.dumps(recipients).lower(),
            "answers": 100 + int(line["answers"]) if "answers" in line else None,
            "is_auto": "auto" in line,
            "is_bounce": "bounce" in line,
            "files": int(line.get("files", 0)),
        },
    )
    text = line["text"].strip()
    text = unicodedata.normalize("NFD" if "decomposed" in line else "NFC", text)
    cursor.execute(
        "insert into bodies values ($id, $conversation, $text, null, $own)",
        {
            "id": 100 + line["number"],
            "conversation": conversation,
            "text": text,
            "own": replies.of_text(text) if is_outside or is_in else text,
        },
    )


@pytest.mark.feature("OW09")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_view_says_what_a_reader_says(street, case):
    with street.store.export() as cursor:
        cursor.execute("begin")
        tell(cursor, case)
        found = cursor.execute(
            "select first_message_id - 100, second_message_id - 100, kind, is_collision, "
            "is_outside, is_stale from report.duplicate_replies order by second_sent_at, "
            "second_message_id"
        ).fetchall()
        cursor.execute("rollback")
    assert found == case.pairs


def test_half_of_the_cases_are_held_out_and_all_are_told_apart():
    assert len(CASES) >= 90
    assert 0.4 <= sum(case.is_held_out for case in CASES.values()) / len(CASES) <= 0.6
    assert {pair[2] for case in CASES.values() for pair in case.pairs} == {
        "different_answers",
        "overlapping",
        "same_answer_twice",
    }
