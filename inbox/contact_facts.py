"""What may be known of a contact: each fact as it was typed, or a plain refusal of its field."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, get_args
from urllib.parse import urlsplit

from inbox import companies
from inbox.contacts import Kind, Property
from inbox.errors import Invalid

LONGEST_NAME = 120
LONGEST_PHONE = 40
LONGEST_NOTE = 4_000
LONGEST_LABEL = 60
LONGEST_VALUE = 500
MOST_PROPERTIES = 30
_KINDS = get_args(Kind)
_PHONE = re.compile(r"[+0-9][0-9 ()./,;#*xXA-Za-z-]*")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
# Control characters, halves of characters, and marks that turn text around. The joiners that some
# scripts and emoji need are none of these.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_SCHEMES = {"http", "https", "mailto", "tel"}


def checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that were given, as they are kept. Raises Invalid, naming the field (that of a
    property: `properties.2.value`)."""
    unknown = facts.keys() - _CHECKS.keys()
    if unknown:
        raise Invalid(sorted(unknown)[0], "There is no such field.")
    return {field: _CHECKS[field](value) for field, value in facts.items()}


def as_json(properties: Sequence[Property]) -> str:
    return json.dumps([asdict(one) for one in properties], ensure_ascii=False)


def _name(given: object) -> str:
    return _line(given, "name", LONGEST_NAME)


def _phone(given: object) -> str:
    phone = _line(given, "phone", LONGEST_PHONE)
    if phone and (not _PHONE.fullmatch(phone) or sum(c.isdigit() for c in phone) < 3):
        raise Invalid("phone", "A phone number has digits, like +46 8 123 45 67.")
    return phone


def _note(given: object) -> str:
    note = _text(given, "note").replace("\r\n", "\n").replace("\0", "").strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid("note", "A note has at most {most:,} characters.", most=LONGEST_NOTE)
    return note


def _company(given: object) -> str | None:
    return None if given is None else companies.checked_name(_text(given, "company"))


def _properties(given: object) -> tuple[Property, ...]:
    if not isinstance(given, list | tuple):
        raise Invalid("properties", "This cannot be read.")
    if len(given) > MOST_PROPERTIES:
        raise Invalid(
            "properties", "A contact has at most {most} properties.", most=MOST_PROPERTIES
        )
    found: list[Property] = []
    for at, one in enumerate(given):
        made = _property(one, f"properties.{at}")
        if made.name.casefold() in {other.name.casefold() for other in found}:
            raise Invalid(f"properties.{at}.name", "“{name}” is there already.", name=made.name)
        found.append(made)
    return tuple(found)


def _property(given: object, field: str) -> Property:
    told = asdict(given) if isinstance(given, Property) else given
    if not isinstance(told, dict) or told.get("kind") not in _KINDS:
        raise Invalid(f"{field}.value", "This cannot be read.")
    name = _line(told.get("name"), f"{field}.name", LONGEST_LABEL)
    value = _line(told.get("value"), f"{field}.value", LONGEST_VALUE)
    if not name:
        raise Invalid(f"{field}.name", "Give it a name, such as Customer number.")
    if not value:
        raise Invalid(f"{field}.value", "There is nothing in it yet. Remove it, or fill it in.")
    kind: Kind = told["kind"]
    if kind == "number" and not _NUMBER.fullmatch(value.replace(" ", "").replace("\u00a0", "")):
        raise Invalid(f"{field}.value", "This is no number. Write it like 12 or 12.5.")
    if kind == "date" and not _is_date(value):
        raise Invalid(f"{field}.value", "This is no date. Write it like 2026-03-31.")
    if kind == "link" and not is_link(value):
        raise Invalid(
            f"{field}.value", "A link begins with https://, http://, mailto: or tel: and is whole."
        )
    return Property(name=name, kind=kind, value=value)


def is_link(text: str) -> bool:
    """Whether a browser may be led there: never a script, a file or data."""
    if any(c.isspace() or not c.isprintable() or c in "<>\"'`\\" for c in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    if parts.scheme not in _SCHEMES:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname) and text[len(parts.scheme) :].startswith("://")
    return bool(parts.path) and not parts.netloc


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _line(given: object, field: str, longest: int) -> str:
    text = " ".join(_text(given, field).split())
    if len(text) > longest or _HIDDEN.search(text):
        raise Invalid(
            field,
            "This has at most {longest} characters that can be read.",
            longest=longest,
        )
    return text


def _text(given: object, field: str) -> str:
    if not isinstance(given, str):
        raise Invalid(field, "This cannot be read.")
    return given


_CHECKS = {
    "name": _name,
    "phone": _phone,
    "note": _note,
    "company": _company,
    "properties": _properties,
}
