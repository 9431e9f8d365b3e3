"""`make run`: a friendly line, then Streamlit in this process's place."""

import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from inbox import doctor
from inbox.control import is_served
from inbox.errors import Invalid, StoreBusy
from inbox.settings import HOUSE, Settings


def start(
    settings: Settings, port: int, *, is_demo: bool, environment: Mapping[str, str]
) -> NoReturn:
    """Become the app. Raises Invalid when the port is taken, StoreBusy when an app runs here."""
    if is_served(settings.socket):
        raise StoreBusy(f"Delad is running already, on the data in {settings.data}.")
    if not doctor.is_free(port):
        raise Invalid("port", f"Port {port} is taken. Choose another: make run PORT={port + 99}")
    where = settings.public_url or f"http://localhost:{port}"
    shown = "with invented data (demo mode)" if is_demo else f"on the data in {settings.data}"
    sys.stdout.write(f"{settings.name} starts {shown}: {where}\nEnd it with Ctrl+C.\n")
    sys.stdout.flush()
    os.chdir(HOUSE)
    os.execve(
        sys.executable,
        [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
        {**environment, "DELAD_PORT": str(port)},
    )
