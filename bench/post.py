"""Mail for the benches: about 7 kB each, laid into a Maildir of the private Dovecot."""

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.servers import MailServer

BYTES = 7_000
SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "ko"]


def fill(server: MailServer, count: int, *, now: datetime) -> None:
    """Lay the mails into the account's Maildir, as a delivery agent would."""
    assert server.config
    root = server.config.parent / "mail"
    home = root / server.user
    for name in ("cur", "new", "tmp"):
        (home / "Maildir" / name).mkdir(parents=True)
    for number, raw in enumerate(mails(count, now=now)):
        file = home / "Maildir" / "new" / f"{1_700_000_000 + number}.M{number}.bench"
        file.write_bytes(raw)
        when = (now - timedelta(minutes=count - number)).replace(tzinfo=UTC).timestamp()
        os.utime(file, (when, when))
    owner = root.stat()
    for place in (home, *home.rglob("*")):
        os.chown(place, owner.st_uid, owner.st_gid)


def vocabulary(dice: random.Random) -> list[str]:
    return ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(20_000)]


def mails(count: int, *, now: datetime) -> Iterator[bytes]:
    """Threads of three, a third with HTML, a tenth with an attachment; one a minute until `now`.

    The word `needle<number>` is in that mail alone.
    """
    dice = random.Random(count)
    words = vocabulary(dice)
    for number in range(count):
        yield mail(dice, words, number, sent_at=now - timedelta(minutes=count - number))


def mail(
    dice: random.Random, words: list[str], number: int, *, sent_at: datetime, subject: str = ""
) -> bytes:
    """One mail; with a subject it begins a conversation, else it is one of a thread of three."""
    lines = [" ".join(dice.choices(words, k=10)) for _ in range(48)]
    text = f"needle{number}\n" + "\n".join(lines)
    sender = f"person{dice.randrange(500)}@customer.test"
    rank = 0 if subject else number % 3
    own_id = f"{subject.replace(' ', '-')}.{dice.getrandbits(64):x}" if subject else f"m{number}"
    head = [
        f"Received: from mx.customer.test by mail.example.com; {dice.random()}",
        f"From: Person Name <{sender}>",
        "To: Support <support@example.com>",
        f"Subject: {subject or f'Order {number // 3}' if not rank else f'Re: Order {number // 3}'}",
        f"Date: {format_datetime(sent_at)}",
        f"Message-ID: <{own_id}@customer.test>",
        "MIME-Version: 1.0",
    ]
    if rank:
        head.append(f"In-Reply-To: <m{number - rank}@customer.test>")
    if number % 10 == 0:
        body = _parts("mixed", _text(text[:3000]), _attachment(dice))
    elif number % 3 == 0:
        paragraphs = "".join(f"<p>{line}</p>" for line in lines[:24])
        body = _parts(
            "alternative",
            _text(text[:2500]),
            f"Content-Type: text/html; charset=utf-8\n\n<html><body>{paragraphs}</body></html>",
        )
    else:
        body = _text(text[:BYTES])
    return "\r\n".join(("\n".join(head) + "\n" + body + "\n").split("\n")).encode()


def _text(words: str) -> str:
    return f"Content-Type: text/plain; charset=utf-8\n\n{words}"


def _attachment(dice: random.Random) -> str:
    content = "\n".join(f"{dice.getrandbits(300):075x}0"[:76] for _ in range(40))
    return (
        "Content-Type: application/octet-stream; name=data.bin\n"
        "Content-Disposition: attachment; filename=data.bin\n"
        f"Content-Transfer-Encoding: base64\n\n{content}"
    )


def _parts(kind: str, *parts: str) -> str:
    inner = "".join(f"--sep\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=sep\n\n{inner}--sep--"
