"""Named places where a test may kill the process, to see what a crash there leaves behind."""

import os
import signal


def failpoint(name: str) -> None:
    """Dies here, as by kill -9, when DELAD_FAILPOINT names this place; else does nothing."""
    if os.environ.get("DELAD_FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
