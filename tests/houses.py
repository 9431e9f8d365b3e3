"""Furnished houses: one is opened and furnished in earnest, the others begin as copies of it.

The first start of an empty folder runs every migration and defines every view of the reports: a
quarter of a second of CPU and sixty waits for the disk, for the same bytes each time. That it does
so stands in tests/inbox/test_migrations.py; tests/spine begins with nothing.
"""

import atexit
import shutil
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path
from unittest.mock import patch

from inbox import house, migrations, store
from inbox.house import House
from inbox.settings import Settings
from tests import furniture

_read = cache(store.load_queries)


def furnished(settings: Settings, *, now: datetime) -> House:
    """An open house with furniture, in a data folder that holds none yet; its keys are its own."""
    model = _model(now)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(model, settings.database)
    # The model's file is up to date, and so is its copy.
    with (
        patch.object(migrations, "apply"),
        patch.object(store, "load_queries", lambda folder: dict(_read(folder))),
    ):
        return house.open_up(settings, now=now)


@cache
def _model(now: datetime) -> Path:
    """The database file of a closed house that was furnished at this moment."""
    folder = Path(tempfile.mkdtemp(prefix="delad-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = Settings(data=folder / "data")
    opened = house.open_up(settings, now=now)
    furniture.furnish(opened, now=now)
    opened.close()
    return settings.database
