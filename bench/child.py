"""The app in a process of its own that can be asked, on a pipe, what it has spent so far.

Run as `python -m bench.child PORT`. Each line on stdin is answered with one JSON line: CPU
seconds, statements through the store's door, peak memory. It ends when stdin does.
"""

import json
import os
import resource
import signal
import sys
import threading
import time
from datetime import datetime

from bench import proc
from inbox import house
from inbox.house import House
from inbox.settings import Settings

_opened: list[House] = []
_open_up = house.open_up


def _remember(settings: Settings, *, now: datetime, is_restoring: bool = False) -> House:
    """Open the house as ever, and keep hold of it for its tally."""
    found = _open_up(settings, now=now, is_restoring=is_restoring)
    _opened.append(found)
    return found


def _answer() -> None:
    out = os.fdopen(os.dup(1), "w")
    for _ in sys.stdin:
        statements = _opened[-1].store.tally.statements if _opened else 0
        # ru_maxrss counts from the fork on, and so what the parent held as well.
        peak = proc.peak_bytes() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        spent = {"cpu": time.process_time(), "statements": statements, "peak": peak}
        out.write(json.dumps(spent) + "\n")
        out.flush()
    os.kill(os.getpid(), signal.SIGTERM)


def main(port: str) -> None:
    house.open_up = _remember
    threading.Thread(target=_answer, daemon=True).start()
    from streamlit.web import cli  # noqa: PLC0415

    sys.argv = ["streamlit", "run", "app.py", "--server.port", port]
    cli.main()


if __name__ == "__main__":
    main(sys.argv[1])
