"""What a process and its children have used, read from /proc (Linux); None elsewhere."""

import os
from pathlib import Path

PROC = Path("/proc")
# Fields of /proc/<pid>/stat behind the command's name, which alone may hold blanks (proc(5)).
_PARENT, _USER, _SYSTEM = 1, 11, 12


def peak_bytes(pid: int | str = "self") -> int | None:
    """The most memory the process held at once since it began to run its own program.

    Unlike getrusage's ru_maxrss it forgets what the parent held when it forked.
    """
    return _status(pid, "VmHWM:")


def resident_bytes(pid: int | str = "self") -> int | None:
    """The memory the process holds now."""
    return _status(pid, "VmRSS:")


def cpu_seconds(pid: int) -> float | None:
    """User and system time of all its threads, its children's left out."""
    found = _stat(pid)
    if found is None:
        return None
    return (int(found[_USER]) + int(found[_SYSTEM])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The live processes it started."""
    every = [int(folder.name) for folder in PROC.glob("[0-9]*")]
    return [one for one in every if (found := _stat(one)) and int(found[_PARENT]) == pid]


def _status(pid: int | str, name: str) -> int | None:
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return None
    found = next((line for line in lines if line.startswith(name)), None)
    return int(found.split()[1]) * 1024 if found else None


def _stat(pid: int) -> list[str] | None:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()
