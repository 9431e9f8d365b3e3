"""Who stands before the door: the cookie, the session behind it, and whether it still holds."""

import time
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import HTTPConnection
from starlette.types import Scope

from inbox import clock, sessions
from inbox.agents import Agent
from inbox.store import Store

COOKIE = "delad"
KEY = "delad.visitor"
REMEMBERED_SECONDS = 30.0
MOST_REMEMBERED = 10_000

Headers: TypeAlias = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A signed-in agent, and the digest of the session's token."""

    agent: Agent
    digest: str


class Visitors:
    """Sessions looked up once per state of the store, so that a revocation holds at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[int, float, Agent]] = {}

    def by_digest(self, digest: str) -> Agent | None:
        """The agent behind a live session; at most half a minute after it expired, None."""
        version = self._store.version
        known = self._known.get(digest)
        if known and known[0] == version and time.monotonic() < known[1]:
            return known[2]
        with self._store.read() as db:
            agent = sessions.by_digest(db, digest, now=clock.now())
        if agent is None:
            self._known.pop(digest, None)
            return None
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[digest] = (version, time.monotonic() + REMEMBERED_SECONDS, agent)
        return agent

    def of(self, headers: Headers) -> Visitor | None:
        """Whoever the request's cookie belongs to."""
        token = cookie(headers)
        if not token:
            return None
        digest = sessions.digest(token)
        agent = self.by_digest(digest)
        return Visitor(agent=agent, digest=digest) if agent else None


def cookie(headers: Headers) -> str:
    """Our cookie's value, without trusting the rest of the header to be well formed."""
    for name, value in headers:
        if name == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, _, content = pair.strip().partition("=")
                if key == COOKIE:
                    return content[:200]
    return ""


def of_request(connection: HTTPConnection) -> Visitor:
    """Whoever the gate let through; a route that asks stands behind the gate."""
    visitor = in_scope(connection.scope)
    assert visitor is not None, "the gate lets nobody without a session this far"
    return visitor


def in_scope(scope: Scope) -> Visitor | None:
    visitor = scope.get(KEY)
    return visitor if isinstance(visitor, Visitor) else None
