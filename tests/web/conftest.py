"""The doors behind a real uvicorn on a free port, with a page, a file and a socket of our own
standing in for Streamlit's."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from inbox import clock, passwords, sessions
from inbox.house import House
from web import doors
from web.demo import DemoDoor

PASSWORD = "correct horse battery"
# bcrypt with the smallest cost, made once: the tests are about doors, not about bcrypt's speed.
HASH = "$2b$04$8wf2jA4SDfnakL0SmgKLueUdXP6aWpp8ghuulSgMZ1Lx.t7g9RE9K"


class Browser(requests.Session):
    """Like a browser: keeps cookies, sends Origin, asks for pages, follows nothing by itself."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.trust_env = False
        self.headers.update({"Origin": base, "Accept": "text/html"})

    def request(self, method: str, url: str, **more: object) -> requests.Response:
        more["allow_redirects"] = False
        more.setdefault("timeout", 20)
        return super().request(method, self.base + url, **more)

    def sign_in_as(self, house: House, agent_id: int) -> "Browser":
        with house.store.write() as db:
            token = sessions.start(db, agent_id, "test", settings=house.settings, now=clock.now())
        self.cookies.set("delad", token)
        return self

    @property
    def token(self) -> str:
        return self.cookies.get("delad") or ""


@dataclass
class Served:
    """A house that answers on loopback."""

    house: House
    port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def letters(self) -> list[tuple[str, str]]:
        """The house's own mails on their way out: (address, text)."""
        with self.house.store.export() as cursor:
            found = cursor.execute(
                "select address, body_text from outbox inner join outbox_recipients "
                "on outbox.id = outbox_id where outbox.kind = 'system' order by outbox.id"
            ).fetchall()
        return [(str(address), str(text)) for address, text in found]

    def browser(self, agent_id: int | None = None) -> Browser:
        browser = Browser(self.base)
        return browser.sign_in_as(self.house, agent_id) if agent_id else browser


async def _page(request: Request) -> HTMLResponse:
    return HTMLResponse("<p>inside")


async def _echo(request: Request) -> JSONResponse:
    return JSONResponse({"sessions": request.headers.getlist("x-delad-session")})


async def _stream(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text("re: " + await websocket.receive_text())
    except WebSocketDisconnect:
        return


def _app(house: House, demo: DemoDoor | None) -> Starlette:
    inside = [
        Route("/_stcore/echo", _echo, methods=["GET", "POST", "PUT"]),
        WebSocketRoute("/_stcore/stream", _stream),
        Route("/{path:path}", _page),
    ]
    return Starlette(
        routes=[*doors.routes(house, demo), *inside],
        middleware=doors.middleware(house),
    )


def serve(house: House, demo: DemoDoor | None = None) -> Iterator[Served]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    config = uvicorn.Config(
        _app(house, demo),
        log_level="debug",
        access_log=False,
        lifespan="off",
        ws="websockets-sansio",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield Served(house, listening.getsockname()[1])
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def served(home: House) -> Iterator[Served]:
    with home.store.export() as cursor:
        cursor.execute("update agents set password_hash = $hash", {"hash": HASH})
        cursor.execute("update mailboxes set smtp_url = 'smtp://127.0.0.1:2525' where id = 1")
    yield from serve(home)


@pytest.fixture
def bcrypt_calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash a password was really checked against."""
    calls: list[str] = []
    real = passwords.hasher().check_pw

    def counted(password: str, hashed: str) -> bool:
        calls.append(hashed)
        return real(password, hashed)

    monkeypatch.setattr(passwords.hasher(), "check_pw", counted)
    return calls
