"""Python in a process of its own, at the house's door."""

import os
import subprocess
import sys

from inbox.settings import HOUSE


def python(*words: object, **environment: object) -> "subprocess.CompletedProcess[str]":
    """Run it to its end, with these variables besides the machine's; answer the process."""
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=HOUSE,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
