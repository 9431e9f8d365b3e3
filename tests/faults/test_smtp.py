"""Mail servers that fail in every way: no reply is lost, none sent twice without a person's word.

After each failure the mails that the servers took are counted against the outbox, by Message-ID
and recipient. Double sending after a time-out and silent loss in a queue are what agents of
shared inboxes tell each other about.
"""

import email
import shutil
import socket
import ssl
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import house as houses
from inbox import outbox, outgoing, verify
from inbox.errors import TooLate
from ingest import deliver
from tests.certificates import Authority
from tests.conftest import NOON
from tests.faults.length import some
from tests.faults.smtp_modes import MODES, SLOW
from tests.furniture import INVOICE
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.smtp_script import Gone, Script, serving

DUE = NOON + timedelta(seconds=21)
BEFORE = NOON + timedelta(seconds=19)
RETRIES = [DUE + timedelta(minutes=m) for m in (2, 10, 60 * 3, 60 * 24)]
NAMES = list(MODES)


@pytest.fixture
def settings(settings):
    return replace(
        settings, connect_seconds=1, read_seconds=0.6, data_seconds=0.6, sent_check_wait_seconds=0
    )


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("authority"))
    found = {}
    for trust, pair in (
        (True, authority.issue("localhost")),
        (False, authority.self_signed("localhost")),
    ):
        found[trust] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        found[trust].load_cert_chain(pair.certificate, pair.key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority.file))
        yield found


@contextmanager
def listening(home, mode, script, certificates):
    """The mailbox sends through a server that fails in this mode."""
    tls = certificates[mode.trust] if mode.security == "starttls" else None
    secret = home.keys.encrypt("a password")
    with serving(script, tls=tls) as server:
        user = "support@" if script.mechanisms else ""
        scheme = "smtp+starttls" if mode.security in ("starttls", "missing") else "smtp"
        port = _closed_port() if mode.security == "none" else server.port
        post.connect(home, f"{scheme}://{user}localhost:{port}", secret=secret)
        yield


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def attempt(home, mode, script, certificates, now=DUE):
    with listening(home, mode, script, certificates):
        errands.deliver_due(home, now=now)


def heal(home) -> Script:
    """A sound server, and all the time an outbox needs."""
    script = Script()
    with serving(script) as server:
        post.connect(home, f"smtp://localhost:{server.port}")
        for now in RETRIES:
            errands.deliver_due(home, now=now)
    return script


def queue(home, ada):
    post.connect(home)
    return post.send(
        home, ada, post.written(home, ada, recipients=post.to("maria@customer.test", SLOW))
    ).outbox_id


def taken(*scripts) -> Counter:
    """How often each recipient was sent each mail."""
    return Counter(
        (email.message_from_bytes(mail.raw)["Message-ID"].strip("<>"), recipient)
        for script in scripts
        for mail in script.accepted
        for recipient in mail.recipients
    )


def agree(home, ada, *scripts, now, consents=0) -> None:
    """What the servers took is what the outbox knows, and what is open is where agents look."""
    found = taken(*scripts)
    assert max(found.values(), default=0) <= 1 + consents, "a mail was sent twice"
    known, perhaps = Counter(), set()
    with home.store.read() as db:
        shown = {one.id: one for one in outbox.of_conversation(db, ada, INVOICE)}
        troubles = {one.state: one.row_count for one in outbox.troubles(db, ada)}
        rows = [(outgoing.by_id(db, n), outgoing.results(db, n)) for n in db_ids(home)]
    for row, results in rows:
        for result in results:
            pair = (row.rfc_message_id, result.address)
            known[pair] += row.state == "sent" and result.state == "accepted"
            if row.state == "uncertain" or (row.state == "cancelled" and consents):
                perhaps.add(pair)
        if row.state not in ("sent", "cancelled"):
            assert troubles[row.state] and row.id in shown
        if row.state in ("failed", "uncertain"):
            assert shown[row.id].error, "nobody is told why"
        if row.state == "queued":
            assert row.leased_until is None and row.due_at > now, "it waits for nothing"
        assert row.state != "sending"
    assert {pair for pair, n in known.items() if n} <= set(found), "it was never sent"
    assert set(found) <= {pair for pair, n in known.items() if n} | perhaps, "nobody knows of it"
    assert max(known.values(), default=0) <= 1
    told = post.one(home, "select alert from conversations where id = $id", id=INVOICE)[0]
    if any(row.state == "failed" for row, _ in rows):
        assert told
    replies = post.one(home, "select count(*) from messages where direction = 'out'")[0]
    assert replies == any(row.state == "sent" for row, _ in rows)
    assert verify.verify(home.store) == []


