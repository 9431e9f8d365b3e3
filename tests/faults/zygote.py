"""A process that has imported the house and forks a child for each task: a start costs
milliseconds, and a child may be killed like any other process.

A task is a line of JSON, `{"words": …, "proof": …, "task": "module:function", "given": {…}}`; the
answer is a line with the child's exit code, negative for the signal that ended it.
"""

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import traceback
from contextlib import contextmanager
from pathlib import Path

from inbox import failpoints
from inbox.settings import HOUSE

PATIENCE_SECONDS = 60


class Zygote:
    """The test's side."""

    def __init__(self, module):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote", module],
            cwd=HOUSE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._module = module

    def run(self, task, words="", proof=None, **given):
        """Let a child do it to its end, whichever that is; answer its exit code."""
        asked = {"words": words, "proof": str(proof) if proof else "", "task": task, "given": given}
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())["code"]

    def close(self):
        self._process.stdin.close()
        self._process.wait(10)


@contextmanager
def zygote(module):
    found = Zygote(module)
    try:
        yield found
    finally:
        found.close()


def _serve(module):
    assert threading.active_count() == 1, "a fork would copy locks that nobody opens any more"
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(module, asked)
        sys.stdout.write(json.dumps({"code": _wait(child)}) + "\n")
        sys.stdout.flush()


def _live(module, asked):
    code = 1
    try:
        failpoints.arm(asked["words"], Path(asked["proof"]) if asked["proof"] else None)
        getattr(module, asked["task"])(**asked["given"])
        code = 0
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        os._exit(code)


def _wait(child):
    """Its exit code; a child that goes on for too long is killed, which no task takes for SIGKILL
    at its failpoint, because that leaves a proof."""
    handle = os.pidfd_open(child)
    try:
        if not select.select([handle], [], [], PATIENCE_SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(handle)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    _serve(importlib.import_module(sys.argv[1]))
