"""The gate before everything: no session, no page, no websocket, no media, no route.

What passes carries `X-Delad-Session: <digest of the session's token>`, whatever the browser sent
under that name. Streamlit takes it for the user's identity (server.trustedUserHeaders), so that
nobody can take over another's websocket session, and pages find their agent by it:
`sessions.by_digest(db, st.user["session"], now=…)`.
"""

import time
from urllib.parse import quote

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox import words
from inbox.house import House
from web import origin
from web.visitors import KEY, Visitor, Visitors

HEADER = b"x-delad-session"
OPEN = frozenset(
    {
        "/signin",
        "/signout",
        "/setup",
        "/invitation",
        "/forgot",
        "/reset",
        "/healthz",
        "/metrics",
        "/favicon.png",
        "/manifest.json",
    }
)
# Streamlit's own scripts and styles: the same for everyone, nothing of ours in them.
OPEN_FOLDER = "/static/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SIGN_IN_FIRST = "Sign in first."
RECHECK_SECONDS = 1.0
LONGEST_FORM = 16_000


class Gate:
    """Pure ASGI, so that it stands before Streamlit's websocket as well."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._settings = house.settings
        self._visitors = Visitors(house.memory)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if refusal := self._misdirected(scope):
            await _refuse(refusal, scope, receive, send)
            return
        visitor = self._visitors.of(scope["headers"])
        if visitor is None and not _is_open(scope):
            await _refuse(_to_sign_in(scope), scope, receive, send)
            return
        if visitor is None and not _is_short(scope):
            await _refuse(PlainTextResponse("Too much.", 413), scope, receive, send)
            return
        scope = _introduced(scope, visitor)
        words.speak(visitor.agent.language if visitor else _wanted(scope))
        if visitor is not None and scope["type"] == "websocket":
            watch = _Watch(self._visitors, visitor.digest, receive, send)
            await self._app(scope, watch.receive, watch.send)
        else:
            await self._app(scope, receive, send)

    def _misdirected(self, scope: Scope) -> Response | None:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if not origin.is_our_host(host, self._settings):
            return PlainTextResponse("This is not the address of this house.", 400)
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        source = headers.get(b"origin", b"").decode("latin-1")
        if changes and not origin.is_our_origin(source, host, self._settings):
            return PlainTextResponse("This request does not come from our own pages.", 403)
        return None


class _Watch:
    """A websocket that ends with its session: each message in is checked, and what goes out
    at most a second after the store changed."""

    def __init__(self, visitors: Visitors, digest: str, receive: Receive, send: Send) -> None:
        self._visitors = visitors
        self._digest = digest
        self._receive = receive
        self._send = send
        self._is_closed = False
        self._checked = time.monotonic()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await self._holds():
            return {"type": "websocket.disconnect", "code": 4401}
        return message

    async def send(self, message: Message) -> None:
        due = time.monotonic() - self._checked >= RECHECK_SECONDS
        if self._is_closed or (due and not await self._holds()):
            return
        self._is_closed = message["type"] == "websocket.close"
        await self._send(message)

    async def _holds(self) -> bool:
        self._checked = time.monotonic()
        if not self._is_closed and self._visitors.by_digest(self._digest) is None:
            self._is_closed = True
            await self._send({"type": "websocket.close", "code": 4401, "reason": SIGN_IN_FIRST})
        return not self._is_closed


def _is_open(scope: Scope) -> bool:
    path: str = scope["path"]
    if scope["type"] != "http":
        return False
    return path in OPEN or (path.startswith(OPEN_FOLDER) and ".." not in path)


def _is_short(scope: Scope) -> bool:
    """Whether a stranger's form says beforehand that it is no longer than a form gets."""
    if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
        return True
    said = dict(scope["headers"]).get(b"content-length", b"")
    return said.isdigit() and int(said[:12]) <= LONGEST_FORM


def _wanted(scope: Scope) -> str:
    accepted = dict(scope["headers"]).get(b"accept-language", b"")
    return words.understood(accepted.decode("latin-1"))


def _introduced(scope: Scope, visitor: Visitor | None) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != HEADER]
    if visitor is not None:
        headers.append((HEADER, visitor.digest.encode()))
    return {**scope, "headers": headers, KEY: visitor}


def _to_sign_in(scope: Scope) -> Response:
    """A person is shown the way, with the page he wanted kept; a program is told."""
    headers = dict(scope["headers"])
    wants_page = (
        scope["type"] == "http"
        and scope["method"] in ("GET", "HEAD")
        and b"text/html" in headers.get(b"accept", b"")
        and not scope["path"].startswith("/_stcore/")
    )
    if not wants_page:
        return PlainTextResponse(SIGN_IN_FIRST, 401)
    query = scope["query_string"].decode("latin-1")
    wanted = quote(scope["path"]) + (f"?{query}" if query else "")
    return RedirectResponse(f"/signin?next={quote(wanted, safe='')}", 303)


async def _refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await answer(scope, receive, send)
        return
    await receive()
    code = 4401 if answer.status_code == 401 else 4403
    await send({"type": "websocket.close", "code": code})
