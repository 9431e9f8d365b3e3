"""Our own Message-IDs: signed, so that nobody can write himself into a conversation.

`c{conversation}.{message}.{seal}@domain`, without the angle brackets, as the database keeps all
Message-IDs. The seal is the first 128 bits of an HMAC-SHA-256 over both numbers.
"""

import hmac
import re

from inbox.keys import Keys, sign

SEAL_DIGITS = 32
_OURS = re.compile(rf"<?c(\d{{1,15}})\.(\d{{1,15}})\.([0-9a-f]{{{SEAL_DIGITS}}})@[^@\s<>]+>?")
_TOKEN = re.compile(rf"c(\d{{1,15}})\.([0-9a-f]{{{SEAL_DIGITS}}})")


def make(keys: Keys, conversation_id: int, message_id: int, domain: str) -> str:
    """The Message-ID of one of our messages, without angle brackets."""
    seal = _seal(keys, "message", conversation_id, message_id)
    return f"c{conversation_id}.{message_id}.{seal}@{domain}"


def read(keys: Keys, rfc_id: str) -> tuple[int, int] | None:
    """(conversation_id, message_id) of an id we made, None for any other and for a forged one."""
    found = _OURS.fullmatch(rfc_id.strip())
    if found is None:
        return None
    conversation_id, message_id = int(found[1]), int(found[2])
    wanted = _seal(keys, "message", conversation_id, message_id)
    return (conversation_id, message_id) if hmac.compare_digest(wanted, found[3]) else None


def looks_like_ours(rfc_id: str) -> bool:
    """Whether the id has our shape; one that has it and cannot be `read` is forged."""
    return _OURS.fullmatch(rfc_id.strip()) is not None


def token(keys: Keys, conversation_id: int) -> str:
    """What stands after the plus of `support+{token}@example.com` to name a conversation."""
    return f"c{conversation_id}.{_seal(keys, 'token', conversation_id)}"


def read_token(keys: Keys, text: str) -> int | None:
    """The conversation a plus-address token names; None when it was not made here."""
    found = _TOKEN.fullmatch(text.strip().lower())
    if found is None:
        return None
    wanted = _seal(keys, "token", int(found[1]))
    return int(found[1]) if hmac.compare_digest(wanted, found[2]) else None


def _seal(keys: Keys, purpose: str, *numbers: int) -> str:
    parts = (purpose, *map(str, numbers))
    return sign(keys.message_id, *(part.encode() for part in parts))[:SEAL_DIGITS]
