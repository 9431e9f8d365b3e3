"""Where an address keeps its mail: a known provider, or whatever answers in its own domain."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote

from inbox import addresses
from inbox.mailbox_settings import Auth
from inbox.settings import Settings
from ingest import providers, reach, servers
from ingest.providers import Provider
from ingest.reach import Protocol, Reach

_AT_ONCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where an address keeps its mail and how to sign in there; a missing server is empty."""

    address: str
    imap_url: str
    smtp_url: str
    auth: Auth = "password"
    provider: str = ""
    advice: str = ""

    @property
    def is_whole(self) -> bool:
        return bool(self.imap_url and self.smtp_url)


def guess(address: str, settings: Settings) -> Account:
    """The account behind an address: a known provider's, else what answers in its own domain.

    Takes at most about three times `settings.guess_seconds`. Raises Invalid for no address.
    """
    address = addresses.checked(address)
    provider = providers.known(address)
    if provider is not None:
        return at(address, provider)
    incoming, outgoing = providers.likely(address)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        replies = {
            url: pool.submit(answer_of, protocol, url, settings.guess_seconds)
            for protocol, urls in _protocols(incoming, outgoing)
            for url in urls
        }
    found = {url: reply.result() for url, reply in replies.items()}
    return Account(
        address=address,
        imap_url=_as_user(_best(incoming, found), address),
        smtp_url=_as_user(_best(outgoing, found), address),
    )


def at(address: str, provider: Provider) -> Account:
    """The account of this address with a provider named by hand."""
    return Account(
        address=address,
        imap_url=_as_user(provider.imap, address),
        smtp_url=_as_user(provider.smtp, address),
        auth=provider.auth,
        provider=provider.name,
        advice=provider.advice,
    )


def answer_of(protocol: Protocol, server_url: str, seconds: float) -> Reach:
    """What the server at this address says before anyone signs in."""
    if not server_url:
        return Reach(trouble="address", text="No server is named.")
    server = servers.parse(server_url, allow_plaintext=True)
    return reach.probe(protocol, server, seconds=seconds)


def _protocols(incoming: list[str], outgoing: list[str]) -> Iterable[tuple[Protocol, list[str]]]:
    return (("imap", incoming), ("smtp", outgoing))


def _best(urls: list[str], found: dict[str, Reach]) -> str:
    """The first that is right, else the first that answers, else none."""
    for accepted in ((None,), ("tls",)):
        for candidate in urls:
            if found[candidate].trouble in accepted:
                return candidate
    return ""


def _as_user(server_url: str, address: str) -> str:
    """The server address with the mail address as its user."""
    if not server_url:
        return ""
    scheme, _, host = server_url.partition("://")
    return f"{scheme}://{quote(address, safe='')}@{host}"