def db_ids(home):
    return [n for (n,) in post.every(home, "select id from outbox order by id")]


def state(home, outbox_id):
    return post.one(home, "select state from outbox where id = $id", id=outbox_id)[0]


@pytest.mark.parametrize("name", some(NAMES, 16))
def test_a_reply_that_failed_is_sent_later_once_or_told_and_a_doubt_waits_for_a_person(
    home, ada, certificates, name
):
    mode, script = MODES[name], MODES[name].script()
    outbox_id = queue(home, ada)
    attempt(home, mode, script, certificates)
    assert (state(home, outbox_id), len(script.accepted)) == (mode.then, mode.held)
    agree(home, ada, script, now=DUE)

    healed = heal(home)
    later = "sent" if mode.then == "queued" else mode.then
    assert state(home, outbox_id) == later
    agree(home, ada, script, healed, now=RETRIES[-1])

    if later in ("failed", "uncertain"):
        with home.store.write() as db:
            outbox.send_again(db, ada, outbox_id, now=DUE)
        again = heal(home)
        assert len(again.accepted) == 1
        consents = int(later == "uncertain")
        agree(home, ada, script, healed, again, now=RETRIES[-1], consents=consents)


@pytest.mark.parametrize("name", some(NAMES[1:] + NAMES[:1], 10))
def test_an_undo_holds_for_ever_or_is_refused_and_never_comes_in_between(
    home, ada, certificates, name
):
    """Before it leaves, while the server has it in hand, and after the attempt."""
    mode, script = MODES[name], MODES[name].script()
    first = queue(home, ada)
    undo(home, ada, first, BEFORE)
    attempt(home, mode, script, certificates)
    assert (script.connections, script.accepted) == (0, [])

    outbox_id = queue(home, ada)
    refused = []

    def at_fault():
        if state(home, outbox_id) == "sending":
            with pytest.raises(TooLate):
                undo(home, ada, outbox_id, BEFORE)
            refused.append(True)

    script.at_fault = at_fault
    attempt(home, mode, script, certificates)
    assert state(home, outbox_id) == mode.then
    assert refused or script.a_byte or not mode.can_be_heard
    if mode.then == "queued":
        undo(home, ada, outbox_id, DUE)
    else:
        with pytest.raises(TooLate):
            undo(home, ada, outbox_id, BEFORE)
    healed = heal(home)
    assert mode.then != "queued" or (script.accepted, healed.accepted) == ([], [])
    agree(home, ada, script, healed, now=RETRIES[-1])


def undo(home, agent, outbox_id, now):
    with home.store.write() as db:
        return outbox.undo(db, agent, outbox_id, now=now)


@pytest.mark.parametrize("name", some(NAMES[2:] + NAMES[:2], 9))
@pytest.mark.parametrize("ends", ["closed", "cut off"])
def test_a_house_that_ends_at_a_failure_and_opens_again_sends_once_or_tells(
    home, ada, certificates, name, ends
):
    """Closed after the attempt; or cut off while the server failed, its folder as it was then."""
    mode, script = MODES[name], MODES[name].script()
    queue(home, ada)
    data = home.settings.data
    kept = data.with_name("kept")

    def keep():
        if not kept.exists():
            shutil.copytree(data, kept, ignore=shutil.ignore_patterns("*.sock"))
        raise Gone

    if ends == "cut off" and mode.can_be_heard:
        script.at_fault = keep
    attempt(home, mode, script, certificates)
    home.close()
    settings = replace(home.settings, data=kept if kept.exists() else data)
    opened = houses.open_up(settings, now=DUE)
    try:
        deliver.recover(opened, now=DUE)
        agree(opened, ada, script, now=DUE)
        if kept.exists():
            (was,) = post.one(opened, "select state from outbox")
            assert was == ("uncertain" if mode.is_in_data else "queued")
        agree(opened, ada, script, heal(opened), now=RETRIES[-1])
        still = Counter(s for (s,) in post.every(opened, "select state from outbox"))
        assert not still["queued"], "it waits although its server is well"
        assert not kept.exists() or still == {"uncertain" if mode.is_in_data else "sent": 1}
    finally:
        opened.close()
