"""Fetching from the outside without telling who asks, within limits, at a pinned address."""

import asyncio
import ssl
from dataclasses import dataclass, field
from urllib.parse import urljoin

import h11

from inbox.errors import OutsideRefused
from inbox.outside import Outside, Target

REDIRECTS = 3
# The same words for every house and agent; some hosts answer nobody who says nothing.
HEADERS = (
    ("User-Agent", "Mozilla/5.0"),
    ("Accept", "image/png,image/jpeg,image/gif,image/webp"),
    ("Accept-Encoding", "identity"),
    ("Connection", "close"),
)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`seconds` are for everything: lookups, redirects and the last byte."""

    size_bytes: int = 5_000_000
    seconds: float = 10
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


async def fetch(url: str, outside: Outside, limits: Limits) -> bytes:
    """What lies at this address, after at most three redirects.

    Raises OutsideRefused for an address the house does not call, an answer other than 200, one
    that is too large or too slow, and a certificate that is not the name's.
    """
    try:
        async with asyncio.timeout(limits.seconds):
            for _ in range(REDIRECTS + 1):
                target = outside.target(url)
                addresses = await outside.addresses(target)
                content = await _call(target, addresses, limits)
                if isinstance(content, bytes):
                    return content
                url = urljoin(target.url, content)
    except (OSError, TimeoutError, EOFError, ValueError, h11.ProtocolError) as error:
        raise OutsideRefused(type(error).__name__) from error
    raise OutsideRefused("too many redirects")


async def _call(target: Target, addresses: list[str], limits: Limits) -> bytes | str:
    """The content; or, as text, where it is to be found instead."""
    reader, writer = await _connected(target, addresses, limits)
    try:
        connection = h11.Connection(h11.CLIENT)
        headers = [("Host", target.authority), *HEADERS]
        asking = h11.Request(method="GET", target=target.path, headers=headers)
        writer.write(connection.send(asking) or b"")
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        return await _answer(connection, reader, limits)
    finally:
        writer.transport.abort()


async def _connected(
    target: Target, addresses: list[str], limits: Limits
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """To the first address that takes the call; the certificate must be the name's."""
    tls = limits.tls if target.scheme == "https" else None
    name = target.host if tls else None
    for address in addresses[:-1]:
        try:
            return await asyncio.open_connection(
                address, target.port, ssl=tls, server_hostname=name
            )
        except OSError:
            continue
    last = addresses[-1] if addresses else ""
    return await asyncio.open_connection(last, target.port, ssl=tls, server_hostname=name)


async def _answer(
    connection: h11.Connection, reader: asyncio.StreamReader, limits: Limits
) -> bytes | str:
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Response):
            if (elsewhere := _elsewhere(event)) is not None:
                return elsewhere
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > limits.size_bytes:
                raise OutsideRefused("too large")
        elif isinstance(event, h11.EndOfMessage):
            return bytes(body)
        elif not isinstance(event, h11.InformationalResponse):
            raise EOFError


def _elsewhere(response: h11.Response) -> str | None:
    """Where a redirect leads; None when the content follows. Raises OutsideRefused otherwise."""
    headers = {name: value.decode("latin-1") for name, value in response.headers}
    if response.status_code in {301, 302, 303, 307, 308} and b"location" in headers:
        return headers[b"location"]
    if response.status_code != 200 or headers.get(b"content-encoding", "identity") != "identity":
        raise OutsideRefused(f"answer {response.status_code}")
    return None
