"""Which addresses of the outside the house may call when a stranger names them.

A mail's pictures are fetched by the house, and whoever wrote the mail wrote their addresses: so
nothing is called that only we can reach, however it is spelled. Names are looked up once, each
address found is checked, and the connection goes to a checked address and not to the name again.
"""

import asyncio
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from inbox.errors import OutsideRefused

PORTS = {"http": 80, "https": 443}
LONGEST = 4000
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
# What a resolver may take for a number: then only the plain dotted form is an address.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
# Global by the registry, and yet they lead to what lies within: relays and protocol assignments.
_RELAYS_4 = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
_RELAYS_6 = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a call goes: the name as DNS and certificates know it, and the path with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


async def by_dns(host: str, port: int) -> list[str]:
    """Every address of the name. Raises OSError when there is none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """`trusted` are `host:port` pairs that may be called wherever they lie."""

    trusted: frozenset[str] = frozenset()
    resolve: Resolve = by_dns

    def target(self, url: str) -> Target:
        """The address taken apart. Raises OutsideRefused for one that is not called."""
        parts = _split(url)
        host = _host(parts)
        port = PORTS[parts.scheme] if parts.port is None else parts.port
        if not self._is_trusted(host, port):
            if port not in PORTS.values():
                raise OutsideRefused(f"port {port}")
            _must_be_a_public_name(host)
        query = f"?{parts.query}" if parts.query else ""
        path = quote(f"{parts.path or '/'}{query}", safe="%/:=&?~+!$,;'@()*[]|")
        return Target(scheme=parts.scheme, host=host, port=port, path=path)

    async def addresses(self, target: Target) -> list[str]:
        """Where the name leads, looked up once. Raises OutsideRefused when any of it is not
        public, OSError when the name leads nowhere."""
        found = await self.resolve(target.host, target.port)
        if not self._is_trusted(target.host, target.port):
            for address in found:
                if not is_public(address):
                    raise OutsideRefused(f"{target.host} leads to {address}")
        return found

    def _is_trusted(self, host: str, port: int) -> bool:
        return f"{host}:{port}" in self.trusted


def is_public(address: str) -> bool:
    """Whether anyone on the internet reaches this address, and nothing of ours hides behind it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        relays = any(found in network for network in _RELAYS_4)
        return found.is_global and not (found.is_multicast or found.is_reserved or relays)
    relays = any(found in network for network in _RELAYS_6)
    return found in _UNICAST_6 and found.is_global and not relays and found.scope_id is None


def _split(url: str) -> SplitResult:
    text = url.strip()
    if text.startswith("//"):
        text = f"https:{text}"
    if len(text) > LONGEST or any(unicodedata.category(c)[0] == "C" for c in text):
        raise OutsideRefused("spelling")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise OutsideRefused("spelling") from error
    if parts.scheme not in PORTS:
        raise OutsideRefused(f"scheme {parts.scheme}")
    return parts


def _host(parts: SplitResult) -> str:
    if re.search(r"[@%\\\s]", parts.netloc) or not parts.hostname:
        raise OutsideRefused("spelling")
    host = parts.hostname
    if ":" in host:
        return _canonical(ipaddress.IPv6Address, host)
    if not host.isascii():
        host = _plain_letters(host)
    labels = host.split(".")
    if _NUMBER.match(labels[-1]):
        return _canonical(ipaddress.IPv4Address, host)
    if len(host) > 253 or not all(map(_LABEL.match, labels)):
        raise OutsideRefused("spelling")
    return host


def _canonical(kind: type[ipaddress.IPv4Address] | type[ipaddress.IPv6Address], host: str) -> str:
    try:
        found = str(kind(host))
    except ValueError as error:
        raise OutsideRefused("spelling") from error
    if kind is ipaddress.IPv4Address and found != host:
        raise OutsideRefused("spelling")
    return found


def _plain_letters(host: str) -> str:
    """An international name as DNS has it; digits and dots in other clothes are refused."""
    if unicodedata.normalize("NFKC", host) != host:
        raise OutsideRefused("spelling")
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise OutsideRefused("spelling") from error


def _must_be_a_public_name(host: str) -> None:
    """A number must be public; a name has a dot, for one without is a machine next door."""
    is_number = ":" in host or bool(_NUMBER.match(host.rsplit(".", 1)[-1]))
    if not (is_public(host) if is_number else "." in host):
        raise OutsideRefused(host)
