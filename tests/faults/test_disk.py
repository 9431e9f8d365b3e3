"""A full disk at each write, and folders that take nothing: told in words, nothing lost, and the
app goes on by itself once there is room."""

import os
import re
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from inbox import blobs, clock, failpoints, verify
from inbox import house as houses
from inbox.errors import InboxError, Invalid, StoreStuck
from inbox.settings import HOUSE, Settings
from inbox.store import FULL
from ingest import jobs, runs
from tests.conftest import NOON, agent
from tests.faults.hasty import hasty
from tests.faults.length import some
from tests.faults.test_kill import with_files
from tests.furniture import ADA, furnish
from tests.inbox import post
from tests.ingest.conftest import connect, dovecot, mail, one_dovecot, rows
from tests.ingest.smtp_script import Script, serving, wait_until

__all__ = ["dovecot", "one_dovecot"]

OF_MAIL = [
    *("raw bytes to be written", "raw bytes written", "raw bytes synced", "raw segment begun"),
    *("attachment file to be written", "file written", "file synced", "attachment file written"),
    *("transaction to be recorded#4", "head to be written", "head written", "cursor moved"),
    *("batch recorded", "mails parsed", "mails filed", "folder opened", "folder read to its end"),
    *("back-up filled", "database to be copied", "database copied", "sent mail filed"),
    *("stage data noted", "lease recorded", "copy noted"),
]
AT_SEND = ["raw bytes to be written", "raw bytes written", "reply to be frozen"]


@pytest.fixture
def home(settings, monkeypatch):
    monkeypatch.setattr(jobs, "NIGHTLY_LOOK_SECONDS", 1)
    monkeypatch.setattr(blobs, "SEGMENT_BYTES", 500)
    with hasty(settings, lease_seconds=1, data_seconds=1) as opened:
        yield opened


def subjects(home):
    return sorted(
        s
        for (s,) in rows(
            home, "select subject from messages where via = 'imap' and direction = 'in' and id > 2"
        )
    )


@pytest.mark.parametrize("place", some(OF_MAIL, 5))
def test_full_at_each_write_and_then_there_is_room(home, dovecot, place):
    connect(home, dovecot.url)
    ada, script = agent(home.store, ADA), Script()
    dovecot.append(mail("One", subject="One", message_id="one@x.test"), with_files(2))
    with serving(script) as server:
        post.connect(home, f"smtp://127.0.0.1:{server.port}", save_sent="always")
        now = clock.now()
        post.send(home, ada, post.written(home, ada, now=now), now=now)
        armed = failpoints.arm(f"{place}=full")
        with jobs.running(home):
            assert armed.struck.wait(15)
            failpoints.disarm()
            wait_until(lambda: subjects(home) == ["Files", "One"], 20)
            wait_until(lambda: state(home) in ("sent", "uncertain"), 20)
        assert len(script.accepted) == 1 or state(home) == "uncertain"
        assert len(script.accepted) <= 1
    assert verify.verify(home.store) == []


def state(home):
    return rows(home, "select state from outbox where kind = 'reply'")[0][0]


@pytest.mark.parametrize("place", AT_SEND[:2])
def test_pressing_send_on_a_full_disk_says_so_and_keeps_the_text(home, ada, place):
    post.connect(home)
    draft = post.written(home, ada)
    failpoints.arm(f"{place}=full")
    with pytest.raises(Invalid, match="Nothing was sent and your text is safe"):
        post.send(home, ada, draft)
    failpoints.disarm()
    post.send(home, ada, draft)
    assert post.one(home, "select count(*) from outbox") == (1,)


def test_a_job_that_meets_a_full_disk_says_so_on_health(home):
    failpoints.arm("attachment file to be written=full")
    assert runs.run_job(home, "poll", lambda: home.files.put(b"x")) == FULL
    failpoints.disarm()
    assert rows(home, "select detail from job_runs where not is_ok") == [(FULL,)]


