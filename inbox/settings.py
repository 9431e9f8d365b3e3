"""What a team may set without touching code: environment first, then secrets.toml."""

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from inbox.errors import Invalid

HOUSE = Path(__file__).parent.parent
INVITATION_HOURS = 72
RESET_HOURS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every window and interval in seconds unless its name says otherwise.

    The environment variable of a field is DELAD_ and its name in capitals; in
    `.streamlit/secrets.toml` the fields stand in a `[delad]` table under their own names.
    `stall_seconds` is how long a thread of the worker may say nothing before another takes its
    place; what is known to take longer has that much more. With `claim_on_send` whoever sends has
    the conversation from then on, if nobody had it; a claim on which nobody works goes back to the
    team after `claim_lease_hours` (0: never). `retry_seconds` are the pauses after each failed
    attempt to send; the last one repeats. What has lain in the trash for `trash_days` is deleted
    for good; 0 means never. `sql_…` bound one question of the SQL page or of a board.
    """

    data: Path = HOUSE / "data"
    name: str = "Delad"
    demo: bool = False
    public_url: str = ""
    port: int = 8501
    allowed_hosts: str = ""
    trusted_outside: str = ""
    metrics_token: str = ""
    undo_seconds: float = 20
    claim_on_send: bool = True
    claim_lease_hours: float = 0
    poll_seconds: float = 60
    idle: bool = True
    idle_renew_seconds: float = 540
    rescan_days: int = 3
    reconcile_hours: float = 6
    batch_messages: int = 200
    batch_bytes: int = 8_000_000
    message_cap_bytes: int = 50_000_000
    jail_cpu_seconds: float = 5
    jail_wall_seconds: float = 20
    jail_memory_bytes: int = 512_000_000
    connect_seconds: float = 10
    guess_seconds: float = 4
    read_seconds: float = 60
    data_seconds: float = 300
    delivery_seconds: float = 1
    stall_seconds: float = 300
    lease_seconds: float = 300
    uncertain_seconds: float = 900
    sent_check_wait_seconds: float = 120
    retry_seconds: str = "60 300 900 3600 14400"
    give_up_hours: float = 48
    session_days: int = 14
    invitation_hours: int = INVITATION_HOURS
    reset_hours: int = RESET_HOURS
    guesses: int = 10
    guesses_per_address: int = 100
    guess_window_seconds: int = 900
    opened_fold_seconds: int = 300
    backups_kept: int = 14
    snapshot_hours: float = 24
    snapshots_kept: int = 7
    sql_seconds: float = 10
    sql_rows: int = 10_000
    sql_answer_bytes: int = 20_000_000
    sql_memory: str = "256MB"
    trash_days: float = 30
    backup_alarm_days: float = 3
    disk_alarm_bytes: int = 1_000_000_000
    store_memory: str = "256MB"
    allow_plaintext: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """The host names we answer to (a guard against DNS rebinding): loopback, that of
        `public_url`, and those of `allowed_hosts`, separated by commas."""
        named = (host.strip().lower() for host in self.allowed_hosts.split(","))
        own = urlsplit(self.public_url).hostname
        return frozenset({"localhost", "127.0.0.1", "::1", own or "", *named} - {""})

    @property
    def trusted(self) -> frozenset[str]:
        """`trusted_outside`, split: each `host:port`, separated by commas, may be called for a
        stranger although it is not public. For tests, and for a server of one's own."""
        named = (place.strip().lower() for place in self.trusted_outside.split(","))
        return frozenset(set(named) - {""})

    @property
    def base_url(self) -> str:
        """Where a person at this machine reaches the house when no `public_url` is set."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def database(self) -> Path:
        return self.data / "inbox.duckdb"

    @property
    def raw(self) -> Path:
        return self.data / "raw"

    @property
    def files(self) -> Path:
        return self.data / "files"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def snapshots(self) -> Path:
        return self.data / "snapshots"

    @property
    def exports(self) -> Path:
        return self.data / "exports"

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def socket(self) -> Path:
        return self.data / "delad.sock"


def load(
    environment: dict[str, str] | None = None,
    secrets: Path = HOUSE / ".streamlit" / "secrets.toml",
) -> Settings:
    """Read the settings.

    Raises Invalid, naming the setting, when a value is not of its kind or a name is unknown.
    """
    environment = dict(os.environ) if environment is None else environment
    given: dict[str, object] = {}
    if secrets.is_file():
        given.update(tomllib.loads(secrets.read_text()).get("delad", {}))
    kinds = {field.name: str(field.type) for field in fields(Settings)}
    for name in kinds:
        if (text := environment.get(f"DELAD_{name.upper()}")) is not None:
            given[name] = text
    unknown = sorted(given.keys() - kinds.keys())
    if unknown:
        raise Invalid(unknown[0], f"{secrets.name} sets “{unknown[0]}”, which is no setting.")
    return Settings(**{name: _of_kind(name, kinds[name], value) for name, value in given.items()})  # type: ignore[arg-type]


def _of_kind(name: str, kind: str, value: object) -> object:
    convert = {"<class 'int'>": int, "<class 'float'>": float, "<class 'str'>": str}
    text = str(value)
    try:
        if "Path" in kind:
            return Path(text).expanduser().resolve()
        if "bool" in kind:
            return {"true": True, "1": True, "false": False, "0": False, "": False}[text.lower()]
        return convert[kind](text)
    except (ValueError, KeyError) as error:
        raise Invalid(name, f"The setting {name} cannot be “{text}”.") from error
