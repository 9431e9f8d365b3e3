"""A server of somebody else's on loopback: hears whoever calls, and answers as it is told."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99="
    b"\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
Answer = bytes | Callable[[socket.socket], None]


def whole(content: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def moved(to: str) -> bytes:
    return whole(b"", f"Location: {to}", status="302 Found")


def dripping(head: bytes, *, seconds: float = 20) -> Callable[[socket.socket], None]:
    """A byte now and then after the head, for as long as anyone listens."""

    def drip(caller: socket.socket) -> None:
        caller.sendall(head)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            caller.sendall(b"x")
            time.sleep(0.2)

    return drip


def silent(over: threading.Event) -> Callable[[socket.socket], None]:
    """Nothing at all until it is over."""

    def wait(_caller: socket.socket) -> None:
        over.wait(20)

    return wait


@dataclass
class Listener:
    """`heard` are the heads of all requests; `calls` counts connections, silent ones too."""

    listening: socket.socket
    answers: dict[str, Answer] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    calls: int = 0

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    @property
    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.heard]


@contextmanager
def listening(
    host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Listener]:
    server = socket.create_server((host, port))
    listener = Listener(server)
    threading.Thread(target=_serve, args=(listener, tls), daemon=True).start()
    try:
        yield listener
    finally:
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()


def _serve(listener: Listener, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError):
        while True:
            caller, _ = listener.listening.accept()
            listener.calls += 1
            threading.Thread(target=_answer, args=(listener, caller, tls), daemon=True).start()


def _answer(listener: Listener, caller: socket.socket, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError), contextlib.closing(caller):
        caller.settimeout(5)
        if tls:
            caller = tls.wrap_socket(caller, server_side=True)
        head = b""
        while b"\r\n\r\n" not in head:
            if not (more := caller.recv(4096)):
                return
            head += more
        listener.heard.append(head.decode("latin-1"))
        path = listener.paths[-1].partition("?")[0]
        answer = listener.answers.get(path, whole(PIXEL))
        if isinstance(answer, bytes):
            caller.sendall(answer)
        else:
            answer(caller)
