"""What the worker did, and what failed: rows for Health, never any mail text."""

from datetime import datetime, timedelta

from inbox.store import Session

LONGEST_DETAIL = 500
KEPT = timedelta(days=14)


def last(db: Session, job: str) -> datetime | None:
    """When a job of the whole house last ended, however it went; None before its first run."""
    found: datetime | None = db.value("job_runs.last", job=job)
    return found


def add(
    db: Session,
    job: str,
    *,
    mailbox_id: int | None,
    started_at: datetime,
    is_ok: bool,
    detail: str,
    now: datetime,
) -> None:
    """Note one run of a job that did something or failed; runs of two weeks ago go."""
    db.run(
        "job_runs.add",
        job=job,
        mailbox_id=mailbox_id,
        started_at=started_at,
        ended_at=now,
        is_ok=is_ok,
        detail=detail[:LONGEST_DETAIL],
    )
    db.change("job_runs.trim", before=now - KEPT)
