"""A day in small, as a process lives it: it may end anywhere, and is simply begun again.

Mail comes in (Sent, INBOX, a folder that was renumbered, a mailbox file), a mail that was too big
is fetched after all, a reply leaves, two doubts of an earlier day are looked into, and a back-up
is made. Every verb is called as a page would call it again after a reload.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

from inbox import backup, blobs, failpoints, outbox, rereading, snapshot, verify
from inbox import house as houses
from inbox.blobs import Place
from inbox.errors import NotFound
from inbox.settings import Settings
from ingest import archive, deliver, jail, poll
from tests.conftest import NOON, agent
from tests.furniture import ADA, SUPPORT
from tests.inbox import post
from tests.ingest import errands
from tests.ingest.conftest import connect, rows

CAP = 20_000
SEGMENT = 5_000
MORNING = NOON + timedelta(hours=1)


def settings_of(data):
    return Settings(data=Path(data), batch_messages=3, message_cap_bytes=CAP, connect_seconds=5)


def live(data, imap_url, smtp_port, archived, draft, begins):
    """All of the day, whatever of it was done before."""
    now = datetime.fromisoformat(begins)
    blobs.SEGMENT_BYTES = SEGMENT
    home = houses.open_up(settings_of(data), now=now)
    ada = agent(home.store, ADA)
    mailbox = connect(home, imap_url)
    post.connect(home, f"smtp://127.0.0.1:{smtp_port}", save_sent="always")
    deliver.recover(home, now=now)
    errands.settle_doubts(home, now=now)
    archive.import_paths(home, mailbox, [Path(archived)], now=now)
    poll.poll(home, mailbox, now=now)
    want_whole(home, ada, now)
    poll.poll(home, mailbox, now=now)
    send(home, ada, draft, now)
    for minutes in (1, 5):
        errands.deliver_due(home, now=now + timedelta(minutes=minutes))
        errands.copy_to_sent(home, now=now + timedelta(minutes=minutes))
    errands.settle_doubts(home, now=now + timedelta(minutes=20))
    poll.poll(home, mailbox, now=now + timedelta(minutes=21))
    backup.nightly(home, now=now + timedelta(minutes=25))
    snapshot.nightly(home, now=now + timedelta(minutes=26))
    jail.close(home.settings)
    home.close()


def live_and_tell(told, **day):
    """The day, and then how things stand."""
    live(**day)
    failpoints.disarm()
    Path(told).write_text(json.dumps(facts(day["data"]), default=str))


def live_and_count(told, **day):
    """The day, and how often each place was reached in it."""
    armed = failpoints.arm("")
    live(**day)
    Path(told).write_text(json.dumps(armed.reached))


def want_whole(home, ada, now):
    for (message_id,) in rows(home, "select message_id from raw_messages where state = 'too_big'"):
        with home.store.write() as db:
            rereading.read_again(db, ada, message_id, now=now)


def send(home, ada, draft, now):
    """Press Send; pressing it again on the same text answers the same mail."""
    draft_id, revision = draft
    with home.store.write() as db:
        outbox.send(
            db,
            ada,
            draft_id,
            revision,
            keys=home.keys,
            raw=home.raw,
            files=home.files,
            settings=home.settings,
            now=now,
        )


def facts(data):
    home = houses.open_up(settings_of(data), now=MORNING + timedelta(days=1))
    try:
        return {
            "findings": [f"{f.subject}: {f.fault}" for f in verify.verify(home.store)],
            "taken_in": rows(
                home,
                "select folder, uid, raw_messages.sha256 from raw_messages inner join folders "
                "using (mailbox_id, folder, uidvalidity) where mailbox_id = $id",
                id=SUPPORT,
            ),
            "imported": rows(home, "select sha256 from raw_messages where uidvalidity = 0"),
            "damaged": [place.sha256 for place in places(home) if not is_whole(home, place)],
            "on_disk": [place.sha256 for place, _ in home.raw.records()],
            "states": rows(home, "select state, count(*) from raw_messages group by state"),
            "messages": rows(home, "select rfc_message_id, direction, subject from messages"),
            "unread": rows(home, "select subject from messages where not is_readable"),
            "outbox": rows(
                home,
                "select rfc_message_id, state, copy_state, asked_at is not null, draft_id "
                "from outbox order by id",
            ),
            "alerts": rows(home, "select alert from conversations where alert is not null"),
            "files": [
                sha256
                for (sha256,) in rows(home, "select sha256 from attachments")
                if not home.files.path(sha256).is_file()
            ],
            "backups": len(backup.every(home.settings.backups)),
            "snapshots": [file.name for file in home.settings.snapshots.iterdir()],
        }
    finally:
        home.close()


def places(home):
    found = rows(home, "select sha256, segment, position, size_bytes from raw_messages")
    found += rows(home, "select raw_sha256, segment, position, size_bytes from outbox")
    return [
        Place(sha256=sha256, segment=segment, position=position, size_bytes=size)
        for sha256, segment, position, size in found
    ]


def is_whole(home, place):
    try:
        home.raw.read(place)
    except NotFound:
        return False
    return True
