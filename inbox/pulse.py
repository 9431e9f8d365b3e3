"""Whether the house lives, in numbers that tell nothing about anybody's mail."""

from dataclasses import dataclass
from datetime import datetime

from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """`last_job_at` is when a job last ended, None before the first."""

    conversations: int
    messages: int
    unreadable: int
    queued: int
    failed: int
    uncertain: int
    events: int
    last_job_at: datetime | None


def numbers(db: Session) -> Pulse:
    """For the house's own monitoring; there is no viewer."""
    found = db.one("pulse.numbers", Pulse)
    assert found is not None
    return found
