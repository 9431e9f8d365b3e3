"""Fetching from a real server on loopback that does what servers of strangers may do."""

import asyncio
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inbox import fetching
from inbox.errors import OutsideRefused
from inbox.fetching import Limits
from inbox.outside import Outside
from tests.certificates import Authority
from tests.listener import PIXEL, Listener, dripping, listening, moved, whole

NAME = "pictures.test"


@pytest.fixture
def host() -> Iterator[Listener]:
    with listening() as found:
        yield found


class Book:
    """A resolver that counts, and may answer differently the second time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, _host: str, _port: int) -> list[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


def fetch(
    host: Listener, path: str, *, scheme: str = "http", name: str = NAME, **limits: object
) -> bytes:
    outside = Outside(trusted=frozenset({f"{name}:{host.port}"}), resolve=Book(["127.0.0.1"]))
    url = f"{scheme}://{name}:{host.port}{path}"
    return asyncio.run(fetching.fetch(url, outside, Limits(**limits)))


def test_what_is_fetched_tells_nothing_of_who_asks(host: Listener) -> None:
    assert fetch(host, "/a b.png?x=1") == PIXEL

    (head,) = host.heard
    assert head.splitlines() == [
        "GET /a%20b.png?x=1 HTTP/1.1",
        f"Host: {NAME}:{host.port}",
        "User-Agent: Mozilla/5.0",
        "Accept: image/png,image/jpeg,image/gif,image/webp",
        "Accept-Encoding: identity",
        "Connection: close",
        "",
    ]


def test_three_redirects_are_followed_and_no_fourth(host: Listener) -> None:
    for step in range(4):
        host.answers[f"/{step}"] = moved(f"/{step + 1}")

    assert fetch(host, "/1") == PIXEL
    host.heard.clear()
    with pytest.raises(OutsideRefused):
        fetch(host, "/0")
    assert host.paths == ["/0", "/1", "/2", "/3"]


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://2130706433:{port}/",
        "http://u@127.0.0.1:{port}/",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "http://within.example.com/",
    ],
)
def test_a_redirect_that_leads_inside_is_not_followed(host: Listener, inside: str) -> None:
    with listening() as within:
        host.answers["/a"] = moved(inside.format(port=within.port))
        with pytest.raises(OutsideRefused):
            fetch(host, "/a")

        assert (len(host.heard), within.calls) == (1, 0)


def test_a_name_that_moves_while_we_look_is_looked_up_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: public when it is checked, loopback when it would be called."""
    called: list[str] = []

    async def no_network(address: str, *_: object, **__: object) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio, "open_connection", no_network)
    book = Book(["93.184.215.14"], ["127.0.0.1"])
    with pytest.raises(OutsideRefused):
        asyncio.run(fetching.fetch(f"http://{NAME}/", Outside(resolve=book), Limits()))

    assert (book.asked, called) == (1, ["93.184.215.14"])


def test_the_call_goes_to_the_address_that_was_checked() -> None:
    with listening("127.0.0.1") as first, listening("127.0.0.2", first.port) as second:
        book = Book(["127.0.0.1"], ["127.0.0.2"])
        outside = Outside(trusted=frozenset({f"{NAME}:{first.port}"}), resolve=book)
        url = f"http://{NAME}:{first.port}/"

        assert asyncio.run(fetching.fetch(url, outside, Limits())) == PIXEL
        assert (book.asked, first.calls, second.calls) == (1, 1, 0)


def test_the_next_address_is_called_when_one_does_not_answer(host: Listener) -> None:
    book = Book(["127.0.0.3", "127.0.0.1"])
    outside = Outside(trusted=frozenset({f"{NAME}:{host.port}"}), resolve=book)

    got = asyncio.run(fetching.fetch(f"http://{NAME}:{host.port}/", outside, Limits()))
    assert got == PIXEL


@pytest.mark.parametrize(
    "answer",
    [
        whole(b"x" * 1001),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"400\r\n" + b"x" * 1024,
        whole(PIXEL, "Content-Encoding: gzip"),
        whole(PIXEL, status="404 Not Found"),
        whole(PIXEL, status="206 Partial Content"),
        whole(b"", status="302 Found"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"hello",
        b"",
    ],
    ids=range(11),
)
def test_an_answer_that_is_not_taken(host: Listener, answer: bytes) -> None:
    host.answers["/a"] = answer
    with pytest.raises(OutsideRefused):
        fetch(host, "/a", size_bytes=1000)


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"]
)
def test_a_host_that_drips_is_left_in_time(host: Listener, head: bytes) -> None:
    host.answers["/slow"] = dripping(head, seconds=8)
    began = time.monotonic()
    with pytest.raises(OutsideRefused):
        fetch(host, "/slow", seconds=1)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("issued_to", "is_right"), [(NAME, True), ("other.test", False)])
def test_a_certificate_must_be_the_names(tmp_path: Path, issued_to: str, is_right: bool) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue(issued_to, "127.0.0.1")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pair.certificate, pair.key)
    ours = ssl.create_default_context(cafile=str(authority.file))
    with listening(tls=server) as host:
        ask: Callable[[], bytes] = lambda: fetch(host, "/", scheme="https", tls=ours)  # noqa: E731
        if is_right:
            assert ask() == PIXEL
        else:
            with pytest.raises(OutsideRefused):
                ask()
            assert host.heard == []
