"""Security headers on every answer; a route that set one itself keeps its own."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import shell

# The one inline script of Streamlit's index.html (1.67.0); a test compares it.
STREAMLIT_SCRIPT = "sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA="
PAGES_POLICY = "; ".join(
    (
        "default-src 'none'",
        # Components are loaded as blobs.
        f"script-src 'self' blob: '{STREAMLIT_SCRIPT}' '{shell.DIGEST}'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "content-security-policy": PAGES_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # `no-referrer` would make browsers send `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ONE_YEAR = "max-age=31536000"
# A picture says itself whether it may be kept.
CACHED = ("/static/", "/picture/")


class Headers:
    """The scheme is what uvicorn says: it believes X-Forwarded-Proto only from the proxies in
    FORWARDED_ALLOW_IPS (loopback unless set)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _complete(headers: MutableHeaders, scope: Scope) -> None:
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https":
        headers.setdefault("strict-transport-security", ONE_YEAR)
    is_page = headers.get("content-type", "").startswith("text/html")
    if is_page or not scope["path"].startswith(CACHED):
        headers["cache-control"] = "no-store"
