"""How a mailbox is set up: its servers, its folders and its habits, with their defaults."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NewType, TypedDict, get_args

from inbox.errors import Invalid

Auth = Literal["password", "xoauth2", "oauthbearer"]
SaveSent = Literal["auto", "always", "never"]

# Made by ingest.servers.checked alone: a known scheme, a host, TLS, and no password inside.
ServerUrl = NewType("ServerUrl", str)

POLL_SECONDS = range(10, 3601)


class Changes(TypedDict, total=False):
    """What `change` may set; what is left out stays as it is."""

    imap_url: ServerUrl | None
    smtp_url: ServerUrl | None
    auth: Auth
    token_command: str | None
    save_sent: SaveSent
    sent_folder: str | None
    folders: Sequence[str]
    poll_seconds: int
    calendar: str | None


class Setup(Changes, total=False):
    """What `add` may set; what is left out has the defaults below."""

    name: str
    signature: str
    import_since: datetime | None


DEFAULTS: Changes = {
    "imap_url": None,
    "smtp_url": None,
    "auth": "password",
    "token_command": None,
    "save_sent": "auto",
    "sent_folder": None,
    "folders": (),
    "poll_seconds": 60,
    "calendar": None,
}


def columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of `Changes` as they are stored. Raises Invalid, naming the field."""
    for name, known in (("auth", get_args(Auth)), ("save_sent", get_args(SaveSent))):
        if given[name] not in known:
            raise Invalid(
                name, "“{value}” is none of {known}.", value=given[name], known=", ".join(known)
            )
    if given["poll_seconds"] not in POLL_SECONDS:
        raise Invalid("poll_seconds", "Look for new mail every 10 seconds to every hour.")
    folders = given["folders"]
    stored = folders if isinstance(folders, str) else json.dumps(list(folders), ensure_ascii=False)
    return {name: given[name] for name in DEFAULTS} | {"folders": stored}


def shown(name: str, value: Any) -> Any:
    """What the diary keeps of a setting: of a token command only that it changed, as it may
    hold a secret."""
    return "…" if name == "token_command" else value
