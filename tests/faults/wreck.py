"""A house as a kill leaves it, with mail before and after its back-up, ready to be damaged."""

import shutil
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from inbox import agents, backup, conversations, house, mailboxes, notes, rescue
from inbox.settings import Settings
from ingest import jail, poll, regain, takeup
from tests import furniture
from tests.conftest import NOON, agent
from tests.furniture import ADA, EVE, INVOICE, QUOTE, SUPPORT
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.conftest import connect, deliver, mail
from tests.ingest.smtp_script import Script, serving

LATER = NOON + timedelta(hours=2)
MIXED = """\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=cut

--cut
Content-Type: text/plain; charset=utf-8

{words}
--cut
Content-Type: text/csv; name=list.csv
Content-Disposition: attachment; filename=list.csv

{kind};{n}
--cut--
"""
DATABASE, LOG = "inbox.duckdb", "inbox.duckdb.wal"


@dataclass(kw_only=True)
class Wreck:
    """`folder` is the data folder as the kill left it; it is copied for each damage."""

    folder: Path
    url: str = ""
    mails: set[bytes] = field(default_factory=set)
    """Every mail of a customer and every copy in Sent, by its exact bytes."""
    answers: list[str] = field(default_factory=list)
    """Replies that left before the kill."""
    waiting: str = "The third answer, which never left."

    @property
    def database(self) -> bytes:
        return (self.folder / DATABASE).read_bytes()

    @property
    def log(self) -> bytes:
        return (self.folder / LOG).read_bytes()

    def copied(self, into: Path) -> Settings:
        shutil.copytree(self.folder, into)
        return Settings(data=into, idle=False, sent_check_wait_seconds=0)


def numbered(kind: str, n: int) -> bytes:
    """A customer's mail; every other one has a file."""
    words = f"{kind} {n}. " + "Where is it? " * 40
    plain = mail(
        words,
        subject=f"{kind} {n}",
        sender=f"Nils {n} <nils{n}@customer.test>",
        message_id=f"{kind.lower()}{n}@customer.test",
    )
    if n % 2:
        return plain
    head = plain.split(b"Content-Type:")[0]
    return head + MIXED.format(words=words, kind=kind, n=n).replace("\n", "\r\n").encode()


def build(folder: Path, server) -> Wreck:
    """Mail by a poll of `server` (a Dovecot) and without one; replies that leave and one that does
    not; notes; a back-up; then more of all that, which only the log knows."""
    settings = Settings(data=folder, idle=False, sent_check_wait_seconds=0)
    wreck = Wreck(folder=folder.with_name("killed"), url=server.url)
    home = house.open_up(settings, now=NOON)
    furniture.furnish(home, now=NOON)
    _live(home, wreck, server, "Early", NOON)
    backup.make(home, agents.the_house(), now=NOON + timedelta(minutes=30))
    jail.close(settings)
    home.close()
    home = house.open_up(settings, now=NOON)
    _live(home, wreck, server, "Late", NOON + timedelta(hours=1))
    post.connect(home)
    post.send(home, agent(home.store, ADA), _draft(home, wreck.waiting), anyway=True)
    with home.store.write() as db:
        notes.add(db, agent(home.store, EVE), QUOTE, "The last word", now=NOON)
    # What a kill leaves: nothing is folded in, nothing more is written.
    shutil.copytree(folder, wreck.folder)
    jail.close(settings)
    home.close()
    return wreck


def _draft(home, words):
    return post.written(home, agent(home.store, ADA), body=words, now=NOON)


def _live(home, wreck, server, kind, now):
    found = [numbered(kind, n) for n in range(6)]
    server.append(*found[:3], when=None)
    deliver(home, *found[3:], mailbox_id=furniture.SALES, now=now)
    mailbox = connect(home, server.url)
    poll.poll(home, mailbox, now=now)
    wreck.mails |= set(found)
    ada = agent(home.store, ADA)
    with home.store.write() as db:
        notes.add(db, ada, INVOICE, f"{kind}: call back", now=now)
        if kind == "Early":
            conversations.claim(db, ada, INVOICE, now=now)
    _answer(home, wreck, f"{kind} answer, with a copy in Sent", now)
    assert errands.copy_to_sent(home, now=now + timedelta(minutes=1)) >= 1
    _answer(home, wreck, f"{kind} answer, without a copy", now + timedelta(minutes=2))


def _answer(home, wreck, words, now):
    """A reply that leaves."""
    script = Script()
    with serving(script) as smtp:
        post.connect(home, f"smtp://127.0.0.1:{smtp.port}")
        post.send(home, agent(home.store, ADA), _draft(home, words), anyway=True, now=now)
        assert errands.deliver_due(home, now=now + timedelta(seconds=21)) == 1
    wreck.answers.append(words)


def opened(settings, said):
    """Start as the app does; answer the house and the seconds that took."""
    began = time.monotonic()
    home = rescue.opened(settings, now=LATER, take_up=takeup.take_up, say=said.append)
    return home, time.monotonic() - began


def at_work(home, script, *, now=LATER):
    """Poll, settle, and deliver what would leave by itself, for a while."""
    with home.store.read() as db:
        polled = [m for m in mailboxes.active(db) if m.imap_url]
    with serving(script) as smtp:
        with home.store.export() as cursor:
            cursor.execute(
                "update mailboxes set smtp_url = $url where id = $id",
                {"url": f"smtp://127.0.0.1:{smtp.port}", "id": SUPPORT},
            ).fetchall()
        for turn in range(4):
            moment = now + timedelta(minutes=turn)
            for mailbox in polled:
                poll.poll(home, mailbox, now=moment)
            regain.settle(home, now=moment)
            errands.deliver_due(home, now=moment)
