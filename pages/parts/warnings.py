"""What to know about a mail before it is believed or answered."""

from typing import Any

from inbox import sender_checks
from inbox.messages import Message
from inbox.words import _
from pages.parts import names

Item = dict[str, Any]


def of(message: Message, may_triage: bool, *, is_html_shown: bool) -> list[Item]:
    """Each warning with its tone, and the way on where there is one."""
    found: list[Item] = []
    if not message.is_readable:
        found.append(_unreadable(may_triage))
    if message.direction == "in" and message.thread_reason == "reference_stranger":
        found.append(_warning("warn", _stranger().format(address=message.from_address)))
    if message.direction == "in" and names.is_borrowed(message.from_name, message.from_address):
        said = _borrowed().format(name=message.from_name, address=message.from_address)
        found.append(_warning("warn", said))
    checks = sender_checks.of(message.authentication) if message.direction == "in" else None
    if checks and checks.is_doubtful:
        found.append(_warning("warn", _doubtful().format(address=message.from_address)))
    if message.body_html and message.direction != "note" and not is_html_shown:
        found.append(_warning("quiet", _as_text()))
    return found


def _warning(tone: str, text: str) -> Item:
    return {"tone": tone, "text": text, "ways": []}


def _unreadable(may_triage: bool) -> Item:
    text = _("This mail could not be read. The original is kept unharmed: open it with “Original”.")
    ways = [{"act": "read_again", "label": _("Read again")}] if may_triage else []
    return {"tone": "bad", "text": text, "ways": ways}


def _as_text() -> str:
    return _("Shown as text: the HTML of this mail is not written to be read.")


def _stranger() -> str:
    return _(
        "{address} took no part in this conversation before. Make sure who it is before you answer."
    )


def _doubtful() -> str:
    return _(
        "Your mail server could not confirm that this mail comes from {address}. "
        "Make sure before you answer or open its files."
    )


def _borrowed() -> str:
    return _("This mail goes by the name “{name}”, but it came from {address}.")
