"""The jail: whatever a mail does, it does it to the child alone."""

import os
import signal
import subprocess
import sys
import time

import pytest

from inbox.settings import HOUSE, Settings
from ingest import jail, poll
from tests.conftest import NOON
from tests.ingest.conftest import connect, mail, rows


@pytest.fixture
def cell(tmp_path):
    found = jail.Jail(Settings(data=tmp_path, jail_cpu_seconds=0.3, jail_wall_seconds=3))
    yield found
    found.close()


SLOW = mail().replace(b"text/plain", b"text/html") + b"<div><i>" * 9_900


def test_a_mail_that_takes_too_long_is_given_up_and_the_others_are_read(tmp_path):
    hasty = jail.Jail(Settings(data=tmp_path, jail_cpu_seconds=0.08))
    try:
        first, slow, last = hasty.parse_all([mail("One"), SLOW, mail("Two")])
    finally:
        hasty.close()
    assert (first.text, slow, last.text) == ("One", None, "Two")


def test_a_child_that_is_killed_is_replaced_and_no_mail_is_lost(cell):
    cell.parse_all([mail()])
    os.kill(cell._child.pid, signal.SIGKILL)
    time.sleep(0.05)

    assert [p.text for p in cell.parse_all([mail("A"), mail("B")])] == ["A", "B"]


def test_a_child_that_falls_silent_is_replaced(cell):
    cell.parse_all([mail()])
    object.__setattr__(cell._settings, "jail_wall_seconds", 2)
    os.kill(cell._child.pid, signal.SIGSTOP)

    assert cell.parse_all([mail("A")])[0].text == "A"


def test_memory_is_limited(tmp_path):
    small = jail.Jail(Settings(data=tmp_path, jail_memory_bytes=200_000_000))
    huge = mail("x" * 60_000_000)
    try:
        found = small.parse_all([mail("A"), huge, mail("B")])
    finally:
        small.close()
    assert [p and p.text for p in found] == ["A", None, "B"]


def test_the_child_knows_no_secret_of_ours(cell, monkeypatch):
    monkeypatch.setenv("DELAD_CANARY", "secret")
    cell.parse_all([mail()])
    with open(f"/proc/{cell._child.pid}/environ", "rb") as environment:  # noqa: PTH123
        assert b"CANARY" not in environment.read()


def test_attachments_come_back_byte_for_byte(cell):
    content = bytes(range(256)) * 1000
    from email.message import EmailMessage

    made = EmailMessage()
    made["From"] = "a@x.test"
    made.set_content("See the file")
    made.add_attachment(content, maintype="application", subtype="x", filename="å.bin")
    (found,) = cell.parse_all([made.as_bytes()])

    assert [(a.filename, a.content) for a in found.attachments] == [("å.bin", content)]


def test_killed_between_the_transactions_nothing_is_lost_or_doubled(home, dovecot):
    """The process dies by kill -9 after the first transaction; the next start files the rest."""
    mailbox = connect(home, dovecot.url)
    dovecot.append(mail("One"), mail("Two", message_id="p2@customer.test"))
    home.close()
    program = (
        "from datetime import datetime\nfrom pathlib import Path\n"
        "from inbox import house, mailboxes\nfrom inbox.settings import Settings\n"
        "from ingest import poll\n"
        f"h = house.open_up(Settings(data=Path({str(home.settings.data)!r})), "
        "now=datetime(2026, 3, 2, 12))\n"
        "with h.store.read() as db:\n    m = mailboxes.by_id(db, 1)\n"
        "poll.poll(h, m, now=datetime(2026, 3, 2, 12))\n"
    )
    environment = {**os.environ, "DELAD_FAILPOINT": "between the transactions"}
    died = subprocess.run(
        [sys.executable, "-c", program], cwd=HOUSE, env=environment, check=False, timeout=30
    )
    assert died.returncode == -signal.SIGKILL

    from inbox import house as houses

    again = houses.open_up(home.settings, now=NOON)
    try:
        assert rows(again, "select count(*) from raw_messages where state = 'stored'") == [(2,)]
        assert rows(again, "select count(*) from messages where id > 2") == [(0,)]
        result = poll.poll(again, mailbox, now=NOON)
        assert (result.read, result.filed) == (0, 2)
        assert rows(again, "select count(*) from messages where id > 2") == [(2,)]
    finally:
        again.close()
