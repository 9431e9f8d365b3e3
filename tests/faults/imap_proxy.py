"""A wire that breaks where a test says: between Delad and a real IMAP server, byte by byte.

The server behind it is a real one, and every byte that passes is its own. `Fault(at=n)` lets n
bytes of one session pass, and not one more.
"""

import select
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from tests.faults.imap_lines import Lines
from tests.servers import MailServer

AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: closing sends RST in place of FIN."""

LOOK_SECONDS = 0.1

Kind = Literal["cut", "reset", "stall"]
Way = Literal["server", "client"]


@dataclass(slots=True)
class Fault:
    """After `at` bytes of the server's (or the client's) words: an end, a reset or silence."""

    kind: Kind
    at: int
    way: Way = "server"
    is_reached: bool = False


@dataclass(slots=True)
class Session:
    """What passed on one connection, in each direction."""

    server: bytearray = field(default_factory=bytearray)
    client: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Proxy:
    """`fault` breaks the next session, and only that one; `always` every one. `change` sees every
    line of the server's outside of literals. With `a_byte_a_time` its words come in single
    bytes."""

    url: str
    fault: Fault | None = None
    always: Fault | None = None
    change: Callable[[bytes], bytes] | None = None
    a_byte_a_time: bool = False
    sessions: list[Session] = field(default_factory=list)
    _now: list[Kind] = field(default_factory=list)

    def take_fault(self) -> Fault | None:
        fault, self.fault = self.fault, None
        return fault or self.always

    def break_now(self, kind: Kind) -> None:
        """Break the session that is under way, wherever it is."""
        self._now.append(kind)

    def is_breaking(self, session: Session) -> Fault | None:
        """For the relay of the newest session: whether somebody wants it broken."""
        if not self._now or session is not self.sessions[-1]:
            return None
        return Fault(self._now.pop(), len(session.server), is_reached=True)


class _Broken(Exception):
    """The fault has come."""


class _Relay:
    """One connection, in one thread, so that a close takes effect at once."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self.proxy, self.client, self.server = proxy, client, server
        self.fault = proxy.take_fault()
        self.session = Session()
        self.lines = Lines(proxy.change) if proxy.change else None
        proxy.sessions.append(self.session)

    def run(self) -> None:
        try:
            self._is_time()
            while self._step():
                pass
        except _Broken:
            assert self.fault
            getattr(self, self.fault.kind)()

    def cut(self) -> None:
        """The server's end as the client sees it: FIN. What the client still says is lost."""
        self.server.close()
        self.client.shutdown(socket.SHUT_WR)
        self._swallow()

    def reset(self) -> None:
        for peer in (self.client, self.server):
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            peer.close()

    def stall(self) -> None:
        self._swallow()

    def _swallow(self) -> None:
        self.client.settimeout(30)
        while self.client.recv(65536):
            pass

    def _step(self) -> bool:
        if now := self.proxy.is_breaking(self.session):
            self.fault = now
            raise _Broken
        for ready in select.select([self.client, self.server], [], [], LOOK_SECONDS)[0]:
            some = ready.recv(65536)
            if not some:
                return False
            if ready is self.client:
                self._pass(some, self.server, "client", self.session.client)
            else:
                said = self.lines.take(some) if self.lines else some
                self._pass(said, self.client, "server", self.session.server)
        return True

    def _pass(self, some: bytes, to: socket.socket, way: Way, passed: bytearray) -> None:
        if self.fault is not None and self.fault.way == way:
            some = some[: self.fault.at - len(passed)]
        for piece in _bytes_of(some) if self.proxy.a_byte_a_time else [some]:
            to.sendall(piece)
        passed += some
        self._is_time()

    def _is_time(self) -> None:
        fault = self.fault
        if fault is not None and len(getattr(self.session, fault.way)) == fault.at:
            fault.is_reached = True
            raise _Broken


def _bytes_of(some: bytes) -> Iterator[bytes]:
    return (some[n : n + 1] for n in range(len(some)))


@contextmanager
def proxy(server: MailServer) -> Iterator[Proxy]:
    """Listen in front of `server`; its user and password hold here too."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.port)) as real:
                _Relay(found, self.request, real).run()

    class Door(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

    with Door(("127.0.0.1", 0), Handler) as door:
        found = Proxy(url=f"imap://{server.user}@127.0.0.1:{door.server_address[1]}")
        threading.Thread(target=door.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield found
        finally:
            door.shutdown()
