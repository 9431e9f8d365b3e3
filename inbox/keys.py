"""Keys live beside the database, never in it: one file each, mode 0600, made when first needed."""

import hmac
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from inbox.errors import StoreDamaged

NAMES = ("diary", "message_id", "secrets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """`diary` seals events, `message_id` signs our Message-IDs, `secrets` encrypts passwords."""

    diary: bytes
    message_id: bytes
    secrets: bytes

    def encrypt(self, secret: str) -> str:
        return Fernet(self.secrets).encrypt(secret.encode()).decode()

    def decrypt(self, text: str) -> str:
        """Raises StoreDamaged when the key is not the one the secret was stored with."""
        try:
            return Fernet(self.secrets).decrypt(text.encode()).decode()
        except InvalidToken as error:
            raise StoreDamaged(
                "The stored mail password cannot be read with the key in data/keys. "
                "Put the right key back, or enter the password again."
            ) from error


def load(folder: Path) -> Keys:
    """Read the keys, making those that do not exist yet."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keys(**{name: _load(folder / f"{name}.key", name) for name in NAMES})


def _load(file: Path, name: str) -> bytes:
    if not file.exists():
        key = Fernet.generate_key() if name == "secrets" else secrets.token_bytes(32)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(key)
            out.flush()
            os.fsync(out.fileno())
    return file.read_bytes()


def sign(key: bytes, *parts: bytes) -> str:
    """HMAC-SHA-256 over the length-prefixed parts (RFC 2104), as 64 hex digits."""
    mac = hmac.new(key, digestmod=sha256)
    for part in parts:
        mac.update(len(part).to_bytes(8, "big") + part)
    return mac.hexdigest()
