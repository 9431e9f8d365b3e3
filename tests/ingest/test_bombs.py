"""Mails made to break their reader: each is done with in five seconds, and the next one flows."""

import base64
import time
from collections.abc import Callable

import pytest

from inbox.house import House
from ingest import jail
from tests.ingest.conftest import deliver, mail, rows

LONGEST_SECONDS = 5.0
TYPE = "From: a@customer.test\r\nMessage-ID: <bomb@customer.test>\r\nContent-Type: "


def nested(depth: int) -> bytes:
    opening = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth)
    )
    return ("From: a@customer.test\r\n" + opening + "\r\nThe end").encode()


def nested_mails(depth: int) -> bytes:
    return b"From: a@customer.test\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"End"


def many_parts(count: int) -> bytes:
    head = f'{TYPE}multipart/mixed; boundary="x"\r\n\r\n'.encode()
    return head + b"--x\r\n\r\n.\r\n" * count + b"--x--\r\n"


def near_boundaries(count: int) -> bytes:
    head = f'{TYPE}multipart/mixed; boundary="x"\r\n\r\n'.encode()
    return head + b"--xy\r\n--x-\r\n" * count


def long_header(size: int) -> bytes:
    return b"From: a@customer.test\r\nX-Long: " + b"a" * size + b"\r\n\r\nHello"


def many_headers(count: int) -> bytes:
    return b"From: a@customer.test\r\n" + b"X-More: a\r\n" * count + b"\r\nHello"


def recipients(count: int) -> bytes:
    people = ", ".join(f'"N, {n}" <n{n}@customer.test>' for n in range(count))
    return f"From: a@customer.test\r\nTo: {people}\r\n\r\nHello".encode()


def parentheses(count: int) -> bytes:
    return b"From: " + b"(" * count + b" a@customer.test\r\n\r\nHello"


def encoded_words(count: int) -> bytes:
    return b"Subject: " + b"=?utf-8?q?a?= " * count + b"\r\n\r\nHello"


def half_words(count: int) -> bytes:
    return b"Subject: " + b"=?utf-8?q?" * count + b"\r\n\r\nHello"


def references(count: int) -> bytes:
    ids = " ".join(f"<r{n}@customer.test>" for n in range(count))
    return f"From: a@customer.test\r\nReferences: {ids}\r\n\r\nHello".encode()


def continuations(count: int) -> bytes:
    names = "".join(f"; filename*{n}*=%41" for n in range(count))
    return f"{TYPE}application/pdf\r\nContent-Disposition: attachment{names}\r\n\r\nx".encode()


def text(line: str, size: int) -> bytes:
    return f"{TYPE}text/plain\r\n\r\n".encode() + (line.encode() * (size // len(line) + 1))


def html(opening: str, size: int, closing: str = "") -> bytes:
    count = size // len(opening + closing)
    return f"{TYPE}text/html\r\n\r\n{opening * count}deep{closing * count}".encode()


def encoded(size: int) -> bytes:
    content = base64.b64encode(b"\0" * size)
    return f"{TYPE}application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + content


def uuencoded(count: int) -> bytes:
    return f"{TYPE}text/plain\r\n\r\n".encode() + b"begin 644 a\r\nM" * count


BOMBS: dict[str, Callable[[], bytes]] = {
    "2,000 parts inside each other": lambda: nested(2_000),
    "20,000 parts inside each other": lambda: nested(20_000),
    "20,000 mails inside each other": lambda: nested_mails(20_000),
    "600,000 parts": lambda: many_parts(600_000),
    "2,000,000 lines that are nearly a boundary": lambda: near_boundaries(1_000_000),
    "a header of 45 MB": lambda: long_header(45_000_000),
    "2,000,000 headers": lambda: many_headers(2_000_000),
    "200,000 recipients": lambda: recipients(200_000),
    "1,000,000 open parentheses": lambda: parentheses(1_000_000),
    "1,000,000 encoded words": lambda: encoded_words(1_000_000),
    "1,000,000 encoded words that do not end": lambda: half_words(1_000_000),
    "500,000 references": lambda: references(500_000),
    "100,000 pieces of one file name": lambda: continuations(100_000),
    "1 MB of >": lambda: text(">", 1_000_000),
    "20 MB of >": lambda: text(">", 20_000_000),
    "5 MB of quoted lines": lambda: text("> > >\n", 5_000_000),
    "5 MB of attributions": lambda: text("On Mon, 2 Mar 2026 Maria wrote:\n", 5_000_000),
    "5 MB of half attributions": lambda: text("On Mon, 2 Mar 2026 Maria\n", 5_000_000),
    "5 MB of header blocks": lambda: text("From: x\nSent: y\n\n", 5_000_000),
    "5 MB of signatures": lambda: text("-- \n", 5_000_000),
    "5 MB of blanks": lambda: text(" ", 5_000_000),
    "5 MB on one line": lambda: text("wrote: ", 5_000_000),
    "1,000,000 open <div>": lambda: html("<div>", 5_000_000),
    "300,000 blockquotes": lambda: html("<blockquote>", 7_200_000, "</blockquote>"),
    "300,000 tables in each other": lambda: html("<table><tr><td>", 4_500_000),
    "1,000,000 list items": lambda: html("<li>", 4_000_000),
    "5 MB of <": lambda: html("<", 5_000_000),
    "5 MB of &": lambda: html("&amp", 5_000_000),
    "5 MB of attributes": lambda: html("<p a" + "=1 a" * 5_000 + ">", 5_000_000),
    "a zip of nothing, 30 MB": lambda: encoded(22_000_000),
    "1,000,000 files in uuencode": lambda: uuencoded(1_000_000),
    "45 MB of line ends": lambda: text("\r\n", 45_000_000),
    "45 MB of NUL": lambda: text("\0", 45_000_000),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_goes_off_in_the_jail_and_the_next_mail_flows(home: House, bomb: str):
    raw = BOMBS[bomb]()
    jail.of(home.settings).parse_all([mail()])
    began = time.perf_counter()

    placed = deliver(home, raw, mail("The next one", message_id="next@customer.test"))

    seconds = time.perf_counter() - began
    print(f"{bomb}: {seconds:.2f} s")  # noqa: T201
    assert len(placed) == 2
    assert rows(home, "select body_text from bodies order by message_id desc limit 1") == [
        ("The next one",)
    ]
    assert seconds <= LONGEST_SECONDS
