"""The one place in the program that catches everything, so that no trouble ends a thread."""

import contextlib
import errno
import logging
import traceback
from collections.abc import Callable
from datetime import datetime

from inbox import clock, job_runs
from inbox.errors import InboxError, StoreDamaged, StoreStuck
from inbox.house import House
from inbox.store import FULL, StoreError

OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
log = logging.getLogger("delad.worker")


def run_job(
    house: House, job: str, work: Callable[[], object], *, mailbox_id: int | None = None
) -> str | None:
    """Run the work; answer what went wrong, None when it went well.

    A run that did something or failed leaves a row in job_runs. A refusal is told in its own
    words; anything else is a bug: its type and places are logged without its message, which may
    hold mail text or a secret.
    """
    started_at = clock.now()
    trouble = None
    done: object = ""
    try:
        done = work()
    except InboxError as error:
        log.warning("%s: %s", job, type(error).__name__)
        trouble = str(error)
    except OSError as error:
        log.error("%s: %s\n%s", job, type(error).__name__, _places(error))
        trouble = FULL if error.errno in OF_THE_DISK else f"{type(error).__name__} (see the log)"
    except Exception as error:  # noqa: BLE001
        log.error("%s: %s\n%s", job, type(error).__name__, _places(error))
        trouble = f"{type(error).__name__} (see the log)"
    if trouble or done:
        note(house, job, trouble, done, mailbox_id=mailbox_id, started_at=started_at)
    return trouble


def note(
    house: House,
    job: str,
    trouble: str | None,
    done: object = "",
    *,
    mailbox_id: int | None,
    started_at: datetime,
) -> None:
    """Leave a row in job_runs, if the store takes one."""
    with (
        contextlib.suppress(StoreError, StoreStuck, StoreDamaged),
        house.store.write() as db,
    ):
        job_runs.add(
            db,
            job,
            mailbox_id=mailbox_id,
            started_at=started_at,
            is_ok=trouble is None,
            detail=trouble or str(done),
            now=clock.now(),
        )


def _places(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__))
