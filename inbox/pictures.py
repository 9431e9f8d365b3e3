"""A mail's pictures from elsewhere, for who may read the mail."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from inbox import safe_html
from inbox.agents import Agent
from inbox.errors import NotFound
from inbox.store import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    mailbox_id: int
    body_html: str | None


def path(message_id: int, url: str = "") -> str:
    """Where our own door shows a mail's picture from elsewhere; the folder of all without one."""
    return f"/picture/{message_id}/{_digest(url) if url else ''}"


def source(db: Session, viewer: Agent, message_id: int, digest: str) -> str:
    """The address that really stands in this mail's HTML under this digest.

    Raises NotFound for an unknown picture, an unknown mail and a stranger alike.
    """
    found = db.one("pictures.body", _Body, message_id=message_id)
    if found is None or not viewer.may("read", found.mailbox_id):
        raise NotFound("picture")
    url = _sources(found.body_html or "").get(digest)
    if url is None:
        raise NotFound("picture")
    return url


@lru_cache(maxsize=16)
def _sources(html: str) -> dict[str, str]:
    clean = safe_html.clean(html)
    return {_digest(url): url for url in clean.elsewhere} if clean else {}


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()[:32]
