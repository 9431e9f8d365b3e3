"""An SMTP server on loopback that does what its script says and keeps every mail it accepted.

A step answers from a list of codes, one per call, the last one for ever: `{"rcpt": [450, 250]}`.
Besides a code a step can be DROP (close the connection), RESET (break it), STALL (say nothing
until the server ends) or GARBAGE (an answer that is no SMTP). The step `over` follows the answer
to a mail.
"""

import contextlib
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

DROP, RESET, STALL, GARBAGE = "drop", "reset", "stall", "garbage"
GOOD = {
    "greet": 220,
    "ehlo": 250,
    "starttls": 220,
    "auth": 235,
    "mail": 250,
    "rcpt": 250,
    "data": 354,
    "dot": 250,
    "over": 0,
    "quit": 221,
}
FAULTS = (DROP, RESET, STALL, GARBAGE)
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: closing sends RST in place of FIN."""


@dataclass
class Accepted:
    sender: str
    recipients: list[str]
    raw: bytes


@dataclass
class Script:
    """`refuse` maps single addresses to codes; `mechanisms` is what AUTH offers, if anything.

    `in_data` ends the connection (True: DROP) after three lines of the mail; `accept_then` does
    DROP, RESET, STALL or GARBAGE after the mail was accepted, in place of the 250. `a_byte` are
    the seconds that each byte of an answer takes; `at_fault` is called just before each fault.
    """

    steps: dict[str, list[int | str]] = field(default_factory=dict)
    refuse: dict[str, int] = field(default_factory=dict)
    mechanisms: str = ""
    extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8", "SIZE 50000000")
    in_data: bool | str = False
    accept_then: str = ""
    a_byte: float = 0
    at_fault: Callable[[], None] = lambda: None
    accepted: list[Accepted] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, step):
        with self.lock:
            queue = self.steps.get(step)
            if not queue:
                return GOOD[step]
            return queue.pop(0) if len(queue) > 1 else queue[0]


class Gone(Exception):
    """The script ends this connection."""


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        self.script = self.server.script
        self.script.connections += 1
        self.peer, self.lines = self.request, self.request.makefile("rb")
        with contextlib.suppress(OSError, Gone):
            if self.server.implicit:
                self.encrypt()
            self.say("greet")
            self.converse()
        # A dup held by makefile would keep a dropped connection half open.
        self.lines.close()
        self.peer.close()

    def converse(self):
        envelope = Accepted("", [], b"")
        while line := self.lines.readline():
            words = line.decode("utf-8", "replace").strip()
            self.script.commands.append(words)
            verb = words.split(" ")[0].upper()
            if verb == "EHLO":
                self.ehlo()
            elif verb == "STARTTLS":
                code = self.code("starttls")
                self.write(code)
                if code == 220:
                    self.encrypt()
            elif verb == "AUTH":
                self.auth(words)
            elif verb == "MAIL":
                if envelope.sender:
                    self.write(503)
                    continue
                envelope = Accepted(between(words), [], b"")
                self.say("mail")
            elif verb == "RCPT":
                self.rcpt(envelope, between(words))
            elif verb == "DATA":
                self.data(envelope)
                envelope = Accepted("", [], b"")
            elif verb == "RSET":
                envelope = Accepted("", [], b"")
                self.peer.sendall(b"250 forgotten\r\n")
            elif verb == "QUIT":
                self.say("quit")
                return
            else:
                self.peer.sendall(b"250 fine\r\n")

    def ehlo(self):
        code = self.code("ehlo")
        if code != 250:
            self.write(code)
            return
        lines = ["loopback", *self.script.extensions]
        if self.server.tls and not isinstance(self.peer, ssl.SSLSocket):
            lines.append("STARTTLS")
        if self.script.mechanisms:
            lines.append(f"AUTH {self.script.mechanisms}")
        for text in lines[:-1]:
            self.peer.sendall(f"250-{text}\r\n".encode())
        self.peer.sendall(f"250 {lines[-1]}\r\n".encode())

    def auth(self, words):
        if words.upper().startswith("AUTH LOGIN"):
            for _ in range(3 - words.count(" ")):
                self.peer.sendall(b"334 UGFzc3dvcmQ6\r\n")
                self.script.commands.append(self.lines.readline().decode().strip())
        code = self.code("auth")
        if code == 334:
            self.write(334)
            self.script.commands.append(self.lines.readline().decode().strip())
            code = 535
        self.write(code)

    def rcpt(self, envelope, address):
        refusal = self.script.refuse.get(address)
        code = self.obey(refusal) if refusal else self.code("rcpt")
        if code == 250:
            envelope.recipients.append(address)
        self.write(code)

    def data(self, envelope):
        code = self.code("data")
        self.write(code)
        if code != 354:
            return
        raw = []
        while (line := self.lines.readline()) != b".\r\n":
            if line == b"":
                raise Gone
            if self.script.in_data and len(raw) == 3:
                self.obey(DROP if self.script.in_data is True else self.script.in_data)
            raw.append(line[1:] if line.startswith(b".") else line)
        code = self.code("dot")
        if code == 250:
            envelope.raw = b"".join(raw)
            self.script.accepted.append(envelope)
            code = self.obey(self.script.accept_then or 250)
        self.write(code)
        self.code("over")

    def say(self, step):
        self.write(self.code(step))

    def code(self, step):
        return self.obey(self.script.next(step))

    def obey(self, code):
        if code in FAULTS or int(code) >= 400:
            self.script.at_fault()
        if code == STALL:
            self.script.over.wait(60)
        if code == RESET:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        if code in (DROP, RESET, STALL):
            raise Gone
        return code

    def write(self, code):
        answer = b"what?\r\n" if code == GARBAGE else b"%d scripted\r\n" % code
        if not self.script.a_byte:
            self.peer.sendall(answer)
            return
        for n in range(len(answer)):
            time.sleep(self.script.a_byte)
            self.peer.sendall(answer[n : n + 1])

    def encrypt(self):
        self.lines.close()
        self.peer = self.server.tls.wrap_socket(self.request, server_side=True)
        self.lines = self.peer.makefile("rb")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, script, tls, implicit):
        super().__init__(("127.0.0.1", 0), Session)
        self.script, self.tls, self.implicit = script, tls, implicit

    @property
    def port(self):
        return self.server_address[1]

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is part of the script."""


@contextlib.contextmanager
def serving(script=None, *, tls=None, implicit=False):
    server = Server(script or Script(), tls, implicit)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.script.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def wait_until(condition, seconds=10):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def between(words):
    return words.partition("<")[2].partition(">")[0]
