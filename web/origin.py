"""Whether a request was meant for us (Host) and comes from our own pages (Origin)."""

from urllib.parse import urlsplit

from inbox.settings import Settings

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def is_our_host(host: str | None, settings: Settings) -> bool:
    """Whether the Host header names this house; anything else is DNS rebinding or a mistake."""
    if not host:
        return False
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return False
    is_bare = not (parts.path or parts.query or parts.fragment or "@" in host)
    return is_bare and (parts.hostname or "").rstrip(".") in settings.hosts


def is_our_origin(origin: str | None, host: str | None, settings: Settings) -> bool:
    """Whether the Origin header is the page's own host or the public address.

    A missing Origin is refused: every browser sends one with what changes anything.
    """
    if not origin or not host:
        return False
    given = _place(origin)
    if given is None:
        return False
    scheme = urlsplit(origin).scheme
    return given == _place(f"{scheme}://{host}") or given == _place(settings.public_url)


def _place(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None