WRITER = """
import os, resource, signal, sys
from pathlib import Path
from inbox import house, job_runs, verify
from inbox.errors import InboxError, StoreStuck
from inbox.settings import Settings
from tests.conftest import NOON
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
home = house.open_up(Settings(data=Path(sys.argv[1])), now=NOON)
free = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
sizes = [f.stat().st_size for f in (home.store.path, Path(f"{home.store.path}.wal")) if f.exists()]
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
kept, told = 0, []

def fold_in():
    with home.store.export() as cursor:
        cursor.execute("checkpoint")

def write():
    with home.store.write() as db:
        for n in range(100):
            job_runs.add(db, "poll", mailbox_id=1, started_at=NOON, is_ok=True,
                         detail=os.urandom(200).hex(), now=NOON)

for n in range(30):
    for what in (write, lambda: home.raw.append([(os.urandom(30_000), {})]),
                 lambda: home.files.put(os.urandom(60_000 + n)),
                 fold_in):
        try:
            what()
            kept += what is write
        except (InboxError, OSError) as error:
            told.append(type(error).__name__)
        except Exception as error:
            told.append("raw " + type(error).__name__ + str(error)[:200])
resource.setrlimit(resource.RLIMIT_FSIZE, free)
write()
home.raw.append([(b"after", {})])
home.files.put(b"after")
with home.store.read() as db:
    rows = db.rows("health.jobs", since=NOON)
with home.store.export() as cursor:
    count = cursor.execute("select count(*) from job_runs").fetchone()[0]
assert count == 100 * (kept + 1), (count, kept)
assert verify.verify(home.store) == []
home.close()
home = house.open_up(Settings(data=Path(sys.argv[1])), now=NOON)
with home.store.export() as cursor:
    assert cursor.execute("select count(*) from job_runs").fetchone()[0] == count
print(sorted(set(told)))
"""


@pytest.mark.parametrize("limit", some([50_000, 400_000, 900_000, 1_500_000, 3_000_000], 2))
def test_files_that_may_grow_no_further(settings, limit):
    """For real: the kernel refuses to let any file of the process grow beyond the limit."""
    home = houses.open_up(settings, now=NOON)
    furnish(home, now=NOON)
    home.close()
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(settings.data), str(limit)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Stuck" in done.stdout or "OSError" in done.stdout
    assert "raw " not in done.stdout


@pytest.fixture
def tiny(request):
    """A file system of 12 MB, where the machine lets us mount one."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "none", folder]
        if os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.xfail("mounting a tmpfs needs root")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def test_a_checkpoint_on_a_full_disk_stops_the_database_which_is_opened_anew(tiny):
    home = houses.open_up(Settings(data=tiny / "data"), now=NOON)
    furnish(home, now=NOON)
    (tiny / "fill").write_bytes(b"x" * (os.statvfs(tiny).f_bavail * os.statvfs(tiny).f_frsize))
    with pytest.raises(StoreStuck), home.store.export() as cursor:
        cursor.execute("checkpoint")
    assert home.store.answers()
    with pytest.raises(StoreStuck, match="full or read-only"):
        fill(home)
    (tiny / "fill").unlink()
    ada = agent(home.store, ADA)
    post.connect(home)
    post.send(home, ada, post.written(home, ada))
    assert verify.verify(home.store) == []
    home.close()


def fill(home):
    for n in range(200):
        with home.store.write() as db:
            runs.job_runs.add(
                db,
                str(n),
                mailbox_id=None,
                started_at=NOON,
                is_ok=True,
                detail="x" * 400,
                now=NOON + timedelta(seconds=n),
            )


def test_a_read_only_folder_stops_the_start_with_a_word_that_helps(tiny):
    data = tiny / "data"
    home = houses.open_up(Settings(data=data), now=NOON)
    home.close()
    subprocess.run(["mount", "-o", "remount,ro", str(tiny)], check=True)
    try:
        with pytest.raises(InboxError) as refusal:
            houses.open_up(Settings(data=data), now=NOON)
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(tiny)], check=True)
    assert re.search("read-only|cannot be (written|opened)", str(refusal.value), re.I)
    houses.open_up(Settings(data=data), now=NOON).close()
