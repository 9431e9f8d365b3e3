"""What the running house does by itself, and how often."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from inbox import (
    availability,
    backup,
    beats,
    board_answers,
    boards,
    calendars,
    clock,
    digests,
    job_runs,
    leases,
    removal,
    snapshot,
    snoozing,
    turns,
    verify,
    weekly,
)
from inbox.errors import Invalid, StoreDamaged
from inbox.house import House
from ingest import deliver, regain, worker
from ingest.deliver import Postman
from ingest.sent_visits import Copies, Doubts, Visits
from ingest.worker import Table, Work

COPY_SECONDS = 5
DOUBT_SECONDS = 5
RESCUE_SECONDS = 5
LEASE_SECONDS = 60
WAKE_SECONDS = 5
BLANK_SECONDS = 5
ABSENCE_SECONDS = 60
DIGEST_SECONDS = 300
# The views count what is due whenever they are asked, so nobody waits for this.
COUNT_SECONDS = 60
# Sooner than the rest, for the cards of a house that has just begun.
SNAPSHOT_SECONDS = 60
NIGHTLY_LOOK_SECONDS = 300
DAY = timedelta(days=1)
# After the worker's two seconds: ten together, which is what `docker stop` waits before it kills.
LAST_MAIL_SECONDS = 8


@contextmanager
def running(house: House) -> Iterator[None]:
    """Settle what a dead process left behind, then poll, deliver and keep house until the block
    ends, and the mail that is being handed over then has had time to arrive. A demo is not backed
    up: nothing of it outlives the next start."""
    deliver.recover(house, now=clock.now())
    walkers = (Postman(house), Copies(house), Doubts(house))
    nightly: dict[str, tuple[float, Work]] = {
        "verify": (NIGHTLY_LOOK_SECONDS, look_over),
        "trash": (NIGHTLY_LOOK_SECONDS, empty_trash),
        "calendars": (NIGHTLY_LOOK_SECONDS, draw_calendars),
        "recount": (NIGHTLY_LOOK_SECONDS, recount),
        "snapshot": (SNAPSHOT_SECONDS, take_snapshot),
        "boards": (SNAPSHOT_SECONDS, Boards()),
    }
    if house.settings.claim_lease_hours > 0:
        nightly["idle claims"] = (LEASE_SECONDS, let_lapse)
    if not house.settings.demo:
        nightly["backup"] = (NIGHTLY_LOOK_SECONDS, back_up)
    try:
        with worker.running(house, _constant(house, *walkers), nightly):
            try:
                yield
            finally:
                for walker in walkers:
                    walker.stop()
    finally:
        until = time.monotonic() + LAST_MAIL_SECONDS
        for walker in walkers:
            walker.wait(max(0.0, until - time.monotonic()))


def _constant(house: House, postman: Postman, copies: Copies, doubts: Doubts) -> Table:
    return {
        "deliver": (house.settings.delivery_seconds, _beginning(postman)),
        "copy to sent": (COPY_SECONDS, _beginning(copies)),
        "settle doubts": (DOUBT_SECONDS, _beginning(doubts)),
        "rescue": (RESCUE_SECONDS, regain.settle),
        "wake": (WAKE_SECONDS, wake),
        "erase": (BLANK_SECONDS, blank),
        "absences": (ABSENCE_SECONDS, give_back),
        "digests": (DIGEST_SECONDS, mail_digests),
        "weekly mails": (DIGEST_SECONDS, mail_weekly),
        "count": (COUNT_SECONDS, count),
    }


def _beginning(walker: Postman | Visits) -> Work:
    """One round of it; each walk notes for itself what it did."""

    def begin(house: House, *, now: datetime) -> None:
        walker.round(now=now)

    return begin


def wake(house: House, *, now: datetime) -> int:
    """Wake what was snoozed until now, or until a moment at which the house was not running."""
    with house.store.read() as db:
        if not snoozing.is_any_due(db, now=now):
            return 0
    with house.store.write() as db:
        return snoozing.wake_due(db, now=now)


def blank(house: House, *, now: datetime) -> int:
    """Let the bytes of erased mail go, each in a transaction of its own: a mail that needs them
    too cannot be filed meanwhile."""
    with house.store.read() as db:
        found = removal.pending(db)
    for one in found:
        beats.go_on()
        with house.store.write() as db:
            removal.clear(db, house.raw, house.files, one, now=now)
    return len(found)


def empty_trash(house: House, *, now: datetime) -> int:
    """Delete for good what has lain in the trash for long enough."""
    days = house.settings.trash_days
    gone = 0
    while days > 0:
        beats.go_on()
        with house.store.write() as db:
            some = removal.empty_trash(db, days=days, now=now)
        gone += some
        if not some:
            break
    return gone


def give_back(house: House, *, now: datetime) -> None:
    """What colleagues whose absence begins leave to the team."""
    with house.store.write() as db:
        availability.give_back(db, now=now)


def mail_digests(house: House, *, now: datetime) -> str:
    """Mail what was told and not looked at. A demo's colleagues have no post."""
    if house.settings.demo:
        return ""
    with house.store.write() as db:
        count = digests.queue(db, house.settings, house.raw, now=now)
    return f"{count} digests" if count else ""


