"""Ingest end to end from a private Dovecot, beside what plain IMAPClient takes to fetch it."""

import resource
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from bench import post
from inbox import agents, clock, house, lists, mailboxes
from inbox.house import House
from inbox.settings import Settings
from ingest import jail, poll
from tests import furniture, servers
from tests.servers import MailServer

NOW = datetime(2026, 3, 30, 12, 0)
BATCH = 200


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
    post.fill(server, count, now=NOW)
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
        return len(lists.found(db, ada, word, now=clock.now()))


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
