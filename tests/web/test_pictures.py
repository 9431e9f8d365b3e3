"""/picture: what stands in the mail, for who may read it, and nothing else."""

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from inbox import pictures
from inbox.house import House
from tests.furniture import BO, CY, EVE, INVOICE
from tests.listener import PIXEL, Listener, listening, moved, silent, whole
from tests.web.conftest import Served, serve

GIF, JPEG, WEBP = b"GIF89a..", b"\xff\xd8\xff\xe0..", b"RIFF\x10\x00\x00\x00WEBPVP8 "


@pytest.fixture
def host() -> Iterator[Listener]:
    with listening() as found:
        yield found


@pytest.fixture
def served(home: House, host: Listener) -> Iterator[Served]:
    """A house in which pictures may be fetched from the test's own host."""
    trusting = replace(home.settings, trusted_outside=f"127.0.0.1:{host.port}")
    yield from serve(replace(home, settings=trusting))


def shown(served: Served, *addresses: str, as_html: str = "<img src='{}'>") -> list[str]:
    """Where the mail's pictures are asked for."""
    html = "".join(as_html.format(address) for address in addresses)
    with served.house.store.export() as cursor:
        cursor.execute(
            "update bodies set body_html = $html where message_id = $id",
            {"html": html, "id": INVOICE},
        )
    return [pictures.path(INVOICE, address) for address in addresses]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PIXEL, "image/png"), (GIF, "image/gif"), (JPEG, "image/jpeg"), (WEBP, "image/webp")],
)
def test_a_picture_is_handed_on_as_what_its_bytes_say(
    served: Served, host: Listener, content: bytes, kind: str
) -> None:
    host.answers["/a"] = whole(content, "Content-Type: text/html", "Set-Cookie: spy=1")
    (path,) = shown(served, f"http://127.0.0.1:{host.port}/a")

    answer = served.browser(CY).get(path)

    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "private, max-age=3600"
    assert "set-cookie" not in answer.headers
    (head,) = host.heard
    for word in ("cookie", "referer", "delad", "python", "x-", "origin", "cy@"):
        assert word not in head.lower()


def test_who_may_not_read_the_mail_gets_what_an_unknown_picture_gets(
    served: Served, host: Listener
) -> None:
    (path,) = shown(served, f"http://127.0.0.1:{host.port}/a")
    eve = served.browser(EVE)
    refused, missing = eve.get(path), eve.get("/picture/99/" + "0" * 32)

    assert refused.status_code == missing.status_code == 404
    assert (refused.content, refused.headers["cache-control"]) == (missing.content, "no-store")
    assert served.browser().get(path).status_code == 303
    assert host.calls == 0


@pytest.mark.parametrize(
    "as_html",
    [
        "<a href='{}'>x</a>",
        "<p>{}</p>",
        "<p style='background:url({})'>x</p>",
        "<!-- <img src='{}'> -->",
        "<img srcset='{} 2x'>",
        "<img alt='{}'>",
        "<svg><image href='{}'/></svg>",
        "<script src='{}'></script>",
        "<iframe src='{}'></iframe>",
    ],
)
def test_only_a_picture_of_the_mail_is_fetched(
    served: Served, host: Listener, as_html: str
) -> None:
    (path,) = shown(served, f"http://127.0.0.1:{host.port}/a", as_html=as_html)

    assert served.browser(BO).get(path).status_code == 404
    assert host.calls == 0


def test_the_request_names_no_address_of_its_own(served: Served, host: Listener) -> None:
    shown(served, "https://pictures.test/a")
    url = f"http://127.0.0.1:{host.port}/a"
    bo = served.browser(BO)
    for digest in (url.replace("/", "%2F"), hashlib.sha256(url.encode()).hexdigest()[:32], "1"):
        assert bo.get(f"/picture/{INVOICE}/{digest}?url={url}").status_code in (200, 404)
    assert host.calls == 0


@pytest.mark.parametrize(
    "answer",
    [
        whole(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        whole(b"<!doctype html><script>alert(1)</script>"),
        whole(b"RIFF....AVI LIST"),
        whole(b""),
        whole(PIXEL, status="500 Oh"),
        whole(PIXEL + b"x" * 5_000_001),
        moved("http://127.0.0.1:1/"),
        b"",
    ],
    ids=range(8),
)
def test_what_cannot_be_shown_is_a_quiet_drawing(
    served: Served, host: Listener, answer: bytes
) -> None:
    host.answers["/a"] = answer
    (path,) = shown(served, f"http://127.0.0.1:{host.port}/a")

    got = served.browser(BO).get(path)

    assert (got.status_code, got.headers["content-type"]) == (502, "image/svg+xml")
    assert (got.content[:5], got.headers["cache-control"]) == (b"<svg ", "no-store")
    assert b"alert" not in got.content


@pytest.mark.parametrize(
    "inside",
    ["http://127.0.0.1/a", "http://localhost:{}/a", "//localhost:{}/a", "http://127.1:{}/"],
)
def test_a_mail_cannot_make_the_house_call_within(
    served: Served, host: Listener, inside: str
) -> None:
    (path,) = shown(served, inside.format(host.port))

    assert served.browser(BO).get(path).status_code == 502
    assert host.calls == 0


def test_slow_hosts_keep_nobody_waiting(served: Served, host: Listener) -> None:
    """As many slow pictures as there are threads and more: the other doors answer at once."""
    over = threading.Event()
    host.answers["/slow"] = silent(over)
    addresses = [f"http://127.0.0.1:{host.port}/slow?{n}" for n in range(45)]
    waiting = [
        threading.Thread(target=served.browser(BO).get, args=(path,))
        for path in shown(served, *addresses)
    ]
    for thread in waiting:
        thread.start()
    deadline = time.monotonic() + 10
    while host.calls < 8 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)  # for one more, were it let out
    began = time.monotonic()
    assert served.browser(CY).get("/original/1").status_code == 404
    assert time.monotonic() - began < 1
    assert host.calls == 8
    over.set()
    for thread in waiting:
        thread.join()
