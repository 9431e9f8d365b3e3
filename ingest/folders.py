"""Which folder of a mail server is which."""

from collections.abc import Sequence
from dataclasses import dataclass

SENT_NAMES = (
    "sent",
    "sent items",
    "sent mail",
    "sent messages",
    "skickat",
    "skickade",
    "skickade objekt",
    "skickade meddelanden",
    "gesendet",
    "gesendete elemente",
    "gesendete objekte",
    "sendt",
    "sendte elementer",
    "sendt post",
    "sende elementer",
    "lähetetyt",
    "messages envoyés",
    "éléments envoyés",
    "enviados",
    "elementos enviados",
    "verzonden",
    "verzonden items",
    "posta inviata",
    "[gmail]/sent mail",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """`special_use` is the RFC 6154 name without its backslash (Sent, Junk, …), or None."""

    name: str
    special_use: str | None


def sent_among(folders: Sequence[Folder], preferred: str | None) -> str | None:
    """The folder that holds sent mail: the one asked for, the one the server marks, or one with
    a usual name in the languages of our users; None when there is none."""
    names = {folder.name for folder in folders}
    if preferred:
        return preferred if preferred in names else None
    marked = [folder.name for folder in folders if folder.special_use == "Sent"]
    if marked:
        return marked[0]
    by_name = {_plain(name): name for name in sorted(names, reverse=True)}
    return next((by_name[usual] for usual in SENT_NAMES if usual in by_name), None)


def _plain(name: str) -> str:
    lowered = name.lower()
    for prefix in ("inbox.", "inbox/"):
        lowered = lowered.removeprefix(prefix)
    return lowered
