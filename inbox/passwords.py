"""Passwords: hashing and rules, by streamlit-authenticator’s Hasher (bcrypt)."""

import logging
import unicodedata
from functools import cache
from typing import Any

from inbox.errors import Invalid

SHORTEST = 12
LONGEST_BYTES = 72
FEWEST_DIFFERENT = 5
# What an account without a password is checked against, so that a guess at an unknown name
# costs as much as one at a known name. Nobody knows the password behind it.
NOBODY = "$2b$12$c0dOx8Pc4zZqSEnf/xcwbehQGcwOoCKH9bvjw3d8oby.xQeHYSNsa"


@cache
def hasher() -> Any:
    """The library's Hasher, loaded when it is first needed: it brings Streamlit along, half a
    second that no command without a password need spend. The app asks for it when it starts."""
    # Meanwhile the library runs Streamlit commands outside of a page, which warn about it.
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        from streamlit_authenticator import Hasher  # noqa: PLC0415
    finally:
        logging.disable(disabled)
    return Hasher


def hash(password: str) -> str:
    """bcrypt with a fresh salt: about 300 ms of CPU, so run it in a thread, outside the store's
    writer lane. Raises Invalid for what bcrypt would cut off silently or refuse."""
    return str(hasher().hash(_usable(password)))


def check(password: str, hashed: str | None) -> bool:
    """Whether this is the password; as slow without a stored hash as with one."""
    try:
        usable = _usable(password)
    except Invalid:
        usable = ""
    is_right = bool(hasher().check_pw(usable, hashed or NOBODY))
    return is_right and hashed is not None and bool(usable)


def must_be_good(password: str, email: str = "") -> None:
    """Raises Invalid, saying what to change. Length counts, kinds of characters do not
    (NIST SP 800-63B, 3.1.1)."""
    if len(password) < SHORTEST:
        raise Invalid(
            "password", "Use at least {least} characters; a few words will do.", least=SHORTEST
        )
    if len(set(password)) < FEWEST_DIFFERENT:
        raise Invalid("password", "Use more different characters.")
    name = email.split("@", maxsplit=1)[0].lower()
    if email and password.lower() in (email.lower(), name * (len(password) // len(name or "x"))):
        raise Invalid("password", "Your address is the first thing others would guess.")
    _usable(password)


def _usable(password: str) -> str:
    """One spelling for what looks the same on every keyboard, within what bcrypt reads."""
    try:
        spelled = unicodedata.normalize("NFC", password)
        size = len(spelled.encode())
    except UnicodeEncodeError as error:
        raise Invalid("password", "The password holds a character that cannot be used.") from error
    if size > LONGEST_BYTES:
        raise Invalid(
            "password",
            "The password is too long: at most {most} bytes are used (a letter like å "
            "takes two, an emoji four).",
            most=LONGEST_BYTES,
        )
    return spelled
