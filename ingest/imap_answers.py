"""What IMAP servers say, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What the server said of the folder now open."""

    uidvalidity: int
    exists: int
    uidnext: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One mail as the server has it: whole, or its header block when `is_whole` is false.

    `size_bytes` is the server's word for the whole mail; `server_date` is INTERNALDATE, naive
    UTC; flags are without backslash, lower case.
    """

    raw: bytes
    flags: tuple[str, ...]
    server_date: datetime | None
    size_bytes: int
    is_whole: bool = True


def is_news(answer: object) -> bool:
    """Anything but the server's “still here”."""
    return not (isinstance(answer, tuple) and answer[:1] == (b"OK",))


def special_use(flags: Sequence[bytes]) -> str | None:
    """The RFC 6154 use of a folder, without its backslash."""
    names = {flag.decode("ascii", "replace").lstrip("\\").capitalize() for flag in flags}
    return next(iter(names & {"Sent", "Drafts", "Junk", "Trash", "Archive", "All"}), None)


def count(parts: Mapping[bytes, Any], name: bytes, otherwise: T) -> int | T:
    """A size or a number the server gives; what is missing, or is no such number, is not known."""
    value = parts.get(name)
    return value if isinstance(value, int) and value >= 0 else otherwise


def flags(parts: dict[bytes, Any]) -> tuple[str, ...]:
    """A mail's flags, lower case, without backslash."""
    given = parts.get(b"FLAGS")
    listed = given if isinstance(given, tuple) else ()
    return tuple(
        flag.decode("utf-8", "replace").lstrip("\\").lower()
        for flag in listed
        if isinstance(flag, bytes)
    )


def naive_utc(when: object) -> datetime | None:
    """INTERNALDATE as naive UTC."""
    if not isinstance(when, datetime):
        return None
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
