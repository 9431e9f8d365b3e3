"""A house whose worker is in a hurry, so that what takes minutes takes a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from inbox import clock, failpoints, house
from inbox.house import House
from inbox.settings import Settings
from ingest import jail
from tests.furniture import furnish


@contextmanager
def hasty(settings: Settings, **changes: Any) -> Iterator[House]:
    """Open and furnished until the block ends; nothing stays armed afterwards."""
    quick = replace(
        settings, delivery_seconds=0.1, undo_seconds=0, retry_seconds="1", idle=False, **changes
    )
    opened = house.open_up(quick, now=clock.now())
    furnish(opened, now=clock.now())
    with opened.store.export() as cursor:
        cursor.execute("update mailboxes set poll_seconds = 1")
    yield opened
    failpoints.disarm()
    jail.close(quick)
    opened.close()
