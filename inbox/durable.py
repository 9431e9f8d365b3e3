"""What must survive a power cut: files and the names of files, forced onto the disk."""

import os
import threading
from pathlib import Path

from inbox.failpoints import failpoint


def write(file: Path, content: bytes) -> None:
    """Put the bytes there whole or not at all, mode 0600, in place of what was there."""
    part = file.with_name(f"{file.name}.{threading.get_ident()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        failpoint("file written")
        os.fsync(out.fileno())
    failpoint("file synced")
    part.replace(file)
    failpoint("file in its place")
    sync(file.parent)


def sync(path: Path) -> None:
    """A file's bytes, or the names that are in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
