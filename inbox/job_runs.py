"""What background work was done and how it ended: what Health and the doctor read."""

from datetime import datetime

from inbox.store import Session


def keep(
    db: Session,
    job: str,
    *,
    mailbox_id: int | None = None,
    started_at: datetime,
    ended_at: datetime,
    is_ok: bool,
    detail: str = "",
) -> None:
    """Remember one run of a job (`poll`, `backup`, …); `detail` is for people, without secrets."""
    db.run(
        "job_runs.keep",
        job=job,
        mailbox_id=mailbox_id,
        started_at=started_at,
        ended_at=ended_at,
        is_ok=is_ok,
        detail=detail,
    )
