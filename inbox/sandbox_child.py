"""The process in which questions are answered that somebody has written (see inbox.asking).

`python -m inbox.sandbox_child`: one JSON object on standard input; a frame on standard output when
the snapshot is open, and one for each question: `<u32 header length>`, a JSON header and, with
`size`, Arrow's stream. Whoever breaks a limit dies here; the house goes on.
"""

import io
import json
import resource
import signal
import struct
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from inbox import sandbox
from inbox.errors import InboxError
from inbox.sandbox import Found, Limits, Rights

LENGTH = struct.Struct("<I")
# Beside what the engine may have: programs, Arrow's own, and the answer twice.
ROOM_BYTES = 3 << 30


def main(inlet: BinaryIO, outlet: BinaryIO) -> None:
    told = json.load(inlet)
    limits = Limits(**told["limits"])
    _shut(limits, len(told["questions"]))
    connection = sandbox.opened(Path(told["snapshot"]), Rights(**told["rights"]), limits)
    _write(outlet, {"is_ready": True}, b"")
    now = datetime.fromisoformat(told["now"])
    for question in told["questions"]:
        try:
            found = sandbox.ask(connection, question, limits, now=now)
        except InboxError as refusal:
            values = {name: str(value) for name, value in refusal.values.items()}
            _write(outlet, {"text": refusal.text, "values": values}, b"")
        else:
            _write(outlet, {"is_cut": found.is_cut}, _stream(found))


def _shut(limits: Limits, questions: int) -> None:
    """No file can be written; memory and processor time end. The wall clock is the parent's."""
    resource.setrlimit(resource.RLIMIT_AS, (ROOM_BYTES, ROOM_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seconds = int(questions * limits.seconds * 2) + 10
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stream(found: Found) -> bytes:
    out = io.BytesIO()
    with pa.ipc.new_stream(out, found.schema) as writer:
        for batch in found.batches:
            writer.write_batch(batch)
    return out.getvalue()


def _write(outlet: BinaryIO, header: dict[str, Any], content: bytes) -> None:
    encoded = json.dumps({**header, "size": len(content)}).encode()
    outlet.write(LENGTH.pack(len(encoded)) + encoded + content)
    outlet.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
