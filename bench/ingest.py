"""Ingest end to end from a private Dovecot, beside what plain IMAPClient takes to fetch it."""

import os
import random
import resource
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from imapclient import IMAPClient

from inbox import agents, house, mailboxes, search
from inbox.house import House
from inbox.settings import Settings
from ingest import jail, poll
from tests import furniture, servers
from tests.servers import MailServer

NOW = datetime(2026, 3, 30, 12, 0)
BYTES = 7_000
BATCH = 200
SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "ko"]


def measure(*, count: int = 5_000, others: tuple[int, ...] = (2_000, 10_000)) -> dict[str, object]:
    """Messages per second and CPU per mail for `count` mails of about 7 kB, the same for the
    `others`, and IMAPClient's own rate (batches of 200, best of five) on the same mailbox."""
    if servers.DOVECOT is None:
        return {"skipped": servers.HOW_TO_GET_DOVECOT}
    with servers.dovecot() as server:
        figures: dict[str, object] = {"mails": count, **_one(server, count, is_compared=True)}
        for size in others:
            figures[f"at_{size}"] = _one(server, size, is_compared=False)
    return figures


def _one(server: MailServer, count: int, *, is_compared: bool) -> dict[str, float]:
    server.user = f"bench{count}"
    _fill(server, count)
    figures = _ingest(server, count)
    if is_compared:
        rates = [count / _plain_fetch(server) for _ in range(5)]
        figures["imapclient_per_second"] = max(rates)
        figures["imapclient_spread"] = statistics.stdev(rates)
    return figures


def _ingest(server: MailServer, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        home = house.open_up(Settings(data=Path(folder) / "data"), now=NOW)
        furniture.furnish(home, now=NOW)
        mailbox = _connect(home, server.url)
        cpu, child = time.process_time(), _children()
        began = time.perf_counter()
        result = poll.poll(home, mailbox, now=NOW)
        found = _found(home, f"needle{count - 1}")
        seconds = time.perf_counter() - began
        jail.close(home.settings)
        cpu, child = time.process_time() - cpu, _children() - child
        home.close()
    assert found == 1, "the last mail is not found by search"
    assert result.filed == count, result
    return {
        "seconds": seconds,
        "per_second": count / seconds,
        "app_cpu_ms": cpu * 1000 / count,
        "jail_cpu_ms": child * 1000 / count,
        "cpu_ms": (cpu + child) * 1000 / count,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _found(home: House, word: str) -> int:
    with home.store.read() as db:
        ada = agents.by_id(db, furniture.ADA)
        assert ada
        return len(search.find(db, ada, word))


def _connect(home: House, url: str) -> mailboxes.Mailbox:
    with home.store.export() as cursor:
        cursor.execute(
            "update mailboxes set imap_url = $url, secret = $secret where id = 1",
            {"url": url, "secret": home.keys.encrypt(servers.PASSWORD)},
        )
    with home.store.read() as db:
        found = mailboxes.by_id(db, furniture.SUPPORT)
    assert found
    return found


def _plain_fetch(server: MailServer) -> float:
    began = time.perf_counter()
    with IMAPClient("127.0.0.1", port=server.port, ssl=False) as client:
        client.login(server.user, servers.PASSWORD)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        for start in range(0, len(uids), BATCH):
            client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"])
    return time.perf_counter() - began


def _fill(server: MailServer, count: int) -> None:
    """Lay the mails into the account's Maildir, as a delivery agent would."""
    assert server.config
    home = server.config.parent / "mail" / server.user
    for name in ("cur", "new", "tmp"):
        (home / "Maildir" / name).mkdir(parents=True)
    owner = server.config.parent.joinpath("mail").stat()
    for number, raw in enumerate(_mails(count)):
        file = home / "Maildir" / "new" / f"{1_700_000_000 + number}.M{number}.bench"
        file.write_bytes(raw)
        when = (NOW - timedelta(minutes=count - number)).timestamp()
        os.utime(file, (when, when))
    for place in (home, *home.rglob("*")):
        os.chown(place, owner.st_uid, owner.st_gid)


def _mails(count: int) -> list[bytes]:
    """Threads of three, a third with HTML, a tenth with an attachment."""
    dice = random.Random(count)
    words = ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(20_000)]
    return [_mail(dice, words, number, count) for number in range(count)]


def _mail(dice: random.Random, words: list[str], number: int, count: int) -> bytes:
    lines = [" ".join(dice.choices(words, k=10)) for _ in range(48)]
    text = f"needle{number}\n" + "\n".join(lines)
    sender = f"person{dice.randrange(500)}@customer.test"
    head = [
        f"Received: from mx.customer.test by mail.example.com; {dice.random()}",
        f"From: Person Name <{sender}>",
        "To: Support <support@example.com>",
        f"Subject: {'Re: ' if number % 3 else ''}Order {number // 3}",
        f"Date: {format_datetime(NOW - timedelta(minutes=count - number))}",
        f"Message-ID: <m{number}@customer.test>",
        "MIME-Version: 1.0",
    ]
    if number % 3:
        head.append(f"In-Reply-To: <m{number - number % 3}@customer.test>")
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
