"""The private socket by which the command line hands its work to the running app.

`data/delad.sock` (mode 0600, in a folder of mode 0700) takes one order per connection, as lines of
JSON: the order `{"command", "arguments"}`, then any number of `{"progress"}`, then `{"answer"}` or
`{"refusal"}`. Only processes of the same user are heard (SO_PEERCRED, where the system has it).
"""

import contextlib
import json
import logging
import os
import socket
import struct
import threading
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from inbox.errors import InboxError, StoreBusy
from inbox.house import House

Arguments = dict[str, Any]
Progress = Callable[[str], None]

ORDER_SECONDS = 10
LONGEST_ORDER = 1 << 20
LONGEST_PATH = 100
log = logging.getLogger("delad.control")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command has to say: `data` for machines, `lines` for people, and how it went."""

    data: dict[str, Any]
    lines: tuple[str, ...] = ()
    exit_code: int = 0


Command = Callable[[House, Arguments, Progress], Answer]


class Refused(InboxError):
    """The running app refused the order, in these words."""


@contextmanager
def serving(house: House, commands: Mapping[str, Command]) -> Generator[None, None, None]:
    """Hear orders in a thread of their own until the block ends.

    Whoever holds the database is the only one to serve: a socket left behind by a process that
    died is replaced.
    """
    file = house.settings.socket
    file.parent.chmod(0o700)
    file.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        with _short(file) as path:
            door.bind(path)
        file.chmod(0o600)
        door.listen(8)
        thread = threading.Thread(
            target=_hear, args=(door, house, commands), name="control", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            thread.join(ORDER_SECONDS)


def is_served(file: Path) -> bool:
    """Whether an app answers behind this socket."""
    connection = _connect(file)
    if connection is None:
        return False
    connection.close()
    return True


def ask(
    file: Path, command: str, arguments: Arguments, *, progress: Progress = lambda _: None
) -> Answer | None:
    """Have the running app do it; None when no app runs.

    Raises Refused with the app's own words, StoreBusy when the app ends before it has answered.
    """
    connection = _connect(file)
    if connection is None:
        return None
    try:
        # Closing says what is left unsaid, so it fails too when nobody listens any more.
        with connection, connection.makefile("rw", encoding="utf-8") as line:
            _say(line, {"command": command, "arguments": arguments})
            for told in _lines(line):
                if "progress" in told:
                    progress(told["progress"])
                elif "refusal" in told:
                    raise Refused(told["refusal"])
                else:
                    answer = told["answer"]
                    return Answer(**{**answer, "lines": tuple(answer["lines"])})
    except (OSError, ValueError) as error:
        raise StoreBusy("The running app stopped while it did this.") from error
    raise StoreBusy("The running app stopped while it did this.")


def _hear(door: socket.socket, house: House, commands: Mapping[str, Command]) -> None:
    while True:
        try:
            connection, _ = door.accept()
        except OSError:
            return
        threading.Thread(
            target=_serve, args=(connection, house, commands), name="command", daemon=True
        ).start()


def _serve(connection: socket.socket, house: House, commands: Mapping[str, Command]) -> None:
    """One order, start to end. A command line that went away does not stop what it asked for."""
    with connection, contextlib.suppress(OSError, ValueError):
        if not _is_mine(connection):
            return
        connection.settimeout(ORDER_SECONDS)
        with connection.makefile("rw", encoding="utf-8") as line:
            order = json.loads(line.readline(LONGEST_ORDER))
            if not isinstance(order, dict) or not {"command", "arguments"} <= order.keys():
                return
            _say(line, _obey(line, house, commands, order))


def _obey(
    line: IO[str], house: House, commands: Mapping[str, Command], order: dict[str, Any]
) -> dict[str, Any]:
    command = commands.get(order["command"])
    if command is None:
        return {"refusal": f"The running app knows no command “{order['command']}”."}

    def progress(text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            _say(line, {"progress": text})

    try:
        return {"answer": asdict(command(house, order["arguments"], progress))}
    except InboxError as refusal:
        return {"refusal": str(refusal)}
    except OSError as error:
        return {"refusal": not_done(error)}
    except Exception as error:  # noqa: BLE001
        # Without its message, which may hold mail text or a secret.
        places = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s: %s\n%s", order["command"], type(error).__name__, places)
        return {
            "refusal": f"{order['command']} failed: {type(error).__name__} (see the app's log)."
        }


def not_done(error: OSError) -> str:
    """A trouble with disk, files or network, in one sentence."""
    return f"That could not be done: {error}."


def _is_mine(connection: socket.socket) -> bool:
    """Linux tells who is at the other end; elsewhere the modes of folder and socket must do."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", told)
    return bool(uid == os.getuid())


def _connect(file: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(file) as path:
            connection.connect(path)
    except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError):
        connection.close()
        return None
    return connection


@contextmanager
def _short(file: Path) -> Iterator[str]:
    """A name for the socket that fits the 108 bytes (104 on macOS) a Unix address may have."""
    if len(os.fsencode(file)) <= LONGEST_PATH:
        yield str(file)
        return
    if not Path("/proc/self/fd").is_dir():
        raise StoreBusy(
            f"The path {file} is too long for a socket here. Choose a shorter data folder."
        )
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{file.name}"
    finally:
        os.close(folder)


def _say(line: IO[str], told: dict[str, Any]) -> None:
    line.write(json.dumps(told, default=str) + "\n")
    line.flush()


def _lines(line: IO[str]) -> Iterator[dict[str, Any]]:
    for text in line:
        yield json.loads(text)
