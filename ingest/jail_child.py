"""The prisoner: reads mails from standard input, writes what they say to standard output.

`python -m ingest.jail_child CPU_SECONDS MEMORY_BYTES`. A frame is `<u32 header length>`, a JSON
header and the bytes it announces (`sizes`). Memory is limited for good and processor time anew
for each mail; whoever breaks a limit dies here, and the parent starts another child.
"""

import json
import resource
import signal
import struct
import sys
from typing import BinaryIO

from ingest import parse

LENGTH = struct.Struct("<I")


def main(cpu_seconds: float, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inlet, outlet = sys.stdin.buffer, sys.stdout.buffer
    while (mail := read_frame(inlet)) is not None:
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        parsed = parse.parse(mail[1])
        header = parse.as_json(parsed)
        contents = [attached.content for attached in parsed.attachments]
        header["sizes"] = [len(content) for content in contents]
        write_frame(outlet, header, contents)
        signal.setitimer(signal.ITIMER_PROF, 0)


def read_frame(inlet: BinaryIO) -> tuple[dict[str, object], bytes] | None:
    """One mail; None at the end of the input."""
    length = inlet.read(LENGTH.size)
    if len(length) < LENGTH.size:
        return None
    header = json.loads(inlet.read(LENGTH.unpack(length)[0]))
    return header, inlet.read(header["sizes"][0])


def write_frame(outlet: BinaryIO, header: dict[str, object], contents: list[bytes]) -> None:
    encoded = json.dumps(header).encode()
    outlet.write(LENGTH.pack(len(encoded)) + encoded)
    for content in contents:
        outlet.write(content)
    outlet.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
