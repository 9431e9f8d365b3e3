"""A man in the middle: a real IMAP server, but for the commands that a test answers itself."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers import MailServer

HANG_UP = b""
NO = b"%s NO [SERVERBUG] Internal error, try again later\r\n"
BYE = b"* BYE Server is shutting down\r\n"
GARBLED = b"* 1 FETCH (UID 1 FLAGS (\r\n%s OK Fetched\r\n"
"""What `Between.answer` may give, with a place for the command's tag."""

Answer = Callable[[bytes], bytes | None]


@dataclass
class Between:
    """`answer` sees every command; None lets it pass to the real server."""

    url: str
    answer: Answer = lambda command: None
    heard: list[bytes] = field(default_factory=list)

    def count(self, word: bytes) -> int:
        return sum(word in command for command in self.heard)


@contextmanager
def between(server: MailServer) -> Iterator[Between]:
    """Listen in front of `server`; its user and password hold here too."""
    lock = threading.Lock()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", server.port)) as real:
                pump = threading.Thread(target=self._back, args=(real,), daemon=True)
                pump.start()
                with suppress(OSError):
                    self._forth(real)
                with suppress(OSError):
                    real.shutdown(socket.SHUT_RDWR)
                pump.join()

        def _forth(self, real: socket.socket) -> None:
            while line := self.rfile.readline():
                with lock:
                    found.heard.append(line.strip())
                    answer = found.answer(line.strip())
                if answer is None:
                    real.sendall(line)
                elif answer == HANG_UP:
                    return
                else:
                    self.wfile.write(answer.replace(b"%s", line.split()[0]))
                    if answer == BYE:
                        return

        def _back(self, real: socket.socket) -> None:
            with suppress(OSError):
                while some := real.recv(65536):
                    self.wfile.write(some)
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    class Door(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Door(("127.0.0.1", 0), Handler) as door:
        found = Between(url=f"imap://{server.user}@127.0.0.1:{door.server_address[1]}")
        threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield found
        finally:
            door.shutdown()
