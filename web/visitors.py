"""Who stands before the door: the cookie, the session behind it, and whether it still holds."""

from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import HTTPConnection
from starlette.types import Scope

from inbox import clock, sessions
from inbox.agents import Agent
from inbox.memory import Memory

COOKIE = "delad"
KEY = "delad.visitor"

Headers: TypeAlias = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A signed-in agent, and the digest of the session's token."""

    agent: Agent
    digest: str


class Visitors:
    """Sessions are looked up anew as soon as anything about them changed, so that a revocation
    holds at once."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def by_digest(self, digest: str) -> Agent | None:
        """The agent behind a live session; at most half a minute after it expired, None."""
        return sessions.remembered(self._memory, digest, now=clock.now())

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
