"""Tells Streamlit's page where its server is: at the root, whichever page was asked for.

Left to itself its script takes /people for a server's place first and asks there in vain, twice at
each start. It reads `window.__streamlit` when it is loaded, so a line before it is enough.
"""

import base64
import hashlib

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = "window.__streamlit={BACKEND_BASE_URL:location.origin}"
DIGEST = f"sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}"
# Only Streamlit's own page has this line.
_MARK = b"<title>Streamlit</title>"
_LINE = f"<script>{SCRIPT}</script>".encode()


class Shell:
    """Puts the line into the page, which goes out uncompressed for it: it is 7 kB."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        page = _Page(send)
        await self._app({**scope, "headers": plain}, receive, page.send)


class _Page:
    """Holds an HTML answer back until it is whole."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._go(self._start)

    async def _go(self, start: Message) -> None:
        body = self._body.replace(_MARK, _LINE + _MARK, 1)
        if body != self._body:
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(body))
            del headers["etag"]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _wants_page(scope: Scope) -> bool:
    accepted = dict(scope["headers"]).get(b"accept", b"")
    return scope["method"] == "GET" and b"text/html" in accepted


def _is_page(start: Message) -> bool:
    kind = dict(start["headers"]).get(b"content-type", b"")
    return bool(start["status"] == 200 and kind.startswith(b"text/html"))
