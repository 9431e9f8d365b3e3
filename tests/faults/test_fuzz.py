"""Mutated mails, a hundred thousand at length: each is read in time, none is lost, none stops
what comes after it."""

import statistics
import time
from collections.abc import Iterator

import pytest

from inbox.house import House
from ingest import jail
from ingest.parse import Parsed
from tests.conftest import MAIL
from tests.faults.length import rounds
from tests.faults.mutations import mutated
from tests.ingest.conftest import deliver, furnished, mail, rows
from tests.truth import customers

COUNT = rounds(sample=2_000, long=100_000)
SEED = 20261124
BATCH = 200
SLOWEST_PERCENTILE_SECONDS = 1.0


@pytest.fixture(scope="module")
def corpus() -> list[bytes]:
    odd = [file.read_bytes() for file in sorted(MAIL.rglob("*.eml"))]
    return [*odd, *(post.raw for post in customers.plan(7, 60).posts)]


@pytest.fixture
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = furnished(tmp_path_factory.mktemp("fuzz") / "data")
    yield opened
    jail.close(opened.settings)
    opened.close()


@pytest.mark.timeout(3_600)
def test_no_mutated_mail_is_lost_or_holds_up_the_next(one_home: House, corpus: list[bytes]):
    child = jail.of(one_home.settings)
    seconds: list[float] = []
    unread = 0
    for start in range(SEED, SEED + COUNT, BATCH):
        mails = [mutated(number, corpus) for number in range(start, start + BATCH)]
        for raw in mails:
            began = time.perf_counter()
            unread += child.parse_all([raw]) == [None]
            seconds.append(time.perf_counter() - began)
        deliver(one_home, *mails)

    deliver(one_home, mail("After all that", message_id="after@customer.test"))

    slow = statistics.quantiles(seconds, n=100)
    print(  # noqa: T201
        f"{COUNT} mutated mails: median {statistics.median(seconds) * 1000:.2f} ms, "
        f"p99 {slow[-1] * 1000:.2f} ms, longest {max(seconds):.2f} s, {unread} could not be read"
    )
    assert slow[-1] <= SLOWEST_PERCENTILE_SECONDS
    assert left_behind(one_home) == []
    assert rows(one_home, "select count(*) from raw_messages") == [(COUNT + 1,)]
    assert rows(one_home, "select body_text from bodies order by message_id desc limit 1") == [
        ("After all that",)
    ]


def test_what_a_mutated_mail_says_can_be_stored_and_shown(corpus: list[bytes], one_home: House):
    child = jail.of(one_home.settings)
    for number in range(SEED, SEED + COUNT // 10):
        (parsed,) = child.parse_all([mutated(number, corpus)])
        if parsed is not None:
            assert unfit(parsed) == []


def left_behind(home: House) -> list[tuple]:
    """Mails of which nothing is to be seen, and unreadable ones that do not say so."""
    return rows(
        home,
        "select raw_messages.id, raw_messages.state from raw_messages "
        "left join messages on raw_messages.message_id = messages.id "
        "where raw_messages.state not in ('filed', 'known', 'unreadable') or messages.id is null "
        "or (raw_messages.state = 'unreadable' and messages.is_readable)",
    )


def unfit(parsed: Parsed) -> list[str]:
    """Texts with NUL, lone surrogates or line ends where one line is due."""
    lines = [
        *(parsed.subject, parsed.rfc_message_id or "", *parsed.in_reply_to, *parsed.references),
        *(part for a in (parsed.from_, *parsed.to, *parsed.cc, *parsed.reply_to) for part in a),
        *(a.filename for a in parsed.attachments),
    ]
    texts = [*lines, parsed.text, parsed.html or "", parsed.reply_text]
    bad = [t for t in texts if "\0" in t or any("\ud800" <= c <= "\udfff" for c in t)]
    return bad + [line for line in lines if "\n" in line or "\r" in line]
