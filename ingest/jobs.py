"""What the running house does by itself, and how often."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from inbox import backup, clock, job_runs, verify
from inbox.errors import StoreDamaged
from inbox.house import House
from ingest import deliver, sent_folder, worker
from ingest.deliver import Postman
from ingest.worker import Table

COPY_SECONDS = 5
DOUBT_SECONDS = 60
NIGHTLY_LOOK_SECONDS = 300
DAY = timedelta(days=1)


def running(house: House) -> AbstractContextManager[None]:
    """Settle what a dead process left behind, then poll, deliver and keep house until the block
    ends. A demo is not backed up: nothing of it outlives the next start."""
    deliver.recover(house, now=clock.now())
    nightly = {"verify": (NIGHTLY_LOOK_SECONDS, look_over)}
    if not house.settings.demo:
        nightly["backup"] = (NIGHTLY_LOOK_SECONDS, back_up)
    return worker.running(house, _constant(house), nightly)


def _constant(house: House) -> Table:
    postman = Postman(house)

    def deliver_round(house: House, *, now: datetime) -> None:
        """Each walk notes for itself what it did."""
        postman.round(now=now)

    return {
        "deliver": (house.settings.delivery_seconds, deliver_round),
        "copy to sent": (COPY_SECONDS, sent_folder.copy_to_sent),
        "settle doubts": (DOUBT_SECONDS, sent_folder.settle_doubts),
    }


def back_up(house: House, *, now: datetime) -> str:
    """The day's back-up, unless it was made already."""
    made = backup.nightly(house, now=now)
    return f"{made.folder.name}: {made.files:,} files" if made else ""


def look_over(house: House, *, now: datetime) -> str:
    """Verify the house once a day. Raises StoreDamaged, with the first findings, when it is not
    sound."""
    with house.store.read() as db:
        last = job_runs.last(db, "verify")
    if last is not None and now - last < DAY:
        return ""
    findings = verify.verify(house.store)
    if findings:
        first = "; ".join(f"{f.subject}: {f.fault}" for f in findings[:3])
        raise StoreDamaged(f"{len(findings)} findings. {first}")
    return "sound"
