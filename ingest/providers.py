"""Where the mail of an address is likely to be kept: known providers, then habits of naming."""

from dataclasses import dataclass

from inbox import addresses
from inbox.mailbox_settings import Auth

_APP_PASSWORD = "{name} takes an app password here, made in its security settings."
_MICROSOFT = (
    "Microsoft takes no passwords from mail programs. Name a token command that prints "
    "a fresh access token (README, “Microsoft 365”)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Servers as `imaps://host:port` without a user; `advice` is what to know before signing in."""

    name: str
    imap: str
    smtp: str
    auth: Auth = "password"
    advice: str = ""


def _provider(
    name: str, imap: str, smtp: str, *, auth: Auth = "password", advice: str = ""
) -> Provider:
    return Provider(name=name, imap=imap, smtp=smtp, auth=auth, advice=advice.format(name=name))


_GMAIL = _provider(
    "Gmail", "imaps://imap.gmail.com", "smtps://smtp.gmail.com", advice=_APP_PASSWORD
)
_OUTLOOK = _provider(
    "Microsoft 365",
    "imaps://outlook.office365.com",
    "smtp+starttls://smtp.office365.com",
    auth="xoauth2",
    advice=_MICROSOFT,
)
_FASTMAIL = _provider(
    "Fastmail", "imaps://imap.fastmail.com", "smtps://smtp.fastmail.com", advice=_APP_PASSWORD
)
_YAHOO = _provider(
    "Yahoo", "imaps://imap.mail.yahoo.com", "smtps://smtp.mail.yahoo.com", advice=_APP_PASSWORD
)
_AOL = _provider("AOL", "imaps://imap.aol.com", "smtps://smtp.aol.com", advice=_APP_PASSWORD)
_ICLOUD = _provider(
    "iCloud", "imaps://imap.mail.me.com", "smtp+starttls://smtp.mail.me.com", advice=_APP_PASSWORD
)
_GMX = _provider(
    "GMX",
    "imaps://imap.gmx.net",
    "smtps://mail.gmx.net",
    advice="GMX lets other programs in only after “POP3/IMAP” is switched on in its settings.",
)
_WEB_DE = _provider(
    "WEB.DE",
    "imaps://imap.web.de",
    "smtp+starttls://smtp.web.de",
    advice="WEB.DE lets other programs in only after “POP3/IMAP” is switched on in its settings.",
)
_ZOHO = _provider("Zoho (EU)", "imaps://imap.zoho.eu", "smtps://smtp.zoho.eu", advice=_APP_PASSWORD)
_YANDEX = _provider(
    "Yandex", "imaps://imap.yandex.com", "smtps://smtp.yandex.com", advice=_APP_PASSWORD
)
_TELIA = _provider("Telia", "imaps://mailin.telia.com", "smtps://mailout.telia.com")
_T_ONLINE = _provider(
    "T-Online", "imaps://secureimap.t-online.de", "smtps://securesmtp.t-online.de"
)
_POSTEO = _provider("Posteo", "imaps://posteo.de", "smtps://posteo.de")
_MAILBOX_ORG = _provider("mailbox.org", "imaps://imap.mailbox.org", "smtps://smtp.mailbox.org")
_ONE = _provider("one.com", "imaps://imap.one.com", "smtps://send.one.com")
_LOOPIA = _provider("Loopia", "imaps://mailcluster.loopia.se", "smtps://mailcluster.loopia.se")
_IONOS = _provider("IONOS", "imaps://imap.ionos.de", "smtps://smtp.ionos.de")
_OVH = _provider("OVH", "imaps://ssl0.ovh.net", "smtps://ssl0.ovh.net")
_STRATO = _provider("STRATO", "imaps://imap.strato.de", "smtps://smtp.strato.de")

_BY_DOMAIN: dict[str, Provider] = {
    domain: provider
    for provider, domains in (
        (_GMAIL, "gmail.com googlemail.com"),
        (
            _OUTLOOK,
            "outlook.com hotmail.com live.com msn.com outlook.de hotmail.de hotmail.se live.se "
            "hotmail.co.uk live.co.uk hotmail.fr outlook.fr",
        ),
        (_FASTMAIL, "fastmail.com fastmail.fm"),
        (_YAHOO, "yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.se ymail.com"),
        (_AOL, "aol.com"),
        (_ICLOUD, "icloud.com me.com mac.com"),
        (_GMX, "gmx.net gmx.de gmx.at gmx.ch gmx.com"),
        (_WEB_DE, "web.de"),
        (_ZOHO, "zohomail.eu zoho.eu"),
        (_YANDEX, "yandex.com yandex.ru ya.ru"),
        (_TELIA, "telia.com"),
        (_T_ONLINE, "t-online.de"),
        (_POSTEO, "posteo.de posteo.net"),
        (_MAILBOX_ORG, "mailbox.org"),
    )
    for domain in domains.split()
}

# Hosts of other people's domains: nothing in the address tells, so the page offers them by name.
HOSTS: tuple[Provider, ...] = (
    _OUTLOOK,
    _provider(
        "Google Workspace",
        "imaps://imap.gmail.com",
        "smtps://smtp.gmail.com",
        advice=_APP_PASSWORD,
    ),
    _FASTMAIL,
    _ZOHO,
    _LOOPIA,
    _ONE,
    _IONOS,
    _STRATO,
    _OVH,
    _MAILBOX_ORG,
)


def known(address: str) -> Provider | None:
    """The provider that the address's own domain gives away."""
    return _BY_DOMAIN.get(addresses.domain(address))


def likely(address: str) -> tuple[list[str], list[str]]:
    """IMAP and SMTP server addresses worth trying for a domain of one's own, best first."""
    domain = addresses.domain(address)
    return (
        [
            f"imaps://imap.{domain}",
            f"imaps://mail.{domain}",
            f"imaps://{domain}",
            f"imap+starttls://imap.{domain}",
            f"imap+starttls://mail.{domain}",
        ],
        [
            f"smtps://smtp.{domain}",
            f"smtps://mail.{domain}",
            f"smtp+starttls://smtp.{domain}",
            f"smtp+starttls://mail.{domain}",
            f"smtps://{domain}",
        ],
    )