def mail_weekly(house: House, *, now: datetime) -> int:
    """Mail last week's numbers to whose Monday has come. Whom no mailbox can write to is tried
    again."""
    if house.settings.demo:
        return 0
    with house.store.read() as db:
        letters = weekly.due(db, house.settings, now=now)
    queued = 0
    for letter in letters:
        try:
            with house.store.write() as db:
                queued += weekly.queue(db, letter, house.raw, now=now)
        except Invalid:
            continue
    return queued


def count(house: House, *, now: datetime) -> None:
    """The numbers of what has changed; asks before it takes the writer lane."""
    beats.go_on()
    with house.store.read() as db:
        if not turns.is_late(db):
            return
    with house.store.write() as db:
        turns.bring_up_to_date(db)


def recount(house: House, *, now: datetime) -> str:
    """Count every number anew once a day. Raises StoreDamaged when one was not as it is now: then
    a change has left no line in the diary."""
    with house.store.read() as db:
        last = job_runs.last(db, "recount")
    if last is not None and abs(now - last) < DAY:
        return ""
    beats.go_on()
    with house.store.write() as db:
        wrong = turns.recount(db)
    if wrong:
        raise StoreDamaged(
            f"Counted anew, the numbers are others than before (tables: {', '.join(wrong)}). "
            "They are right now."
        )
    return "as counted before"


def back_up(house: House, *, now: datetime) -> str:
    """The day's back-up, unless it was made already."""
    made = backup.nightly(house, now=now)
    return f"{made.folder.name}: {made.files:,} files" if made else ""


def take_snapshot(house: House, *, now: datetime) -> str:
    """The report tables for notebooks, Boards and SQL, unless the last ones are young enough."""
    beats.go_on()
    made = snapshot.nightly(house, now=now)
    return made.file.name if made else ""


class Boards:
    """Tries the files of sql/boards when they have changed, for Health: a run that has failed stays
    the newest until they are mended."""

    def __init__(self, folder: Path = boards.FOLDER) -> None:
        self._folder = folder
        self._seen: list[tuple[str, str]] | None = None

    def __call__(self, house: House, *, now: datetime) -> str:
        """Raises Invalid, naming the files that cannot be used, and why."""
        beats.go_on()
        kept = snapshot.newest(house.settings)
        files = sorted(self._folder.glob("*.sql"))
        seen = [(file.name, file.read_text(errors="replace")) for file in files]
        if kept is None or seen == self._seen:
            return ""
        wrong = board_answers.faults(house, kept, self._folder)
        self._seen = seen
        if wrong:
            said = "; ".join(f"sql/boards/{name}.sql: {why}" for name, why in wrong)
            raise Invalid("boards", "These boards cannot be used. {why}", why=said)
        return f"{len(files)} boards can be used"


def draw_calendars(house: House, *, now: datetime) -> str:
    """The open hours of the coming years; asks before it takes the writer lane."""
    with house.store.read() as db:
        if not calendars.late(db, now=now):
            return ""
    with house.store.write() as db:
        count = calendars.draw_ahead(db, now=now)
    return f"{count} calendars reach further"


def let_lapse(house: House, *, now: datetime) -> str:
    """Give claims on which nobody works back to the team; asks before it takes the writer lane."""
    asked = (house.settings, house.attendance)
    with house.store.read() as db:
        if not leases.idle(db, *asked, now=now):
            return ""
    with house.store.write() as db:
        count = leases.let_lapse(db, *asked, now=now)
    return f"{count} went back to the team"


def look_over(house: House, *, now: datetime) -> str:
    """Verify the house once a day. Raises StoreDamaged, with the first findings, when it is not
    sound."""
    with house.store.read() as db:
        last = job_runs.last(db, "verify")
    if last is not None and abs(now - last) < DAY:
        return ""
    findings = verify.verify(house.store)
    if findings:
        first = "; ".join(f"{f.subject}: {f.fault}" for f in findings[:3])
        raise StoreDamaged(f"{len(findings)} findings. {first}")
    return "sound"
