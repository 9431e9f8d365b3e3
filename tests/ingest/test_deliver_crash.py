"""kill -9 in the middle of sending: nothing doubled, nothing lost, doubt is shown."""

import signal
import ssl
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from inbox import house as houses
from inbox.errors import DeliveryFailed
from ingest import deliver, servers, smtp
from tests.certificates import Authority
from tests.conftest import NOON, agent
from tests.furniture import ADA, furnish
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.smtp_script import DROP, STALL, Script, serving, wait_until

DUE = NOON + timedelta(seconds=21)
WORKER = """
import sys
from datetime import datetime
from pathlib import Path
from inbox import house
from inbox.settings import Settings
from ingest.deliver import Postman

now = datetime.fromisoformat(sys.argv[2])
opened = house.open_up(Settings(data=Path(sys.argv[1])), now=now)
postman = Postman(opened)
postman.round(now=now)
postman.wait()
"""

KILLED = {
    "greeting": ({"greet": [STALL]}, lambda s: s.connections, "queued", 0),
    "mail": (
        {"mail": [STALL]},
        lambda s: s.commands[-1:] and "MAIL" in s.commands[-1],
        "queued",
        0,
    ),
    "rcpt": (
        {"rcpt": [STALL]},
        lambda s: s.commands[-1:] and "RCPT" in s.commands[-1],
        "queued",
        0,
    ),
    "data": ({"data": [STALL]}, lambda s: "DATA" in s.commands, "uncertain", 0),
    "accepted": ({}, lambda s: s.accepted, "uncertain", 1),
}


def prepare(settings, port):
    home = houses.open_up(settings, now=NOON)
    furnish(home, now=NOON)
    post.connect(home, f"smtp://127.0.0.1:{port}")
    ada = agent(home.store, ADA)
    post.send(home, ada, post.written(home, ada))
    home.close()


@pytest.mark.parametrize(("steps", "reached", "state", "held"), KILLED.values(), ids=KILLED.keys())
def test_kill_9(settings, steps, reached, state, held):
    script = Script(steps=steps, accept_then=STALL)
    with serving(script) as server:
        prepare(settings, server.port)
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(settings.data), DUE.isoformat()]
        )
        try:
            wait_until(lambda: reached(script), 30)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()

    home = houses.open_up(settings, now=DUE)
    try:
        assert deliver.recover(home, now=DUE) == 1
        assert deliver.recover(home, now=DUE) == 0
        later = Script()
        with serving(later) as server:
            post.connect(home, f"smtp://127.0.0.1:{server.port}")
            sent = errands.deliver_due(home, now=DUE + timedelta(minutes=2))
        assert len(script.accepted) == held
        assert (sent, len(later.accepted)) == ((1, 1) if state == "queued" else (0, 0))
        wanted = "sent" if state == "queued" else "uncertain"
        assert post.one(home, "select state from outbox") == (wanted,)
        replies = post.one(home, "select count(*) from messages where direction = 'out'")[0]
        assert replies == (1 if state == "queued" else 0)
    finally:
        home.close()


@pytest.fixture
def authority(tmp_path, monkeypatch):
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def context(pair):

    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(pair.certificate, pair.key)
    return made


@pytest.mark.parametrize(("scheme", "implicit"), [("smtps", True), ("smtp+starttls", False)])
@pytest.mark.parametrize("trouble", [None, "stranger", "other name", "expired"])
def test_tls_is_verified_before_anything_is_said(settings, authority, scheme, implicit, trouble):
    pair = {
        None: lambda: authority.issue("localhost"),
        "stranger": lambda: authority.self_signed("localhost"),
        "other name": lambda: authority.issue("elsewhere.test"),
        "expired": lambda: authority.issue("localhost", days=-1),
    }[trouble]()
    script = Script(mechanisms="PLAIN")
    with serving(script, tls=context(pair), implicit=implicit) as server:
        url = servers.parse(f"{scheme}://ada@localhost:{server.port}")
        credential = servers.Credential(user="ada", auth="password", secret="canary")
        if trouble is None:
            smtp.probe(url, credential, replace(settings, connect_seconds=2))
        else:
            with pytest.raises(DeliveryFailed, match="prove who it is") as failed:
                smtp.probe(url, credential, replace(settings, connect_seconds=2))
            assert not failed.value.permanent
    spoken = " ".join(script.commands)
    assert ("AUTH" in spoken) is (trouble is None)


def test_a_server_without_starttls_gets_no_password(settings):
    script = Script(mechanisms="PLAIN")
    with serving(script) as server:
        url = servers.parse(f"smtp+starttls://ada@localhost:{server.port}")
        credential = servers.Credential(user="ada", auth="password", secret="canary")
        with pytest.raises(DeliveryFailed):
            smtp.probe(url, credential, settings)
    assert "AUTH" not in " ".join(script.commands)


@pytest.mark.parametrize("steps", [{"auth": [535]}, {"auth": [DROP]}, {"greet": [DROP]}])
def test_the_probe_tells_what_failed_and_sends_nothing(settings, steps):
    script = Script(mechanisms="PLAIN", steps=steps)
    with serving(script) as server:
        url = servers.parse(f"smtp://ada@127.0.0.1:{server.port}")
        credential = servers.Credential(user="ada", auth="password", secret="canary")
        with pytest.raises(DeliveryFailed) as failed:
            smtp.probe(url, credential, settings)
    assert "canary" not in str(failed.value)
    assert not any(c.startswith("MAIL") for c in script.commands)


def test_smtputf8_is_asked_for_only_when_needed(settings):
    home = houses.open_up(settings, now=NOON)
    furnish(home, now=NOON)
    ada = agent(home.store, ADA)
    able, unable = Script(), Script(extensions=())
    try:
        for script, wanted in ((able, "sent"), (unable, "failed")):
            with serving(script) as server:
                post.connect(home, f"smtp://127.0.0.1:{server.port}")
                people = post.to("åsa@x.test")
                post.send(home, ada, post.written(home, ada, recipients=people))
                errands.deliver_due(home, now=DUE)
            newest = post.one(home, "select state from outbox order by id desc limit 1")
            assert newest == (wanted,)
        assert any(c.startswith("MAIL") and "SMTPUTF8" in c for c in able.commands)
        assert unable.accepted == []
        assert "To: <åsa@x.test>".encode() in able.accepted[0].raw
    finally:
        home.close()
