"""Named places where a test may break the program, to see what a fault there leaves behind.

`DELAD_FAILPOINT` names one: `cursor moved` dies there as by kill -9, `cursor moved#3` the third
time it is reached. `cursor moved=full` has no room on the disk from then on, `=hang` stays until
it is disarmed, `=die` ends the thread past every `except Exception`. Each appends its name to the
file `DELAD_FAILPOINT_PROOF`. Without the variable a place costs one comparison.
"""

import errno
import os
import signal
import threading
from collections import Counter
from pathlib import Path


class Armed:
    """One fault to come. `reached` counts every place on the way, the named one or not."""

    def __init__(self, words: str, proof: Path | None = None) -> None:
        place, _, self.fault = words.partition("=")
        self.name, _, nth = place.partition("#")
        self.nth = int(nth or 1)
        self.proof = proof
        self.reached: Counter[str] = Counter()
        self.struck = threading.Event()
        self.over = threading.Event()
        self._lock = threading.Lock()

    def reach(self, name: str) -> None:
        with self._lock:
            self.reached[name] += 1
            times = self.reached[name]
        if name != self.name or times < self.nth or (times > self.nth and self.fault != "full"):
            return
        self._leave_proof()
        if self.fault == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.fault == "hang":
            self.over.wait()
        elif self.fault == "die":
            raise SystemExit(name)
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    def _leave_proof(self) -> None:
        self.struck.set()
        if self.proof is not None:
            with self.proof.open("a") as out:
                out.write(f"{self.name}\n")


def failpoint(name: str) -> None:
    """Does nothing, unless this place is armed."""
    if _armed is not None:
        _armed.reach(name)


def arm(words: str, proof: Path | None = None) -> Armed:
    """As the environment would at start; no words only count."""
    global _armed  # noqa: PLW0603
    _armed = armed = Armed(words, proof)
    return armed


def disarm() -> None:
    """Nothing breaks any more, and what hangs goes on."""
    global _armed  # noqa: PLW0603
    if _armed is not None:
        _armed.over.set()
    _armed = None


def _from_environment() -> Armed | None:
    words, proof = (os.environ.get(f"DELAD_FAILPOINT{name}") for name in ("", "_PROOF"))
    return Armed(words, Path(proof) if proof else None) if words else None


_armed: Armed | None = _from_environment()
