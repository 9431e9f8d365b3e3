"""What an IMAP server says, told apart: its own lines, and the literals that hold mail."""

import re
from collections.abc import Callable, Iterator

LITERAL = re.compile(rb"\{(\d+)\}\r\n$")


class Lines:
    """`change` every line that passes, and no literal, however the bytes are cut up."""

    def __init__(self, change: Callable[[bytes], bytes]) -> None:
        self._change = change
        self._held = b""
        self._literal = 0

    def take(self, some: bytes) -> bytes:
        """The bytes to pass on; the beginning of a line is held until its end has come."""
        self._held += some
        return b"".join(self._parts())

    def _parts(self) -> Iterator[bytes]:
        while self._held:
            if self._literal:
                literal = self._take(min(self._literal, len(self._held)))
                self._literal -= len(literal)
                yield literal
            elif (end := self._held.find(b"\n")) < 0:
                return
            else:
                line = self._take(end + 1)
                length = LITERAL.search(line)
                self._literal = int(length[1]) if length else 0
                yield self._change(line)

    def _take(self, count: int) -> bytes:
        taken, self._held = self._held[:count], self._held[count:]
        return taken


def points(said: bytes, *, literal_step: int) -> list[int]:
    """Where a session can break: at every byte outside of literals, and at each `literal_step`th
    inside, so that big mails do not take all the places."""
    found: list[int] = []
    literal = 0
    at = 0
    for line in said.splitlines(keepends=True):
        step = literal_step if literal else 1
        found += range(at, at + len(line), step)
        at += len(line)
        literal = max(0, literal - len(line))
        if not literal and (length := LITERAL.search(line)):
            literal = int(length[1])
    return found
